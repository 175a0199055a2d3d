// Package bulk does one thing to many conversations: to those that were chosen,
// or to all that a filter shows.
//
// A run is a piece of work in steps. What a step changes is written down before
// it does, so that a run that was cut off finishes the step that it was in, and
// so that it can be undone exactly: what was so already stays when it is. It must
// never do anything to a conversation that its filter does not show.
package bulk

import (
	"context"
	"slices"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/store"
	"parley/internal/store/bulks"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
	"parley/internal/store/query"
)

// Engine ends and evaluates conversations.
type Engine interface {
	End(ctx context.Context, ws, conv string, reason parley.EndReason, by engine.Actor) (*parley.Conversation, error)
	Evaluate(ctx context.Context, ws, conv string) (*parley.Evaluation, error)
}

// Config is what a Service needs.
type Config struct {
	Runs    *bulks.Bulks
	Walks   *exports.Exports
	Desk    *desk.Desk
	Engine  Engine
	Changed func(ws, conv string) // is told of each conversation that has changed
	Now     func() time.Time
}

// Service does things to many conversations. It is safe for concurrent use.
type Service struct{ Config }

// New returns a service.
func New(c Config) *Service { return &Service{c} }

// MaxChosen is how many conversations can be named.
const MaxChosen = 1000

// countUpTo is how many conversations of a filter are counted before a run.
const countUpTo = 10_000

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Start makes a run due: Action, TagID, Which and By say what is to be done. It
// returns CodeInvalid for what makes no sense, and CodeNotFound for a tag that
// there is not.
func (s *Service) Start(ctx context.Context, r *bulks.Run) error {
	tags := r.Action == bulks.Tag || r.Action == bulks.Untag
	switch {
	case !slices.Contains(bulks.Actions(), r.Action):
		return parley.Errorf(parley.CodeInvalid, "action: there is no action %.100q.", string(r.Action))
	case tags != (r.TagID != ""):
		return parley.Errorf(parley.CodeInvalid, "tag_id: needed for tag and untag, and for nothing else.")
	case len(r.Which.IDs) > MaxChosen:
		return parley.Errorf(parley.CodeInvalid, "conversation_ids: at most %d; give a filter for more.", MaxChosen)
	}
	if tags {
		if _, err := s.Desk.Tag(ctx, r.WorkspaceID, r.TagID); err != nil {
			return err
		}
	}
	walk, err := s.walk(ctx, r)
	if err != nil {
		return err
	}
	total, err := walk.Count(ctx, countUpTo+1)
	if err != nil {
		return err
	}
	if r.Total = int64(total); total > countUpTo {
		r.Total = -1
	}
	r.CreatedAt = s.now()
	r.ID, r.State, r.Failures = parley.NewID(r.CreatedAt), bulks.Queued, map[string]int64{}
	return s.Runs.Create(ctx, r)
}

func (s *Service) walk(ctx context.Context, r *bulks.Run) (*exports.Walk, error) {
	q, err := query.Of(r.WorkspaceID, &r.Which.Filter)
	if err != nil {
		return nil, err
	}
	return s.Walks.NewWalk(ctx, q, r.Which.IDs, r.Position)
}

// stepSize is how many conversations a step looks at.
const stepSize = 100

// Work does a run, from where it stands to its end.
func (s *Service) Work(ctx context.Context, w parley.Work) error {
	r, err := s.Runs.Run(ctx, w.WorkspaceID, w.Key)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil
	}
	if err != nil || r.Finished() {
		return err
	}
	r.State = bulks.Running
	next := s.steps(r)
	for {
		step, err := s.Runs.Step(ctx, r.ID, r.Steps)
		if err != nil {
			return err
		}
		if step == nil {
			if step, err = next(ctx); err != nil {
				return err
			}
			if step == nil {
				break
			}
			if err := s.Runs.SaveStep(ctx, r, step, w); err != nil {
				return err
			}
		}
		if err := s.do(ctx, r, step); err != nil {
			return err
		}
		r.Position, r.Steps, r.Looked = step.Position, r.Steps+1, r.Looked+step.Looked
		if err := s.Runs.Save(ctx, r, w); err != nil || r.State == bulks.Canceled {
			return err
		}
	}
	r.State, r.Total, r.FinishedAt = bulks.Done, r.Looked, s.now()
	return s.Runs.Save(ctx, r, w)
}

