package channeltest

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"parley"
	"parley/internal/channel"
)

// WithSender is a peer of a channel that sends for a number.
type WithSender interface {
	Sender() *parley.Sender
}

// address puts the peer's sender on a message, where it has one.
func address(peer Peer, out *channel.Outbound) *channel.Outbound {
	if s, ok := peer.(WithSender); ok {
		out.Sender = s.Sender()
	}
	return out
}

// runOptional tests what a channel can do beyond sending.
func runOptional(t *testing.T, open func(t *testing.T) (channel.Pusher, Peer)) {
	t.Helper()
	t.Run("split", func(t *testing.T) {
		t.Parallel()
		p, _ := open(t)
		if s, ok := p.(channel.Splitter); ok {
			checkSplitter(t, s)
		}
	})
	t.Run("every part is accepted", func(t *testing.T) {
		t.Parallel()
		p, peer := open(t)
		s, ok := p.(channel.Splitter)
		if !ok {
			return
		}
		for i, part := range s.Split(parley.Message{Role: parley.ByAssistant, Type: parley.MessageText, Content: long}) {
			out := address(peer, Message(p.Source(), "key", part.Content))
			if _, err := p.Send(t.Context(), out); err != nil {
				t.Errorf("part %d: %v", i, err)
			}
		}
	})
	t.Run("pace", func(t *testing.T) {
		t.Parallel()
		p, peer := open(t)
		pacer, ok := p.(channel.Pacer)
		if !ok {
			return
		}
		out := address(peer, Message(p.Source(), "key", "Hello"))
		if wait := pacer.Pace(out); wait != 0 {
			t.Fatalf("the first message has to wait %s", wait)
		}
		for range 10_000 {
			if wait := pacer.Pace(out); wait != 0 {
				if wait < 0 {
					t.Errorf("it waits %s", wait)
				}
				return
			}
		}
		t.Error("it never has to wait")
	})
	t.Run("signal to an absent peer", func(t *testing.T) {
		t.Parallel()
		p, peer := open(t)
		s, ok := p.(channel.Signaller)
		if !ok {
			return
		}
		sender := address(peer, Message(p.Source(), "key", "")).Sender
		if err := s.Signal(t.Context(), sender, "provider-id", true); err != nil {
			t.Errorf("a signal: %v", err)
		}
		peer.Behave(IsAbsent)
		if err := s.Signal(t.Context(), sender, "provider-id", false); err == nil {
			t.Error("the peer is absent, and nobody says so")
		}
	})
}

// long is longer than any protocol takes at once, with paragraphs, sentences,
// and what must not be taken apart.
var long = strings.Repeat("A sentence about ünïcode 👩‍👩‍👧‍👦. Another one, e\u0301 with a mark! Is it long?\n\n", 400)

func checkSplitter(t *testing.T, s channel.Splitter) {
	t.Helper()
	file := func(id, mime string) parley.Attachment {
		return parley.Attachment{ID: id, Name: id, MIMEType: mime, Size: 10}
	}
	for name, m := range map[string]parley.Message{
		"short":             {Content: "Hello"},
		"empty":             {},
		"long":              {Content: long},
		"without spaces":    {Content: strings.Repeat("x", 20_000)},
		"joined":            {Content: strings.Repeat("👩‍👩‍👧‍👦", 3000)},
		"code":              {Content: "Run this:\n```sh\n" + strings.Repeat("echo hello world\n", 800) + "```\nDone."},
		"choices":           {Content: "Which one?", Choices: []string{"A", "B"}},
		"long with choices": {Content: long, Choices: []string{"The first", "The second", "The third", "The fourth"}},
		"a file":            {Content: "Look", Attachments: []parley.Attachment{file("a", "image/png")}},
		"files":             {Content: long, Attachments: []parley.Attachment{file("a", "audio/ogg"), file("b", "application/pdf")}},
		"all":               {Content: "Look", Attachments: []parley.Attachment{file("a", "image/png"), file("b", "video/mp4")}, Choices: []string{"Yes"}},
		"many long choices": {Content: long, Choices: slices.Repeat([]string{strings.Repeat("word ", 30)}, 12)},
	} {
		m.Type, m.Role = parley.MessageText, parley.ByAssistant
		checkParts(t, name, m, s.Split(m))
	}
}

// checkParts tests that nothing is lost, doubled or broken.
func checkParts(t *testing.T, name string, m parley.Message, parts []parley.Message) {
	t.Helper()
	if len(parts) == 0 {
		t.Errorf("%s: there is no part", name)
		return
	}
	var text strings.Builder
	var files []string
	for i, p := range parts {
		if !utf8.ValidString(p.Content) || strings.HasPrefix(p.Content, "\u200d") || strings.HasPrefix(p.Content, "\u0301") {
			t.Errorf("%s: part %d begins or ends within a character", name, i)
		}
		if len(parts) > 1 && strings.TrimSpace(p.Content) == "" && len(p.Attachments)+len(p.Choices) == 0 {
			t.Errorf("%s: part %d is empty", name, i)
		}
		text.WriteString(p.Content)
		for _, a := range p.Attachments {
			files = append(files, a.ID)
		}
		if i < len(parts)-1 && len(p.Choices) > 0 {
			t.Errorf("%s: the choices are on part %d of %d", name, i+1, len(parts))
		}
	}
	var want []string
	for _, a := range m.Attachments {
		want = append(want, a.ID)
	}
	if !slices.Equal(files, want) {
		t.Errorf("%s: the files are %q", name, files)
	}
	if !slices.Equal(parts[len(parts)-1].Choices, m.Choices) {
		t.Errorf("%s: the last part has the choices %q", name, parts[len(parts)-1].Choices)
	}
	if got, want := bare(text.String()), bare(m.Content); got != want {
		t.Errorf("%s: the text is not the same any more: %d bytes of %d", name, len(got), len(want))
	}
}

// bare leaves out what a split may change: white space, and the fences around
// code that it closes and opens again.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '`' {
			return -1
		}
		return r
	}, s)
}
