package export

import (
	"strings"
	"time"

	"parley"
	"parley/internal/store/exports"
	"parley/internal/transcript"
)

// markdown is the format of transcripts, one after the other.
type markdown struct{ zone *time.Location }

func openMarkdown(s *setup) (format, error) { return markdown{s.zone}, nil }

func (markdown) parts() exports.Parts { return exports.Parts{Messages: true} }

func (markdown) head(*writer) error { return nil }

func (markdown) tail(*writer) error { return nil }

func (f markdown) conversation(w *writer, c *Conversation) error {
	var b strings.Builder
	m := transcript.NewMarkdown(&b, infoOf(c, f.zone))
	err := c.each(func(said *parley.Message) error {
		m.Message(said)
		w.WriteString(b.String())
		b.Reset()
		return w.spill()
	})
	w.WriteString(b.String()) // the heading of one without messages
	w.WriteString("\n---\n\n")
	return err
}
