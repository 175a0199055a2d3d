// Package builtin is the built-in answerer: it answers from an assistant's
// knowledge by quoting it, says when it does not know, collects the assistant's
// variables by asking, and hands over. It needs no key and no network.
//
// It is not an LLM and must never pretend to be one: it writes no sentence of
// its own but set phrases, quotes the rest word for word, and names the source.
// A reply is a function of the request alone, and of the clock where a person
// writes "tomorrow".
package builtin

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"parley"
	"parley/internal/lang"
	"parley/internal/llm"
)

// Model is the built-in answerer. The zero value is ready to use.
type Model struct {
	Now func() time.Time // for dates such as "tomorrow"; nil: they are not understood
	// Pace is the pause between two pieces of a streamed reply. A whole reply
	// never takes longer than MostPace.
	Pace time.Duration
}

// MostPace bounds the pauses of one reply.
const MostPace = 400 * time.Millisecond

var (
	_ llm.Model   = (*Model)(nil)
	_ llm.Checker = (*Model)(nil)
)

// Check always succeeds: there is nothing to reach and nothing to configure.
func (m *Model) Check(context.Context, string) error { return nil }

// Stream composes the reply and hands it out in small pieces. Its only errors
// are those of the context and of onText.
func (m *Model) Stream(ctx context.Context, req *llm.Request, onText func(string) error) (*llm.Response, error) {
	if req.Schema != nil || req.Context.Purpose == parley.UsageEvaluation {
		resp := evaluate(req, m.now())
		return m.deliver(ctx, req, resp, onText, 0)
	}
	t := newTurn(req, m.now())
	return m.deliver(ctx, req, t.reply(), onText, m.Pace)
}

func (m *Model) now() time.Time {
	if m.Now == nil {
		return time.Time{}
	}
	return m.Now()
}

// deliver streams the text of a reply and counts its words.
func (m *Model) deliver(ctx context.Context, req *llm.Request, resp *llm.Response, onText func(string) error, pace time.Duration) (*llm.Response, error) {
	resp.Model = parley.BuiltinModel
	resp.Usage = usage(req, resp)
	pieces := pieces(resp.Text)
	if n := time.Duration(len(pieces)); n > 0 {
		pace = min(pace, MostPace/n)
	}
	for i, p := range pieces {
		if i > 0 && pace > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(pace):
			}
		}
		if err := ctx.Err(); err != nil {
			return resp, err
		}
		if err := onText(p); err != nil {
			return resp, err
		}
	}
	return resp, nil
}

// pieceRunes is about how long a streamed piece is.
const pieceRunes = 12

// pieces cuts a text before spaces, and scripts without spaces anywhere.
func pieces(text string) []string {
	var out []string
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n >= pieceRunes && (r == ' ' || r == '\n' || n >= 3*pieceRunes) {
			out = append(out, b.String())
			b.Reset()
			n = 0
		}
		b.WriteRune(r)
		n++
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}

// usage counts words, since there are no tokens; Raw says so.
func usage(req *llm.Request, resp *llm.Response) *llm.Usage {
	in := int64(len(lang.Words(req.System)))
	for _, m := range req.Messages {
		in += int64(len(lang.Words(m.Text)))
	}
	out := int64(len(lang.Words(resp.Text)))
	for _, c := range resp.ToolCalls {
		out += int64(len(lang.Words(string(c.Arguments))))
	}
	raw, err := json.Marshal(map[string]any{
		"counted_by": parley.BuiltinModel, "unit": "words", "input_words": in, "output_words": out,
	})
	if err != nil {
		raw = nil
	}
	return &llm.Usage{InputTokens: &in, OutputTokens: &out, Raw: raw}
}
