// Package bulks keeps what is done to many conversations at once: which, how far
// it has come, and what each step changes.
package bulks

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// Action is what is done to each conversation.
type Action string

// The actions.
const (
	End      Action = "end"
	Tag      Action = "tag"
	Untag    Action = "untag"
	Review   Action = "review"
	Unreview Action = "unreview"
	Evaluate Action = "evaluate" // again
)

// Actions lists them.
func Actions() []Action { return []Action{End, Tag, Untag, Review, Unreview, Evaluate} }

// inverse is what undoes an action; those that are not there cannot be undone.
var inverse = map[Action]Action{Tag: Untag, Untag: Tag, Review: Unreview, Unreview: Review}

// State is how far a run has come.
type State string

// The states of a run.
const (
	Queued   State = "queued"
	Running  State = "running"
	Done     State = "done"
	Canceled State = "canceled"
)

// Which says what conversations a run is about: those of the ids, or else those
// that pass the filter when it comes to them.
type Which struct {
	IDs    []string                  `json:"ids,omitempty"`
	Filter parley.ConversationFilter `json:"filter"`
}

// Run is one action on many conversations.
type Run struct {
	WorkspaceID string
	ID          string
	Action      Action
	TagID       string // "" unless the action is about one
	Which       Which
	By          desk.Author
	State       State
	Position    string // where its walk goes on
	Steps       int64  // that are done
	Total       int64  // conversations that it is about; -1: not known
	Looked      int64  // at how many of them
	Changed     int64
	Failures    map[string]int64 // how often by reason, in words
	UndoOf      string           // the run that it undoes
	UndoneBy    string           // the run that undoes it
	CreatedAt   time.Time
	FinishedAt  time.Time // zero: not yet
}

// Finished reports whether nothing more comes of the run.
func (r *Run) Finished() bool { return r.State == Done || r.State == Canceled }

// CanUndo reports whether a run can be undone: its action has an opposite, it has
// changed something, and it is neither an undoing itself nor undone.
func (r *Run) CanUndo() bool {
	_, ok := inverse[r.Action]
	return ok && r.Finished() && r.Changed > 0 && r.UndoOf == "" && r.UndoneBy == ""
}

// Step is what a step of a run changes.
type Step struct {
	Position      string // of the walk after it
	Looked        int64
	Conversations []string // ids
}

// Bulks is the store of runs. It is safe for concurrent use.
type Bulks struct{ store.Tables }

const columns = `workspace_id, id, action, tag_id, options, by_id, by_name, state, position, steps, total, done, changed,
	failures, undo_of, undone_by, created_at, finished_at`

func scan(row store.Row) (r Run, err error) {
	var which, failures string
	var created, finished int64
	err = row.Scan(&r.WorkspaceID, &r.ID, &r.Action, &r.TagID, &which, &r.By.ID, &r.By.Name, &r.State, &r.Position, &r.Steps,
		&r.Total, &r.Looked, &r.Changed, &failures, &r.UndoOf, &r.UndoneBy, &created, &finished)
	if err == nil {
		err = json.Unmarshal([]byte(which), &r.Which)
	}
	if err == nil {
		err = json.Unmarshal([]byte(failures), &r.Failures)
	}
	r.CreatedAt, r.FinishedAt = store.FromMicros(created), store.FromMicros(finished)
	return r, err
}

func errNone(id string) error {
	return parley.Errorf(parley.CodeNotFound, "There is no run %.100q.", id)
}

// Create records a run and makes its work due.
func (b *Bulks) Create(ctx context.Context, r *Run) error {
	return b.Write(ctx, func(t store.Tx) error { return insert(ctx, t, r) })
}

func insert(ctx context.Context, t store.Tx, r *Run) error {
	which, err := json.Marshal(r.Which)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, `INSERT INTO bulk_run (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, $9, 0, 0, '{}', $10, '', $11, 0)`,
		r.WorkspaceID, r.ID, string(r.Action), r.TagID, string(which), r.By.ID, r.By.Name, string(r.State), r.Total, r.UndoOf,
		store.Micros(r.CreatedAt))
	if err != nil {
		return err
	}
	return t.AddWork(ctx, parley.Work{Kind: WorkKind, Key: r.ID, WorkspaceID: r.WorkspaceID, Due: r.CreatedAt})
}

// WorkKind is the work of a run; its key is the run's id.
const WorkKind parley.WorkKind = "bulk"

// Run returns one. It returns CodeNotFound.
func (b *Bulks) Run(ctx context.Context, ws, id string) (*Run, error) {
	return found(b.QueryRow(ctx, byID, ws, id), id)
}

const byID = `SELECT ` + columns + ` FROM bulk_run WHERE workspace_id = $1 AND id = $2`

