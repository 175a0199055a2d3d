package imports

import (
	"context"
	"errors"
	"io"
	"time"

	"parley"
	"parley/internal/export"
	"parley/internal/foreign"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
	"parley/internal/store/imports"
)

// Taking takes the conversations of a file, the oldest first, as the search
// expects of what is written.
type Taking struct {
	Conversations Conversations
	Workspace     string
	File          io.ReaderAt
	Index         *foreign.Index
	Step          int // conversations that are written together
	Now           func() time.Time
	// Save records how far it is, and how far it will be with the step that
	// begins; nil: none has begun.
	Save func(done imports.Progress, ahead *imports.Progress) error
}

// The most messages that are written together, and how many steps go by before
// what is remembered of words is forgotten.
const (
	stepMessages = 300
	fresh        = 200
)

// Run goes on after what is done. A step that had begun is done again: whether it
// was written or not, it counts as it was announced.
func (t *Taking) Run(ctx context.Context, done imports.Progress, ahead *imports.Progress) (err error) {
	var to *exports.Importer
	defer func() {
		if to != nil {
			err = errors.Join(err, to.Close())
		}
	}()
	for n := 0; done.Position < len(t.Index.Entries); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n%fresh == 0 {
			if to != nil {
				if err := to.Close(); err != nil {
					return err
				}
			}
			if to, err = t.Conversations.NewImporter(ctx, t.Workspace); err != nil {
				return err
			}
		}
		s := &step{Taking: t, to: to, done: done}
		if err := s.read(ctx, ahead); err != nil {
			return err
		}
		if ahead == nil {
			ahead = &s.after
			if err := t.Save(done, ahead); err != nil {
				return err
			}
		}
		began := time.Now()
		if _, err := to.Import(ctx, s.convs); err != nil {
			return err
		}
		done, ahead = s.finish(*ahead), nil
		if err := t.Save(done, nil); err != nil {
			return err
		}
		if err := rest(ctx, time.Since(began)); err != nil {
			return err
		}
	}
	return nil
}

// rest leaves the database to others for as long as it was held.
func rest(ctx context.Context, d time.Duration) error {
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return nil
	}
}

// step is some conversations that are written together.
type step struct {
	*Taking
	to    *exports.Importer
	done  imports.Progress // before it
	after imports.Progress // with it
	convs []exports.Imported
	at    []int // the entry of each of convs
}

// read reads the conversations of a step: up to where it was announced to be
// done, else as many as a step has.
func (s *step) read(ctx context.Context, ahead *imports.Progress) error {
	s.after = s.done
	s.after.Problems.First = append([]foreign.Problem(nil), s.done.Problems.First...)
	end, messages := min(s.done.Position+s.Step, len(s.Index.Entries)), 0
	if ahead != nil {
		end = ahead.Position
	}
	for s.after.Position < end && (ahead != nil || messages < stepMessages) {
		i := s.after.Position
		s.after.Position++
		e := &s.Index.Entries[i]
		c, err := s.conversation(ctx, e)
		if _, ours := errors.AsType[*parley.Error](err); ours {
			s.after.Problems.Add(e.Line, e.Key, err)
			continue
		}
		if err != nil {
			return err
		}
		if ahead == nil {
			if here, err := s.note(ctx, e, c); err != nil {
				return err
			} else if here {
				continue
			}
		}
		messages += len(c.Messages)
		s.convs, s.at = append(s.convs, *c), append(s.at, i)
	}
	return nil
}

// note counts a conversation, and reports whether it is here already.
func (s *step) note(ctx context.Context, e *foreign.Entry, c *exports.Imported) (bool, error) {
	spoken := 0
	for i := range c.Messages {
		if c.Messages[i].Role.Counts() {
			spoken++
		}
	}
	have, there, err := s.to.Held(ctx, c.Conversation.ID)
	switch {
	case err != nil:
		return false, err
	case there && have < spoken:
		s.after.Present++
		s.after.Problems.Add(e.Line, e.Key, parley.Errorf(parley.CodeConflict,
			"It is here already, with %d messages instead of %d. The others were not added.", have, spoken))
	case there:
		s.after.Present++
	default:
		s.after.Taken++
		s.after.Messages += spoken
	}
	return there, nil
}

// finish adds what is only known once the step is written.
func (s *step) finish(done imports.Progress) imports.Progress {
	for i := range s.convs {
		if left := s.convs[i].TagsLeft; left > 0 {
			e := &s.Index.Entries[s.at[i]]
			done.Problems.Add(e.Line, e.Key, parley.Errorf(parley.CodeConflict,
				"It was taken without %d of its tags: a workspace has at most %d tags, and a conversation %d.", left, desk.MaxTags, desk.MaxTagged))
		}
	}
	return done
}

// conversation reads one conversation. It returns an error of ours for one that
// cannot be taken.
func (s *step) conversation(ctx context.Context, e *foreign.Entry) (*exports.Imported, error) {
	if s.Index.System != foreign.Parley {
		c, err := s.Index.Read(s.File, e)
		if err != nil {
			return nil, err
		}
		if err := inTime(c.StartedAt, c.Messages[len(c.Messages)-1].At, s.Now()); err != nil {
			return nil, err
		}
		return of(c), nil
	}
	b, err := s.Index.Whole(s.File, e)
	if err != nil {
		return nil, err
	}
	c, err := export.ReadLine(b)
	if err != nil {
		return nil, err
	}
	return c, s.settle(ctx, c)
}

// earliest is before any system that conversations come from.
var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// inTime returns CodeInvalid for times that cannot be.
func inTime(first, last, now time.Time) error {
	if first.Before(earliest) || last.After(now.Add(24*time.Hour)) {
		return parley.Errorf(parley.CodeInvalid, "It has a time before the year 2000 or in the future.")
	}
	return nil
}
