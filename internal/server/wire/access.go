package wire

import (
	"time"

	"parley"
)

// AuthState says what the sign-in page has to show.
type AuthState struct {
	NeedsSetup bool `json:"needs_setup" doc:"There is no member yet; the first one comes by the set-up link."`
	Demo       bool `json:"demo"`
	SignedIn   bool `json:"signed_in"`
}

// Setup creates the first workspace and its owner.
type Setup struct {
	Token         string `json:"token" minLength:"1" maxLength:"200"`
	WorkspaceName string `json:"workspace_name" minLength:"1" maxLength:"100"`
	Name          string `json:"name" minLength:"1" maxLength:"100"`
	Email         string `json:"email" format:"email" maxLength:"254"`
	Password      string `json:"password" minLength:"10" maxLength:"200"`
	TimeZone      string `json:"time_zone,omitempty" maxLength:"64" doc:"IANA name, such as Europe/Berlin."`
}

// SignIn opens a session.
type SignIn struct {
	Email    string `json:"email" minLength:"1" maxLength:"254"`
	Password string `json:"password" minLength:"1" maxLength:"200"`
}

// SignInLink opens a session with a one-time link.
type SignInLink struct {
	Token string `json:"token" minLength:"1" maxLength:"200"`
}

// InviteInfo is what the holder of an invite's link may know.
type InviteInfo struct {
	Workspace string      `json:"workspace"`
	Email     string      `json:"email" doc:"The only address that may join; empty: any."`
	Role      parley.Role `json:"role"`
	ExpiresAt time.Time   `json:"expires_at"`
}

// Join makes the holder of an invite's link a member.
type Join struct {
	Token    string `json:"token" minLength:"1" maxLength:"200"`
	Name     string `json:"name" minLength:"1" maxLength:"100"`
	Email    string `json:"email" format:"email" maxLength:"254"`
	Password string `json:"password" minLength:"10" maxLength:"200"`
}

// Me is who asks, and what they may do.
type Me struct {
	Member      *MemberRef          `json:"member" doc:"null for an API key."`
	APIKey      *Ref                `json:"api_key" doc:"null for a member."`
	Workspace   Workspace           `json:"workspace"`
	Permissions []parley.Permission `json:"permissions"`
	Demo        bool                `json:"demo"`
	Version     string              `json:"version"`
}

// MemberRef is the member who is signed in.
type MemberRef struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Email string      `json:"email"`
	Role  parley.Role `json:"role"`
}

// Workspace is the tenant.
type Workspace struct {
	ID                  string   `json:"id"`
	Name                string   `json:"name"`
	TimeZone            string   `json:"time_zone"`
	CreditUSD           string   `json:"credit_usd" doc:"What one credit is worth, as a decimal."`
	TestChatPercent     int64    `json:"test_chat_percent" doc:"What Test Chat is charged, in percent of the model's price."`
	FreeServiceMessages int64    `json:"free_service_messages" doc:"Service messages of a WhatsApp number in a month that Meta does not charge."`
	Speech              *Speech  `json:"speech" doc:"What transcribes voice notes; null: nothing does."`
	SpeechKinds         []string `json:"speech_kinds" doc:"The kinds of providers that can transcribe here; command is a program of this server's own."`
}

// Speech names what turns spoken words into text.
type Speech struct {
	ProviderID string `json:"provider_id" maxLength:"100" doc:"A provider's id, command for the server's own program, or empty: nothing transcribes."`
	Model      string `json:"model,omitempty" maxLength:"200" doc:"As the provider writes it; empty for command."`
}

// EditWorkspace changes what is given.
type EditWorkspace struct {
	Name                *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
	TimeZone            *string `json:"time_zone,omitempty" minLength:"1" maxLength:"64"`
	CreditUSD           *string `json:"credit_usd,omitempty" pattern:"^[0-9]{1,4}([.][0-9]{1,6})?$"`
	TestChatPercent     *int64  `json:"test_chat_percent,omitempty" minimum:"0" maximum:"1000"`
	FreeServiceMessages *int64  `json:"free_service_messages,omitempty" minimum:"0" maximum:"1000000000"`
	Speech              *Speech `json:"speech,omitempty"`
}

// Member is a person who signs in.
type Member struct {
	ID         string      `json:"id"`
	Email      string      `json:"email"`
	Name       string      `json:"name"`
	Role       parley.Role `json:"role"`
	Disabled   bool        `json:"disabled"`
	CreatedAt  time.Time   `json:"created_at"`
	LastSeenAt *time.Time  `json:"last_seen_at"`
}

// EditMember changes what is given.
type EditMember struct {
	Name     *string      `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Role     *parley.Role `json:"role,omitempty"`
	Disabled *bool        `json:"disabled,omitempty" doc:"A disabled member cannot sign in."`
}

// EditMe changes the member who is signed in.
type EditMe struct {
	Name            *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Password        *string `json:"password,omitempty" minLength:"10" maxLength:"200"`
	CurrentPassword string  `json:"current_password,omitempty" maxLength:"200" doc:"Needed to change the password."`
}

// Invite is a link by which a person joins.
type Invite struct {
	ID        string      `json:"id"`
	Email     string      `json:"email" doc:"The only address that may join; empty: any."`
	Role      parley.Role `json:"role"`
	CreatedAt time.Time   `json:"created_at"`
	ExpiresAt time.Time   `json:"expires_at"`
	Used      bool        `json:"used"`
	URL       string      `json:"url,omitempty" doc:"The link, shown once: when it is made."`
}

// NewInvite makes a link.
type NewInvite struct {
	Email string      `json:"email,omitempty" maxLength:"254"`
	Role  parley.Role `json:"role"`
}

// APIKey lets a program act in the workspace.
type APIKey struct {
	ID         string              `json:"id"`
	Name       string              `json:"name"`
	Prefix     string              `json:"prefix" doc:"The first characters, to recognise it by."`
	Scopes     []parley.Permission `json:"scopes"`
	CreatedAt  time.Time           `json:"created_at"`
	LastUsedAt *time.Time          `json:"last_used_at"`
	Key        string              `json:"key,omitempty" doc:"The key, shown once: when it is made."`
}

// NewAPIKey makes a key.
type NewAPIKey struct {
	Name   string              `json:"name" minLength:"1" maxLength:"100"`
	Scopes []parley.Permission `json:"scopes" minItems:"1" maxItems:"20"`
}
