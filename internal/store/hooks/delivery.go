package hooks

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"parley"
	"parley/internal/store"
)

// State says how far a delivery is.
type State string

// The states of deliveries.
const (
	Pending   State = "pending"
	Delivered State = "delivered"
	Failed    State = "failed" // given up; somebody may send it again
)

// Delivery is an event on its way to a hook.
type Delivery struct {
	WorkspaceID    string
	ID             string
	HookID         string
	EventID        string
	Type           Type
	ConversationID string // "" for none
	Body           string // what is posted
	State          State
	Attempts       int
	NextAt         time.Time // while it is pending
	CreatedAt      time.Time
	FinishedAt     time.Time // zero: pending
	Last           *Attempt  // nil: none yet

	n             int64
	lane          string
	conversationN int64
}

// Attempt is one posting of a delivery.
type Attempt struct {
	Number  int // from 1
	At      time.Time
	Took    time.Duration
	Request http.Header // as it was sent
	Status  int         // of HTTP; 0: there was no answer
	Headers http.Header // of the answer
	Answer  string      // the beginning of its body
	Error   string      // why it failed, for a person; "" if it did not
}

func newDelivery(e *Event, hook, lane string, now time.Time) *Delivery {
	return &Delivery{
		WorkspaceID: e.WorkspaceID, ID: parley.NewID(now), HookID: hook, EventID: e.ID, Type: e.Type, ConversationID: e.ConversationID,
		Body: e.Body, State: Pending, NextAt: now, CreatedAt: now, lane: lane, conversationN: e.conversationN,
	}
}

// insert reports whether the event was not on its way to the hook before.
func (d *Delivery) insert(ctx context.Context, t store.Tx) (isNew bool, err error) {
	n, err := t.Exec(ctx, `
		INSERT INTO hook_delivery (workspace_id, id, hook_id, event_id, conversation_n, lane, state, attempts, next_at, created_at, finished_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, $7, $7, 0) ON CONFLICT (hook_id, event_id) DO NOTHING`,
		d.WorkspaceID, d.ID, d.HookID, d.EventID, d.conversationN, d.lane, store.Micros(d.CreatedAt))
	return n == 1, err
}

// AddTest records an event that is only for one hook. Nobody but the caller posts
// it.
func (x *Hooks) AddTest(ctx context.Context, h *Hook, e *Event) (*Delivery, error) {
	d := newDelivery(e, h.ID, "", e.CreatedAt)
	err := x.Write(ctx, func(t store.Tx) error {
		if err := e.write(ctx, t, e.CreatedAt); err != nil {
			return err
		}
		_, err := d.insert(ctx, t)
		return err
	})
	return d, err
}

// fromDeliveries begins a query of deliveries, each with its last attempt.
const fromDeliveries = `
	SELECT d.n, d.workspace_id, d.id, d.hook_id, d.event_id, d.conversation_n, d.lane, d.state, d.attempts, d.next_at, d.created_at,
		d.finished_at, e.type, e.conversation_id, e.body,
		COALESCE(a.number, 0), COALESCE(a.at, 0), COALESCE(a.took, 0), COALESCE(a.request, ''), COALESCE(a.status, 0),
		COALESCE(a.headers, ''), COALESCE(a.answer, ''), COALESCE(a.error, '')
	FROM hook_delivery d JOIN hook_event e ON e.id = d.event_id AND e.workspace_id = d.workspace_id
		LEFT JOIN hook_attempt a ON a.delivery_id = d.id AND a.number = d.attempts
	WHERE `

func scanDelivery(r store.Row) (d Delivery, err error) {
	var a attemptColumns
	var next, created, finished int64
	err = r.Scan(append([]any{
		&d.n, &d.WorkspaceID, &d.ID, &d.HookID, &d.EventID, &d.conversationN, &d.lane, &d.State, &d.Attempts, &next, &created,
		&finished, &d.Type, &d.ConversationID, &d.Body,
	}, a.dest()...)...)
	if err != nil {
		return d, err
	}
	d.NextAt, d.CreatedAt, d.FinishedAt = store.FromMicros(next), store.FromMicros(created), store.FromMicros(finished)
	if a.Number > 0 {
		d.Last, err = a.attempt()
	}
	return d, err
}

