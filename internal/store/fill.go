package store

import (
	"context"
	"slices"

	"parley"
)

// FillConversation is one whole conversation for Fill. Of Conversation the id,
// source, assistant, contact, status, owner, flags, start and end count; counts,
// previews, times and totals are made from the messages and the usage. Messages
// have Role, Content and CreatedAt.
type FillConversation struct {
	Conversation parley.Conversation
	Contact      parley.Contact // written if its id is new
	Messages     []parley.Message
	Variables    []parley.Variable
	Usage        []parley.Usage
}

// fillRows bounds the rows of one transaction of Fill, and fillIndex is how
// many messages FillIndex makes findable at once. Both are far more than what
// a server may do, because they hold others up.
const (
	fillRows  = 8_000
	fillIndex = 20_000
)

// Fill writes whole conversations of a workspace, for measurements and
// demonstrations. Nobody else should wait for the database meanwhile. A
// conversation whose id is there already is left out. IndexSearch makes the
// messages findable; FillIndex does it faster.
func (s *Store) Fill(ctx context.Context, ws string, convs []FillConversation) error {
	for len(convs) > 0 {
		n, size := 0, 0
		for n < len(convs) && (n == 0 || size+convs[n].rows() <= fillRows) {
			size += convs[n].rows()
			n++
		}
		err := s.write(ctx, func(t *tx) error {
			for i := range convs[:n] {
				if err := fillOne(ctx, t, ws, &convs[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		convs = convs[n:]
	}
	return nil
}

// FillIndex makes the next messages findable, many at once, if so many wait.
// It may run beside Fill: on SQLite, what it reads and splits into words does
// not wait for what Fill writes.
func (s *Store) FillIndex(ctx context.Context) error {
	var behind int64
	err := s.read.queryRow(ctx, `
		SELECT COALESCE((SELECT MAX(n) FROM message), 0) - position FROM search_state WHERE id = 1`).Scan(&behind)
	if err != nil || behind < fillIndex {
		return err
	}
	_, err = s.indexBatch(ctx, fillIndex)
	return err
}

func (f *FillConversation) rows() int { return 3 + len(f.Messages) + len(f.Variables) + len(f.Usage) }

func fillOne(ctx context.Context, t *tx, ws string, f *FillConversation) error {
	var there bool
	err := t.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM conversation WHERE id = $1)`, f.Conversation.ID).Scan(&there)
	if err != nil || there {
		return err
	}
	f.Contact.WorkspaceID = ws
	if err := insertContact(ctx, t, &f.Contact); err != nil {
		return err
	}
	c := &conversationRow{Conversation: f.Conversation}
	c.WorkspaceID, c.ContactID, c.NextSeq, c.Rev = ws, f.Contact.ID, 1, 1
	c.LastActivityAt = c.StartedAt
	log := slices.Clone(f.Messages)
	for i := range log {
		c.prepare(t.s, &log[i])
		log[i].Seq, log[i].Rev = c.NextSeq, c.Rev
		c.note(&log[i])
	}
	for i := range f.Usage {
		u := &f.Usage[i]
		c.InputTokens += orZero(u.InputTokens)
		c.OutputTokens += orZero(u.OutputTokens)
		c.Credits += orZero(u.Credits)
		if !u.Complete || !known(u) {
			c.UnknownCalls++
		}
	}
	c.AnsweredSeq, c.tallied = c.NextSeq-1, c.Duration().Microseconds()
	if err := c.insert(ctx, t); err != nil {
		return err
	}
	if err := addTally(ctx, t, &c.Conversation, 1, int64(c.AssistantCount), c.tallied); err != nil {
		return err
	}
	for i := range log {
		if err := insertMessage(ctx, t, c.n, &log[i], ""); err != nil {
			return err
		}
	}
	for i := range f.Usage {
		f.Usage[i].WorkspaceID = ws
		if err := insertUsage(ctx, t, c.n, &f.Usage[i]); err != nil {
			return err
		}
	}
	return saveVariables(ctx, t, c, f.Variables, c.StartedAt)
}
