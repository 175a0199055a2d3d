package imports_test

import (
	"context"
	"testing"

	"parley"
	"parley/internal/imports"
	kept "parley/internal/store/imports"
)

// stopping is a store that lets somebody cancel an import at a save, before or
// after it.
type stopping struct {
	*kept.Imports
	left   int
	after  bool
	cancel func()
}

func (c *stopping) Save(ctx context.Context, m *kept.Import) error {
	c.left--
	if c.left == 0 && !c.after {
		c.cancel()
	}
	err := c.Imports.Save(ctx, m)
	if c.left == 0 && c.after {
		c.cancel()
	}
	return err
}

// TestCancelAnywhere cancels an import at every save: what was taken stays, and the
// report says how much that is. The file again adds the rest.
func TestCancelAnywhere(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		content := dify(8)
		for at := 1; ; at++ {
			for _, after := range []bool{false, true} {
				ws := w.workspace()
				m := w.create(ws, content)
				c := &stopping{Imports: w.kept, left: at, after: after}
				s := w.service(c, 3)
				canceled := false
				c.cancel = func() {
					canceled = true
					err := s.Cancel(w.ctx, ws, m.ID)
					if parley.ErrorCode(err) != parley.CodeConflict { // else it has just ended
						w.ok(err)
					}
				}
				w.ok(w.work(s, m, 1))
				got, err := w.kept.Import(w.ctx, ws, m.ID)
				w.ok(err)
				if !canceled {
					if at < 6 || got.State != kept.Done {
						t.Errorf("it was never canceled at %d: %+v", at, got)
					}
					return
				}
				there := len(w.list(ws))
				if !got.State.Finished() || got.FinishedAt.IsZero() || got.Ahead != nil || got.Done.Taken != there || got.Done.Position != there || got.Done.Messages != 2*there {
					t.Errorf("canceled at %d, %t: %+v, %d conversations", at, after, got, there)
				}
				if at == 1 && (got.State != kept.Canceled || there != 0) {
					t.Errorf("canceled at its first save it is %s and has taken %d", got.State, there)
				}
				if _, err := w.files.Get(w.ctx, imports.Key(ws, m.ID)); parley.ErrorCode(err) != parley.CodeNotFound {
					t.Errorf("canceled at %d, %t: its file: %v", at, after, err)
				}
				if err := s.Cancel(w.ctx, ws, m.ID); parley.ErrorCode(err) != parley.CodeConflict {
					t.Errorf("canceled once more: %v", err)
				}
				w.ok(w.work(s, m, 2)) // what is left in the queue does nothing
				if again := w.bring(ws, content); again.Done.Taken != 8-there || again.Done.Present != there || len(w.list(ws)) != 8 {
					t.Errorf("the rest: %+v", again.Done)
				}
			}
		}
	})
}

// TestCancelBeforeItBegins takes nothing.
func TestCancelBeforeItBegins(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		m := w.create(w.ws, dify(2))
		s := w.service(w.kept, 0)
		other := w.workspace()
		for _, id := range []string{m.ID, parley.NewID(w.now)} {
			if err := s.Cancel(w.ctx, other, id); parley.ErrorCode(err) != parley.CodeNotFound {
				t.Errorf("from another workspace: %v", err)
			}
		}
		w.ok(s.Cancel(w.ctx, w.ws, m.ID))
		w.ok(w.work(s, m, 1))
		got, err := w.kept.Import(w.ctx, w.ws, m.ID)
		if err != nil || got.State != kept.Canceled || got.Total != -1 || len(w.list(w.ws)) != 0 {
			t.Errorf("it is %+v, %v", got, err)
		}
	})
}
