package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/export"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/storetest"
)

// unzip is what is in an archive, by name. It fails for a name that is there
// twice, or that leads elsewhere.
func (w *world) unzip(b []byte) map[string]string {
	w.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	w.ok(err)
	all := map[string]string{}
	for _, f := range z.File {
		if _, twice := all[f.Name]; twice || strings.Count(f.Name, "/") > 1 || strings.ContainsAny(f.Name, `\:`) || strings.HasPrefix(f.Name, ".") {
			w.t.Errorf("the archive has %q, %t", f.Name, twice)
		}
		r, err := f.Open()
		w.ok(err)
		content, err := io.ReadAll(r) // checks the sum
		w.ok(err)
		w.ok(r.Close())
		all[f.Name] = string(content)
	}
	return all
}

// stored puts a file of a workspace where files are; without content nobody has
// fetched it.
func (w *world) stored(ws, name, content string) parley.Attachment {
	w.t.Helper()
	a := &store.StoredAttachment{
		Attachment: parley.Attachment{ID: parley.NewID(w.now), Name: name, MIMEType: "text/plain", Size: int64(len(content))}, WorkspaceID: ws, CreatedBy: "key",
	}
	if content != "" {
		a.Key = blob.AttachmentKey(ws, a.ID)
		_, err := w.files.Put(w.ctx, a.Key, strings.NewReader(content), 1<<30)
		w.ok(err)
	}
	w.ok(w.CreateAttachment(w.ctx, a))
	return a.Attachment
}

// writes opens a conversation and lets its contact send files, one a message.
func (w *world) writes(ws, who string, files ...parley.Attachment) *parley.Conversation {
	w.t.Helper()
	c, _, err := w.OpenConversation(w.ctx, store.OpenConversation{
		WorkspaceID: ws, AssistantID: w.assistant(ws), Source: parley.SourceAPI, ContactName: who, Fresh: true,
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: who}},
	})
	w.ok(err)
	for _, f := range files {
		m := &parley.Message{Content: "This is " + f.Name, Attachments: []parley.Attachment{f}}
		_, err := w.Receive(w.ctx, store.ReceiveMessage{WorkspaceID: ws, ConversationID: c.ID, Message: m})
		w.ok(err)
	}
	return c
}

// archiveLine is what of a line says where files are.
type archiveLine struct {
	ID       string
	Tags     []string
	Notes    []struct{ Text string }
	Messages []struct {
		Attachments []struct{ ID, File string }
	}
	Others []struct{ ID, Name, File string } `json:"other_files"`
}

// TestArchiveHasTheFiles of a person, each once under a safe name, and nothing of
// anybody else; the lines say which belongs to which message.
func TestArchiveHasTheFiles(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		large := strings.Repeat("0123456789abcdef", 1<<17) // 2 MB
		files := []parley.Attachment{
			w.stored(w.ws, "../../etc/passwd", "one"), w.stored(w.ws, `..\a:b?.txt `, "two"), w.stored(w.ws, "写真.png", large), w.stored(w.ws, "写真.png", "four"),
		}
		c := w.writes(w.ws, "Ana", files...)
		unsent := w.stored(w.ws, "draft.txt", "five")
		w.ok(w.Tables().Write(w.ctx, func(tx store.Tx) error {
			_, err := tx.Exec(w.ctx, `UPDATE attachment SET created_by = $1 WHERE id = $2`, c.ID, unsent.ID)
			return err
		}))
		d := &desk.Desk{Tables: w.Tables(), Now: func() time.Time { return w.now }}
		w.ok(d.AddNote(w.ctx, w.ws, c.ID, &desk.Note{Text: "A note"}))
		w.writes(w.ws, "Bob", w.stored(w.ws, "bob.txt", "of Bob"))
		other := w.workspace()
		theirs := w.stored(other, "theirs.txt", "of theirs")
		w.writes(other, "Ana", theirs)
		w.ok(w.Tables().Write(w.ctx, func(tx store.Tx) error { // as if rows had come together
			_, err := tx.Exec(w.ctx, `UPDATE attachment SET conversation_id = $1 WHERE id = $2`, c.ID, theirs.ID)
			return err
		}))

		s := w.service(export.Limits{})
		o := options(parley.ExportZIP)
		o.Filter.Contact = c.ContactID
		e, err := s.Create(w.ctx, w.ws, "", o)
		w.ok(err)
		if e.State != parley.ExportQueued || e.Total != 1 {
			t.Errorf("it is %+v", e)
		}
		w.ok(s.Work(w.ctx, parley.Work{Kind: parley.WorkExport, Key: e.ID, WorkspaceID: w.ws, Attempt: 1}))
		f, err := s.Open(w.ctx, w.ws, e.ID)
		w.ok(err)
		if !strings.HasSuffix(f.Name, ".zip") || f.MIMEType != "application/zip" {
			t.Errorf("it is %s of %s", f.Name, f.MIMEType)
		}
		w.ok(f.Close())
		made := w.download(s, e.ID)
		all := w.unzip(made)
		var line archiveLine
		w.ok(json.Unmarshal([]byte(all["conversations.jsonl"]), &line))
		want := []string{"one", "two", large, "four"}
		for i, m := range line.Messages {
			if len(m.Attachments) != 1 || m.Attachments[0].ID != files[i].ID || all[m.Attachments[0].File] != want[i] {
				t.Errorf("message %d has %+v", i, m)
			}
		}
		if line.ID != c.ID || len(line.Messages) != 4 || len(line.Notes) != 1 || len(line.Others) != 1 || all[line.Others[0].File] != "five" || line.Others[0].Name != "draft.txt" {
			t.Errorf("the line is %+v", line)
		}
		if want := "files/" + files[1].ID + "-a_b_.txt"; line.Messages[1].Attachments[0].File != want {
			t.Errorf("it is called %q instead of %q", line.Messages[1].Attachments[0].File, want)
		}
		if _, missing := all["missing.txt"]; missing || len(all) != 6 {
			t.Errorf("the archive has %d entries, missing: %t", len(all), missing)
		}
		for _, secret := range []string{"of Bob", "of theirs"} {
			if bytes.Contains(made, []byte(secret)) { // files are not packed
				t.Errorf("it holds %q", secret)
			}
		}
		if again := w.unzip(w.stream(w.ws, o)); len(again) != 6 || again["conversations.jsonl"] != all["conversations.jsonl"] {
			t.Errorf("in one go it has %d entries", len(again))
		}
		o.Hide = []parley.Secrecy{parley.HidePhone}
		if hidden := w.unzip(w.stream(w.ws, o)); len(hidden) != 1 || strings.Contains(hidden["conversations.jsonl"], `"file"`) {
			t.Errorf("with something hidden: %v", hidden)
		}
	})
}

