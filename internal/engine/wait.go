package engine

import (
	"context"
	"slices"
	"time"

	"parley"
	"parley/internal/live"
)

// WaitReplies waits until the message with seq after has been answered, by the
// assistant or an operator, and returns what they wrote since. When timeout is
// over it returns what there is, which may be nothing.
func (e *Engine) WaitReplies(
	ctx context.Context, ws, conv string, after int64, timeout time.Duration,
) ([]parley.Message, error) {
	sub := e.hub.Subscribe(ws, conv)
	defer sub.Close()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// Another process may answer: its events do not come here.
	poll := time.NewTicker(time.Second)
	defer poll.Stop()
	for {
		replies, done, err := e.replies(context.WithoutCancel(ctx), ws, conv, after)
		if err != nil || done {
			return replies, err
		}
		for changed := false; !changed; {
			select {
			case <-ctx.Done():
				return replies, nil
			case <-sub.Ready():
				changed = slices.ContainsFunc(sub.Take(), func(e live.Event) bool { return e.Delta == nil })
			case <-poll.C:
				changed = true
			}
		}
	}
}

// replies returns what was written since a message, and whether it is answered.
func (e *Engine) replies(ctx context.Context, ws, conv string, after int64) ([]parley.Message, bool, error) {
	c, err := e.store.Conversation(ctx, ws, conv)
	if err != nil {
		return nil, false, err
	}
	if c.NextSeq == after+1 && c.AnsweredSeq < after && c.Status == parley.ConversationActive {
		return nil, false, nil
	}
	all, err := e.store.Messages(ctx, ws, conv, after, 0)
	if err != nil {
		return nil, false, err
	}
	var replies []parley.Message
	byPerson := false
	for i := range all {
		switch all[i].Role {
		case parley.ByOperator:
			byPerson = true
			replies = append(replies, all[i])
		case parley.ByAssistant:
			replies = append(replies, all[i])
		}
	}
	return replies, byPerson || c.AnsweredSeq >= after || c.Status == parley.ConversationEnded, nil
}
