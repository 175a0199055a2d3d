package madeup

import (
	"fmt"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// The tags that filters are measured with.
const (
	TagOfNone = "legal"
	TagOfTen  = "recall"
	TagOfMany = "important" // one in twenty
	TagOfHalf = "sales"
)

// TagNames are the names of all tags; beside those that are measured, a conversation
// has any of them once in fifty times.
func TagNames() []string {
	tags := []string{TagOfNone, TagOfTen, TagOfMany, TagOfHalf}
	for i := range 12 {
		tags = append(tags, fmt.Sprintf("team %02d", i+1))
	}
	return tags
}

// Marks are what the people who work with a conversation left on it.
type Marks struct {
	desk.Furniture

	Read bool // by the first of the operators
}

// Marks makes up what is on number i, and whether it is reviewed: half of those
// that ended are.
func (m *Conversations) Marks(i int, c *store.FillConversation) *Marks {
	r := random(uint64(i), 9)
	out := &Marks{Read: r.IntN(3) > 0}
	if m.rare(i) {
		out.Tags = append(out.Tags, TagOfTen)
	}
	if r.IntN(20) == 0 {
		out.Tags = append(out.Tags, TagOfMany)
	}
	if r.IntN(2) == 0 {
		out.Tags = append(out.Tags, TagOfHalf)
	}
	for _, tag := range TagNames()[4:] {
		if r.IntN(50) == 0 {
			out.Tags = append(out.Tags, tag)
		}
	}
	operator, at := desk.Author{ID: m.Members[0], Name: "Operator 1"}, c.Conversation.LastActivityAt
	if r.IntN(50) == 0 {
		w := writer{v: m.Words, r: r, lang: &m.Words.languages[0]}
		out.Notes = []desk.Note{{Author: operator, Text: w.message(4 + zipf(r, 20)), CreatedAt: at}}
	}
	if c.Conversation.Status == parley.ConversationEnded && r.IntN(2) == 0 {
		c.Conversation.Reviewed, out.Review = true, &desk.Review{By: operator, At: at}
	}
	return out
}
