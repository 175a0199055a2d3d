package export_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/export"
	"parley/internal/store/exports"
	"parley/internal/store/storetest"
)

// tiny lets everything be written in many steps by the queue.
func tiny() export.Limits {
	return export.Limits{Small: 1, Ahead: 8, Part: 4 << 10, Step: time.Hour, Slice: time.Nanosecond, Tries: 3}
}

// errKilled is how a process ends in these tests.
var errKilled = errors.New("killed")

// work does what the queue has for an export until it is finished, and lets the
// writer be killed at random: before a part is stored, after it, and before it is
// recorded.
func (w *world) work(s *export.Service, id string, kills int) *exports.Record {
	w.t.Helper()
	for try := 0; ; try++ {
		if try > 2000 {
			w.t.Fatal("the export does not end")
		}
		ctx, cancel := context.WithCancel(w.ctx)
		w.files.put = func(string) error {
			if kills == 0 || !w.chance(4) {
				return nil
			}
			kills--
			if w.chance(2) {
				cancel() // nothing is recorded any more
				return nil
			}
			return errKilled
		}
		err := s.Work(ctx, parley.Work{Kind: parley.WorkExport, Key: id, WorkspaceID: w.ws, Attempt: 1})
		cancel()
		w.files.put = nil
		e, readErr := w.Export(w.ctx, w.ws, id)
		w.ok(readErr)
		if e.State.Finished() {
			if err != nil {
				w.t.Fatal(err)
			}
			return e
		}
	}
}

// left are the files of exports that are stored.
func (w *world) left() (names []string) {
	w.t.Helper()
	err := fs.WalkDir(w.folder(), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	w.ok(err)
	return names
}

func (w *world) folder() fs.FS { return os.DirFS(w.path) }

// TestAKilledExportGoesOn kills the writer of each format again and again: the
// file is the same, byte for byte, and nothing is left lying about.
func TestAKilledExportGoesOn(t *testing.T) {
	t.Parallel()
	for _, format := range parley.ExportFormats() {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			each(t, func(w *world) {
				w.fill(w.ws, 100)
				o := options(format)
				o.Rows = parley.RowsMessages
				o.Hide = []parley.Secrecy{parley.HideEmail}
				want := w.stream(w.ws, o)
				s := w.service(tiny())
				e, err := s.Create(w.ctx, w.ws, "", o)
				w.ok(err)
				if e.State != parley.ExportQueued || e.Total != -1 {
					w.t.Errorf("it begins as %+v", e)
				}
				if _, err := s.Open(w.ctx, w.ws, e.ID); parley.ErrorCode(err) != parley.CodeConflict {
					w.t.Errorf("the file of an export that is not finished: %v", err)
				}
				if storetest.Claim(w.t, w.Store, parley.WorkExport, e.ID, w.now) == nil {
					w.t.Error("the queue knows nothing of it")
				}
				done := w.work(s, e.ID, 10)
				if done.State != parley.ExportDone || done.Done != 100 || done.Total != 100 || done.Size != int64(len(want)) {
					w.t.Errorf("it ends as %+v", done.Export)
				}
				if got := w.download(s, e.ID); !bytes.Equal(got, want) {
					w.t.Errorf("%d bytes instead of %d, or other ones", len(got), len(want))
				}
				if n := len(w.left()); n != len(done.Parts) {
					w.t.Errorf("%d files are stored for %d parts", n, len(done.Parts))
				}
				w.ok(s.Cancel(w.ctx, w.ws, e.ID))
				if left := w.left(); len(left) != 0 {
					w.t.Errorf("%v are left of it", left)
				}
			})
		})
	}
}

// made is a small export, which is done when it is asked for, unless it has files.
func (w *world) made(s *export.Service, o parley.ExportOptions) *parley.Export {
	w.t.Helper()
	e, err := s.Create(w.ctx, w.ws, "me", o)
	w.ok(err)
	if o.Format == parley.ExportZIP {
		if e.State != parley.ExportQueued {
			w.t.Errorf("an archive is %s at once", e.State)
		}
		e = &w.work(s, e.ID, 0).Export
	}
	return e
}

func TestSmallExportsAreDoneAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.fill(w.ws, 30)
		s := w.service(export.Limits{})
		for _, format := range parley.ExportFormats() {
			w.now = w.now.Add(time.Second)
			e := w.made(s, options(format))
			if e.State != parley.ExportDone || e.Done != 30 || e.CreatedBy != "me" || !e.ExpiresAt.Equal(w.now.Add(7*24*time.Hour)) {
				w.t.Errorf("%s: %+v", format, e)
			}
			if got := w.download(s, e.ID); !bytes.Equal(got, w.stream(w.ws, options(format))) {
				w.t.Errorf("%s: what was stored is not what is streamed", format)
			}
		}
		all, err := w.Recent(w.ctx, w.ws, "", 100)
		w.ok(err)
		if len(all) != len(parley.ExportFormats()) || all[0].Options.Format != parley.ExportPage {
			w.t.Errorf("%d are listed", len(all))
		}
		rest, err := w.Recent(w.ctx, w.ws, all[1].ID, 3)
		w.ok(err)
		if len(rest) != 3 || rest[0].ID != all[2].ID {
			w.t.Errorf("after the second comes %+v", rest)
		}
		// The queue looks after them and finds nothing to do.
		w.now = w.now.Add(time.Hour)
		if err := s.Work(w.ctx, parley.Work{Key: all[0].ID, WorkspaceID: w.ws}); err != nil {
			w.t.Error(err)
		}
	})
}

func TestEmptyExports(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		for _, format := range parley.ExportFormats() {
			s := w.service(export.Limits{})
			e := w.made(s, options(format))
			if got := w.download(s, e.ID); e.State != parley.ExportDone || !bytes.Equal(got, w.stream(w.ws, options(format))) {
				w.t.Errorf("%s: %+v, %q", format, e, got)
			}
		}
	})
}

func TestCancelWhileItIsWritten(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.fill(w.ws, 60)
		s := w.service(tiny())
		e, err := s.Create(w.ctx, w.ws, "", options(parley.ExportJSONL))
		w.ok(err)
		parts := 0
		w.files.put = func(string) error {
			if parts++; parts == 2 {
				return s.Cancel(w.ctx, w.ws, e.ID)
			}
			return nil
		}
		work := parley.Work{Key: e.ID, WorkspaceID: w.ws, Attempt: 1}
		if err := s.Work(w.ctx, work); err == nil {
			w.t.Error("the first part was all")
		}
		if err := s.Work(w.ctx, work); err != nil {
			w.t.Errorf("the queue is to come again: %v", err)
		}
		now, err := w.Export(w.ctx, w.ws, e.ID)
		w.ok(err)
		if now.State != parley.ExportCanceled || now.FinishedAt.IsZero() {
			w.t.Errorf("it is %+v", now.Export)
		}
		if left := w.left(); len(left) > 0 {
			w.t.Errorf("%v are left", left)
		}
		if _, err := s.Open(w.ctx, w.ws, e.ID); parley.ErrorCode(err) != parley.CodeNotFound {
			w.t.Errorf("its file: %v", err)
		}
		w.ok(s.Cancel(w.ctx, w.ws, e.ID))
		if err := s.Cancel(w.ctx, w.ws, e.ID); parley.ErrorCode(err) != parley.CodeNotFound {
			w.t.Errorf("after it is gone: %v", err)
		}
	})
}

// TestTwoWritersMakeOneFile lets a writer come back that was taken for dead.
func TestTwoWritersMakeOneFile(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.fill(w.ws, 60)
		s := w.service(tiny())
		e, err := s.Create(w.ctx, w.ws, "", options(parley.ExportCSV))
		w.ok(err)
		work := parley.Work{Key: e.ID, WorkspaceID: w.ws, Attempt: 1}
		between := true
		w.files.put = func(string) error {
			if between {
				between = false
				if err := s.Work(w.ctx, work); err == nil {
					w.t.Error("the first part was all")
				}
			}
			return nil
		}
		if err := s.Work(w.ctx, work); err != nil {
			w.t.Errorf("the one who came late: %v", err)
		}
		done := w.work(s, e.ID, 0)
		if got := w.download(s, e.ID); !bytes.Equal(got, w.stream(w.ws, options(parley.ExportCSV))) {
			w.t.Error("the file is another one")
		}
		if n := len(w.left()); n != len(done.Parts) {
			w.t.Errorf("%d files for %d parts", n, len(done.Parts))
		}
	})
}

