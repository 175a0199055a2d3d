package export

import (
	_ "embed" // the style of the page
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/store/exports"
	"parley/internal/transcript"
)

// PagePolicy is the Content-Security-Policy of everything that is exported: a
// page to print shows the pictures that are in it and runs nothing.
const PagePolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

// MaxPage is how many conversations a page to print may have: browsers hold all of
// it in memory.
const MaxPage = 1000

//go:embed page.css
var pageStyle string

// page is the format of pages to print. The pictures are in the page, so that it
// is whole wherever it is opened.
type page struct {
	*setup
	html *webchat.Renderer
}

func openPage(s *setup) (format, error) { return &page{s, webchat.NewRenderer()}, nil }

func (*page) parts() exports.Parts {
	return exports.Parts{Messages: true, Variables: true, Evaluation: true}
}

func (*page) head(w *writer) error {
	w.WriteString("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>Conversations</title>\n<style>\n")
	w.WriteString(pageStyle)
	w.WriteString("</style>\n<main>\n")
	return nil
}

func (*page) tail(w *writer) error {
	w.WriteString("</main>\n</html>\n")
	return nil
}

func (p *page) conversation(w *writer, c *Conversation) error {
	info := infoOf(c, p.zone)
	w.printf("<article>\n<h1 dir=\"auto\">%s</h1>\n<dl>\n", html.EscapeString(title(info)))
	for _, f := range p.facts(c) {
		w.printf("<dt>%s</dt><dd dir=\"auto\">%s</dd>\n", html.EscapeString(f[0]), html.EscapeString(f[1]))
	}
	w.WriteString("</dl>\n")
	days := transcript.NewDays(info)
	err := c.each(func(m *parley.Message) error {
		if m.Role == parley.ByTool {
			return nil
		}
		if day := days.Change(m.CreatedAt); day != "" {
			w.printf("<h2>%s</h2>\n", day)
		}
		if err := p.message(w, c, m); err != nil {
			return err
		}
		return w.spill()
	})
	w.WriteString("</article>\n")
	return err
}

func title(info transcript.Info) string {
	if info.Contact == "" {
		return info.Assistant
	}
	return info.Contact + " · " + info.Assistant
}

// facts stand above the messages: what, and its value.
func (p *page) facts(c *Conversation) [][2]string {
	at := func(t time.Time) string { return t.In(p.zone).Format("2 January 2006, 15:04 -07:00") }
	all := [][2]string{{"Source", c.Source.Name()}, {"Started", at(c.StartedAt)}}
	add := func(name, value string) {
		if value != "" {
			all = append(all, [2]string{name, value})
		}
	}
	if !c.EndedAt.IsZero() {
		add("Ended", at(c.EndedAt))
	}
	add("Phone", c.ContactPhone)
	if e := c.Evaluation; e != nil && e.Error == "" {
		add("Topic", e.Topic)
		add("Summary", e.Summary)
		resolved := "no"
		if e.Resolved {
			resolved = "yes"
		}
		add("Resolved", resolved)
	}
	for i := range c.Variables {
		v := &c.Variables[i]
		add(v.Name, fmt.Sprint(variableCell(v)))
	}
	return append(all, [2]string{"Conversation", c.ID})
}

func (p *page) message(w *writer, c *Conversation, m *parley.Message) error {
	time := m.CreatedAt.In(p.zone)
	w.printf("<section class=\"%s\">\n<header><b>%s</b> <time datetime=\"%s\">%s</time></header>\n<div class=\"said\" dir=\"auto\">\n",
		m.Role, html.EscapeString(speaker(c, m)), time.Format("2006-01-02T15:04:05Z07:00"), time.Format("15:04:05"))
	if m.DeletedAt.IsZero() {
		for i := range m.Attachments {
			if err := p.attachment(w, &m.Attachments[i]); err != nil {
				return err
			}
		}
		w.WriteString(p.html.HTML(m.Role, m.Content))
	} else {
		w.WriteString("<p>[Deleted]</p>")
	}
	w.WriteString("\n</div>\n</section>\n")
	return nil
}

// speaker names who wrote a message.
func speaker(c *Conversation, m *parley.Message) string {
	switch {
	case m.Role == parley.ByUser && c.ContactName != "":
		return c.ContactName
	case m.Role == parley.ByAssistant && c.AssistantName != "":
		return c.AssistantName
	}
	return transcript.Speaker(m)
}

// pictures are the types that every browser shows.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// attachment shows a picture, and names other files. Where personal data is to be
// hidden there are no pictures: nobody knows what they show.
func (p *page) attachment(w *writer, a *parley.Attachment) error {
	w.WriteString("<figure>")
	shown := false
	if len(p.options.Hide) == 0 {
		var err error
		if shown, err = p.picture(w, a); err != nil {
			return err
		}
	}
	said := a.Reading
	if !shown {
		said = transcript.Media(a)
	}
	if said != "" {
		w.printf("<figcaption dir=\"auto\">%s</figcaption>", html.EscapeString(said))
	}
	w.WriteString("</figure>\n")
	return nil
}

// picture writes a picture into the page; false if it is none, or not here.
func (p *page) picture(w *writer, a *parley.Attachment) (bool, error) {
	known := ""
	for _, t := range pictures {
		if strings.EqualFold(a.MIMEType, t) {
			known = t
		}
	}
	if known == "" {
		return false, nil
	}
	_, f, err := p.file(a.ID)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = f.Close() }()
	w.printf("<img alt=\"%s\" src=\"data:%s;base64,", html.EscapeString(a.Name), known)
	e := base64.NewEncoder(base64.StdEncoding, spilling{w})
	if _, err := io.Copy(e, f); err != nil {
		return false, err
	}
	if err := e.Close(); err != nil {
		return false, err
	}
	w.WriteString("\">")
	return true, nil
}

// spilling passes on what is written as it becomes much.
type spilling struct{ *writer }

// Write implements io.Writer.
func (s spilling) Write(b []byte) (int, error) {
	n, _ := s.Buffer.Write(b) // never fails
	return n, s.spill()
}
