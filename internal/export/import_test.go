package export_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"parley"
	"parley/internal/export"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func (w *world) read(ws string, lines []byte) (export.Imports, error) {
	w.t.Helper()
	m, err := w.NewImporter(w.ctx, ws)
	w.ok(err)
	defer func() { w.ok(m.Close()) }()
	return export.Import(w.ctx, m, bytes.NewReader(lines), func(export.Imports) {})
}

// other is an empty world on the other database.
func (w *world) other() *world {
	engine := "postgres"
	if w.Engine() == engine {
		engine = "sqlite"
	}
	return newWorld(w.t, storetest.Open(w.t, engine))
}

// TestImportGivesTheSameConversationsBack exports everything, imports it into an
// empty Parley on the other database, and exports it again: the same lines. To
// import once more changes nothing.
func TestImportGivesTheSameConversationsBack(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.fill(w.ws, 250)
		lines := w.stream(w.ws, options(parley.ExportJSONL))
		there := w.other()
		for round, written := range []int{250, 0} {
			done, err := there.read(there.ws, lines)
			if err != nil || done.Read != 250 || done.Written != written {
				w.t.Errorf("round %d: %+v, %v", round, done, err)
			}
			if again := there.stream(there.ws, options(parley.ExportJSONL)); !bytes.Equal(again, lines) {
				w.t.Errorf("round %d: what comes back are %d bytes instead of %d, or other ones: %s", round, len(again), len(lines), difference(again, lines))
			}
		}
		there.sameAs(w)
	})
}

// difference is where two exports are no longer the same.
func difference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		for k := range min(len(x[i]), len(y[i])) {
			if x[i][k] != y[i][k] {
				from := max(0, k-80)
				return x[i][from:min(k+80, len(x[i]))] + "\ninstead of\n" + y[i][from:min(k+80, len(y[i]))]
			}
		}
	}
	return "their lengths"
}

// sameAs compares the lists, what is found, and the tiles.
func (w *world) sameAs(o *world) {
	w.t.Helper()
	for {
		n, err := w.IndexSearch(w.ctx, 1000)
		w.ok(err)
		if n == 0 {
			break
		}
	}
	yes := true
	for _, q := range []store.ListQuery{{}, {Reviewed: &yes}, {Q: "order"}, {Q: "订单"}, {Contact: "+49151"}, {Variables: map[string][]string{"tier": {"gold"}}}, {Source: []parley.Source{parley.SourceWhatsApp}}} {
		mine, theirs := sorted(w.walked(q)), sorted(o.walked(q))
		if len(mine) != len(theirs) || len(mine) == 0 {
			w.t.Errorf("%+v finds %d here and %d there", q, len(mine), len(theirs))
			continue
		}
		for i, id := range mine {
			a, err := w.ConversationRow(w.ctx, w.ws, id)
			w.ok(err)
			b, err := o.ConversationRow(o.ctx, o.ws, theirs[i])
			w.ok(err)
			a.WorkspaceID, a.N, a.Rev, b.WorkspaceID, b.N, b.Rev = "", 0, 0, "", 0, 0
			x, errX := json.Marshal(a)
			y, errY := json.Marshal(b)
			if errX != nil || errY != nil || string(x) != string(y) {
				w.t.Fatalf("the row is\n%s\ninstead of\n%s", x, y)
			}
		}
	}
	a, err := w.Tiles(w.ctx, w.ws, w.now, w.now.Location())
	w.ok(err)
	b, err := o.Tiles(o.ctx, o.ws, o.now, o.now.Location())
	w.ok(err)
	if *a != *b {
		w.t.Errorf("the tiles are %+v instead of %+v", a, b)
	}
}

