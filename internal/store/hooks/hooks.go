// Package hooks keeps webhooks out: the addresses that are told what happens in
// a workspace, the events that they are told of, and what became of each.
//
// Events are made from the log of messages after the fact: the transaction of a
// message knows nothing of them, so that whatever was accepted is told, however
// the process ended. It must never record an event of a workspace that has
// nobody to tell.
package hooks

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"parley"
	"parley/internal/store"
)

// Type says what an event is about.
type Type string

// The types of events. Test is sent when somebody asks for it, and cannot be
// chosen.
const (
	Started    Type = "conversation.started"     // its first message was recorded
	Ended      Type = "conversation.ended"       //
	HandedOver Type = "conversation.handed_over" // the assistant asked for a person, or one took over
	Received   Type = "message.received"         // by the contact
	Sent       Type = "message.sent"             // by the assistant or an operator, and it has left
	Test       Type = "webhook.test"
)

// Types lists the types that can be chosen.
func Types() []Type { return []Type{Started, Ended, HandedOver, Received, Sent} }

// MaxHooks is how many a workspace may have.
const MaxHooks = 10

// Hook is an address that is told of events.
type Hook struct {
	WorkspaceID  string
	ID           string
	URL          string
	Description  string
	Events       []Type
	Enabled      bool
	Secret       string // begins with whsec_
	OldSecret    string // signs beside it until OldUntil; "" for none
	OldUntil     time.Time
	FailingSince time.Time // zero: the last attempt succeeded, or there was none
	DisabledAt   time.Time // when Parley gave it up; zero: it did not
	DisabledWhy  string    // for a person
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Takes reports whether the hook is told of a type.
func (h *Hook) Takes(t Type) bool { return slices.Contains(h.Events, t) }

// Hooks are the webhooks of a store.
type Hooks struct{ store.Tables }

const hookColumns = `workspace_id, id, url, description, events, enabled, secret, old_secret, old_until, failing_since,
	disabled_at, disabled_why, created_at, updated_at`

// sealKind is what secrets are sealed as.
const sealKind = "hook"

func (x *Hooks) scan(r store.Row) (h Hook, err error) {
	var events string
	var oldUntil, failing, disabled, created, updated int64
	err = r.Scan(&h.WorkspaceID, &h.ID, &h.URL, &h.Description, &events, &h.Enabled, &h.Secret, &h.OldSecret, &oldUntil, &failing,
		&disabled, &h.DisabledWhy, &created, &updated)
	if err == nil {
		err = json.Unmarshal([]byte(events), &h.Events)
	}
	if err == nil {
		h.Secret, err = x.Unseal(h.Secret, sealKind, h.ID)
	}
	if err == nil {
		h.OldSecret, err = x.Unseal(h.OldSecret, sealKind, h.ID)
	}
	h.OldUntil, h.FailingSince, h.DisabledAt = store.FromMicros(oldUntil), store.FromMicros(failing), store.FromMicros(disabled)
	h.CreatedAt, h.UpdatedAt = store.FromMicros(created), store.FromMicros(updated)
	return h, err
}

// All returns the hooks of a workspace with their secrets, the oldest first.
func (x *Hooks) All(ctx context.Context, ws string) ([]Hook, error) {
	r, err := x.Query(ctx, `SELECT `+hookColumns+` FROM hook WHERE workspace_id = $1 ORDER BY id`, ws)
	return store.Collect(r, err, x.scan)
}

// Hook returns one hook with its secrets. It returns CodeNotFound.
func (x *Hooks) Hook(ctx context.Context, ws, id string) (*Hook, error) {
	h, err := x.scan(x.QueryRow(ctx, `SELECT `+hookColumns+` FROM hook WHERE workspace_id = $1 AND id = $2`, ws, id))
	if err != nil {
		return nil, orMissing(err)
	}
	return &h, nil
}

var errMissing = parley.Errorf(parley.CodeNotFound, "There is no such webhook.")

func orMissing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errMissing
	}
	return err
}

// newest is the n of the newest message, after which events count.
const newest = `(SELECT COALESCE(MAX(n), 0) FROM message)`

// Create adds a hook, which is told of what happens from now on. It returns
// CodeConflict if the workspace has as many as it may.
func (x *Hooks) Create(ctx context.Context, h *Hook) error {
	secret, err := x.Seal(h.Secret, sealKind, h.ID)
	if err != nil {
		return err
	}
	events, err := json.Marshal(h.Events)
	if err != nil {
		return err
	}
	return x.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `
			INSERT INTO hook (`+hookColumns+`, since_n)
			SELECT $1, $2, $3, $4, $5, $6, $7, '', 0, 0, 0, '', $8, $8, `+newest+`
			WHERE (SELECT COUNT(*) FROM hook WHERE workspace_id = $1) < $9`,
			h.WorkspaceID, h.ID, h.URL, h.Description, string(events), flag(h.Enabled), secret, store.Micros(h.CreatedAt), MaxHooks)
		if err == nil && n == 0 {
			err = parley.Errorf(parley.CodeConflict, "A workspace has at most %d webhooks.", MaxHooks)
		}
		return err
	})
}

// Update changes URL, description, events, and whether it is enabled; enabling
// forgets that it failed, and nothing that happened meanwhile is told. It
// returns CodeNotFound.
func (x *Hooks) Update(ctx context.Context, h *Hook) error {
	events, err := json.Marshal(h.Events)
	if err != nil {
		return err
	}
	return x.change(ctx, h.WorkspaceID, h.ID, `
		url = $3, description = $4, events = $5, updated_at = $7,
		since_n = CASE WHEN enabled = 0 AND $6 = 1 THEN `+newest+` ELSE since_n END,
		failing_since = CASE WHEN enabled = 0 AND $6 = 1 THEN 0 ELSE failing_since END,
		disabled_at = CASE WHEN $6 = 1 THEN 0 ELSE disabled_at END,
		disabled_why = CASE WHEN $6 = 1 THEN '' ELSE disabled_why END, enabled = $6`,
		h.URL, h.Description, string(events), flag(h.Enabled), store.Micros(h.UpdatedAt))
}

// Renew gives the hook a new secret; the one that it had signs too until a time.
// It returns CodeNotFound.
func (x *Hooks) Renew(ctx context.Context, h *Hook, secret string, oldUntil time.Time) error {
	fresh, err := x.Seal(secret, sealKind, h.ID)
	if err != nil {
		return err
	}
	return x.change(ctx, h.WorkspaceID, h.ID, `old_secret = secret, secret = $3, old_until = $4`, fresh, store.Micros(oldUntil))
}

// Disable gives a hook up for a reason, which is for a person.
func (x *Hooks) Disable(ctx context.Context, h *Hook, why string, now time.Time) error {
	return x.change(ctx, h.WorkspaceID, h.ID, `enabled = 0, disabled_at = $3, disabled_why = $4`, store.Micros(now), why)
}

// Delete removes a hook; its log is swept later. It returns CodeNotFound.
func (x *Hooks) Delete(ctx context.Context, ws, id string) error {
	return x.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `DELETE FROM hook WHERE workspace_id = $1 AND id = $2`, ws, id)
		return changedOne(n, err)
	})
}

func (x *Hooks) change(ctx context.Context, ws, id, set string, args ...any) error {
	args = append([]any{ws, id}, args...)
	return x.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `UPDATE hook SET `+set+` WHERE workspace_id = $1 AND id = $2`, args...)
		return changedOne(n, err)
	})
}

func changedOne(n int64, err error) error {
	if err == nil && n == 0 {
		return errMissing
	}
	return err
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
