package export

import (
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"time"

	"parley"
	"parley/internal/queue"
	"parley/internal/store/exports"
)

// Work goes on with the export that w names, for a while.
func (s *Service) Work(ctx context.Context, w parley.Work) error {
	e, err := s.Store.Export(ctx, w.WorkspaceID, w.Key)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return queue.Cancel(err)
	}
	if err != nil || e.State.Finished() {
		return err
	}
	err = s.write(ctx, e)
	switch {
	case parley.ErrorCode(err) == parley.CodeConflict:
		return nil // it was canceled, or is somebody else's
	case err != nil && ctx.Err() == nil && w.Attempt >= s.Limits.Tries:
		return errors.Join(s.fail(ctx, e, err), queue.Cancel(err))
	case err == nil && !e.State.Finished():
		return queue.SnoozeUntil(s.Now()) // behind those that wait
	}
	return err
}

// fail ends an export that cannot be written.
func (s *Service) fail(ctx context.Context, e *exports.Record, cause error) error {
	e.State, e.FinishedAt, e.Error = parley.ExportFailed, s.now(), "It could not be written. The server's log says why."
	if fault, ours := errors.AsType[*parley.Error](cause); ours {
		e.Error = fault.Message
	}
	if err := s.Store.Finish(ctx, e); err != nil {
		return err
	}
	return s.discard(ctx, e)
}

// writing is an export that is being written.
type writing struct {
	*exports.Record
	s      *Service
	format format
	reader *reader
	walk   *exports.Walk
	until  time.Time
}

// write goes on with an export until it is finished or its time is over. It
// returns CodeConflict if somebody else goes on with it, or it was canceled.
func (s *Service) write(ctx context.Context, e *exports.Record) error {
	x := &writing{Record: e, s: s, until: time.Now().Add(s.Limits.Slice)}
	if err := s.Store.Begin(ctx, e); err != nil {
		return err
	}
	if err := s.clear(ctx, e); err != nil {
		return err
	}
	var err error
	if x.format, x.reader, err = s.open(ctx, e.WorkspaceID, e.CreatedAt, &e.Options); err != nil {
		return err
	}
	if e.Total < 0 && len(e.Parts) == 0 {
		if err := x.count(ctx); err != nil {
			return err
		}
	}
	if x.walk, err = s.walk(ctx, e.WorkspaceID, &e.Options, e.Position); err != nil {
		return err
	}
	for ended := false; !ended; {
		if ended, err = x.part(ctx); err != nil {
			return err
		}
		if !ended && time.Now().After(x.until) {
			return nil
		}
	}
	return x.finish(ctx)
}

// countTime is how long it may take to count what there is to write.
const countTime = 3 * time.Second

// count learns how many conversations there are, if that is soon known.
func (x *writing) count(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, countTime)
	defer cancel()
	total, err := x.s.count(short, x.WorkspaceID, &x.Options, math.MaxInt)
	switch {
	case err == nil:
		x.Total = int64(total)
	case short.Err() != nil && ctx.Err() == nil:
		return nil // it is written without being known
	}
	return err
}

// part writes the next part of the file and records it. ended reports whether it
// was the last one.
func (x *writing) part(ctx context.Context) (ended bool, err error) {
	next := exports.Part{Index: len(x.Parts), Attempt: x.Attempt}
	if last := len(x.Parts); last > 0 {
		next.Index = x.Parts[last-1].Index + 1
	}
	position, done := x.Position, x.Done
	next.Size, err = x.s.put(ctx, x.key(next), func(to io.Writer) error {
		w := &writer{out: to}
		if next.Index == 0 {
			if err := x.format.head(w); err != nil {
				return err
			}
		}
		stop := time.Now().Add(x.s.Limits.Step)
		for w.written+int64(w.Len()) < x.s.Limits.Part && time.Now().Before(stop) {
			rows, at, err := x.walk.Next(ctx, x.s.Limits.Ahead)
			if err != nil {
				return err
			}
			if ended = len(rows) == 0; ended {
				if err := x.format.tail(w); err != nil {
					return err
				}
				break
			}
			err = x.reader.read(ctx, rows, func(c *Conversation) error {
				if err := x.format.conversation(w, c); err != nil {
					return err
				}
				return w.spill()
			})
			if err != nil {
				return err
			}
			position, done = at, done+int64(len(rows))
		}
		return w.done()
	})
	if err != nil {
		return false, err
	}
	x.Parts, x.Position, x.Done, x.Size = append(x.Parts, next), position, done, x.Size+next.Size
	if ended {
		return true, nil // recorded with the end
	}
	return false, x.recorded(ctx, x.s.Store.Save(ctx, x.Record), next)
}

