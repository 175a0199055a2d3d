package privacy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/privacy"
	"parley/internal/store"
	kept "parley/internal/store/privacy"
)

// Conversations that are older than they are kept go, with contacts who have no
// other; those of other sources, of other workspaces, and such as have not ended
// stay.
func TestRetention(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx := t.Context()
		begun := w.now
		old := w.lives(ada, 2, 1)
		for _, id := range w.conversations() {
			_, err := w.End(ctx, w.ws, id, parley.EndOperator, "")
			w.ok(err)
		}
		active := w.lives(bob, 1, 1)
		w.now = begun.Add(30*24*time.Hour + time.Minute)
		for _, bad := range []kept.Retention{{parley.SourceAPI: 0}, {parley.SourceAPI: privacy.MaxDays + 1}, {"carrier-pigeon": 3}} {
			if err := w.privacy.SetRetention(ctx, w.ws, bad); parley.ErrorCode(err) != parley.CodeInvalid {
				t.Errorf("%v: %v", bad, err)
			}
		}
		w.ok(w.privacy.SetRetention(ctx, w.ws, kept.Retention{parley.SourceWidget: 1, parley.SourceAPI: 31}))
		w.ok(w.privacy.Sweep(ctx))
		if n := len(w.conversations()); n != 3 {
			t.Fatalf("%d of 3 conversations are left before their time", n)
		}
		w.ok(w.privacy.SetRetention(ctx, w.ws, kept.Retention{parley.SourceAPI: 30}))
		w.ok(w.privacy.Sweep(ctx))
		p := kept.New(w.Store)
		if _, err := p.Contact(ctx, w.ws, old); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("a contact without conversations: %v", err)
		}
		c, err := p.Contact(ctx, w.ws, active)
		w.ok(err)
		if n := len(w.conversations()); n != 1 || c.Conversations != 1 || c.Files != 1 || len(c.Identities) != 3 {
			t.Errorf("%d conversations are left; %+v", n, c)
		}
		if keep, err := p.Retention(ctx, w.ws); err != nil || len(keep) != 1 || keep[parley.SourceAPI] != 30 {
			t.Errorf("kept: %v, %v", keep, err)
		}
		if strings.Contains(w.onDisk(), ada.word) {
			t.Error("files are left")
		}
		if left := w.taught(w.assistant); len(left) != 4 || len(left[0]) != 1 || left[0][0] != taken(bob, w.conversations()[0]) || strings.Contains(fmt.Sprint(left), ada.word) {
			t.Errorf("the assistant has been taught %+v", left)
		}
	})
}

// conversations returns the ids of all of the workspace.
func (w *world) conversations() (ids []string) {
	w.t.Helper()
	page, err := w.List(w.t.Context(), store.ListQuery{WorkspaceID: w.ws, Limit: 100})
	w.ok(err)
	for _, r := range page.Rows {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}
