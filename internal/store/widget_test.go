package store_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

func (sc *scene) widget(name string) *parley.Widget {
	sc.t.Helper()
	w := &parley.Widget{
		WorkspaceID: sc.ws, Name: name, AssistantID: sc.assistant, Settings: parley.DefaultWidgetSettings(),
		IdentitySecret: "very-secret-" + name,
	}
	sc.ok(sc.CreateWidget(sc.ctx, w))
	return w
}

// visit opens a conversation of a visitor in a widget.
func (sc *scene) visit(w *parley.Widget, visitor string, vars ...parley.Variable) *parley.Conversation {
	sc.t.Helper()
	c, _, err := sc.OpenConversation(sc.ctx, store.OpenConversation{
		WorkspaceID: sc.ws, Source: parley.SourceWidget, AssistantID: sc.assistant, Variables: vars,
		Identities: []parley.Identity{{Kind: parley.IdentityVisitor, Value: visitor}},
		Visitor: &parley.VisitorConversation{
			WidgetID: w.ID, VisitorID: visitor, Language: "de", Page: "https://shop.example/a",
			Consents: []parley.Consent{{Field: "terms", Text: "I agree.", At: sc.clock.Now()}},
		},
	})
	sc.ok(err)
	return c
}

func TestWidgets(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		w, other := sc.widget("Shop"), sc.workspace()
		sc.fails(sc.CreateWidget(sc.ctx, &parley.Widget{WorkspaceID: other, AssistantID: sc.assistant}), parley.CodeNotFound)
		got, err := sc.Widget(sc.ctx, sc.ws, w.ID)
		sc.ok(err)
		if got.IdentitySecret != "very-secret-Shop" || got.VisitorEpoch == 0 || got.Settings.Position != parley.WidgetBottomRight {
			sc.t.Errorf("got %+v", got)
		}
		before, err := sc.WidgetState(sc.ctx, w.ID)
		sc.ok(err)
		w.Settings.Position, w.IdentitySecret = parley.WidgetTopLeft, ""
		sc.ok(sc.UpdateWidget(sc.ctx, w))
		sc.ok(sc.RaiseVisitorEpoch(sc.ctx, sc.ws, w.ID))
		after, err := sc.WidgetState(sc.ctx, w.ID)
		sc.ok(err)
		if after.Epoch.Widget != before.Epoch.Widget+1 || !after.UpdatedAt.After(before.UpdatedAt) {
			sc.t.Errorf("state %+v became %+v", before, after)
		}
		got, err = sc.PublicWidget(sc.ctx, w.ID)
		sc.ok(err)
		if got.IdentitySecret != "very-secret-Shop" || got.Settings.Position != parley.WidgetTopLeft {
			sc.t.Errorf("got %+v", got)
		}
		foreign := *w
		foreign.WorkspaceID = other
		_, err = sc.Widget(sc.ctx, other, w.ID)
		sc.fails(err, parley.CodeNotFound)
		sc.fails(sc.UpdateWidget(sc.ctx, &foreign), parley.CodeNotFound)
		sc.fails(sc.RaiseVisitorEpoch(sc.ctx, other, w.ID), parley.CodeNotFound)
		sc.fails(sc.DeleteWidget(sc.ctx, other, w.ID), parley.CodeNotFound)
		if all, err := sc.Widgets(sc.ctx, other); err != nil || len(all) != 0 {
			sc.t.Errorf("another workspace has %+v, %v", all, err)
		}
		sc.ok(sc.PrepareRestored(sc.ctx))
		restored, err := sc.WidgetState(sc.ctx, w.ID)
		sc.ok(err)
		sc.ok(sc.PrepareRestored(sc.ctx))
		again, err := sc.WidgetState(sc.ctx, w.ID)
		sc.ok(err)
		if restored.Epoch.Installation == after.Epoch.Installation || again.Epoch.Installation == restored.Epoch.Installation {
			sc.t.Error("a restored backup keeps the epoch of visitors")
		}
		sc.ok(sc.DeleteWidget(sc.ctx, sc.ws, w.ID))
		_, err = sc.WidgetState(sc.ctx, w.ID)
		sc.fails(err, parley.CodeNotFound)
	})
}