// TestArchiveSaysWhatIsMissing rather than to fail.
func TestArchiveSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		files := []parley.Attachment{w.stored(w.ws, "here.txt", "here"), w.stored(w.ws, "gone.txt", "gone"), w.stored(w.ws, "never.txt", "")}
		c := w.writes(w.ws, "Ana", files...)
		w.ok(w.files.Delete(w.ctx, blob.AttachmentKey(w.ws, files[1].ID)))
		all := w.unzip(w.stream(w.ws, options(parley.ExportZIP)))
		missing := all["missing.txt"]
		if len(all) != 3 || strings.Contains(missing, "here.txt") || !strings.Contains(missing, files[1].ID+"-gone.txt of conversation "+c.ID+"\n") || !strings.Contains(missing, "never.txt") {
			t.Errorf("the archive has %d entries: %s", len(all), missing)
		}
		var line archiveLine
		w.ok(json.Unmarshal([]byte(all["conversations.jsonl"]), &line))
		if line.Messages[2].Attachments[0].File != "" || line.Messages[0].Attachments[0].File == "" {
			t.Errorf("the line is %+v", line)
		}
	})
}

// TestArchiveTakesNoFileOfOthers: a message that names a file of another
// conversation, as an imported one can, does not get it; its own, which have not come
// with it, are said to be missing.
func TestArchiveTakesNoFileOfOthers(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		theirs := w.stored(w.ws, "secret.txt", "of Bob")
		w.writes(w.ws, "Bob", theirs)
		named, odd := theirs, theirs
		odd.ID = "../../x"
		in := w.told(user("Look"))
		in.Messages[0].Attachments = []parley.Attachment{named, odd}
		w.taken(in)
		o := options(parley.ExportZIP)
		o.ConversationIDs = []string{in.Conversation.ID}
		all := w.unzip(w.stream(w.ws, o))
		if len(all) != 2 || strings.Contains(all["conversations.jsonl"], `"file"`) || !strings.Contains(all["missing.txt"], named.ID+"-secret.txt of conversation ") {
			t.Errorf("the archive is %v", all)
		}
	})
}

// TestArchiveInParts goes on after it was cut off, and is the same as in one go.
func TestArchiveInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.Open(t, "sqlite"))
	for i := range 12 {
		w.now = w.now.Add(time.Second)
		w.writes(w.ws, string(rune('a'+i)), w.stored(w.ws, "f.txt", strings.Repeat("x", 10+i)), w.stored(w.ws, "g.txt", "g"))
	}
	o := options(parley.ExportZIP)
	want := w.unzip(w.stream(w.ws, o))
	s := w.service(export.Limits{Ahead: 2, Part: 1, Slice: time.Nanosecond})
	e, err := s.Create(w.ctx, w.ws, "", o)
	w.ok(err)
	rounds := 0
	for ; e.State != parley.ExportDone && rounds < 50; rounds++ {
		_ = s.Work(w.ctx, parley.Work{Kind: parley.WorkExport, Key: e.ID, WorkspaceID: w.ws, Attempt: 1}) // snoozes
		r, err := w.Export(w.ctx, w.ws, e.ID)
		w.ok(err)
		e = &r.Export
	}
	got := w.unzip(w.download(s, e.ID))
	if rounds < 3 || len(got) != 25 || len(want) != 25 {
		t.Errorf("after %d rounds %d entries instead of %d", rounds, len(got), len(want))
	}
	for name, content := range want {
		if got[name] != content {
			t.Errorf("%s is %d bytes instead of %d", name, len(got[name]), len(content))
		}
	}
}