// steps returns what gives the next step of a run that is not written yet, nil at
// the end.
func (s *Service) steps(r *bulks.Run) func(context.Context) (*bulks.Step, error) {
	if r.UndoOf != "" {
		return func(ctx context.Context) (*bulks.Step, error) {
			old, err := s.Runs.Step(ctx, r.UndoOf, r.Steps)
			if old != nil {
				old.Looked = int64(len(old.Conversations))
			}
			return old, err
		}
	}
	var walk *exports.Walk
	return func(ctx context.Context) (*bulks.Step, error) {
		if walk == nil { // where the steps that were written end
			var err error
			if walk, err = s.walk(ctx, r); err != nil {
				return nil, err
			}
		}
		rows, position, err := walk.Next(ctx, stepSize)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		ids, err := s.choose(ctx, r, rows)
		return &bulks.Step{Position: position, Looked: int64(len(rows)), Conversations: ids}, err
	}
}

// choose returns the conversations that an action changes.
func (s *Service) choose(ctx context.Context, r *bulks.Run, rows []store.ListRow) (ids []string, err error) {
	marks := make([]desk.Marks, len(rows))
	if r.Action != bulks.End && r.Action != bulks.Evaluate {
		if marks, err = s.Desk.Marks(ctx, r.WorkspaceID, "", rows); err != nil {
			return nil, err
		}
	}
	for i := range rows {
		tagged := slices.ContainsFunc(marks[i].Tags, func(g desk.Tag) bool { return g.ID == r.TagID })
		changes := map[bulks.Action]bool{
			bulks.End: rows[i].Status == parley.ConversationActive, bulks.Evaluate: true,
			bulks.Tag: !tagged, bulks.Untag: tagged,
			bulks.Review: marks[i].Review == nil, bulks.Unreview: marks[i].Review != nil,
		}
		if changes[r.Action] {
			ids = append(ids, rows[i].ID)
		}
	}
	return ids, nil
}

// maxReasons is how many different reasons of failures are kept.
const maxReasons = 10

// do does a step. What fails for one conversation is counted; only what would
// fail for all ends the step.
func (s *Service) do(ctx context.Context, r *bulks.Run, step *bulks.Step) error {
	for _, id := range step.Conversations {
		err := s.one(ctx, r, id)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch code := parley.ErrorCode(err); {
		case err == nil:
			r.Changed++
			s.Changed(r.WorkspaceID, id)
		case code == parley.CodeNotFound: // erased meanwhile
		case code == parley.CodeInternal || code == "":
			return err
		default:
			if reason := err.Error(); r.Failures[reason] > 0 || len(r.Failures) < maxReasons {
				r.Failures[reason]++
			}
		}
	}
	return nil
}

func (s *Service) one(ctx context.Context, r *bulks.Run, id string) (err error) {
	switch r.Action {
	case bulks.End:
		_, err = s.Engine.End(ctx, r.WorkspaceID, id, parley.EndOperator, engine.Actor{ID: r.By.ID, Name: r.By.Name})
	case bulks.Evaluate:
		_, err = s.Engine.Evaluate(ctx, r.WorkspaceID, id)
	case bulks.Tag:
		err = s.Desk.PutTag(ctx, r.WorkspaceID, id, r.TagID)
	case bulks.Untag:
		err = s.Desk.TakeTag(ctx, r.WorkspaceID, id, r.TagID)
	case bulks.Review:
		err = s.Desk.Review(ctx, r.WorkspaceID, id, r.By, true)
	case bulks.Unreview:
		err = s.Desk.Review(ctx, r.WorkspaceID, id, r.By, false)
	}
	return err
}

// keep is how long a run is known, and can be undone.
const keep = 30 * 24 * time.Hour

// Sweep forgets old runs.
func (s *Service) Sweep(ctx context.Context) error { return s.Runs.Forget(ctx, s.now().Add(-keep)) }