// Law 11, for the store's part: a visitor's conversation in a widget is found
// with that widget and that visitor, and nothing else.
func TestVisitorsSeeTheirOwn(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		shop, help, other := sc.widget("Shop"), sc.widget("Help"), sc.workspace()
		mine, theirs := sc.visit(shop, "ada"), sc.visit(shop, "bob")
		if again := sc.visit(shop, "ada"); again.ID != mine.ID {
			sc.t.Error("an active conversation is not continued")
		}
		elsewhere := sc.visit(help, "ada")
		if elsewhere.ID == mine.ID {
			sc.t.Error("a conversation of another widget is continued")
		}
		for _, c := range []struct{ ws, widget, visitor, conv string }{
			{sc.ws, shop.ID, "ada", theirs.ID}, {sc.ws, shop.ID, "bob", mine.ID}, {sc.ws, help.ID, "ada", mine.ID},
			{other, shop.ID, "ada", mine.ID}, {sc.ws, shop.ID, "ada", elsewhere.ID}, {sc.ws, shop.ID, "", mine.ID},
		} {
			_, err := sc.VisitorConversation(sc.ctx, c.ws, c.widget, c.visitor, c.conv)
			sc.fails(err, parley.CodeNotFound)
			if owns, err := sc.VisitorOwns(sc.ctx, c.ws, c.widget, c.visitor, c.conv); owns || err != nil {
				sc.t.Errorf("%+v is somebody else's: %v, %v", c, owns, err)
			}
		}
		if owns, err := sc.VisitorOwns(sc.ctx, sc.ws, shop.ID, "ada", mine.ID); !owns || err != nil {
			sc.t.Errorf("a visitor's own conversation: %v, %v", owns, err)
		}
		all, err := sc.VisitorConversations(sc.ctx, sc.ws, shop.ID, "ada", 10)
		sc.ok(err)
		if len(all) != 1 || all[0].ID != mine.ID || all[0].Visitor.Consents[0].Text != "I agree." {
			sc.t.Errorf("got %+v", all)
		}
		for name, err := range map[string]error{
			"MarkRead":           third(sc.MarkRead(sc.ctx, other, mine.ID, 1)),
			"RateConversation":   second(sc.RateConversation(sc.ctx, other, mine.ID, 5, "")),
			"LeaveEmail":         second(sc.LeaveEmail(sc.ctx, other, mine.ID, "a@b.example")),
			"SaveVariables":      second(sc.SaveVariables(sc.ctx, other, mine.ID, nil)),
			"WidgetConversation": second(sc.WidgetConversation(sc.ctx, other, mine.ID)),
			"not by a widget":    second(sc.RateConversation(sc.ctx, sc.ws, sc.open(parley.SourceAPI, "").ID, 5, "")),
		} {
			if parley.ErrorCode(err) != parley.CodeNotFound {
				sc.t.Errorf("%s: %v", name, err)
			}
		}
		sc.ok(sc.AdoptVisitor(sc.ctx, sc.ws, shop.ID, "ada", "person"))
		_, err = sc.VisitorConversation(sc.ctx, sc.ws, shop.ID, "person", mine.ID)
		sc.ok(err)
		_, err = sc.VisitorConversation(sc.ctx, sc.ws, help.ID, "ada", elsewhere.ID)
		sc.ok(err)
	})
}

func third[A, B any](_ A, _ B, err error) error { return err }