// recorded is how the recording of parts went. Those of an export that is not ours
// any more are removed; if the recording failed otherwise nobody knows whether it
// was done, and the next one clears up.
func (x *writing) recorded(ctx context.Context, err error, parts ...exports.Part) error {
	if parley.ErrorCode(err) == parley.CodeConflict {
		return errors.Join(err, x.s.remove(ctx, x.Record, parts))
	}
	return err
}

// finish makes the file of its parts and records the end.
func (x *writing) finish(ctx context.Context) error {
	made := x.Parts
	p, packed := x.format.(packer)
	if packed {
		whole := exports.Part{Index: made[len(made)-1].Index + 1, Attempt: x.Attempt}
		var err error
		whole.Size, err = x.s.put(ctx, x.key(whole), func(w io.Writer) error {
			written := x.s.joined(ctx, x.Record)
			defer func() { _ = written.Close() }()
			return p.pack(written, w)
		})
		if err != nil {
			return err
		}
		x.Parts, x.Size = []exports.Part{whole}, whole.Size
	}
	now := x.s.now()
	x.State, x.Total, x.FinishedAt, x.ExpiresAt = parley.ExportDone, x.Done, now, now.Add(x.s.Limits.Keep)
	last := made[len(made)-1]
	if err := x.recorded(ctx, x.s.Store.Finish(ctx, x.Record), last, x.Parts[len(x.Parts)-1]); err != nil {
		return err
	}
	if packed {
		return x.s.remove(ctx, x.Record, made)
	}
	return nil
}

// maxPart bounds a part, which one conversation may make as long as it is.
const maxPart = 1 << 40

// put stores what fn writes under a key and returns its size.
func (s *Service) put(ctx context.Context, key string, fn func(io.Writer) error) (int64, error) {
	r, w := io.Pipe()
	var size int64
	stored := make(chan error, 1)
	go func() {
		var err error
		size, err = s.Files.Put(ctx, key, r, maxPart)
		_ = r.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // fn must not wait for a reader that has gone
		stored <- err
	}()
	err := fn(w)
	_ = w.CloseWithError(err) // never fails
	if failed := <-stored; err == nil || errors.Is(err, io.ErrClosedPipe) {
		err = failed
	}
	return size, err
}

// partKey is the name of a part.
func partKey(e *parley.Export, p exports.Part) string {
	return "exports/" + e.WorkspaceID + "/" + e.ID + "/" + strconv.Itoa(p.Index) + "-" + strconv.FormatInt(p.Attempt, 10)
}

func (x *writing) key(p exports.Part) string { return partKey(&x.Export, p) }

// clear removes what those left behind who wrote after the last part that is
// recorded.
func (s *Service) clear(ctx context.Context, e *exports.Record) error {
	var from exports.Part
	if n := len(e.Parts); n > 0 {
		from = e.Parts[n-1]
		from.Index++
	}
	var left []exports.Part
	for a := max(from.Attempt, 1); a < e.Attempt; a++ {
		left = append(left, exports.Part{Index: from.Index, Attempt: a}, exports.Part{Index: from.Index + 1, Attempt: a})
	}
	return s.remove(ctx, e, left)
}

func (s *Service) remove(ctx context.Context, e *exports.Record, parts []exports.Part) error {
	for _, p := range parts {
		if err := s.Files.Delete(ctx, partKey(&e.Export, p)); err != nil {
			return err
		}
	}
	return nil
}

// discard removes all parts of an export.
func (s *Service) discard(ctx context.Context, e *exports.Record) error {
	after := *e
	after.Attempt++ // what its writer has left as well
	if err := s.clear(ctx, &after); err != nil {
		return err
	}
	return s.remove(ctx, e, e.Parts)
}