// attemptColumns are an attempt as its table has it.
type attemptColumns struct {
	Attempt
	at, took         int64
	request, headers string
}

func (a *attemptColumns) dest() []any {
	return []any{&a.Number, &a.at, &a.took, &a.request, &a.Status, &a.headers, &a.Answer, &a.Error}
}

func (a *attemptColumns) attempt() (*Attempt, error) {
	a.At, a.Took = store.FromMicros(a.at), time.Duration(a.took)*time.Microsecond
	return &a.Attempt, errors.Join(json.Unmarshal([]byte(a.request), &a.Request), json.Unmarshal([]byte(a.headers), &a.Headers))
}

// Deliveries returns deliveries to a hook, the newest first, of one state or of
// all, "": those before a position, 0 for the newest. next is the position after
// them, 0 for the end.
func (x *Hooks) Deliveries(ctx context.Context, ws, hook string, state State, before int64, limit int) (all []Delivery, next int64, err error) {
	args := []any{ws, hook, limit + 1}
	where := `d.workspace_id = $1 AND d.hook_id = $2`
	if before > 0 {
		args = append(args, before)
		where += ` AND d.n < $4`
	}
	if state != "" {
		args = append(args, string(state))
		where += ` AND d.state = $` + string(rune('0'+len(args)))
	}
	r, err := x.Query(ctx, fromDeliveries+where+` ORDER BY d.n DESC LIMIT $3`, args...)
	all, err = store.Collect(r, err, scanDelivery)
	if len(all) > limit {
		all = all[:limit]
		next = all[limit-1].n
	}
	return all, next, err
}

