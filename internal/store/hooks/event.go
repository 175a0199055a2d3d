package hooks

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"parley"
	"parley/internal/store"
)

// Event is something that hooks are told of.
type Event struct {
	WorkspaceID    string
	ID             string // the same however often it is told
	Type           Type
	ConversationID string
	MessageID      string // the message that it is about, or that records it
	CreatedAt      time.Time
	Body           string // what is posted; set by whoever records it

	conversationN int64
	n             int64 // of the message, 0 for one that left after it was recorded
	place         place
}

// place is where an event stands among those of its conversation: after a
// message of the log, what left then after what was recorded then.
type place struct{ seq, step int64 }

// Batch is what is to be recorded together.
type Batch struct {
	Events []Event
	from   int64 // the state that it moves on from, and to
	to     int64
	left   []leftKey // what has been taken of hook_left
}

type leftKey struct{ conversation, seq int64 }

// How much is taken at a time: messages of those who have hooks, and messages
// looked at.
const (
	eventBatch = 100
	lookBatch  = 5000
)

// Due reports whether there may be something to record. It only reads, and
// little.
func (x *Hooks) Due(ctx context.Context) (due bool, err error) {
	err = x.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM hook WHERE enabled = 1) AND (
			EXISTS (SELECT 1 FROM hook_left) OR EXISTS (
				SELECT 1 FROM message WHERE n > (SELECT message FROM hook_state WHERE id = 1)
					AND n > (SELECT MIN(since_n) FROM hook WHERE enabled = 1)))`).Scan(&due)
	return due, err
}

// Next returns what is to be recorded next; more says that there is something
// after it. The order of the events is that in which a conversation had them.
func (x *Hooks) Next(ctx context.Context) (b *Batch, more bool, err error) {
	b = &Batch{}
	var since sql.NullInt64
	err = x.QueryRow(ctx, `SELECT message, (SELECT MIN(since_n) FROM hook WHERE enabled = 1) FROM hook_state WHERE id = 1`).
		Scan(&b.from, &since)
	if err != nil {
		return nil, false, err
	}
	b.to = b.from
	begin := max(b.from, since.Int64)
	// What has left before the messages to come is told before them.
	if err := x.takeLeft(ctx, b, begin, eventBatch); err != nil || len(b.left) > 0 {
		return b, true, err
	}
	settled, err := x.SettledMessage(ctx)
	if err != nil || settled <= begin || !since.Valid {
		return b, false, err
	}
	b.to = min(settled, begin+lookBatch)
	more, err = x.takeMessages(ctx, b, begin)
	if err == nil {
		err = x.takeLeft(ctx, b, b.to, lookBatch)
	}
	if err == nil {
		err = x.dropUntaken(ctx, b)
	}
	if err != nil {
		return nil, false, err
	}
	slices.SortStableFunc(b.Events, func(p, q Event) int {
		return cmp.Or(cmp.Compare(p.conversationN, q.conversationN), cmp.Compare(p.place.seq, q.place.seq), cmp.Compare(p.place.step, q.place.step))
	})
	return b, more || b.to < settled, nil
}

// takeMessages adds the events of the messages from an n on, up to b.to, which it
// lowers if there are too many.
func (x *Hooks) takeMessages(ctx context.Context, b *Batch, from int64) (more bool, err error) {
	type row struct {
		Event
		role     parley.MessageRole
		event    parley.Event
		delivery parley.Delivery
	}
	r, err := x.Query(ctx, `
		SELECT m.n, m.workspace_id, m.id, m.conversation_n, c.id, m.seq, m.role, m.event, m.delivery, m.created_at
		FROM message m JOIN conversation c ON c.n = m.conversation_n
		WHERE m.n > $1 AND m.n <= $2 AND m.workspace_id IN (SELECT workspace_id FROM hook WHERE enabled = 1)
			AND m.seq > COALESCE((SELECT h.seq FROM hook_history h WHERE h.conversation_n = m.conversation_n), 0)
		ORDER BY m.n LIMIT $3`, from, b.to, eventBatch)
	all, err := store.Collect(r, err, func(r store.Row) (y row, err error) {
		var created int64
		err = r.Scan(&y.n, &y.WorkspaceID, &y.MessageID, &y.conversationN, &y.ConversationID, &y.place.seq, &y.role, &y.event, &y.delivery, &created)
		y.CreatedAt = store.FromMicros(created)
		return y, err
	})
	if err != nil {
		return false, err
	}
	if more = len(all) == eventBatch; more {
		b.to = all[eventBatch-1].n
	}
	for _, y := range all {
		if y.place.seq == 1 {
			b.add(&y.Event, Started)
		}
		if t := typeOf(y.role, y.event, y.delivery); t != "" {
			b.add(&y.Event, t)
		}
	}
	return more, nil
}

// typeOf returns what a new entry of the log is to hooks, "" for nothing. What is
// sent through a channel has not left yet.
func typeOf(role parley.MessageRole, event parley.Event, delivery parley.Delivery) Type {
	switch {
	case role == parley.ByUser:
		return Received
	case (role == parley.ByAssistant || role == parley.ByOperator) && delivery == "":
		return Sent
	case event == parley.EventHandoff || event == parley.EventTakeover:
		return HandedOver
	case event.EndReason() != "":
		return Ended
	}
	return ""
}

func (b *Batch) add(e *Event, t Type) {
	out := *e
	out.Type, out.ID = t, eventID(e.WorkspaceID, t, e.MessageID)
	b.Events = append(b.Events, out)
}

// eventID returns the id of an event, which follows from what it is about.
func eventID(ws string, t Type, message string) string {
	sum := sha256.Sum256([]byte("event " + ws + " " + string(t) + " " + message))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8: made as we like
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// takeLeft adds the events of messages that have left, as far as all that their
// conversations had before is among the messages up to an n.
func (x *Hooks) takeLeft(ctx context.Context, b *Batch, to int64, limit int) error {
	r, err := x.Query(ctx, `
		SELECT m.workspace_id, m.id, l.conversation_n, l.seq, c.id, l.after_seq, l.at
		FROM hook_left l JOIN message m ON m.conversation_n = l.conversation_n AND m.seq = l.seq
			JOIN conversation c ON c.n = l.conversation_n
		WHERE NOT EXISTS (SELECT 1 FROM message later
			WHERE later.conversation_n = l.conversation_n AND later.seq = l.after_seq AND later.n > $1)
		ORDER BY l.conversation_n, l.after_seq, l.at, l.seq LIMIT $2`, to, limit)
	_, err = store.Collect(r, err, func(r store.Row) (struct{}, error) {
		var e Event
		var key leftKey
		var at int64
		err := r.Scan(&e.WorkspaceID, &e.MessageID, &key.conversation, &key.seq, &e.ConversationID, &e.place.seq, &at)
		if err == nil {
			e.conversationN, e.CreatedAt, e.place.step = key.conversation, store.FromMicros(at), 1
			b.left = append(b.left, key)
			b.add(&e, Sent)
		}
		return struct{}{}, err
	})
	return err
}

// dropUntaken leaves out events of types that nobody is told of, before work is
// done for them.
func (x *Hooks) dropUntaken(ctx context.Context, b *Batch) error {
	type wish struct {
		ws string
		t  Type
	}
	wanted := map[wish]bool{}
	for i := range b.Events {
		ws := b.Events[i].WorkspaceID
		if wanted[wish{ws: ws}] {
			continue
		}
		wanted[wish{ws: ws}] = true // it has been looked at
		all, err := x.takers(ctx, ws)
		if err != nil {
			return err
		}
		for k := range all {
			for _, t := range all[k].Events {
				wanted[wish{ws, t}] = true
			}
		}
	}
	b.Events = slices.DeleteFunc(b.Events, func(e Event) bool { return !wanted[wish{e.WorkspaceID, e.Type}] })
	return nil
}

// errOvertaken rolls back what another worker has recorded already.
var errOvertaken = errors.New("another worker has recorded the events")

// recordedTogether bounds the events of one transaction: each has a delivery and
// a piece of work for each hook.
const recordedTogether = 40

// Record records a batch whose events have their bodies; those without are left
// out. Each hook that takes an event has it to deliver. To record something again
// changes nothing.
func (x *Hooks) Record(ctx context.Context, b *Batch, now time.Time) error {
	events := b.Events
	for first := true; first || len(events) > 0; first = false {
		some := events[:min(len(events), recordedTogether)]
		events = events[len(some):]
		err := x.Write(ctx, func(t store.Tx) error {
			if err := x.record(ctx, t, some, now); err != nil || len(events) > 0 {
				return err
			}
			return b.moveOn(ctx, t)
		})
		if err != nil && !errors.Is(err, errOvertaken) {
			return err
		}
	}
	return nil
}

func (b *Batch) moveOn(ctx context.Context, t store.Tx) error {
	for _, k := range b.left {
		if _, err := t.Exec(ctx, `DELETE FROM hook_left WHERE conversation_n = $1 AND seq = $2`, k.conversation, k.seq); err != nil {
			return err
		}
	}
	if b.to == b.from {
		return nil
	}
	n, err := t.Exec(ctx, `UPDATE hook_state SET message = $1 WHERE id = 1 AND message = $2`, b.to, b.from)
	if err == nil && n == 0 {
		err = errOvertaken
	}
	return err
}

func (x *Hooks) record(ctx context.Context, t store.Tx, events []Event, now time.Time) error {
	takers := map[string][]taker{}
	for i := range events {
		e := &events[i]
		if e.Body == "" {
			continue
		}
		if _, known := takers[e.WorkspaceID]; !known {
			all, err := x.takers(ctx, e.WorkspaceID)
			if err != nil {
				return err
			}
			takers[e.WorkspaceID] = all
		}
		if err := e.insert(ctx, t, takers[e.WorkspaceID], now); err != nil {
			return err
		}
	}
	return nil
}

// taker is a hook that is enabled.
type taker struct {
	Hook
	since int64
}

func (x *Hooks) takers(ctx context.Context, ws string) ([]taker, error) {
	r, err := x.Query(ctx, `SELECT `+hookColumns+`, since_n FROM hook WHERE workspace_id = $1 AND enabled = 1 ORDER BY id`, ws)
	return store.Collect(r, err, func(r store.Row) (k taker, err error) {
		k.Hook, err = x.scan(withMore{r, []any{&k.since}})
		return k, err
	})
}

// withMore is a row with more columns than are scanned by somebody else.
type withMore struct {
	store.Row
	more []any
}

// Scan implements store.Row.
func (w withMore) Scan(dest ...any) error { return w.Row.Scan(append(dest, w.more...)...) }

// insert records an event for those who take it, of the messages since they were enabled. A conversation that is erased
// meanwhile has none: its row is held until the end of the transaction.
func (e *Event) insert(ctx context.Context, t store.Tx, takers []taker, now time.Time) error {
	takers = slices.DeleteFunc(slices.Clone(takers), func(k taker) bool { return !k.Takes(e.Type) || e.n != 0 && e.n <= k.since })
	if len(takers) == 0 {
		return nil
	}
	there, err := t.Exec(ctx, `UPDATE conversation SET rev = rev WHERE n = $1`, e.conversationN)
	if err != nil || there == 0 {
		return err
	}
	if err := e.write(ctx, t, now); err != nil {
		return err
	}
	for i := range takers {
		d := newDelivery(e, takers[i].ID, e.ConversationID, now)
		isNew, err := d.insert(ctx, t)
		if err != nil || !isNew {
			return err
		}
		err = t.AddWork(ctx, parley.Work{Kind: parley.WorkHook, Key: takers[i].ID + "/" + d.lane, WorkspaceID: e.WorkspaceID, Due: now})
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Event) write(ctx context.Context, t store.Tx, now time.Time) error {
	_, err := t.Exec(ctx, `
		INSERT INTO hook_event (workspace_id, id, type, conversation_n, conversation_id, body, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
		e.WorkspaceID, e.ID, string(e.Type), e.conversationN, e.ConversationID, e.Body, store.Micros(now))
	return err
}