func TestWhatAVisitorLeaves(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		w := sc.widget("Shop")
		c := sc.visit(w, "ada", parley.Variable{Name: "plan", Source: parley.FromPreChat, Type: parley.TypeText, Value: json.RawMessage(`"pro"`)})
		sc.receive(c, "hello")
		sc.turn(c, false, "one", "two")
		row := func() *store.VisitorRow {
			r, err := sc.VisitorConversation(sc.ctx, sc.ws, w.ID, "ada", c.ID)
			sc.ok(err)
			return r
		}
		if n := row().Unread; n != 2 {
			sc.t.Errorf("%d unread, want 2", n)
		}
		rev := row().Rev
		_, changed, err := sc.MarkRead(sc.ctx, sc.ws, c.ID, 2)
		sc.ok(err)
		_, back, err := sc.MarkRead(sc.ctx, sc.ws, c.ID, 1)
		sc.ok(err)
		if r := row(); !changed || back || r.Unread != 1 || r.Visitor.ReadSeq != 2 || r.Rev != rev+1 {
			sc.t.Errorf("read %v, %v: %+v", changed, back, r)
		}
		_, _, err = sc.MarkRead(sc.ctx, sc.ws, c.ID, 1<<40)
		sc.ok(err)
		if r := row(); r.Visitor.ReadSeq != r.NextSeq-1 {
			sc.t.Errorf("what is not there was read: %d", r.Visitor.ReadSeq)
		}
		for _, score := range []int{2, 5} {
			_, err = sc.RateConversation(sc.ctx, sc.ws, c.ID, score, "fine")
			sc.ok(err)
		}
		_, err = sc.LeaveEmail(sc.ctx, sc.ws, c.ID, "ada@example.com")
		sc.ok(err)
		v, err := sc.WidgetConversation(sc.ctx, sc.ws, c.ID)
		sc.ok(err)
		if v.Rating.Score != 5 || v.Rating.At.IsZero() || v.Email != "ada@example.com" || v.Language != "de" {
			sc.t.Errorf("got %+v", v)
		}

		// The conversation after the end has the same visitor, and what the form said.
		_, err = sc.End(sc.ctx, sc.ws, c.ID, parley.EndContact, "")
		sc.ok(err)
		next, created, err := sc.OpenConversation(sc.ctx, store.OpenConversation{
			WorkspaceID: sc.ws, Source: parley.SourceWidget, AssistantID: sc.assistant, Follows: c.ID,
			Identities: []parley.Identity{{Kind: parley.IdentityVisitor, Value: "ada"}},
		})
		sc.ok(err)
		vars, err := sc.Variables(sc.ctx, sc.ws, next.ID)
		sc.ok(err)
		if _, err := sc.VisitorConversation(sc.ctx, sc.ws, w.ID, "ada", next.ID); !created || err != nil || len(vars) != 1 || string(vars[0].Value) != `"pro"` {
			sc.t.Errorf("the next one: %v, %+v, %v", created, vars, err)
		}
		sc.ok(sc.DeleteConversation(sc.ctx, sc.ws, c.ID))
		_, err = sc.WidgetConversation(sc.ctx, sc.ws, c.ID)
		sc.fails(err, parley.CodeNotFound)
	})
}

func TestForAPerson(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceWidget, "")
		for i := range 2 {
			_, err := sc.Receive(sc.ctx, store.ReceiveMessage{
				WorkspaceID: sc.ws, ConversationID: c.ID, TurnAt: sc.clock.Now(), ForPerson: true,
				Message: &parley.Message{Content: "call me"},
			})
			sc.ok(err)
			if now := sc.reload(c); !now.Waiting || sc.claim(parley.WorkTurn, c.ID) != nil {
				sc.t.Errorf("message %d: %+v", i, now)
			}
		}
		if log := sc.log(c); len(log) != 3 || log[1].Event != parley.EventWaiting {
			sc.t.Errorf("the log is %+v", log)
		}
		if drift, err := sc.Drift(sc.ctx, sc.ws, c.ID); err != nil || len(drift) > 0 {
			sc.t.Errorf("the row differs from its log in %v, %v", drift, err)
		}
	})
}

func TestUploadVolume(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c := sc.open(parley.SourceWidget, "")
		for _, size := range []int64{3, 4} {
			sc.ok(sc.CreateAttachment(sc.ctx, &store.StoredAttachment{
				WorkspaceID: sc.ws, CreatedBy: c.ID, CreatedAt: time.Now(), Key: strings.Repeat("k", int(size)),
				Attachment: parley.Attachment{Name: "a", MIMEType: "text/plain", Size: size},
			}))
		}
		if n, bytes, err := sc.UploadVolume(sc.ctx, sc.ws, c.ID); err != nil || n != 2 || bytes != 7 {
			sc.t.Errorf("got %d files, %d bytes, %v", n, bytes, err)
		}
		if n, bytes, err := sc.UploadVolume(sc.ctx, sc.workspace(), c.ID); err != nil || n != 0 || bytes != 0 {
			sc.t.Errorf("another workspace: %d files, %d bytes, %v", n, bytes, err)
		}
	})
}
