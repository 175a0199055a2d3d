package wire

import (
	"time"

	"parley"
	"parley/internal/store/privacy"
)

// Contact is a person outside, and how much is kept of them.
type Contact struct {
	ID            string     `json:"id"`
	Name          string     `json:"name"`
	Phone         string     `json:"phone"`
	Identifier    string     `json:"identifier"`
	Identities    []Identity `json:"identities"`
	Conversations int64      `json:"conversations" doc:"How many there are."`
	Messages      int64      `json:"messages" doc:"Of the contact, assistants and operators, in all of them."`
	Files         int64      `json:"files"`
	CreatedAt     time.Time  `json:"created_at"`
}

// Identity is a handle of a contact.
type Identity struct {
	Kind  parley.IdentityKind `json:"kind"`
	Value string              `json:"value"`
}

// ContactOf shows a contact.
func ContactOf(c *privacy.Contact) Contact {
	return Contact{
		ID: c.ID, Name: c.Name, Phone: c.Phone, Identifier: c.Identifier, CreatedAt: c.CreatedAt,
		Identities:    Mapped(c.Identities, func(i *parley.Identity) Identity { return Identity{i.Kind, i.Value} }),
		Conversations: c.Conversations, Messages: c.Messages, Files: c.Files,
	}
}

// Erasure is the erasing of a contact, and the receipt of what went.
type Erasure struct {
	ID         string        `json:"id"`
	ContactID  string        `json:"contact_id"`
	AskedBy    string        `json:"asked_by" doc:"The name of a member or an API key."`
	State      privacy.State `json:"state" doc:"done: nothing of the person is left."`
	Total      int64         `json:"total" doc:"Conversations that there were when it was asked for."`
	Gone       privacy.Gone  `json:"gone" doc:"What is removed by now."`
	CreatedAt  time.Time     `json:"created_at"`
	FinishedAt *time.Time    `json:"finished_at"`
}

// ErasureOf shows an erasure.
func ErasureOf(e *privacy.Erasure) Erasure {
	return Erasure{
		ID: e.ID, ContactID: e.ContactID, AskedBy: e.AskedBy, State: e.State, Total: e.Total, Gone: e.Gone,
		CreatedAt: e.CreatedAt, FinishedAt: TimeOrNull(e.FinishedAt),
	}
}

// Retention is how long conversations are kept.
type Retention struct {
	Days map[parley.Source]int `json:"days" doc:"For how many days after its last message an ended conversation is kept, by source; one that is left out: for ever."`
}
