package graph

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"

	"parley/internal/metasim/screen"
)

// Meta's limits on what is sent, in characters.
const (
	maxText        = 4096
	maxCaption     = 1024
	maxBody        = 1024
	maxFooter      = 60
	maxButtonTitle = 20
	maxButtonID    = 256
	maxButtons     = 3
	maxRows        = 10
	maxRowTitle    = 24
	maxRowText     = 72
	maxRowID       = 200
)

// Content reads what is sent, checks it and puts it on the screen of a phone.
type Content struct {
	Files     func(id string) *File // what was uploaded; nil: unknown
	Templates func(name, language string) *Template

	Message  screen.Message
	Template *Template // which was sent, if one was
	Later    *Error    // with which the message fails after it was accepted
}

// File is a file that was uploaded.
type File struct {
	Name     string
	MIMEType string
	Data     []byte
}

// Read reads a send. It returns the error with which Meta refuses it.
func (c *Content) Read(req *Send) *Error {
	req.Type = cmp.Or(req.Type, "text")
	kind, m := req.Type, &c.Message
	m.Type = kind
	switch kind {
	case "text":
		if req.Text == nil {
			return Missing("text")
		}
		m.Text = req.Text.Body
		return between("text.body", req.Text.Body, 1, maxText)
	case "image":
		return c.file(kind, req.Image)
	case "video":
		return c.file(kind, req.Video)
	case "audio":
		return c.file(kind, req.Audio)
	case "document":
		return c.file(kind, req.Document)
	case "sticker":
		return c.file(kind, req.Sticker)
	case "interactive":
		return c.interactive(req.Interactive)
	case "template":
		return c.template(req)
	case "reaction":
		if req.Reaction == nil || !strings.HasPrefix(req.Reaction.MessageID, "wamid.") {
			return Missing("reaction.message_id")
		}
		return nil
	case "location":
		if req.Location == nil || req.Location.Latitude == "" || req.Location.Longitude == "" {
			return Missing("location.latitude and location.longitude")
		}
		m.Text = strings.TrimSpace(req.Location.Name + " " + req.Location.Address)
		m.Payload = Raw(req.Location)
		return nil
	case "contacts":
		var cards []json.RawMessage
		if json.Unmarshal(req.Contacts, &cards) != nil || len(cards) == 0 {
			return Missing("contacts")
		}
		m.Payload = req.Contacts
		return nil
	}
	return NewError(131051, "The type %q is not supported.", req.Type)
}

// between checks the length of a text in characters.
func between(what, s string, least, most int) *Error {
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0 && least > 0:
		return Missing(what)
	case n < least || n > most:
		return NewError(131009, "%s has %d characters; it may have %d to %d.", what, n, least, most)
	}
	return nil
}

// file checks a file that is sent: uploaded before, or a link, which is never
// fetched.
func (c *Content) file(kind string, f *FileRef) *Error {
	m := &c.Message
	if f == nil {
		return Missing(kind)
	}
	shown, err := c.shownFile(kind, f)
	if err != nil {
		return err
	}
	m.File, m.Text = shown, f.Caption
	m.File.Voice = f.Voice
	if f.Caption != "" && (kind == "audio" || kind == "sticker") {
		return NewError(131009, "%s takes no caption.", kind)
	}
	if up := c.Files(f.ID); up != nil && !LooksLike(up.Data, up.MIMEType) {
		c.Later = NewError(131053, "The file is not of the type %s.", up.MIMEType)
	}
	return between("caption", f.Caption, 0, maxCaption)
}

func (c *Content) shownFile(kind string, f *FileRef) (*screen.File, *Error) {
	if f.ID == "" {
		u, err := url.Parse(f.Link)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, NewError(131009, "%s needs an id, or a link with http or https.", kind)
		}
		return &screen.File{Link: f.Link, Name: f.Filename}, nil
	}
	up := c.Files(f.ID)
	if up == nil {
		return nil, NewError(131009, "There is no media with the id %q.", f.ID)
	}
	if is := KindOf(up.MIMEType); is != kind && kind != "document" {
		return nil, NewError(131009, "Media of type %s cannot be sent as %s.", up.MIMEType, kind)
	}
	return &screen.File{ID: f.ID, Name: cmp.Or(f.Filename, up.Name), MIMEType: up.MIMEType, Size: len(up.Data)}, nil
}

