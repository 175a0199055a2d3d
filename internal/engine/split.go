package engine

import (
	"strings"

	"parley"
	"parley/internal/channel"
)

// split returns the parts in which the source's channel takes a message.
func (e *Engine) split(source parley.Source, m parley.Message) []parley.Message {
	if s, ok := e.cfg.Channels[source].(channel.Splitter); ok {
		return s.Split(m)
	}
	return []parley.Message{m}
}

// packed joins the assistant's texts of a turn into one message, because the
// channels that send each message out charge for each, and splits it where the
// channel takes less at a time. Other messages stay where they are, before it.
func (e *Engine) packed(source parley.Source, turn []parley.Message) []parley.Message {
	var out []parley.Message
	var texts []string
	var joined parley.Message
	for _, m := range turn {
		if m.Role != parley.ByAssistant {
			out = append(out, m)
			continue
		}
		if m.Content != "" {
			texts = append(texts, m.Content)
		}
		joined = m // the last has the choices
	}
	if len(texts) == 0 {
		return turn
	}
	joined.Content = strings.Join(texts, paragraph)
	for i, part := range e.split(source, joined) {
		if i > 0 {
			part.ID = parley.NewID(e.now())
		}
		out = append(out, part)
	}
	return out
}
