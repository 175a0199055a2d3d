// Package privacy keeps what is to be forgotten: the erasures of persons with
// their receipts, and how long conversations are kept; and it finds and removes
// what is known of a person beside their conversations.
package privacy

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"parley"
	"parley/internal/store"
)

// State is how far an erasure has come.
type State string

// The states of an erasure, in their order.
const (
	Waiting State = "waiting"
	Running State = "running"
	Done    State = "done"
)

// Gone counts what an erasure has removed.
type Gone struct {
	Conversations int64 `json:"conversations"`
	Messages      int64 `json:"messages"`
	Variables     int64 `json:"variables"`
	Files         int64 `json:"files"`
	FileBytes     int64 `json:"file_bytes"`
	Identities    int64 `json:"identities" doc:"Phone numbers, addresses and other handles."`
	Webhooks      int64 `json:"webhooks" doc:"Bodies that WhatsApp had sent, which are kept for a week."`
	Answers       int64 `json:"answers" doc:"Answers of the API that were kept for repeated requests."`
	Exports       int64 `json:"exports" doc:"Files of exports, which may have held something of the person."`
	Examples      int64 `json:"examples" doc:"Examples of assistants that were taken from the conversations."`
}

// Erasure is the erasing of a contact, and the receipt of it.
type Erasure struct {
	WorkspaceID string
	ID          string
	ContactID   string
	AskedBy     string // the name of a member or an API key
	State       State
	Total       int64 // conversations that there were when it was asked for
	Gone        Gone
	CreatedAt   time.Time
	FinishedAt  time.Time // zero: not yet
}

// Privacy is the store of this package's things. It is safe for concurrent use.
type Privacy struct {
	store.Tables
	store *store.Store
}

// New returns the store of this package's things.
func New(s *store.Store) *Privacy { return &Privacy{s.Tables(), s} }

const columns = `workspace_id, id, contact_id, asked_by, state, total, gone, created_at, finished_at`

func scan(r store.Row) (e Erasure, err error) {
	var gone string
	var created, finished int64
	err = r.Scan(&e.WorkspaceID, &e.ID, &e.ContactID, &e.AskedBy, &e.State, &e.Total, &gone, &created, &finished)
	if err != nil {
		return e, err
	}
	e.CreatedAt, e.FinishedAt = store.FromMicros(created), store.FromMicros(finished)
	return e, json.Unmarshal([]byte(gone), &e.Gone)
}

// Ask makes an erasure of a contact due; e says whose, who asks, and when. If
// one is under way, e becomes that. It returns CodeNotFound.
func (p *Privacy) Ask(ctx context.Context, e *Erasure) error {
	return p.Write(ctx, func(tx store.Tx) error {
		held, err := tx.Exec(ctx, `UPDATE contact SET name = name WHERE id = $1 AND workspace_id = $2`, e.ContactID, e.WorkspaceID)
		if err != nil {
			return err
		}
		running, err := scan(tx.QueryRow(ctx, `SELECT `+columns+` FROM erasure
			WHERE workspace_id = $1 AND contact_id = $2 AND state <> $3`, e.WorkspaceID, e.ContactID, string(Done)))
		if err == nil {
			*e = running
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if held == 0 {
			return parley.Errorf(parley.CodeNotFound, "There is no contact %.100q.", e.ContactID)
		}
		e.ID, e.State, e.Gone = parley.NewID(e.CreatedAt), Waiting, Gone{}
		err = tx.QueryRow(ctx, `SELECT count(*) FROM conversation WHERE contact_id = $1 AND workspace_id = $2`,
			e.ContactID, e.WorkspaceID).Scan(&e.Total)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO erasure (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, '{}', $7, 0)`,
			e.WorkspaceID, e.ID, e.ContactID, e.AskedBy, string(e.State), e.Total, store.Micros(e.CreatedAt))
		if err != nil {
			return err
		}
		return tx.AddWork(ctx, parley.Work{Kind: parley.WorkErase, Key: e.ID, WorkspaceID: e.WorkspaceID, Due: e.CreatedAt})
	})
}

// Erasure returns one. It returns CodeNotFound.
func (p *Privacy) Erasure(ctx context.Context, ws, id string) (*Erasure, error) {
	e, err := scan(p.QueryRow(ctx, `SELECT `+columns+` FROM erasure WHERE workspace_id = $1 AND id = $2`, ws, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, parley.Errorf(parley.CodeNotFound, "There is no erasure %.100q.", id)
	}
	return &e, err
}

// Erasures returns up to limit of a workspace, the newest first; before is an
// id, "" for the first page.
func (p *Privacy) Erasures(ctx context.Context, ws, before string, limit int) ([]Erasure, error) {
	if before == "" {
		before = "~" // after every id
	}
	r, err := p.Query(ctx, `SELECT `+columns+` FROM erasure WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
		ws, before, limit)
	return store.Collect(r, err, scan)
}

// Save keeps how far an erasure has come. It returns store.ErrLeaseLost if the
// work on it is somebody else's by now.
func (p *Privacy) Save(ctx context.Context, e *Erasure, w parley.Work) error {
	gone, err := json.Marshal(e.Gone)
	if err != nil {
		return err
	}
	return p.Write(ctx, func(tx store.Tx) error {
		if err := tx.HoldLease(ctx, w); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE erasure SET state = $3, gone = $4, finished_at = $5 WHERE workspace_id = $1 AND id = $2`,
			e.WorkspaceID, e.ID, string(e.State), string(gone), store.Micros(e.FinishedAt))
		return err
	})
}
