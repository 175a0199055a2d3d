package export_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/export"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
)

// furnished writes one conversation with things on it.
func (w *world) furnished(f desk.Furniture) exports.Imported {
	w.t.Helper()
	in := w.told(user("Where is my parcel?"), reply("On its way."))
	in.Furniture, in.Conversation.Reviewed = f, f.Review != nil
	w.taken(in)
	return in
}

// told is one conversation with messages, which is not written yet.
func (w *world) told(messages ...parley.Message) exports.Imported {
	at := w.now.Add(-time.Hour)
	for i := range messages {
		messages[i].ID, messages[i].CreatedAt, messages[i].Type = w.id(at), at.Add(time.Duration(i)*time.Minute), parley.MessageText
	}
	return exports.Imported{AssistantName: "Lumi", FillConversation: store.FillConversation{
		Conversation: parley.Conversation{
			ID: w.id(at), Source: parley.SourceAPI, Status: parley.ConversationEnded, Owner: parley.OwnerAssistant, AssistantID: w.id(at), AssistantVersion: 1, StartedAt: at,
		},
		Contact: parley.Contact{ID: w.id(at), Name: "Ana", Identifier: "Ana"}, Messages: messages,
	}}
}

func (w *world) taken(in exports.Imported) {
	w.t.Helper()
	m, err := w.NewImporter(w.ctx, w.ws)
	w.ok(err)
	_, err = m.Import(w.ctx, []exports.Imported{in})
	w.ok(err)
	w.ok(m.Close())
}

// TestDeskIsInWholeConversationsOnly looks for what members have put on a
// conversation in every format: transcripts and examples have none of it, tables
// what is asked for.
func TestDeskIsInWholeConversationsOnly(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		at := w.now.Add(-time.Minute)
		w.furnished(desk.Furniture{
			Tags: []string{"zebra tag", "Aardvark"}, Review: &desk.Review{By: desk.Author{ID: w.id(at), Name: "zebra reviewer"}, At: at},
			Notes: []desk.Note{{Author: desk.Author{Name: "zebra author"}, Text: "zebra note", CreatedAt: at}},
		})
		for _, format := range parley.ExportFormats() {
			for _, rows := range []parley.ExportRows{parley.RowsConversations, parley.RowsMessages} {
				o := options(format)
				o.Rows = rows
				said := w.text(o)
				whole := format == parley.ExportJSONL || format == parley.ExportZIP
				for _, word := range []string{"zebra tag", "Aardvark", "zebra reviewer", "zebra author", "zebra note"} {
					if strings.Contains(said, word) != whole {
						t.Errorf("%s of %s has %q: %t", format, rows, word, !whole)
					}
				}
				if !strings.Contains(said, "On its way.") {
					t.Errorf("%s of %s has no conversation: %s", format, rows, said)
				}
			}
		}
		o := options(parley.ExportCSV)
		o.Columns = []string{"tags", "reviewed"}
		if said := string(w.stream(w.ws, o)); !strings.HasSuffix(said, "tags,reviewed\r\n\"Aardvark, zebra tag\",TRUE\r\n") {
			t.Errorf("the table is %q", said)
		}
	})
}

// TestHideCoversTheDesk hides what members have written about somebody.
func TestHideCoversTheDesk(t *testing.T) {
	t.Parallel()
	w := alone(t)
	by := desk.Author{Name: "Rita +49 151 12345678"}
	w.furnished(desk.Furniture{
		Tags: []string{"ana@example.com"}, Review: &desk.Review{By: by, At: w.now},
		Notes: []desk.Note{{Author: by, Text: "Her number is +49 151 12345678, her account DE89 3704 0044 0532 0130 00.", CreatedAt: w.now}},
	})
	o := options(parley.ExportJSONL)
	o.Hide = parley.Secrecies()
	said := string(w.stream(w.ws, o))
	for _, secret := range []string{"12345678", "ana@", "DE89"} {
		if strings.Contains(said, secret) {
			t.Errorf("it tells %q: %s", secret, said)
		}
	}
	if !strings.Contains(said, `"text":"Her number is [phone], her account [iban]."`) || !strings.Contains(said, `"tags":["[email]"]`) {
		t.Errorf("it is %s", said)
	}
}

