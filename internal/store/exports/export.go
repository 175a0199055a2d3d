// Package exports keeps what is known of exports, and reads conversations by the
// hundred for them: in an order that holds while people go on writing, so that
// an export can stop anywhere and go on later.
package exports

import (
	"context"
	"encoding/json"
	"time"

	"parley"
	"parley/internal/store"
)

// Exports is the store as exports see it.
type Exports struct{ *store.Store }

// Part is one part of an export's file.
type Part struct {
	Index   int   `json:"index"`
	Attempt int64 `json:"attempt"` // whose it is
	Size    int64 `json:"size"`    // bytes
}

// Record is an export as its table holds it.
type Record struct {
	parley.Export
	Attempt  int64  // raised by everybody who begins to write it
	Position string // where its walk goes on
	Parts    []Part // what has been written
}

const columns = `workspace_id, id, options, state, attempt, position, parts, total, done, size, error, created_by,
	created_at, finished_at, expires_at`

func scan(r store.Row) (e Record, err error) {
	var options, parts string
	var created, finished, expires int64
	err = r.Scan(&e.WorkspaceID, &e.ID, &options, &e.State, &e.Attempt, &e.Position, &parts, &e.Total, &e.Done, &e.Size,
		&e.Error, &e.CreatedBy, &created, &finished, &expires)
	if err == nil {
		err = json.Unmarshal([]byte(options), &e.Options)
	}
	if err == nil {
		err = json.Unmarshal([]byte(parts), &e.Parts)
	}
	e.CreatedAt, e.FinishedAt, e.ExpiresAt = store.FromMicros(created), store.FromMicros(finished), store.FromMicros(expires)
	return e, err
}

// Create records an export and makes its work due.
func (x *Exports) Create(ctx context.Context, e *parley.Export, due time.Time) error {
	options, err := json.Marshal(e.Options)
	if err != nil {
		return err
	}
	return x.Tables().Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			INSERT INTO export (`+columns+`)
			VALUES ($1, $2, $3, $4, 0, '', '[]', $5, 0, 0, '', $6, $7, 0, 0)`,
			e.WorkspaceID, e.ID, string(options), string(e.State), e.Total, e.CreatedBy, store.Micros(e.CreatedAt))
		if err != nil {
			return err
		}
		return t.AddWork(ctx, parley.Work{Kind: parley.WorkExport, Key: e.ID, WorkspaceID: e.WorkspaceID, Due: due})
	})
}

// Export returns an export. It returns CodeNotFound.
func (x *Exports) Export(ctx context.Context, ws, id string) (*Record, error) {
	all, err := x.some(ctx, `workspace_id = $1 AND id = $2`, ws, id)
	if err == nil && len(all) == 0 {
		err = parley.Errorf(parley.CodeNotFound, "There is no such export.")
	}
	if err != nil {
		return nil, err
	}
	return &all[0], nil
}

// Recent returns the exports of a workspace, the newest first, before the one with
// the id before, "" for the newest.
func (x *Exports) Recent(ctx context.Context, ws, before string, limit int) ([]Record, error) {
	if before == "" {
		before = "g" // after every id
	}
	return x.some(ctx, `workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, ws, before, limit)
}

// Expired returns exports of all workspaces whose files are to go.
func (x *Exports) Expired(ctx context.Context, now time.Time, limit int) ([]Record, error) {
	return x.some(ctx, `state = 'done' AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, store.Micros(now), limit)
}

func (x *Exports) some(ctx context.Context, where string, args ...any) ([]Record, error) {
	r, err := x.Tables().Query(ctx, `SELECT `+columns+` FROM export WHERE `+where, args...)
	return store.Collect(r, err, scan)
}

// Begin claims the writing of an export: whoever wrote it before has no say in
// it any more. It returns CodeConflict if it is finished.
func (x *Exports) Begin(ctx context.Context, e *Record) error {
	return x.change(ctx, e, `state = 'running', attempt = attempt + 1`, func() {
		e.State, e.Attempt = parley.ExportRunning, e.Attempt+1
	})
}

// Save records how far the writing of an export is. It returns CodeConflict if
// somebody else writes it, or it was canceled.
func (x *Exports) Save(ctx context.Context, e *Record) error {
	parts, err := json.Marshal(e.Parts)
	if err != nil {
		return err
	}
	return x.change(ctx, e, `position = $4, parts = $5, total = $6, done = $7, size = $8`, nil,
		e.Position, string(parts), e.Total, e.Done, e.Size)
}

// Finish records the end of an export, in the state that it has. It returns
// CodeConflict like Save.
func (x *Exports) Finish(ctx context.Context, e *Record) error {
	parts, err := json.Marshal(e.Parts)
	if err != nil {
		return err
	}
	return x.change(ctx, e, `state = $4, parts = $5, total = $6, done = $7, size = $8, error = $9, finished_at = $10, expires_at = $11`, nil,
		string(e.State), string(parts), e.Total, e.Done, e.Size, e.Error, store.Micros(e.FinishedAt), store.Micros(e.ExpiresAt))
}

// change changes an export that the caller is writing.
func (x *Exports) change(ctx context.Context, e *Record, set string, changed func(), args ...any) error {
	args = append([]any{e.WorkspaceID, e.ID, e.Attempt}, args...)
	err := x.Tables().Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `
			UPDATE export SET `+set+`
			WHERE workspace_id = $1 AND id = $2 AND attempt = $3 AND state IN ('queued', 'running')`, args...)
		if err == nil && n == 0 {
			err = parley.Errorf(parley.CodeConflict, "The export is finished, or somebody else is writing it.")
		}
		return err
	})
	if err == nil && changed != nil {
		changed()
	}
	return err
}

// Cancel ends an export that is not finished. It returns CodeConflict if it is.
func (x *Exports) Cancel(ctx context.Context, ws, id string, now time.Time) error {
	return x.Tables().Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `
			UPDATE export SET state = 'canceled', finished_at = $3
			WHERE workspace_id = $1 AND id = $2 AND state IN ('queued', 'running')`, ws, id, store.Micros(now))
		if err == nil && n == 0 {
			err = parley.Errorf(parley.CodeConflict, "The export has ended already.")
		}
		return err
	})
}

// Delete removes what is known of an export that is finished.
func (x *Exports) Delete(ctx context.Context, ws, id string) error {
	return x.Tables().Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			DELETE FROM export WHERE workspace_id = $1 AND id = $2 AND state NOT IN ('queued', 'running')`, ws, id)
		return err
	})
}

// Forget removes what is known of exports that finished before a time and have no
// file any more.
func (x *Exports) Forget(ctx context.Context, before time.Time) error {
	return x.Tables().Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			DELETE FROM export WHERE id IN (
				SELECT id FROM export WHERE state IN ('failed', 'canceled', 'expired') AND finished_at <= $1 LIMIT 500)`, store.Micros(before))
		return err
	})
}

// Expire records that the file of an export that was done has gone.
func (x *Exports) Expire(ctx context.Context, ws, id string) error {
	return x.Tables().Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			UPDATE export SET state = 'expired', parts = '[]' WHERE workspace_id = $1 AND id = $2 AND state = 'done'`, ws, id)
		return err
	})
}
