package wire

import (
	"time"

	"parley/internal/store/desk"
)

// Tag is a word that can be put on conversations.
type Tag struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color" doc:"#rrggbb."`
}

// UsedTag is a tag with how often it is used.
type UsedTag struct {
	Tag
	Conversations int       `json:"conversations" doc:"That have it, counted up to 1,000."`
	CreatedAt     time.Time `json:"created_at"`
}

// SaveTag is what can be set of a tag.
type SaveTag struct {
	Name  string `json:"name" minLength:"1" maxLength:"40" doc:"Unique in the workspace, without regard to case."`
	Color string `json:"color" minLength:"7" maxLength:"7" doc:"#rrggbb, in small letters."`
}

// Review says who has looked at a conversation, and when.
type Review struct {
	By Ref       `json:"by" doc:"A member or an API key."`
	At time.Time `json:"at"`
}

// SaveReview marks a conversation as reviewed, or takes that back.
type SaveReview struct {
	Reviewed bool `json:"reviewed"`
}

// SaveRead says whether the caller has read a conversation.
type SaveRead struct {
	Read         bool `json:"read"`
	MessageCount int  `json:"message_count,omitempty" minimum:"0" doc:"How many of its messages have been read; left out: all that there are."`
}

// Note is what a member writes about a conversation for the others. It is never
// sent to anybody outside, and no part of a transcript.
type Note struct {
	ID        string     `json:"id"`
	Author    Ref        `json:"author" doc:"A member or an API key, as it was called then."`
	Text      string     `json:"text"`
	CreatedAt time.Time  `json:"created_at"`
	EditedAt  *time.Time `json:"edited_at"`
	Own       bool       `json:"own" doc:"The caller wrote it, and may change it."`
}

// SaveNote is what can be set of a note.
type SaveNote struct {
	Text string `json:"text" minLength:"1" maxLength:"4000"`
}

// View is a filter of the list with a name.
type View struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Filter    string    `json:"filter" doc:"The query of the address of the dashboard's list."`
	Shared    bool      `json:"shared" doc:"Everybody sees it; else only whose it is."`
	CreatedAt time.Time `json:"created_at"`
}

// SaveView is what can be set of a view.
type SaveView struct {
	Name   string `json:"name" minLength:"1" maxLength:"60"`
	Filter string `json:"filter" maxLength:"2000" doc:"The query of the address of the dashboard's list, without \"?\"."`
	Shared bool   `json:"shared,omitempty"`
}

// ViewOrder puts views in an order.
type ViewOrder struct {
	IDs    []string `json:"ids" minItems:"1" maxItems:"50" doc:"Views of one kind; those that are left out follow."`
	Shared bool     `json:"shared,omitempty" doc:"The order of those that everybody sees; else of the caller's own."`
}

// CannedReply is a text that operators write often.
type CannedReply struct {
	ID        string    `json:"id"`
	Shortcut  string    `json:"shortcut"`
	Text      string    `json:"text"`
	UpdatedAt time.Time `json:"updated_at"`
}

// SaveCannedReply is what can be set of a canned reply.
type SaveCannedReply struct {
	Shortcut string `json:"shortcut" minLength:"1" maxLength:"40" doc:"What is typed after \"/\": small letters, digits, - and _."`
	Text     string `json:"text" minLength:"1" maxLength:"4000" doc:"With placeholders that are filled in where it is used: {contact_name}, {assistant_name}, {operator_name}, or the name of a variable of the conversation."`
}

// BoundedCount is a number of conversations, as far as it was counted.
type BoundedCount struct {
	Count int  `json:"count"`
	More  bool `json:"more" doc:"There are, or may be, others."`
}

// TagOf is a tag.
func TagOf(t *desk.Tag) Tag { return Tag{ID: t.ID, Name: t.Name, Color: t.Color} }

// UsedTagOf is a tag with how often it is used.
func UsedTagOf(t *desk.Tag) UsedTag {
	return UsedTag{Tag: TagOf(t), Conversations: t.Used, CreatedAt: t.CreatedAt.UTC()}
}

// ReviewOf is a review; null: there is none.
func ReviewOf(r *desk.Review) *Review {
	if r == nil {
		return nil
	}
	return &Review{By: Ref(r.By), At: r.At.UTC()}
}

// NoteOf is a note as the caller sees it.
func NoteOf(n *desk.Note, caller string) Note {
	return Note{
		ID: n.ID, Author: Ref(n.Author), Text: n.Text, CreatedAt: n.CreatedAt.UTC(), EditedAt: TimeOrNull(n.EditedAt),
		Own: n.Author.ID == caller,
	}
}

// ViewOf is a view.
func ViewOf(v *desk.View) View {
	return View{ID: v.ID, Name: v.Name, Filter: v.Filter, Shared: v.Shared(), CreatedAt: v.CreatedAt.UTC()}
}

// CannedReplyOf is a canned reply.
func CannedReplyOf(r *desk.Reply) CannedReply {
	return CannedReply{ID: r.ID, Shortcut: r.Shortcut, Text: r.Text, UpdatedAt: r.UpdatedAt.UTC()}
}