func TestFilesExpire(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.fill(w.ws, 5)
		s := w.service(export.Limits{})
		e, err := s.Create(w.ctx, w.ws, "", options(parley.ExportJSONL))
		w.ok(err)
		w.ok(s.Sweep(w.ctx))
		w.download(s, e.ID)
		w.now = e.ExpiresAt
		if _, err := s.Open(w.ctx, w.ws, e.ID); parley.ErrorCode(err) != parley.CodeNotFound {
			w.t.Errorf("an expired file that was not swept yet: %v", err)
		}
		w.ok(s.Sweep(w.ctx))
		now, err := w.Export(w.ctx, w.ws, e.ID)
		w.ok(err)
		if now.State != parley.ExportExpired || len(w.left()) > 0 {
			w.t.Errorf("it is %+v, with %v", now.Export, w.left())
		}
		w.now = w.now.AddDate(0, 2, 0)
		w.ok(s.Sweep(w.ctx))
		if _, err := w.Export(w.ctx, w.ws, e.ID); parley.ErrorCode(err) != parley.CodeNotFound {
			w.t.Errorf("after two months: %v", err)
		}
	})
}

func TestAnExportThatCannotBeWrittenFails(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.fill(w.ws, 5)
		s := w.service(tiny())
		e, err := s.Create(w.ctx, w.ws, "", options(parley.ExportJSONL))
		w.ok(err)
		w.files.put = func(string) error { return parley.Errorf(parley.CodeUnavailable, "The disk is full.") }
		for attempt := 1; attempt <= 3; attempt++ {
			if err := s.Work(w.ctx, parley.Work{Key: e.ID, WorkspaceID: w.ws, Attempt: attempt}); err == nil {
				w.t.Errorf("attempt %d passes", attempt)
			}
		}
		now, err := w.Export(w.ctx, w.ws, e.ID)
		w.ok(err)
		if now.State != parley.ExportFailed || now.Error != "The disk is full." || len(w.left()) > 0 {
			w.t.Errorf("it is %+v, with %v", now.Export, w.left())
		}
	})
}

func TestExportsRefuse(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.service(export.Limits{})
		for name, change := range map[string]func(*parley.ExportOptions){
			"a format":         func(o *parley.ExportOptions) { o.Format = "pdf" },
			"a column":         func(o *parley.ExportOptions) { o.Columns = []string{"id", "password"} },
			"a variable":       func(o *parley.ExportOptions) { o.Columns = []string{"variable."} },
			"messages' rows":   func(o *parley.ExportOptions) { o.Rows, o.Columns = parley.RowsMessages, []string{"status"} },
			"rows":             func(o *parley.ExportOptions) { o.Rows = "words" },
			"a zone":           func(o *parley.ExportOptions) { o.TimeZone = "Mars/Base" },
			"the local zone":   func(o *parley.ExportOptions) { o.TimeZone = "Local" },
			"what to hide":     func(o *parley.ExportOptions) { o.Hide = []parley.Secrecy{"names"} },
			"an id":            func(o *parley.ExportOptions) { o.ConversationIDs = []string{"1"} },
			"too many ids":     func(o *parley.ExportOptions) { o.ConversationIDs = make([]string, 1001) },
			"a source":         func(o *parley.ExportOptions) { o.Filter.Source = []parley.Source{"fax"} },
			"an assistant":     func(o *parley.ExportOptions) { o.Filter.AssistantID = []string{"x"} },
			"a status":         func(o *parley.ExportOptions) { o.Filter.Status = "open" },
			"long words":       func(o *parley.ExportOptions) { o.Filter.Q = strings.Repeat("x", 501) },
			"NUL":              func(o *parley.ExportOptions) { o.Filter.Contact = "a\x00" },
			"many variables":   func(o *parley.ExportOptions) { o.Filter.Variables = manyVariables() },
			"too many columns": func(o *parley.ExportOptions) { o.Columns = make([]string, 201) },
		} {
			o := options(parley.ExportCSV)
			change(&o)
			if _, err := s.Create(w.ctx, w.ws, "", o); parley.ErrorCode(err) != parley.CodeInvalid {
				w.t.Errorf("%s: %v", name, err)
			}
			if err := s.Stream(w.ctx, w.ws, o, io.Discard, func(int64, int64) {}); parley.ErrorCode(err) != parley.CodeInvalid {
				w.t.Errorf("%s, streamed: %v", name, err)
			}
		}
	})
}