// TestDeskOfAnotherWorkspace is law 10, also where rows of two workspaces have come
// together.
func TestDeskOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ours := w.ws
		w.furnished(desk.Furniture{Tags: []string{"ours"}, Notes: []desk.Note{{Text: "of ours", CreatedAt: w.now}}})
		theirs := w.workspace()
		w.ws = theirs
		w.furnished(desk.Furniture{Tags: []string{"theirs"}, Notes: []desk.Note{{Text: "of theirs", CreatedAt: w.now}}})
		w.ok(w.Tables().Write(w.ctx, func(tx store.Tx) error {
			n, err := tx.Exec(w.ctx, `
				INSERT INTO desk_tagged (n, tag_id, facet_id, last_activity_at, started_at)
				SELECT c.n, t.id, c.facet_id, c.last_activity_at, c.started_at FROM conversation c, desk_tag t
				WHERE c.workspace_id = $1 AND t.workspace_id = $2`, ours, theirs)
			if err != nil || n != 1 {
				return fmt.Errorf("%d rows, %w", n, err)
			}
			n, err = tx.Exec(w.ctx, `UPDATE desk_note SET conversation_n = (SELECT n FROM conversation WHERE workspace_id = $1) WHERE workspace_id = $2`, ours, theirs)
			if err != nil || n != 1 {
				return fmt.Errorf("%d rows, %w", n, err)
			}
			return nil
		}))
		if said := string(w.stream(ours, options(parley.ExportJSONL))); strings.Contains(said, "theirs") || !strings.Contains(said, `"tags":["ours"]`) || !strings.Contains(said, "of ours") {
			t.Errorf("it is %s", said)
		}
		o := options(parley.ExportCSV)
		o.Columns = []string{"tags"}
		if said := string(w.stream(ours, o)); strings.Contains(said, "theirs") {
			t.Errorf("the table is %s", said)
		}
	})
}

// TestImportRefusesTheDesk reads what nobody could have put on a conversation.
func TestImportRefusesTheDesk(t *testing.T) {
	t.Parallel()
	w := alone(t)
	w.furnished(desk.Furniture{
		Tags: []string{"VIP"}, Review: &desk.Review{By: desk.Author{Name: "Rita"}, At: w.now}, Notes: []desk.Note{{Author: desk.Author{Name: "Ben"}, Text: "A note", CreatedAt: w.now}},
	})
	line := string(w.stream(w.ws, options(parley.ExportJSONL)))
	there := alone(t)
	for _, change := range [][2]string{
		{`["VIP"]`, `["` + strings.Repeat("x", 41) + `"]`}, {`["VIP"]`, `[" "]`}, {`["VIP"]`, `["\u0000"]`},
		{`"text":"A note"`, `"text":""`}, {`"text":"A note"`, `"text":"` + strings.Repeat("x", 4001) + `"`},
		{`"text":"A note","created_at"`, `"text":"A note","at"`}, {`"author":{"id":""`, `"author":{"id":"1"`}, {`"name":"Ben"`, `"name":"\u0000"`},
		{`"by":{"id":""`, `"by":{"id":"x"`}, {`"name":"Rita"},"at"`, `"name":"Rita"},"on"`},
	} {
		bad := strings.Replace(line, change[0], change[1], 1)
		if bad == line {
			t.Fatalf("%s has no %s", line, change[0])
		}
		if _, err := there.read(there.ws, []byte(bad)); parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%s: %v", change[1][:min(40, len(change[1]))], err)
		}
	}
	if done, err := there.read(there.ws, []byte(line)); err != nil || done.Written != 1 {
		t.Errorf("as it was: %+v, %v", done, err)
	}
}

// TestTooManyTags are counted, and the others taken.
func TestTooManyTags(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		var tags []string
		for i := range desk.MaxTagged + 3 {
			tags = append(tags, fmt.Sprintf("tag %02d", i))
		}
		w.furnished(desk.Furniture{Tags: tags[:desk.MaxTagged]})
		line := string(w.stream(w.ws, options(parley.ExportJSONL)))
		more := strings.Replace(line, `"tags":[`, `"tags":["tag 20","tag 21","tag 22",`, 1)
		there := w.other()
		done, err := there.read(there.ws, []byte(more))
		if err != nil || done != (export.Imports{Total: 1, Read: 1, Written: 1, Tags: 3}) {
			t.Errorf("it is %+v, %v", done, err)
		}
	})
}

// TestColumnsOfVisitors have what the visitor of a widget left.
func TestColumnsOfVisitors(t *testing.T) {
	t.Parallel()
	w := alone(t)
	in := w.told(user("Hello"))
	in.Visitor = &parley.VisitorConversation{
		WidgetID: w.id(w.now), VisitorID: w.id(w.now), Page: "https://example.com/", Email: "ana@example.com", Rating: parley.Rating{Score: 4, Comment: "Fine", At: w.now},
	}
	in.Conversation.Source = parley.SourceWidget
	w.taken(in)
	o := options(parley.ExportCSV)
	o.Columns = []string{"rating", "rating_comment", "page", "email"}
	rows, err := csv.NewReader(bytes.NewReader(w.stream(w.ws, o))).ReadAll()
	if err != nil || len(rows) != 2 || strings.Join(rows[1], " ") != "4 Fine https://example.com/ ana@example.com" {
		t.Errorf("the table is %q, %v", rows, err)
	}
}
