// Package whatsapp speaks Meta's Cloud API: webhook bodies become updates,
// messages become requests.
//
// It is thin: net/http and Meta's own words. What Meta may change is read with
// tolerance, and what is not understood is kept with its raw JSON. It holds no
// policy beyond the rates that Meta publishes; what is to be done about a
// failure is in the channel.Error that it returns. It must never send a token to
// a host that is not the sender's own or one of Meta's, and never send a message
// a second time by itself.
package whatsapp

import (
	"encoding/json"
	"time"

	"parley"
	"parley/internal/channel"
)

// Kind says what an update is about, and so which of its parts is set.
type Kind string

// The kinds. Only a message can ask for an answer; see Update.WantsAnswer.
const (
	KindMessage    Kind = "message"    // Message
	KindReaction   Kind = "reaction"   // Message, with Target and an emoji as Content
	KindEdit       Kind = "edit"       // Message, with Target and the new content
	KindRevoke     Kind = "revoke"     // Message, with Target
	KindAside      Kind = "aside"      // Message that says only that something was done to an earlier one
	KindEcho       Kind = "echo"       // Message that a person wrote in the phone app; Identities are the contact's
	KindStandby    Kind = "standby"    // a copy for us to see, handled by somebody else; Message or Status if it could be read
	KindStatus     Kind = "status"     // Status
	KindIdentity   Kind = "identity"   // Identity
	KindPreference Kind = "preference" // Preference
	KindCall       Kind = "call"       // Call
	KindTemplate   Kind = "template"   // Template
	KindNumber     Kind = "number"     // Number
	KindAccount    Kind = "account"    // Account
	KindError      Kind = "error"      // Error: Meta tells of a failure outside of any message
	KindNote       Kind = "note"       // known and kept; nothing follows from it. Trouble says what it is
	KindUnknown    Kind = "unknown"    // not understood; Trouble says why
)

// Update is one thing that a webhook tells.
type Update struct {
	Kind          Kind
	Field         string // Meta's name of what was subscribed to, such as "messages"
	WABAID        string // "" if the webhook does not say
	PhoneNumberID string // Meta's id of the business number; "" for what concerns the account, or if it is missing
	DisplayPhone  string // of the business number, E.164; "" as above
	At            time.Time
	// Raw is the JSON of this update alone. It is a JSON string where the
	// nesting is too deep for other readers of JSON.
	Raw     json.RawMessage
	Trouble string // what could not be understood, for a person; "" for nothing

	Message    *Message
	Status     *Status
	Identity   *IdentityChange
	Preference *Preference
	Call       *Call
	Template   *TemplateUpdate
	Number     *NumberUpdate
	Account    *AccountUpdate
	Error      *channel.Error
}

// WantsAnswer reports whether the update is a message from a contact to which
// an assistant may answer: not a reaction, an edit, also one that WhatsApp does
// not pass on, an echo or a standby copy, and not in a group.
func (u *Update) WantsAnswer() bool {
	return u.Kind == KindMessage && u.Message != nil && u.Message.GroupID == ""
}

// Contact is what an update says of the person. All of it may be missing.
type Contact struct {
	Identities []parley.Identity // the strongest first: phones, BSUID, parent BSUID
	Name       string            // as the person calls themself
	Username   string            // a label, never a key
}

// Message is something that a person wrote.
type Message struct {
	ID string // Meta's, "wamid.…"; unique for a number
	Contact
	Type    parley.MessageType
	Content string          // readable text, at most parley.MaxContentBytes; "" where the media says it all
	Payload json.RawMessage // the part of Meta's JSON that Content puts in words; nil for plain text
	Media   []channel.Media
	ReplyTo string // Meta's id of the message that this one answers
	Target  string // Meta's id of the message that a reaction, an edit or a revoke is about
	// Forwarded and ForwardedOften are the sender's app's marks.
	Forwarded      bool
	ForwardedOften bool
	Referral       *Referral // the advertisement that it came from
	GroupID        string    // set: written in a group; kept, never answered
	Tapped         string    // id of the button or the row that was tapped
	SentAt         time.Time // zero if Meta's value makes no sense
}

