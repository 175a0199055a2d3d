// Package transcript writes a conversation down as plain text or Markdown, in a
// reader's time zone.
package transcript

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"parley"
)

// Info is what stands above a transcript.
type Info struct {
	Assistant string
	Contact   string
	StartedAt time.Time
	LastAt    time.Time // of the last message
	Zone      *time.Location
	Speakers  map[parley.MessageRole]string // what is said in place of Speaker
}

// Writer takes a conversation down, message by message.
type Writer struct {
	b        *strings.Builder
	info     Info
	days     *Days
	markdown bool
}

// NewText returns a writer of one line per message, as in `[10:30:15] User: Hi`,
// with a line for each new day when the conversation lasts longer than one.
func NewText(b *strings.Builder, info Info) *Writer {
	return &Writer{b: b, info: info, days: NewDays(info)}
}

// NewMarkdown returns a writer of a heading, which it writes at once, and one
// paragraph per message.
func NewMarkdown(b *strings.Builder, info Info) *Writer {
	fmt.Fprintf(b, "# %s and %s\n\n%s (%s)\n", escape(info.Contact), escape(info.Assistant),
		info.StartedAt.In(info.Zone).Format("2 January 2006, 15:04"), info.Zone)
	return &Writer{b: b, info: info, days: NewDays(info), markdown: true}
}

// Text returns a conversation as NewText writes it.
func Text(info Info, messages []parley.Message) string { return whole(NewText, info, messages) }

// Markdown returns a conversation as NewMarkdown writes it.
func Markdown(info Info, messages []parley.Message) string {
	return whole(NewMarkdown, info, messages)
}

func whole(form func(*strings.Builder, Info) *Writer, info Info, messages []parley.Message) string {
	var b strings.Builder
	w := form(&b, info)
	for i := range messages {
		w.Message(&messages[i])
	}
	return b.String()
}

// Message takes down the next message.
func (w *Writer) Message(m *parley.Message) {
	text, ok := Content(m)
	if !ok {
		return
	}
	day, at := w.days.Change(m.CreatedAt), m.CreatedAt.In(w.info.Zone).Format(time.TimeOnly)
	speaker := cmp.Or(w.info.Speakers[m.Role], Speaker(m))
	if !w.markdown {
		if day != "" {
			fmt.Fprintf(w.b, "--- %s ---\n", day)
		}
		fmt.Fprintf(w.b, "[%s] %s: %s\n", at, speaker, text)
		return
	}
	if day != "" {
		fmt.Fprintf(w.b, "\n## %s\n", day)
	}
	if m.Role != parley.ByAssistant {
		text = escape(text)
	}
	fmt.Fprintf(w.b, "\n**%s** · %s\n\n%s\n", escape(speaker), at, text)
}

// Speaker is who wrote a message, in the words of the transcript.
func Speaker(m *parley.Message) string {
	switch m.Role {
	case parley.ByUser:
		return "User"
	case parley.ByOperator:
		if m.AuthorName != "" {
			return m.AuthorName
		}
		return "Operator"
	case parley.BySystem:
		return "System"
	case parley.ByAssistant, parley.ByTool:
	}
	return "AI"
}

// Content is what a message says; false for what was not said to anybody.
func Content(m *parley.Message) (string, bool) {
	if m.Role == parley.ByTool {
		return "", false
	}
	if !m.DeletedAt.IsZero() {
		return "[Deleted]", true
	}
	var parts []string
	for i := range m.Attachments {
		parts = append(parts, Media(&m.Attachments[i]))
	}
	if m.Content != "" {
		parts = append(parts, m.Content)
	}
	return strings.Join(parts, " "), len(parts) > 0
}

// Media stands for a file, as in `[Image]`, `[Voice note: where is my order]` or
// `[Document: price list.pdf]`.
func Media(a *parley.Attachment) string {
	kind, _, _ := strings.Cut(a.MIMEType, "/")
	what, more := "Document", a.Name
	switch kind {
	case "image":
		what, more = "Image", a.Reading
	case "audio":
		what, more = "Voice note", a.Reading
	case "video":
		what, more = "Video", ""
	}
	if a.State == parley.AttachmentMissing {
		what += ", missing"
	}
	if more = strings.Join(strings.Fields(more), " "); more != "" {
		what += ": " + more
	}
	return "[" + what + "]"
}

// escape keeps what people typed from being read as Markdown.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "#", `\#`, "<", `\<`, "[", `\[`, "!", `\!`).Replace(s)
}

// Days knows when a new day begins.
type Days struct {
	zone *time.Location
	last string
	many bool
}

// NewDays returns the days of a conversation.
func NewDays(info Info) *Days {
	d := &Days{zone: info.Zone}
	d.many = d.name(info.StartedAt) != d.name(info.LastAt)
	return d
}

func (d *Days) name(t time.Time) string { return t.In(d.zone).Format("Monday, 2 January 2006") }

// Change returns the name of the day of t if it differs from the one before, and
// the conversation lasts longer than one.
func (d *Days) Change(t time.Time) string {
	name := d.name(t)
	if !d.many || name == d.last {
		return ""
	}
	d.last = name
	return name
}
