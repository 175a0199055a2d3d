package whatsapp

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"parley"
	"parley/internal/channel/whatsapp/graph"
)

// margin is what the change from Markdown to WhatsApp's formatting may add.
const margin = 96

// Split implements channel.Splitter: WhatsApp takes 4,096 characters of text,
// and one file in a message. What can be tapped is beneath the last part.
func (c *Channel) Split(m parley.Message) []parley.Message {
	if m.Type == parley.MessageTemplate {
		return []parley.Message{m}
	}
	form := formOf(m.Choices)
	most, last := maxText-margin, maxText-margin
	switch form {
	case inButtons, inList:
		last = maxInteractive - margin
	case inNumbers:
		last = maxText - margin - graph.Length(numbered(m.Choices)) - 2
	}
	if len(m.Attachments) == 0 {
		return texts(m, pieces(m.Content, most, last), m.Choices)
	}
	files := partsOfFiles(m)
	hasText := strings.TrimSpace(m.Content) != ""
	switch {
	case len(m.Choices) > 0:
		return append(files, texts(m, pieces(m.Content, most, last), m.Choices)...)
	case !hasText:
		return files
	case graph.Length(m.Content) <= maxCaption-margin && takesCaption(uploadKind(&m.Attachments[0], m.Type)):
		files[0].Content = m.Content
		return files
	}
	return append(texts(m, pieces(m.Content, most, most), nil), files...)
}

// texts makes a message of each piece of text.
func texts(m parley.Message, of []string, choices []string) []parley.Message {
	var out []parley.Message
	for i, text := range of {
		part := m
		part.Content, part.Attachments, part.Choices, part.Payload = text, nil, nil, nil
		if len(m.Attachments) > 0 {
			part.Type = parley.MessageText
		}
		if i == 0 && len(m.Attachments) == 0 {
			part.Payload = m.Payload
		}
		if i == len(of)-1 {
			part.Choices = choices
		}
		out = append(out, part)
	}
	return out
}

// partsOfFiles makes a message of each file.
func partsOfFiles(m parley.Message) []parley.Message {
	var out []parley.Message
	for i := range m.Attachments {
		part := m
		part.Attachments, part.Content, part.Choices, part.Payload = m.Attachments[i:i+1:i+1], "", nil, nil
		if i > 0 || !isFile(m.Type) {
			part.Type = mediaTypes[uploadKind(&m.Attachments[i], "")]
		}
		out = append(out, part)
	}
	return out
}

// isFile reports whether messages of a type are a file.
func isFile(t parley.MessageType) bool {
	for _, of := range mediaTypes {
		if t == of {
			return true
		}
	}
	return false
}

// head returns at most n characters from the start of s, and never a part of
// what people see as one. Where even the first is longer, it is broken.
func head(s string, n int) string {
	end, used := 0, 0
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		size := graph.Length(cluster)
		if used+size > n {
			if end == 0 {
				return runes(s, n)
			}
			return s[:end]
		}
		used += size
		end += len(cluster)
	}
	return s
}

// runes cuts inside of a cluster that is longer than a whole message.
func runes(s string, n int) string {
	used := 0
	for i, r := range s {
		if used += graph.Length(string(r)); used > n && i > 0 {
			return s[:i]
		}
	}
	return s
}

const fence = "```"

// pieces cuts text into parts whose length is at most that of most, and of last
// for the last one. A block of code that is cut is closed and opened again.
func pieces(s string, most, last int) []string {
	if graph.Length(s) <= last {
		return []string{s}
	}
	var out []string
	rest := strings.TrimSpace(s)
	for graph.Length(rest) > last {
		room, least := most, most/4
		if n := graph.Length(rest); n <= most {
			// It would fit, but not with what is beneath it: the end is cut off, as
			// much of it as is worth a message.
			room, least = n-last/4, n-last
		}
		piece := rest[:cutAt(rest, room-len(fence)-1, least)]
		rest = rest[len(piece):]
		piece = strings.TrimRightFunc(piece, unicode.IsSpace)
		if strings.Count(piece, fence)%2 == 1 && strings.TrimSpace(rest) != "" {
			piece += "\n" + fence
			rest = fence + "\n" + strings.TrimPrefix(rest, "\n")
		}
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if piece != "" {
			out = append(out, piece)
		}
	}
	if rest != "" {
		out = append(out, rest)
	}
	return out
}

// cutAt returns where to cut s so that at most n characters remain: after a
// paragraph, else a sentence, a line or a word, as long as more than
// least characters remain.
func cutAt(s string, n, least int) int {
	window := head(s, n)
	if len(window) == len(s) {
		return len(s)
	}
	from := len(head(s, least))
	if i := strings.LastIndex(window, "\n\n"); i > from {
		return i
	}
	if i := lastSentence(window); i > from {
		return i
	}
	if i := strings.LastIndexFunc(window, unicode.IsSpace); i > from {
		return i
	}
	return len(window)
}

// lastSentence returns the end of the last whole sentence or line in s.
func lastSentence(s string) int {
	end := strings.LastIndexByte(s, '\n')
	prev, before := rune(0), rune(0)
	for i, r := range s {
		switch {
		case unicode.IsSpace(r) && strings.ContainsRune(".!?…؟", prev) && !unicode.IsDigit(before):
			end = max(end, i)
		case strings.ContainsRune("。！？", prev):
			end = max(end, i)
		}
		before, prev = prev, r
	}
	return end
}