// Referral is a click-to-WhatsApp advertisement. Our answer within a day opens
// a free entry point: it changes the price, never the window.
type Referral struct {
	SourceURL  string `json:"source_url,omitempty"`
	SourceID   string `json:"source_id,omitempty"`
	SourceType string `json:"source_type,omitempty"` // ad or post
	Headline   string `json:"headline,omitempty"`
	Body       string `json:"body,omitempty"`
	ClickID    string `json:"ctwa_clid,omitempty"`
}

// Status is what became of a message that we sent.
type Status struct {
	ID       string          // of the message
	Word     string          // Meta's: sent, delivered, read, failed, played, deleted, …
	Delivery parley.Delivery // what it means for the message; "" for nothing
	Key      string          // biz_opaque_callback_data: Outbound.Key of our send, "" if there was none
	Contact                  // the recipient
	GroupID  string
	At       time.Time
	// Error says why it failed. Its Action is that of a send which Meta refuses
	// at once; what has failed by a status is never sent again by itself.
	Error   *channel.Error
	Pricing *Pricing
	// FreeUntil is the end of the free entry point window that the message is
	// in; zero for none.
	FreeUntil time.Time
}

// Pricing is what Meta says about the price of a message.
type Pricing struct {
	Billable *bool  `json:"billable,omitempty"` // to be retired by Meta: decide on Type and Category
	Model    string `json:"pricing_model,omitempty"`
	Type     string `json:"type,omitempty"`     // regular, free_customer_service, free_entry_point
	Category string `json:"category,omitempty"` // marketing, utility, authentication, service, …
}

// CategoryGeneralAI is the price category of a number that Meta takes for a
// general-purpose assistant. Its appearance is an alarm.
const CategoryGeneralAI = "general_purpose_ai"

// IdentityChange says that one person has other identities now. The contact
// stays the same.
type IdentityChange struct {
	ID   string // Meta's, of the system message
	Type string // user_changed_number, user_changed_user_id or customer_identity_changed
	Old  []parley.Identity
	New  []parley.Identity // empty for customer_identity_changed: only the phone's keys are new
	Text string            // Meta's sentence, "" if there is none
	At   time.Time
}

// Preference says whether a person wants marketing messages.
type Preference struct {
	Contact
	Category string // marketing_messages
	Stop     bool   // false: they want them again
	Detail   string
	At       time.Time
}

// Call is a voice call, which is recorded and answered with text.
type Call struct {
	ID          string
	Event       string // connect, terminate, …
	Contact            // the person
	FromContact bool   // they called: it opens a window as a message does
	Content     string // in words
	At          time.Time
}

// TemplateUpdate is news of a template. What is "" did not change.
type TemplateUpdate struct {
	MetaID   string
	Name     string
	Language string // as parley.Template.Language: en_US
	Status   string // as parley.Template.Status
	Reason   string // why, in words
	Category string
	// OldCategory is set where the category changed: so does the price.
	OldCategory string
	Quality     parley.Quality
}

// NumberUpdate is news of a business number, which the update's PhoneNumberID or
// DisplayPhone names.
type NumberUpdate struct {
	Event        string // Meta's
	LimitTier    string // Meta's word; "" if it did not change
	Limit        int    // as parley.SenderHealth.Limit
	Throughput   int    // as parley.SenderHealth.Throughput
	VerifiedName string
	NameStatus   string
	Text         string // in words
}

// AccountUpdate is news of a WhatsApp business account or its portfolio.
type AccountUpdate struct {
	Event string // Meta's: ACCOUNT_RESTRICTION, DISABLED_UPDATE, …
	Text  string // in words, with what to do
	// Limit is the portfolio's new limit, as parley.SenderHealth.Limit; 0 if it
	// is not what changed.
	Limit     int
	LimitTier string
	Stop      parley.Stop // what must not be sent any more
	Until     time.Time   // when the stop ends by itself; zero: unknown
	Resumed   bool        // the account works again
	Alert     bool        // an operator has to know
}
