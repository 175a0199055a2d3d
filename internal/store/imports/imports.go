// Package imports keeps what is known of imports: the files that people bring
// from other systems, and how far the taking of their conversations is.
//
// It keeps no text of a conversation, in reports neither.
package imports

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"parley"
	"parley/internal/foreign"
	"parley/internal/store"
)

// WorkKind is the work of an import; its key is the import's id.
const WorkKind parley.WorkKind = "import"

// State says how an import stands.
type State string

// The states.
const (
	Queued  State = "queued"
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed" // nothing more of it is taken
	// Canceled: somebody has stopped it. What was taken stays.
	Canceled State = "canceled"
)

// Finished reports whether nothing more happens to an import.
func (s State) Finished() bool { return s == Done || s == Failed || s == Canceled }

// Progress is how far an import is.
type Progress struct {
	Position int              `json:"position"` // conversations that were looked at
	Taken    int              `json:"taken"`    // of them: were not here yet
	Messages int              `json:"messages"` // of those that were taken
	Present  int              `json:"present"`  // of them: were here already
	Problems foreign.Problems `json:"problems"`
}

// Import is a file that was brought, and how far the taking of it is.
type Import struct {
	ID          string
	WorkspaceID string
	Name        string // of the file
	Size        int64  // bytes
	System      foreign.System
	State       State
	Attempt     int64 // raised by everybody who begins to take it
	Total       int   // conversations; -1: not known yet
	Done        Progress
	Ahead       *Progress // with the step that has begun; nil: none has
	Code        parley.Code
	Error       string // why it failed
	CreatedBy   string // member or API key
	CreatedAt   time.Time
	FinishedAt  time.Time
}

// Imports is the table of imports.
type Imports struct{ store.Tables }

const columns = `workspace_id, id, name, size, system, state, attempt, total, done, ahead, code, error, created_by, created_at, finished_at`

func scan(r store.Row) (m Import, err error) {
	var done, ahead string
	var created, finished int64
	err = r.Scan(&m.WorkspaceID, &m.ID, &m.Name, &m.Size, &m.System, &m.State, &m.Attempt, &m.Total, &done, &ahead,
		&m.Code, &m.Error, &m.CreatedBy, &created, &finished)
	if err == nil {
		err = json.Unmarshal([]byte(done), &m.Done)
	}
	if err == nil && ahead != "" {
		err = json.Unmarshal([]byte(ahead), &m.Ahead)
	}
	m.CreatedAt, m.FinishedAt = store.FromMicros(created), store.FromMicros(finished)
	return m, err
}

// Create records an import whose file is there, and makes its work due.
func (x *Imports) Create(ctx context.Context, m *Import) error {
	m.State, m.Total = Queued, -1
	return x.Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			INSERT INTO import (`+columns+`) VALUES ($1, $2, $3, $4, '', $5, 0, -1, '{}', '', '', '', $6, $7, 0)`,
			m.WorkspaceID, m.ID, m.Name, m.Size, string(m.State), m.CreatedBy, store.Micros(m.CreatedAt))
		if err != nil {
			return err
		}
		return t.AddWork(ctx, parley.Work{Kind: WorkKind, Key: m.ID, WorkspaceID: m.WorkspaceID, Due: m.CreatedAt})
	})
}

var errNone = parley.Errorf(parley.CodeNotFound, "There is no such import.")

// Import returns an import. It returns CodeNotFound.
func (x *Imports) Import(ctx context.Context, ws, id string) (*Import, error) {
	all, err := x.some(ctx, `workspace_id = $1 AND id = $2`, ws, id)
	if err == nil && len(all) == 0 {
		err = errNone
	}
	if err != nil {
		return nil, err
	}
	return &all[0], nil
}

// Recent returns the imports of a workspace, the newest first, before the one with
// the id before, "" for the newest.
func (x *Imports) Recent(ctx context.Context, ws, before string, limit int) ([]Import, error) {
	if before == "" {
		before = "g" // after every id
	}
	return x.some(ctx, `workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, ws, before, limit)
}

func (x *Imports) some(ctx context.Context, where string, args ...any) ([]Import, error) {
	r, err := x.Query(ctx, `SELECT `+columns+` FROM import WHERE `+where, args...)
	return store.Collect(r, err, scan)
}

// Begin claims the taking of an import: whoever did it before has no say in it
// any more. It returns CodeConflict if it is finished.
func (x *Imports) Begin(ctx context.Context, m *Import) error {
	err := x.change(ctx, m, `state = 'running', attempt = attempt + 1`)
	if err == nil {
		m.State, m.Attempt = Running, m.Attempt+1
	}
	return err
}

// Save records how far an import is, and its end with its state. It returns
// CodeConflict if somebody else takes it, and if it was canceled: then what was
// done until now is recorded, and no step has begun any more.
func (x *Imports) Save(ctx context.Context, m *Import) error {
	done, err := json.Marshal(m.Done)
	if err != nil {
		return err
	}
	var ahead []byte
	if m.Ahead != nil {
		if ahead, err = json.Marshal(m.Ahead); err != nil {
			return err
		}
	}
	err = x.change(ctx, m, `system = $4, state = $5, total = $6, done = $7, ahead = $8, code = $9, error = $10, finished_at = $11`,
		string(m.System), string(m.State), m.Total, string(done), string(ahead), string(m.Code), m.Error, store.Micros(m.FinishedAt))
	if parley.ErrorCode(err) != parley.CodeConflict {
		return err
	}
	return errors.Join(err, x.Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `
			UPDATE import SET system = $4, total = $5, done = $6, ahead = ''
			WHERE workspace_id = $1 AND id = $2 AND attempt = $3 AND state = 'canceled'`,
			m.WorkspaceID, m.ID, m.Attempt, string(m.System), m.Total, string(done))
		return err
	}))
}

// Cancel ends an import that is not finished. It returns CodeNotFound, and
// CodeConflict if it is.
func (x *Imports) Cancel(ctx context.Context, ws, id string, now time.Time) error {
	return x.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `
			UPDATE import SET state = 'canceled', finished_at = $3
			WHERE workspace_id = $1 AND id = $2 AND state IN ('queued', 'running')`, ws, id, store.Micros(now))
		if err != nil || n > 0 {
			return err
		}
		if _, err := scan(t.QueryRow(ctx, `SELECT `+columns+` FROM import WHERE workspace_id = $1 AND id = $2`, ws, id)); errors.Is(err, sql.ErrNoRows) {
			return errNone
		} else if err != nil {
			return err
		}
		return parley.Errorf(parley.CodeConflict, "The import has ended already.")
	})
}

func (x *Imports) change(ctx context.Context, m *Import, set string, args ...any) error {
	args = append([]any{m.WorkspaceID, m.ID, m.Attempt}, args...)
	return x.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `
			UPDATE import SET `+set+`
			WHERE workspace_id = $1 AND id = $2 AND attempt = $3 AND state IN ('queued', 'running')`, args...)
		if err == nil && n == 0 {
			err = parley.Errorf(parley.CodeConflict, "The import is finished, or somebody else is at it.")
		}
		return err
	})
}
