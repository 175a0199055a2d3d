package senders_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/engine"
	"parley/internal/senders"
	"parley/internal/store"
)

// upload keeps a file as a member's upload does, and returns its id.
func (o *office) upload(ws, name, mimeType, content string) string {
	o.t.Helper()
	a := &store.StoredAttachment{WorkspaceID: ws, CreatedAt: o.clock.Now(), Attachment: parley.Attachment{
		ID: parley.NewID(o.clock.Now()), Name: name, MIMEType: mimeType,
	}}
	a.Key = blob.AttachmentKey(ws, a.ID)
	var err error
	a.Size, err = o.files.Put(o.ctx, a.Key, strings.NewReader(content), 1<<20)
	o.ok(err)
	o.ok(o.CreateAttachment(o.ctx, a))
	return a.ID
}

const (
	aPicture = "\x89PNG\r\n\x1a\n0000"
	aPDF     = "%PDF-1.7 a form"
)

// withFile is a template of named variables, with a file above and one button of
// each kind.
func withFile(name, format string) *parley.Template {
	return &parley.Template{
		Name: name, Language: "en_US", Category: "MARKETING", Format: "named",
		Components: json.RawMessage(`[{"type":"HEADER","format":"` + format + `"},
			{"type":"BODY","text":"Hello {{first_name}}, look at this.","example":{"body_text_named_params":[{"param_name":"first_name","example":"Ada"}]}},
			{"type":"BUTTONS","buttons":[
				{"type":"URL","text":"Shop","url":"https://shop.example/for/{{1}}","example":["ada"]},
				{"type":"PHONE_NUMBER","text":"Call","phone_number":"+16505551234"},
				{"type":"COPY_CODE","example":"SPRING10"},
				{"type":"QUICK_REPLY","text":"Stop"}]}]`),
	}
}

// What is wrong with the sample of a header is said at its field, and Meta does
// not see the template.
func TestSampleIsChecked(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, o *office) {
		x := o.connected(waba, number)
		theirs := &parley.Workspace{Name: "Other", TimeZone: "UTC", Settings: parley.DefaultWorkspaceSettings()}
		o.ok(o.CreateWorkspace(o.ctx, theirs))
		before := o.calls.Load()
		for name, c := range map[string]struct {
			template *parley.Template
			sample   string
			field    string
		}{
			"none":              {withFile("a", "IMAGE"), "", "components.0.example"},
			"not an id":         {withFile("a", "IMAGE"), "../secret", "header_sample"},
			"unknown":           {withFile("a", "IMAGE"), parley.NewID(o.clock.Now()), "header_sample"},
			"another workspace": {withFile("a", "IMAGE"), o.upload(theirs.ID, "a.png", "image/png", aPicture), "header_sample"},
			"another kind":      {withFile("a", "VIDEO"), o.upload(o.ws, "a.png", "image/png", aPicture), "header_sample"},
			"of a text":         {order("a"), o.upload(o.ws, "a.png", "image/png", aPicture), "header_sample"},
			"the rest is wrong": {withFile("A", "IMAGE"), o.upload(o.ws, "a.png", "image/png", aPicture), "name"},
		} {
			c.template.Sample = c.sample
			_, err := o.service.CreateTemplate(o.ctx, x, c.template)
			if fields := fieldsOf(err); !slices.ContainsFunc(fields, func(f parley.FieldError) bool { return f.Path == c.field }) {
				t.Errorf("%s: %v with %+v", name, err, fields)
			}
		}
		if n := o.calls.Load() - before; n != 0 {
			t.Errorf("Meta was asked %d times", n)
		}
		// Meta looks into the file too.
		lies := withFile("lies", "IMAGE")
		lies.Sample = o.upload(o.ws, "a.png", "image/png", "no picture")
		_, err := o.service.CreateTemplate(o.ctx, x, lies)
		o.fails(err, parley.CodeInvalid, "not of the type")
	})
}

// A template with a file, named variables and every kind of button is approved
// with its sample, and sent to one person with values for each.
func TestTemplateWithFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ format, file, mimeType, content string }{
		"picture":  {"IMAGE", "spring.png", "image/png", aPicture},
		"document": {"DOCUMENT", "offer.pdf", "application/pdf", aPDF},
		"video":    {"VIDEO", "roast.mp4", "video/mp4", "\x00\x00\x00\x18ftypmp42"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(t *testing.T, o *office) {
				x := o.connected(waba, number)
				tpl := withFile("with_"+name, c.format)
				tpl.Sample = o.upload(o.ws, c.file, c.mimeType, c.content)
				_, err := o.service.CreateTemplate(o.ctx, x, tpl)
				o.ok(err)
				made := o.named(x, tpl.Name)
				_, err = o.sim.ReviewTemplate(made.MetaID, parley.TemplateApproved, "")
				o.ok(err)
				o.clock.Move(time.Second)
				o.sync(x)
				fill := senders.Fill{
					Body: map[string]string{"first_name": "Grace"}, Buttons: map[string]string{"0": "grace", "2": "HOPPER"},
				}
				send := func() (*engine.Received, error) {
					return o.service.Send(o.ctx, x, made.ID, fill, senders.To{Phone: "+16505551234"}, engine.Actor{Name: "Anna"})
				}
				for field, file := range map[string]string{
					"nothing": "", "another kind": o.upload(o.ws, "a.gif", "image/gif", "GIF89a"), "unknown": parley.NewID(o.clock.Now()),
				} {
					if fill.HeaderFile = file; c.format == "DOCUMENT" && field == "another kind" {
						continue // a document may be of any type
					}
					_, err := send()
					if fields := fieldsOf(err); len(fields) != 1 || fields[0].Path != "header_file" {
						t.Errorf("%s: %v with %+v", field, err, fields)
					}
				}
				fill.HeaderFile = o.upload(o.ws, c.file, c.mimeType, c.content)
				got, err := send()
				o.ok(err)
				if len(got.Message.Attachments) != 1 || got.Message.Attachments[0].Name != c.file {
					t.Errorf("recorded with %+v", got.Message.Attachments)
				}
				o.runUntilSent(1)
				chat, err := o.sim.Chat("sheena", number, "")
				o.ok(err)
				m := chat.Messages[len(chat.Messages)-1]
				if m.Text != "Hello Grace, look at this." || m.File == nil || m.File.MIMEType != c.mimeType || m.File.Size != len(c.content) {
					t.Errorf("the phone shows %+v with %+v", m, m.File)
				}
				var shown []string
				for _, b := range m.Buttons {
					shown = append(shown, b.Title+" "+b.Value)
				}
				if want := []string{"Shop https://shop.example/for/grace", "Call +16505551234", "Copy code HOPPER", "Stop "}; !slices.Equal(shown, want) {
					t.Errorf("its buttons are %q", shown)
				}
				if _, _, err := o.sim.Media(m.File.ID); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
