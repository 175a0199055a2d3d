package topics

import (
	"context"
	"math"
	"slices"
	"time"

	"parley"
	"parley/internal/store"
)

// Run is how the grouping of a workspace's questions stands.
type Run struct {
	WorkspaceID   string
	Phase         Phase
	Done, Total   int // of the phase
	StartedAt     time.Time
	FinishedAt    time.Time // of the last one that came to its end; zero: none has
	Conversations int       // that the last one looked at
	Error         string    // why the last one failed, in words
}

// Phase is what a grouping is doing.
type Phase string

// The phases of a grouping, in order.
const (
	Idle     Phase = "idle"
	Waiting  Phase = "waiting"
	Reading  Phase = "reading"  // looks for the questions in conversations
	Learning Phase = "learning" // groups a sample
	Sorting  Phase = "sorting"  // finds the topic of each question
)

const runColumns = `workspace_id, phase, done, total, started_at, finished_at, conversations, error`

// Run returns how the grouping of a workspace stands.
func (s *Topics) Run(ctx context.Context, ws string) (*Run, error) {
	run := &Run{WorkspaceID: ws, Phase: Idle}
	r, err := s.Query(ctx, `SELECT `+runColumns+` FROM topic_run WHERE workspace_id = $1`, ws)
	if err != nil {
		return nil, err
	}
	err = each(r, func() error {
		var started, finished int64
		err := r.Scan(&run.WorkspaceID, (*string)(&run.Phase), &run.Done, &run.Total, &started, &finished, &run.Conversations, &run.Error)
		run.StartedAt, run.FinishedAt = store.FromMicros(started), store.FromMicros(finished)
		return err
	})
	return run, err
}

// SaveRun records how a grouping stands.
func (s *Topics) SaveRun(ctx context.Context, run *Run) error {
	return s.Write(ctx, func(t store.Tx) error { return saveRun(ctx, t, run) })
}

func saveRun(ctx context.Context, t store.Tx, run *Run) error {
	_, err := t.Exec(ctx, `
		INSERT INTO topic_run (`+runColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id) DO UPDATE SET phase = excluded.phase, done = excluded.done, total = excluded.total,
			started_at = excluded.started_at, finished_at = excluded.finished_at, conversations = excluded.conversations,
			error = excluded.error`,
		run.WorkspaceID, string(run.Phase), run.Done, run.Total, store.Micros(run.StartedAt), store.Micros(run.FinishedAt),
		run.Conversations, run.Error)
	return err
}

// Request makes the grouping of a workspace due.
func (s *Topics) Request(ctx context.Context, ws string, due time.Time) error {
	run, err := s.Run(ctx, ws)
	if err != nil {
		return err
	}
	if run.Phase == Idle {
		run.Phase, run.Done, run.Total = Waiting, 0, 0
	}
	return s.Write(ctx, func(t store.Tx) error {
		if err := saveRun(ctx, t, run); err != nil {
			return err
		}
		return t.AddWork(ctx, parley.Work{Kind: parley.WorkTopics, Key: ws, WorkspaceID: ws, Due: due})
	})
}

// Stale returns the workspaces whose questions were last grouped before a time,
// or never, and in which something has happened since.
func (s *Topics) Stale(ctx context.Context, before time.Time) (all []string, _ error) {
	r, err := s.Query(ctx, `
		SELECT w.id FROM workspace w LEFT JOIN topic_run r ON r.workspace_id = w.id
		WHERE COALESCE(r.finished_at, 0) < $1 AND COALESCE(r.phase, 'idle') = 'idle' AND EXISTS (
			SELECT 1 FROM conversation c WHERE c.workspace_id = w.id AND c.last_activity_at > COALESCE(r.finished_at, 0))
		ORDER BY w.id`, store.Micros(before))
	if err != nil {
		return nil, err
	}
	err = each(r, func() error {
		all = append(all, "")
		return r.Scan(&all[len(all)-1])
	})
	return all, err
}

// Looked is a conversation of the window, and whether its question is known.
type Looked struct {
	N     int64
	Known bool // as the conversation is now
}

// Window returns the newest conversations of a workspace by activity, in that
// order, at most limit. pause is called now and then.
func (s *Topics) Window(ctx context.Context, ws string, limit int, pause func() error) ([]Looked, error) {
	const page = 1000
	all := make([]Looked, 0, page)
	at, n := int64(math.MaxInt64), int64(math.MaxInt64)
	for len(all) < limit {
		if err := pause(); err != nil {
			return nil, err
		}
		before := len(all)
		r, err := s.Query(ctx, `
			SELECT c.last_activity_at, c.n, CASE WHEN q.rev = c.rev THEN 1 ELSE 0 END
			FROM conversation c LEFT JOIN question q ON q.conversation_n = c.n AND q.kind = 'asked'
			WHERE c.workspace_id = $1 AND (c.last_activity_at, c.n) < ($2, $3)
			ORDER BY c.last_activity_at DESC, c.n DESC LIMIT $4`, ws, at, n, min(page, limit-len(all)))
		if err != nil {
			return nil, err
		}
		err = each(r, func() error {
			var known int64
			err := r.Scan(&at, &n, &known)
			all = append(all, Looked{n, known == 1})
			return err
		})
		if err != nil || len(all) == before {
			return all, err
		}
	}
	return all, nil
}

// Forget removes what is known of conversations that are not in the window any
// more, or not at all.
func (s *Topics) Forget(ctx context.Context, ws string, window map[int64]bool, pause func() error) error {
	var gone []int64
	r, err := s.Query(ctx, `SELECT conversation_n FROM question WHERE workspace_id = $1`, ws)
	if err != nil {
		return err
	}
	err = each(r, func() error {
		var n int64
		err := r.Scan(&n)
		if !window[n] {
			gone = append(gone, n)
		}
		return err
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(gone, batch) {
		if err := pause(); err != nil {
			return err
		}
		b := &binder{}
		statement := `DELETE FROM question WHERE workspace_id || '' = ` + b.Bind(ws) + ` AND conversation_n IN (` + b.Ints(some) + `)`
		err := s.Write(ctx, func(t store.Tx) error {
			_, err := t.Exec(ctx, statement, b.Args...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
