package export

import (
	"context"

	"parley"
	"parley/internal/redact"
	"parley/internal/store"
	"parley/internal/store/exports"
)

// Conversation is one conversation as the formats see it.
type Conversation struct {
	exports.Whole
	// each calls its argument for every message, in order.
	each func(func(*parley.Message) error) error
}

// log is what is read of conversations.
type log interface {
	Whole(ctx context.Context, rows []store.ListRow, parts exports.Parts) ([]exports.Whole, error)
	Messages(ctx context.Context, ws, conv string, after int64, limit int) ([]parley.Message, error)
}

// How much is read at once: conversations, and messages of them in all. What has
// more messages is read by itself, by the page.
const (
	readConversations = 128
	readMessages      = 512
)

// reader reads conversations in a row, and puts out of sight what is to be hidden.
type reader struct {
	log   log
	parts exports.Parts
	kinds []parley.Secrecy // what is hidden
	hide  *redact.Redactor // nil: nothing
}

// read calls fn for each of the conversations, in order.
func (r *reader) read(ctx context.Context, rows []store.ListRow, fn func(*Conversation) error) error {
	for len(rows) > 0 {
		n, messages := 1, rows[0].NextSeq
		for n < len(rows) && n < readConversations && messages+rows[n].NextSeq <= readMessages {
			messages += rows[n].NextSeq
			n++
		}
		parts := r.parts
		large := messages > readMessages
		if large {
			parts.Messages = false
		}
		whole, err := r.log.Whole(ctx, rows[:n], parts)
		if err != nil {
			return err
		}
		for i := range whole {
			c := r.conversation(ctx, &whole[i], large)
			if err := fn(c); err != nil {
				return err
			}
		}
		rows = rows[n:]
	}
	return nil
}

func (r *reader) conversation(ctx context.Context, w *exports.Whole, large bool) *Conversation {
	c := &Conversation{Whole: *w}
	if r.hide != nil {
		r.hideIn(c)
	}
	show := func(m *parley.Message, fn func(*parley.Message) error) error {
		if r.hide != nil {
			r.hideInMessage(m)
		}
		return fn(m)
	}
	c.each = func(fn func(*parley.Message) error) error {
		for i := range w.Messages {
			if err := show(&w.Messages[i], fn); err != nil {
				return err
			}
		}
		return nil
	}
	if large {
		c.each = func(fn func(*parley.Message) error) error {
			for after, more := int64(0), true; more; {
				some, err := r.log.Messages(ctx, c.WorkspaceID, c.ID, after, readMessages)
				if err != nil {
					return err
				}
				for i := range some {
					after = some[i].Seq
					if err := show(&some[i], fn); err != nil {
						return err
					}
				}
				more = len(some) == readMessages
			}
			return nil
		}
	}
	return c
}
