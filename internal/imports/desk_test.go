package imports_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"parley"
	"parley/internal/export"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// exported is a workspace as JSON Lines.
func (w *world) exported(ws string) string {
	w.t.Helper()
	var b bytes.Buffer
	out := export.New(export.Config{Store: w.Exports, Files: w.files, Now: w.clock, Log: slog.New(slog.DiscardHandler)})
	w.ok(out.Stream(w.ctx, ws, parley.ExportOptions{Format: parley.ExportJSONL, TimeZone: "UTC"}, &b, func(int64, int64) {}))
	return b.String()
}

// TestParleyBringsTheDesk takes tags, notes and reviews of another Parley, and
// refuses those of the future.
func TestParleyBringsTheDesk(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.bring(w.ws, dify(2))
		rows := w.list(w.ws)
		d := &desk.Desk{Tables: w.Tables(), Now: w.clock}
		rita := desk.Author{ID: parley.NewID(w.now), Name: "Rita"}
		tag := &desk.Tag{WorkspaceID: w.ws, Name: "VIP", Color: "#112233"}
		w.ok(d.CreateTag(w.ctx, tag))
		w.ok(d.PutTag(w.ctx, w.ws, rows[0].ID, tag.ID))
		w.ok(d.AddNote(w.ctx, w.ws, rows[0].ID, &desk.Note{Author: rita, Text: "A note"}))
		w.ok(d.Review(w.ctx, w.ws, rows[0].ID, rita, true))
		content := w.exported(w.ws)
		second := w.workspace()
		if m := w.bring(second, content); m.Done.Taken != 2 || m.Done.Problems.Count != 0 {
			t.Fatalf("it is %+v", m)
		}
		first := w.ws
		w.ws = second
		there := w.list(second)
		w.projected(there)
		w.ws = first
		reviewed, err := w.Conversation(w.ctx, second, there[0].ID)
		w.ok(err)
		yes := true
		page, err := w.List(w.ctx, store.ListQuery{WorkspaceID: second, Reviewed: &yes})
		w.ok(err)
		marks, err := d.Of(w.ctx, "", &there[0])
		w.ok(err)
		notes, err := d.Notes(w.ctx, second, there[0].ID)
		w.ok(err)
		if !reviewed.Reviewed || len(page.Rows) != 1 || page.Rows[0].ID != there[0].ID || marks.Review == nil || marks.Review.By != rita || !marks.Review.At.Equal(w.now) ||
			len(marks.Tags) != 1 || marks.Tags[0].Name != "VIP" || marks.Tags[0].ID == tag.ID || marks.Tags[0].WorkspaceID != second ||
			len(notes) != 1 || notes[0].Author != rita || notes[0].Text != "A note" || !notes[0].CreatedAt.Equal(w.now) {
			t.Errorf("on it are %+v, %+v and %+v, %t, %d", marks, marks.Review, notes, reviewed.Reviewed, len(page.Rows))
		}
		third := w.workspace()
		for i, bad := range []string{`"created_at":"2099-01-01T00:00:00Z"`, `"edited_at":"2099-01-01T00:00:00Z","created_at":"2026-05-01T12:00:00Z"`} {
			future := strings.Replace(content, `"text":"A note","created_at":"2026-05-01T12:00:00Z"`, `"text":"A note",`+bad, 1)
			if m := w.bring(third, future); future == content || m.Done.Problems.Count != 1 || m.Done.Problems.First[0].Code != parley.CodeInvalid {
				t.Errorf("%d: %+v", i, m.Done)
			}
		}
		// More tags than there may be are left out, and the report says so.
		fourth := w.workspace()
		for i := range desk.MaxTags {
			w.ok(d.CreateTag(w.ctx, &desk.Tag{WorkspaceID: fourth, Name: "tag " + strings.Repeat("x", i%20) + string(rune('a'+i/20)), Color: "#112233"}))
		}
		m := w.bring(fourth, content)
		if m.Done.Taken != 2 || m.Done.Problems.Count != 1 || m.Done.Problems.First[0].Code != parley.CodeConflict || !strings.Contains(m.Done.Problems.First[0].Reason, "without 1 of its tags") {
			t.Errorf("it is %+v", m.Done)
		}
	})
}
