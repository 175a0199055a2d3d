package parley

import (
	"slices"
	"time"
)

// Workspace is the tenant: it owns everything else.
type Workspace struct {
	ID        string
	Number    int64 // small and unique; the prefix of its words in the search index
	Name      string
	TimeZone  string // IANA name, such as "Europe/Berlin"
	Settings  WorkspaceSettings
	CreatedAt time.Time
}

// WorkspaceSettings are the choices of a workspace, stored as JSON.
type WorkspaceSettings struct {
	// CreditMicroUSD is the worth of one credit in millionths of a US dollar;
	// 10,000 (one cent) unless changed.
	CreditMicroUSD int64 `json:"credit_micro_usd"`
	// TestChatPercent is the rate at which Test Chat is charged, in percent of
	// the model's price; 0 unless changed. Tokens are recorded either way.
	TestChatPercent int64 `json:"test_chat_percent"`
	// FreeServiceMessages is how many service messages of a WhatsApp number Meta
	// does not charge in a month; nil: as many as DefaultFreeService.
	FreeServiceMessages *int64 `json:"free_service_messages,omitempty"`
	// Speech says what transcribes voice notes; its zero value: nothing.
	Speech SpeechChoice `json:"speech,omitzero"`
}

// DefaultFreeService is Meta's allowance ("Pricing", 2026-09-30).
const DefaultFreeService = 1000

// FreeService returns Meta's monthly allowance of service messages.
func (s *WorkspaceSettings) FreeService() int64 {
	if s.FreeServiceMessages == nil {
		return DefaultFreeService
	}
	return *s.FreeServiceMessages
}

// SpeechChoice names what turns spoken words into text.
type SpeechChoice struct {
	ProviderID string `json:"provider_id"` // a provider of the workspace, or SpeechCommand
	Model      string `json:"model"`       // the provider's name of it; "" for SpeechCommand
}

// SpeechCommand stands for a program on the server's machine in place of a
// provider.
const SpeechCommand = "command"

// DefaultWorkspaceSettings are the settings of a new workspace.
func DefaultWorkspaceSettings() WorkspaceSettings {
	return WorkspaceSettings{CreditMicroUSD: 10_000}
}

// Member is a person who signs in to the dashboard of one workspace.
type Member struct {
	ID           string
	WorkspaceID  string
	Email        string // unique over all workspaces, lower case
	Name         string
	Role         Role
	PasswordHash string // argon2id in PHC string format; never leaves the server
	CreatedAt    time.Time
	LastSeenAt   time.Time // zero: never signed in
	DisabledAt   time.Time // zero: may sign in
}

// Invite is a link by which a person joins a workspace. Only a hash of its
// token is kept.
type Invite struct {
	ID          string
	WorkspaceID string
	Email       string // "" lets anybody with the link join
	Role        Role
	TokenHash   string
	CreatedBy   string // member id
	CreatedAt   time.Time
	ExpiresAt   time.Time
	UsedAt      time.Time // zero: not used yet
}

// APIKey lets a program act in a workspace. Only a hash of the key is kept.
type APIKey struct {
	ID          string
	WorkspaceID string
	Name        string
	Prefix      string // the first characters, to recognise it by
	Hash        string
	Scopes      []Permission
	CreatedBy   string // member id
	CreatedAt   time.Time
	LastUsedAt  time.Time // to the minute; zero: never
	RevokedAt   time.Time // zero: valid
}

// Role is what a member may do; each role may do all that the next may.
type Role string

// The roles, from all rights to reading only.
const (
	RoleOwner    Role = "owner"
	RoleAdmin    Role = "admin"
	RoleEditor   Role = "editor"
	RoleOperator Role = "operator"
	RoleViewer   Role = "viewer"
)

// Roles lists the roles, the mightiest first.
func Roles() []Role {
	return []Role{RoleOwner, RoleAdmin, RoleEditor, RoleOperator, RoleViewer}
}

// Permission is one right. Members have them by role, API keys by scope.
type Permission string

// The permissions. Every API route asks for exactly one.
const (
	PermConversationsRead   Permission = "conversations:read"
	PermConversationsWrite  Permission = "conversations:write"  // write, take over, end, delete
	PermConversationsExport Permission = "conversations:export" // take many away in a file
	PermAssistantsRead      Permission = "assistants:read"
	PermAssistantsWrite     Permission = "assistants:write"
	PermSettingsRead        Permission = "settings:read"  // models, prices, workspace
	PermSettingsWrite       Permission = "settings:write" // the same, with secrets
	PermMembersManage       Permission = "members:manage" // members, invites, API keys
)

// Permissions lists every permission.
func Permissions() []Permission {
	return []Permission{
		PermConversationsRead, PermConversationsWrite, PermConversationsExport, PermAssistantsRead, PermAssistantsWrite,
		PermSettingsRead, PermSettingsWrite, PermMembersManage,
	}
}

// Permissions returns what the role allows; nothing for an unknown role.
func (r Role) Permissions() []Permission {
	switch r {
	case RoleOwner, RoleAdmin:
		return Permissions()
	case RoleEditor:
		return []Permission{
			PermConversationsRead, PermConversationsWrite, PermConversationsExport, PermAssistantsRead,
			PermAssistantsWrite, PermSettingsRead,
		}
	case RoleOperator:
		return []Permission{PermConversationsRead, PermConversationsWrite, PermAssistantsRead}
	case RoleViewer:
		return []Permission{PermConversationsRead, PermAssistantsRead}
	}
	return nil
}

// Allows reports whether the role includes p.
func (r Role) Allows(p Permission) bool { return slices.Contains(r.Permissions(), p) }