// TestImportBesideTheOriginal imports into another workspace of the same Parley,
// where every id is taken: nothing of the original is touched or shown.
func TestImportBesideTheOriginal(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.fill(w.ws, 60)
		lines := w.stream(w.ws, options(parley.ExportJSONL))
		second := w.workspace()
		for _, written := range []int{60, 0} {
			if done, err := w.read(second, lines); err != nil || done.Written != written {
				w.t.Errorf("%+v, %v", done, err)
			}
		}
		if again := w.stream(w.ws, options(parley.ExportJSONL)); !bytes.Equal(again, lines) {
			w.t.Errorf("the original has changed: %s", difference(again, lines))
		}
		copied := w.stream(second, options(parley.ExportMarkdown))
		if original := w.stream(w.ws, options(parley.ExportMarkdown)); !bytes.Equal(copied, original) {
			w.t.Errorf("the copy says something else: %s", difference(copied, original))
		}
		for line := range strings.Lines(string(lines)) {
			var c struct {
				ID      string
				Contact struct{ ID string }
				Usage   []struct{ ID string }
			}
			w.ok(json.Unmarshal([]byte(line), &c))
			if strings.Contains(string(w.stream(second, options(parley.ExportJSONL))), c.ID) {
				w.t.Fatalf("%s is in both workspaces", c.ID)
			}
			break
		}
		// A contact who is known already, by another id, is the same person.
		third := w.workspace()
		conv, _, err := w.OpenConversation(w.ctx, store.OpenConversation{
			WorkspaceID: third, AssistantID: w.assistant(third), Source: parley.SourceAPI,
			Identities: []parley.Identity{{Kind: parley.IdentityPhone, Value: w.phone(lines)}},
		})
		w.ok(err)
		_, err = w.read(third, lines)
		w.ok(err)
		if all := w.walkedIn(third, store.ListQuery{Contact: conv.ContactID}); len(all) < 2 {
			w.t.Errorf("the contact has %d conversations", len(all))
		}
	})
}

func (w *world) assistant(ws string) string {
	a := &parley.Assistant{WorkspaceID: ws, Config: parley.AssistantConfig{Name: "Lumi", Status: parley.AssistantActive}}
	a.Config.Default()
	w.ok(w.CreateAssistant(w.ctx, a, ""))
	return a.ID
}

func (w *world) walkedIn(ws string, q store.ListQuery) []string {
	before := w.ws
	defer func() { w.ws = before }()
	w.ws = ws
	return w.walked(q)
}

// phone is the first contact's.
func (w *world) phone(lines []byte) string {
	var c struct{ Contact struct{ Phone string } }
	w.ok(json.Unmarshal(lines[:bytes.IndexByte(lines, '\n')], &c))
	return c.Contact.Phone
}

func TestImportOfActiveConversationsEndsThem(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.fill(w.ws, 40)
		active := w.walked(store.ListQuery{Status: parley.ConversationActive})
		there := w.other()
		_, err := there.read(there.ws, w.stream(w.ws, options(parley.ExportJSONL)))
		w.ok(err)
		for _, id := range active {
			if storetest.Claim(there.t, there.Store, parley.WorkIdle, id, w.now) == nil {
				w.t.Errorf("nobody ends %s", id)
			}
		}
		if len(active) == 0 {
			w.t.Error("none was active")
		}
	})
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	w := alone(t)
	w.fill(w.ws, 3)
	lines := strings.SplitAfter(string(w.stream(w.ws, options(parley.ExportJSONL))), "\n")
	there := alone(t)
	for name, change := range map[string]func(map[string]any){
		"an id":        func(l map[string]any) { l["id"] = "1" },
		"a source":     func(l map[string]any) { l["source"] = "fax" },
		"a status":     func(l map[string]any) { l["status"] = "open" },
		"an owner":     func(l map[string]any) { l["owner"] = "nobody" },
		"a contact":    func(l map[string]any) { delete(l, "contact") },
		"an assistant": func(l map[string]any) { delete(l, "assistant") },
		"a time":       func(l map[string]any) { delete(l, "started_at") },
		"a role": func(l map[string]any) {
			l["messages"] = []any{map[string]any{"id": w.id(w.now), "role": "boss", "created_at": w.now}}
		},
		"NUL": func(l map[string]any) {
			l["messages"] = []any{map[string]any{"id": w.id(w.now), "role": "user", "content": "\x00", "created_at": w.now}}
		},
		"a type": func(l map[string]any) { l["message_count"] = "many" },
	} {
		var l map[string]any
		w.ok(json.Unmarshal([]byte(lines[1]), &l))
		change(l)
		bad, err := json.Marshal(l)
		w.ok(err)
		done, err := there.read(there.ws, []byte(lines[0]+string(bad)+"\n"+lines[2]))
		if parley.ErrorCode(err) != parley.CodeInvalid || !strings.Contains(err.Error(), "Conversation 2 ") || done.Read != 0 {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
	if _, err := there.read(there.ws, []byte(lines[0]+"no JSON")); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("what is no JSON: %v", err)
	}
	if got := there.stream(there.ws, options(parley.ExportJSONL)); len(got) > 0 {
		t.Errorf("of files that cannot be read this was written: %s", got)
	}
	if _, err := there.NewImporter(there.ctx, w.id(w.now)); parley.ErrorCode(err) != parley.CodeNotFound {
		t.Errorf("an unknown workspace: %v", err)
	}
}
