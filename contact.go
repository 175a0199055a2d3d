package parley

import "time"

// Contact is a person outside who talks to an assistant.
type Contact struct {
	ID          string
	WorkspaceID string
	Name        string // "" if unknown
	Phone       string // E.164, "" if unknown
	Identifier  string // what to call the person when there is no name: phone, e-mail, visitor or external id
	CreatedAt   time.Time
}

// IdentityKind is a kind of handle by which a contact is known.
type IdentityKind string

// The identity kinds.
const (
	IdentityPhone      IdentityKind = "phone"
	IdentityBSUID      IdentityKind = "bsuid"        // WhatsApp business-scoped user id
	IdentityBSUIDGroup IdentityKind = "parent_bsuid" // the same over a portfolio
	IdentityEmail      IdentityKind = "email"
	IdentityVisitor    IdentityKind = "visitor"  // a browser that opened the widget
	IdentityExternal   IdentityKind = "external" // the caller's own id, through the API
	IdentityMember     IdentityKind = "member"   // a member in Test Chat
)

// Identity is one handle of a contact; kind and value are unique in a workspace.
type Identity struct {
	Kind  IdentityKind
	Value string
}