// found is the run of a row of byID. It returns CodeNotFound.
func found(row store.Row, id string) (*Run, error) {
	r, err := scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNone(id)
	}
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// Runs returns up to limit of a workspace, the newest first; before is an id, ""
// for the first page.
func (b *Bulks) Runs(ctx context.Context, ws, before string, limit int) ([]Run, error) {
	if before == "" {
		before = "g" // after every id
	}
	rows, err := b.Query(ctx, `SELECT `+columns+` FROM bulk_run WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, ws, before, limit)
	return store.Collect(rows, err, scan)
}

// Step returns a step of a run, nil if it is not written yet.
func (b *Bulks) Step(ctx context.Context, run string, step int64) (*Step, error) {
	s, ids := &Step{}, ""
	err := b.QueryRow(ctx, `SELECT position, looked, conversations FROM bulk_step WHERE run_id = $1 AND step = $2`, run, step).
		Scan(&s.Position, &s.Looked, &ids)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // not written yet
	}
	if err != nil {
		return nil, err
	}
	return s, json.Unmarshal([]byte(ids), &s.Conversations)
}

// SaveStep writes what the next step of a run changes. It returns ErrLeaseLost.
func (b *Bulks) SaveStep(ctx context.Context, r *Run, s *Step, w parley.Work) error {
	ids, err := json.Marshal(s.Conversations)
	if err != nil {
		return err
	}
	return b.Write(ctx, func(t store.Tx) error {
		if err := t.HoldLease(ctx, w); err != nil {
			return err
		}
		_, err := t.Exec(ctx, `INSERT INTO bulk_step (run_id, step, position, looked, conversations) VALUES ($1, $2, $3, $4, $5)`,
			r.ID, r.Steps, s.Position, s.Looked, string(ids))
		return err
	})
}

// Save records how far a run has come. If the run was canceled meanwhile, it
// stays so, and r becomes so. It returns ErrLeaseLost.
func (b *Bulks) Save(ctx context.Context, r *Run, w parley.Work) error {
	failures, err := json.Marshal(r.Failures)
	if err != nil {
		return err
	}
	return b.Write(ctx, func(t store.Tx) error {
		if err := t.HoldLease(ctx, w); err != nil {
			return err
		}
		var finished int64
		err := t.QueryRow(ctx, `
			UPDATE bulk_run SET position = $4, steps = $5, total = $6, done = $7, changed = $8, failures = $9,
				state = CASE WHEN state = 'canceled' THEN state ELSE $3 END,
				finished_at = CASE WHEN state = 'canceled' THEN finished_at ELSE $10 END
			WHERE workspace_id = $1 AND id = $2
			RETURNING state, finished_at`,
			r.WorkspaceID, r.ID, string(r.State), r.Position, r.Steps, r.Total, r.Looked, r.Changed, string(failures), store.Micros(r.FinishedAt)).
			Scan(&r.State, &finished)
		r.FinishedAt = store.FromMicros(finished)
		return err
	})
}

// Cancel ends a run where it is. It returns CodeNotFound, and CodeConflict if it
// has ended.
func (b *Bulks) Cancel(ctx context.Context, ws, id string, now time.Time) error {
	return b.Write(ctx, func(t store.Tx) error {
		n, err := t.Exec(ctx, `
			UPDATE bulk_run SET state = 'canceled', finished_at = $3
			WHERE workspace_id = $1 AND id = $2 AND state IN ('queued', 'running')`, ws, id, store.Micros(now))
		if err != nil || n > 0 {
			return err
		}
		if _, err := found(t.QueryRow(ctx, byID, ws, id), id); err != nil {
			return err
		}
		return parley.Errorf(parley.CodeConflict, "This has ended already.")
	})
}

// Undo makes a run that takes back what another one has changed, and returns it.
// It returns CodeNotFound, and CodeConflict if that cannot be undone.
func (b *Bulks) Undo(ctx context.Context, ws, id string, by desk.Author, now time.Time) (*Run, error) {
	var undo Run
	err := b.Write(ctx, func(t store.Tx) error {
		old, err := found(t.QueryRow(ctx, byID, ws, id), id)
		if err != nil {
			return err
		}
		undo = Run{
			WorkspaceID: ws, ID: parley.NewID(now), Action: inverse[old.Action], TagID: old.TagID, By: by, State: Queued,
			Total: old.Changed, Failures: map[string]int64{}, UndoOf: old.ID, CreatedAt: now,
		}
		n, err := t.Exec(ctx, `UPDATE bulk_run SET undone_by = $3 WHERE workspace_id = $1 AND id = $2 AND undone_by = ''`, ws, id, undo.ID)
		if err != nil {
			return err
		}
		if n == 0 || !old.CanUndo() {
			return parley.Errorf(parley.CodeConflict, "This cannot be undone.")
		}
		return insert(ctx, t, &undo)
	})
	return &undo, err
}

// Forget removes what is known of runs that were asked for before a time.
func (b *Bulks) Forget(ctx context.Context, before time.Time) error {
	for n := int64(1); n > 0; {
		err := b.Write(ctx, func(t store.Tx) (err error) {
			n, err = t.Exec(ctx, `
				DELETE FROM bulk_step WHERE (run_id, step) IN (
					SELECT s.run_id, s.step FROM bulk_run r JOIN bulk_step s ON s.run_id = r.id WHERE r.created_at < $1 LIMIT 500)`,
				store.Micros(before))
			return err
		})
		if err != nil {
			return err
		}
	}
	return b.Write(ctx, func(t store.Tx) error {
		_, err := t.Exec(ctx, `DELETE FROM bulk_run WHERE created_at < $1`, store.Micros(before))
		return err
	})
}
