package access

import (
	"slices"

	"parley"
	"parley/internal/engine"
)

// Principal is who asks: a member with a session, or an API key.
type Principal struct {
	Workspace   string
	Member      *parley.Member // nil for a key
	Key         *parley.APIKey // nil for a member
	Permissions []parley.Permission
	session     string // the cookie's token; "" for a key
}

func memberPrincipal(m *parley.Member, session string) *Principal {
	return &Principal{Workspace: m.WorkspaceID, Member: m, Permissions: m.Role.Permissions(), session: session}
}

func keyPrincipal(k *parley.APIKey) *Principal {
	return &Principal{Workspace: k.WorkspaceID, Key: k, Permissions: k.Scopes}
}

// ID is the member's or the key's.
func (p *Principal) ID() string {
	if p.Member != nil {
		return p.Member.ID
	}
	return p.Key.ID
}

// Name is the member's or the key's.
func (p *Principal) Name() string {
	if p.Member != nil {
		return p.Member.Name
	}
	return p.Key.Name
}

// Session is the token of the member's session, "" for a key.
func (p *Principal) Session() string { return p.session }

// Actor is the principal as the engine knows it.
func (p *Principal) Actor() engine.Actor { return engine.Actor{ID: p.ID(), Name: p.Name()} }

// May reports whether the principal has a permission.
func (p *Principal) May(permission parley.Permission) bool {
	return slices.Contains(p.Permissions, permission)
}

// Changed is the principal after a change of its member.
func (p *Principal) Changed(m *parley.Member) *Principal { return memberPrincipal(m, p.session) }
