// Package imports takes the conversations of other systems, and of another
// Parley, out of files that people bring. What it takes is history: it has ended,
// starts no turn, is told to no webhook and costs nothing.
//
// A conversation is taken whole or not at all, and one that is here already stays
// as it is, so that a file may be brought again: that adds what was not taken the
// first time and nothing else. The package must never hold a whole file in memory.
package imports

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"parley"
	"parley/internal/foreign"
	"parley/internal/queue"
	"parley/internal/store/exports"
	"parley/internal/store/imports"
)

// MaxFile is the largest file, in bytes.
const MaxFile = 1 << 30

// Files has the files that were brought.
type Files interface {
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
	Delete(ctx context.Context, key string) error
}

// Store is what is known of imports.
type Store interface {
	Create(ctx context.Context, m *imports.Import) error
	Import(ctx context.Context, ws, id string) (*imports.Import, error)
	Begin(ctx context.Context, m *imports.Import) error
	Save(ctx context.Context, m *imports.Import) error
	Cancel(ctx context.Context, ws, id string, now time.Time) error
}

// Conversations are where conversations are written.
type Conversations interface {
	NewImporter(ctx context.Context, ws string) (*exports.Importer, error)
	Widget(ctx context.Context, ws, id string) (*parley.Widget, error)
}

// Config is what a Service needs.
type Config struct {
	Store         Store
	Conversations Conversations
	Files         Files
	Step          int // conversations that are written together; 0: 25
	Tries         int // before an import is given up; 0: 5
	Now           func() time.Time
	Log           *slog.Logger
}

// Service takes files. It is safe for concurrent use.
type Service struct{ Config }

// New returns a service.
func New(c Config) *Service {
	if c.Step == 0 {
		c.Step = 25
	}
	if c.Tries == 0 {
		c.Tries = 5
	}
	return &Service{c}
}

// Key is where the file of an import is.
func Key(ws, id string) string { return "imports/" + ws + "/" + id }

// Pool takes imports, one at a time: they are long, and nobody waits.
func (s *Service) Pool() queue.Pool {
	return queue.Pool{
		Name: "imports", Workers: 1, Poll: time.Second, Eager: true,
		Handlers: map[parley.WorkKind]queue.Handler{imports.WorkKind: s.Work},
	}
}

// now is the time as it is stored.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Create makes the taking of a file due, which is at its Key already.
func (s *Service) Create(ctx context.Context, m *imports.Import) error {
	err := s.Store.Create(ctx, m)
	if err != nil {
		err = errors.Join(err, s.Files.Delete(context.WithoutCancel(ctx), Key(m.WorkspaceID, m.ID)))
	}
	return err
}

// Cancel stops an import after the step that it is in. What was taken stays. It
// returns CodeNotFound, and CodeConflict if the import has ended.
func (s *Service) Cancel(ctx context.Context, ws, id string) error {
	if err := s.Store.Cancel(ctx, ws, id, s.now()); err != nil {
		return err
	}
	return s.Files.Delete(ctx, Key(ws, id))
}

// Work takes the import that w names, from where it was left.
func (s *Service) Work(ctx context.Context, w parley.Work) error {
	m, err := s.Store.Import(ctx, w.WorkspaceID, w.Key)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return queue.Cancel(err)
	}
	if err != nil {
		return err
	}
	if m.State.Finished() { // and its file may have been left behind
		return s.Files.Delete(ctx, Key(m.WorkspaceID, m.ID))
	}
	if err = elsewhere(s.Store.Begin(ctx, m)); err == nil {
		err = s.take(ctx, m)
	}
	_, ours := errors.AsType[*unreadable](err)
	switch {
	case errors.Is(err, errElsewhere):
		return nil
	case err != nil && (ours || ctx.Err() == nil && w.Attempt >= s.Tries):
		return errors.Join(s.fail(ctx, m, err), queue.Cancel(err))
	case err != nil:
		return err
	}
	m.State, m.FinishedAt = imports.Done, s.now()
	if err := elsewhere(s.finish(ctx, m)); !errors.Is(err, errElsewhere) {
		return err
	}
	return nil
}

// errElsewhere ends the work of somebody who was taken for dead, or whose import
// was canceled.
var errElsewhere = errors.New("the import was canceled, or somebody else is at it")

func elsewhere(err error) error {
	if parley.ErrorCode(err) == parley.CodeConflict {
		return errElsewhere
	}
	return err
}

// unreadable is what is wrong with a file of which nothing can be taken.
type unreadable struct{ error }

// Unwrap returns what is wrong.
func (u *unreadable) Unwrap() error { return u.error }

// fail ends an import that cannot be taken, or not on.
func (s *Service) fail(ctx context.Context, m *imports.Import, cause error) error {
	m.State, m.FinishedAt = imports.Failed, s.now()
	m.Code, m.Error = parley.CodeInternal, "It could not be taken on. The server's log says why. Bring the file again: what was taken stays, and the rest is added."
	if fault, ours := errors.AsType[*parley.Error](cause); ours {
		m.Code, m.Error = fault.Code, fault.Message
	}
	return s.finish(ctx, m)
}

func (s *Service) finish(ctx context.Context, m *imports.Import) error {
	if err := s.Store.Save(ctx, m); err != nil {
		return err
	}
	return s.Files.Delete(ctx, Key(m.WorkspaceID, m.ID))
}

// take takes the file of an import.
func (s *Service) take(ctx context.Context, m *imports.Import) (err error) {
	f, err := s.Files.Get(ctx, Key(m.WorkspaceID, m.ID))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	x, err := foreign.Look(ctx, f)
	if _, ours := errors.AsType[*parley.Error](err); ours {
		return &unreadable{err}
	}
	if err != nil {
		return err
	}
	if m.Total < 0 {
		m.System, m.Total, m.Done = x.System, len(x.Entries), imports.Progress{Problems: x.Problems}
		if err := elsewhere(s.Store.Save(ctx, m)); err != nil {
			return err
		}
	}
	t := &Taking{
		Conversations: s.Conversations, Workspace: m.WorkspaceID, File: &seeker{f}, Index: x, Step: s.Step, Now: s.now,
		Save: func(done imports.Progress, ahead *imports.Progress) error {
			m.Done, m.Ahead = done, ahead
			return elsewhere(s.Store.Save(ctx, m))
		},
	}
	return t.Run(ctx, m.Done, m.Ahead)
}

// seeker reads anywhere in a file, for one reader.
type seeker struct{ f io.ReadSeeker }

// ReadAt implements io.ReaderAt.
func (s *seeker) ReadAt(p []byte, at int64) (int, error) {
	if _, err := s.f.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	return io.ReadFull(s.f, p)
}
