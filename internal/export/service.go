package export

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/exports"
	"parley/internal/store/query"
)

// Store is what exports need of the database.
type Store interface {
	log
	walker
	records
	expiry
	Attachment(ctx context.Context, ws, id string) (*store.StoredAttachment, error)
	AssistantVersion(ctx context.Context, ws, id string, version int) (*parley.AssistantVersion, error)
}

type walker interface {
	NewWalk(ctx context.Context, q store.ListQuery, ids []string, after string) (*exports.Walk, error)
}

type records interface {
	Create(ctx context.Context, e *parley.Export, due time.Time) error
	Export(ctx context.Context, ws, id string) (*exports.Record, error)
	Begin(ctx context.Context, e *exports.Record) error
	Save(ctx context.Context, e *exports.Record) error
	Finish(ctx context.Context, e *exports.Record) error
}

type expiry interface {
	Cancel(ctx context.Context, ws, id string, now time.Time) error
	Delete(ctx context.Context, ws, id string) error
	Expired(ctx context.Context, now time.Time, limit int) ([]exports.Record, error)
	Expire(ctx context.Context, ws, id string) error
	Forget(ctx context.Context, before time.Time) error
}

// Files keeps the parts of files, and has the attachments of messages.
type Files interface {
	Put(ctx context.Context, key string, r io.Reader, limit int64) (int64, error)
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
	Delete(ctx context.Context, key string) error
}

// Limits bound what exports take. A zero field means its default.
type Limits struct {
	Small int           // conversations that are written at once; 1,000
	Ahead int           // conversations that are found at a time; 256
	Part  int64         // bytes of a part of a file; 16 MB
	Step  time.Duration // between two points from which writing may go on; 2 s
	Slice time.Duration // of writing before others have their turn; 5 s
	Keep  time.Duration // of a file; 7 days
	Tries int           // before an export is given up; 5
}

// Config is what a Service needs.
type Config struct {
	Store  Store
	Files  Files
	Limits Limits
	Now    func() time.Time
	Log    *slog.Logger
}

// Service makes exports. It is safe for concurrent use.
type Service struct{ Config }

// New returns a service.
func New(c Config) *Service {
	l := &c.Limits
	l.Small = orDefault(l.Small, 1000)
	l.Ahead = orDefault(l.Ahead, 256)
	l.Part = orDefault(l.Part, 16<<20)
	l.Step = orDefault(l.Step, 2*time.Second)
	l.Slice = orDefault(l.Slice, 5*time.Second)
	l.Keep = orDefault(l.Keep, 7*24*time.Hour)
	l.Tries = orDefault(l.Tries, 5)
	return &Service{c}
}

func orDefault[T int | int64 | time.Duration](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

// fallback is when the queue looks after an export that is written at once.
const fallback = time.Minute

// Create begins an export. One of few conversations is finished when it returns,
// unless they are very long; others, and those with files, are written by the
// queue. It returns
// CodeInvalid for options that make no sense.
func (s *Service) Create(ctx context.Context, ws, by string, o parley.ExportOptions) (*parley.Export, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	now := s.now()
	if _, _, err := s.open(ctx, ws, now, &o); err != nil {
		return nil, err
	}
	total, err := s.count(ctx, ws, &o, max(s.Limits.Small, MaxPage)+1)
	if err != nil {
		return nil, err
	}
	e := &exports.Record{Export: parley.Export{
		ID: parley.NewID(now), WorkspaceID: ws, Options: o, State: parley.ExportQueued, Total: int64(total), CreatedBy: by, CreatedAt: now,
	}}
	if total > s.Limits.Small {
		e.Total = -1
	}
	if total > s.Limits.Small || o.Format == parley.ExportZIP { // files may be large
		return &e.Export, s.Store.Create(ctx, &e.Export, now)
	}
	if err := s.Store.Create(ctx, &e.Export, now.Add(fallback)); err != nil {
		return nil, err
	}
	if err := s.write(ctx, e); err != nil {
		s.Log.WarnContext(ctx, "an export is left to the queue", "export", e.ID, "error", err)
	}
	return &e.Export, nil
}

// count returns how many conversations there are to write, most if there are
// more. It returns CodeInvalid for more than the format can hold.
func (s *Service) count(ctx context.Context, ws string, o *parley.ExportOptions, most int) (int, error) {
	walk, err := s.walk(ctx, ws, o, "")
	if err != nil {
		return 0, err
	}
	total, err := walk.Count(ctx, most)
	if err == nil && o.Format == parley.ExportPage && total > MaxPage {
		err = parley.Errorf(parley.CodeInvalid, "A page to print holds at most 1,000 conversations. Filter further, or choose Markdown.")
	}
	return total, err
}

// now is the time as it is stored.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Cancel ends an export that is being written, and removes one that is finished,
// with its file. It returns CodeNotFound.
func (s *Service) Cancel(ctx context.Context, ws, id string) error {
	e, err := s.Store.Export(ctx, ws, id)
	if err != nil {
		return err
	}
	if !e.State.Finished() {
		err = s.Store.Cancel(ctx, ws, id, s.now())
		if parley.ErrorCode(err) != parley.CodeConflict { // else it has just finished
			return errors.Join(err, s.discard(ctx, e))
		}
		if e, err = s.Store.Export(ctx, ws, id); err != nil {
			return err
		}
	}
	if err := s.discard(ctx, e); err != nil {
		return err
	}
	return s.Store.Delete(ctx, ws, id)
}

// keepRecord is how long it is known that there was an export.
const keepRecord = 30 * 24 * time.Hour

// Sweep removes the files that have expired, and after a while the exports.
func (s *Service) Sweep(ctx context.Context) error {
	const batch = 100
	for more := true; more; {
		old, err := s.Store.Expired(ctx, s.now(), batch)
		if err != nil {
			return err
		}
		for i := range old {
			if err := s.discard(ctx, &old[i]); err != nil {
				return err
			}
			if err := s.Store.Expire(ctx, old[i].WorkspaceID, old[i].ID); err != nil {
				return err
			}
		}
		more = len(old) == batch
	}
	return s.Store.Forget(ctx, s.now().Add(-keepRecord))
}

// walk begins a walk through the conversations of an export, after a position or
// at the beginning, "".
func (s *Service) walk(ctx context.Context, ws string, o *parley.ExportOptions, after string) (*exports.Walk, error) {
	q, err := query.Of(ws, &o.Filter)
	if err != nil {
		return nil, err
	}
	return s.Store.NewWalk(ctx, q, o.ConversationIDs, after)
}

// open returns the format of an export that was asked for at a time, and how to
// read for it.
func (s *Service) open(ctx context.Context, ws string, at time.Time, o *parley.ExportOptions) (format, *reader, error) {
	zone, err := time.LoadLocation(o.TimeZone)
	if err != nil {
		return nil, nil, parley.Errorf(parley.CodeInvalid, "There is no time zone %.100q.", o.TimeZone)
	}
	k, ok := kinds()[o.Format]
	if !ok {
		return nil, nil, parley.Errorf(parley.CodeInvalid, "There is no format %.100q.", string(o.Format))
	}
	f, err := k.open(&setup{ctx: ctx, workspace: ws, at: at, options: o, zone: zone, store: s.Store, files: s.Files})
	if err != nil {
		return nil, nil, err
	}
	return f, newReader(s.Store, f.parts(), o.Hide), nil
}