func manyVariables() map[string][]string {
	m := map[string][]string{}
	for _, c := range "abcdefghijk" {
		m[string(c)] = nil
	}
	return m
}

// TestExportsDoNotLeak is law 10: nothing of another workspace is in a file, and
// nobody reads, ends or fetches another's export.
func TestExportsDoNotLeak(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		theirs := w.workspace()
		secret := w.fill(theirs, 20)
		s := w.service(export.Limits{})
		e, err := s.Create(w.ctx, theirs, "", options(parley.ExportJSONL))
		w.ok(err)
		for name, call := range map[string]func() error{
			"Export": func() error { _, err := w.Export(w.ctx, w.ws, e.ID); return err },
			"Open":   func() error { _, err := s.Open(w.ctx, w.ws, e.ID); return err },
			"Cancel": func() error { return s.Cancel(w.ctx, w.ws, e.ID) },
		} {
			if err := call(); parley.ErrorCode(err) != parley.CodeNotFound {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		w.ok(w.Delete(w.ctx, w.ws, e.ID))
		w.ok(w.Expire(w.ctx, w.ws, e.ID))
		if err := w.Cancel(w.ctx, w.ws, e.ID, w.now); parley.ErrorCode(err) != parley.CodeConflict {
			w.t.Errorf("to cancel it: %v", err)
		}
		if all, err := w.Recent(w.ctx, w.ws, "", 10); err != nil || len(all) > 0 {
			w.t.Errorf("%d are listed, %v", len(all), err)
		}
		o := options(parley.ExportJSONL)
		for i := range secret {
			o.ConversationIDs = append(o.ConversationIDs, secret[i].Conversation.ID)
		}
		for _, o := range []parley.ExportOptions{o, options(parley.ExportJSONL), {
			Format: parley.ExportJSONL, TimeZone: "UTC", Filter: parley.ConversationFilter{Q: "order", AssistantID: []string{secret[0].Conversation.AssistantID}},
		}, {Format: parley.ExportJSONL, TimeZone: "UTC", Filter: parley.ConversationFilter{Contact: secret[0].Contact.ID}}} {
			if got := w.stream(w.ws, o); len(got) > 0 {
				w.t.Errorf("%+v gives %d bytes of another workspace", o, len(got))
			}
		}
		now, err := w.Export(w.ctx, theirs, e.ID)
		if err != nil || now.State != parley.ExportDone {
			w.t.Errorf("theirs is %+v, %v", now, err)
		}
	})
}

// TestErasedWhileItIsWritten erases conversations between two parts.
func TestErasedWhileItIsWritten(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		all := w.fill(w.ws, 60)
		s := w.service(tiny())
		e, err := s.Create(w.ctx, w.ws, "", options(parley.ExportJSONL))
		w.ok(err)
		if err := s.Work(w.ctx, parley.Work{Key: e.ID, WorkspaceID: w.ws, Attempt: 1}); err == nil {
			w.t.Error("the first part was all")
		}
		gone := all[len(all)-1].Conversation.ID
		w.ok(w.DeleteConversation(w.ctx, w.ws, gone))
		w.work(s, e.ID, 0)
		if got := w.download(s, e.ID); bytes.Count(got, []byte("\n")) != 59 || bytes.Contains(got, []byte(gone)) {
			w.t.Errorf("%d conversations were written", bytes.Count(got, []byte("\n")))
		}
	})
}