// Delivery returns one delivery. It returns CodeNotFound.
func (x *Hooks) Delivery(ctx context.Context, ws, hook, id string) (*Delivery, error) {
	d, err := scanDelivery(x.QueryRow(ctx, fromDeliveries+`d.workspace_id = $1 AND d.hook_id = $2 AND d.id = $3`, ws, hook, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = parley.Errorf(parley.CodeNotFound, "There is no such delivery.")
	}
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// Attempts returns the attempts at a delivery, the newest first.
func (x *Hooks) Attempts(ctx context.Context, d *Delivery) ([]Attempt, error) {
	r, err := x.Query(ctx, `
		SELECT number, at, took, request, status, headers, answer, error FROM hook_attempt WHERE delivery_id = $1
		ORDER BY number DESC LIMIT 100`, d.ID)
	return store.Collect(r, err, func(r store.Row) (Attempt, error) {
		var a attemptColumns
		if err := r.Scan(a.dest()...); err != nil {
			return Attempt{}, err
		}
		out, err := a.attempt()
		return *out, err
	})
}

// Head returns the delivery that the work of a lane is about: the first one that
// is pending. It returns nil if there is none.
func (x *Hooks) Head(ctx context.Context, w parley.Work) (*Delivery, error) {
	hook, lane, _ := strings.Cut(w.Key, "/")
	d, err := scanDelivery(x.QueryRow(ctx, fromDeliveries+`
		d.workspace_id = $1 AND d.hook_id = $2 AND d.lane = $3 AND d.state = 'pending' ORDER BY d.n LIMIT 1`, w.WorkspaceID, hook, lane))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// Settle records an attempt, nil for none, and what the delivery is after it:
// its State, and NextAt while that is Pending. work is the one that posted it,
// nil for a person; it returns ErrLeaseLost if that was lost. A delivery that
// has been erased is left alone.
func (x *Hooks) Settle(ctx context.Context, work *parley.Work, d *Delivery, a *Attempt) error {
	finished := d.FinishedAt
	if d.State == Pending {
		finished = time.Time{}
	}
	return x.Write(ctx, func(t store.Tx) error {
		if work != nil {
			if err := t.HoldLease(ctx, *work); err != nil {
				return err
			}
		}
		made := 0
		if a != nil {
			made = 1
		}
		var number int
		err := t.QueryRow(ctx, `
			UPDATE hook_delivery SET state = $3, next_at = $4, finished_at = $5, attempts = attempts + $6
			WHERE workspace_id = $1 AND id = $2 RETURNING attempts`,
			d.WorkspaceID, d.ID, string(d.State), store.Micros(d.NextAt), store.Micros(finished), made).Scan(&number)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil || a == nil {
			return err
		}
		if err := a.insert(ctx, t, d, number); err != nil {
			return err
		}
		return noteHealth(ctx, t, d, a)
	})
}

func (a *Attempt) insert(ctx context.Context, t store.Tx, d *Delivery, number int) error {
	request, err := json.Marshal(a.Request)
	if err != nil {
		return err
	}
	headers, err := json.Marshal(a.Headers)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, `
		INSERT INTO hook_attempt (delivery_id, number, conversation_n, at, took, request, status, headers, answer, error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		d.ID, number, d.conversationN, store.Micros(a.At), a.Took.Microseconds(), string(request), a.Status, string(headers), a.Answer, a.Error)
	return err
}

// noteHealth keeps since when a hook has only failed.
func noteHealth(ctx context.Context, t store.Tx, d *Delivery, a *Attempt) error {
	if a.Error == "" {
		_, err := t.Exec(ctx, `
			UPDATE hook SET failing_since = 0 WHERE workspace_id = $1 AND id = $2 AND failing_since > 0`, d.WorkspaceID, d.HookID)
		return err
	}
	_, err := t.Exec(ctx, `
		UPDATE hook SET failing_since = $3 WHERE workspace_id = $1 AND id = $2 AND failing_since = 0`,
		d.WorkspaceID, d.HookID, store.Micros(a.At))
	return err
}

// SendSoon makes a delivery that is pending due now.
func (x *Hooks) SendSoon(ctx context.Context, d *Delivery, now time.Time) error {
	return x.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `
			UPDATE hook_delivery SET next_at = $3 WHERE workspace_id = $1 AND id = $2 AND state = 'pending'`, d.WorkspaceID, d.ID, store.Micros(now))
		if err != nil || n == 0 {
			return err
		}
		return t.AddWork(ctx, parley.Work{Kind: parley.WorkHook, Key: d.HookID + "/" + d.lane, WorkspaceID: d.WorkspaceID, Due: now})
	})
}

// GiveUp fails what is still pending in a lane, at most some hundreds; more says
// that there is more.
func (x *Hooks) GiveUp(ctx context.Context, w parley.Work, now time.Time) (more bool, err error) {
	const some = 500
	hook, lane, _ := strings.Cut(w.Key, "/")
	var n int64
	err = x.Write(ctx, func(t store.Tx) (err error) {
		n, err = t.Exec(ctx, `
			UPDATE hook_delivery SET state = 'failed', finished_at = $4 WHERE id IN (
				SELECT id FROM hook_delivery WHERE workspace_id = $1 AND hook_id = $2 AND lane = $3 AND state = 'pending' LIMIT $5)`,
			w.WorkspaceID, hook, lane, store.Micros(now), some)
		return err
	})
	return n == some, err
}

// Forget removes deliveries and events that were recorded before a time, the
// deliveries first; more says that there is more.
func (x *Hooks) Forget(ctx context.Context, before time.Time) (more bool, err error) {
	const some = 200
	const which = `SELECT id FROM hook_delivery WHERE created_at < $1 ORDER BY created_at, n LIMIT $2`
	var n int64
	cut := store.Micros(before)
	err = x.Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `DELETE FROM hook_attempt WHERE delivery_id IN (`+which+`)`, cut, some)
		if err != nil {
			return err
		}
		if n, err = t.Exec(ctx, `DELETE FROM hook_delivery WHERE id IN (`+which+`)`, cut, some); err != nil || n == some {
			return err
		}
		n, err = t.Exec(ctx, `
			DELETE FROM hook_event WHERE id IN (SELECT id FROM hook_event WHERE created_at < $1 ORDER BY created_at LIMIT $2)`, cut, some)
		return err
	})
	return n == some, err
}