func (c *Content) interactive(i *Interactive) *Error {
	m := &c.Message
	if i == nil {
		return Missing("interactive")
	}
	if i.Body == nil {
		return Missing("interactive.body")
	}
	m.Text = i.Body.Text
	err := between("interactive.body.text", i.Body.Text, 1, maxBody)
	if i.Footer != nil {
		m.Footer = i.Footer.Text
		err = first(err, between("interactive.footer.text", i.Footer.Text, 0, maxFooter))
	}
	if err = first(err, c.head(m, i)); err != nil {
		return err
	}
	switch i.Type {
	case "button":
		return buttons(m, &i.Action)
	case "list":
		return list(m, &i.Action)
	case "cta_url":
		m.Buttons = []screen.Button{{ID: "url", Title: i.Action.Parameters.DisplayText, Kind: "url", Value: i.Action.Parameters.URL}}
		return between("action.parameters.display_text", i.Action.Parameters.DisplayText, 1, maxButtonTitle)
	case "flow", "location_request_message", "product", "product_list", "contact_request", "voice_call":
		m.Payload = Raw(i)
		return nil
	}
	return NewError(131009, "interactive.type %q is not known.", i.Type)
}

func (c *Content) head(m *screen.Message, i *Interactive) *Error {
	h := i.Header
	if h == nil {
		return nil
	}
	files := map[string]*FileRef{"image": h.Image, "video": h.Video, "document": h.Document}
	switch f := files[h.Type]; {
	case i.Type == "list" && h.Type != "text":
		return NewError(131009, "A list has a header of text only.")
	case h.Type == "text":
		m.Header = h.Text
		return between("interactive.header.text", h.Text, 1, maxFooter)
	case f == nil:
		return NewError(131009, "interactive.header.type %q is not known, or its file is missing.", h.Type)
	default:
		shown, err := c.shownFile(h.Type, f)
		m.File = shown
		return err
	}
}

func buttons(m *screen.Message, a *InteractiveAction) *Error {
	if len(a.Buttons) < 1 || len(a.Buttons) > maxButtons {
		return NewError(131009, "A message has 1 to %d buttons; this one has %d.", maxButtons, len(a.Buttons))
	}
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, b := range a.Buttons {
		if err := first(between("button id", b.Reply.ID, 1, maxButtonID), between("button title", b.Reply.Title, 1, maxButtonTitle)); err != nil {
			return err
		}
		if b.Type != "reply" || ids[b.Reply.ID] || titles[b.Reply.Title] {
			return NewError(131009, "Buttons are of type reply, and their ids and titles differ.")
		}
		ids[b.Reply.ID], titles[b.Reply.Title] = true, true
		m.Buttons = append(m.Buttons, screen.Button{ID: b.Reply.ID, Title: b.Reply.Title, Kind: "reply"})
	}
	return nil
}

func list(m *screen.Message, a *InteractiveAction) *Error {
	if err := between("action.button", a.Button, 1, maxButtonTitle); err != nil {
		return err
	}
	rows, ids := 0, map[string]bool{}
	for _, section := range a.Sections {
		least := 0
		if len(a.Sections) > 1 {
			least = 1
		}
		if err := between("section title", section.Title, least, maxRowTitle); err != nil {
			return err
		}
		for _, r := range section.Rows {
			err := first(between("row id", r.ID, 1, maxRowID), between("row title", r.Title, 1, maxRowTitle), between("row description", r.Description, 0, maxRowText))
			if err != nil {
				return err
			}
			if ids[r.ID] {
				return NewError(131009, "The ids of rows differ.")
			}
			ids[r.ID] = true
			rows++
		}
	}
	if rows < 1 || rows > maxRows {
		return NewError(131009, "A list has 1 to %d rows; this one has %d.", maxRows, rows)
	}
	m.List = &screen.List{Button: a.Button, Sections: a.Sections}
	return nil
}
