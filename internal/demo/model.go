package demo

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"unicode/utf8"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/builtin"
)

// sampleModelName is the model that the history's first weeks name, so that the
// demo has costs to show. It was never called: the workspace's name and the
// provider's say that the data is made up.
const sampleModelName = "gpt-4.1"

// sampleModel answers as the built-in answerer does and reports the usage that
// a model would have: a token for about four characters.
type sampleModel struct {
	builtin.Model
	fail atomic.Bool // the next reply fails; evaluations run beside it and do not count
}

// Stream implements llm.Model.
func (m *sampleModel) Stream(ctx context.Context, req *llm.Request, onText func(string) error) (*llm.Response, error) {
	if req.Context.Purpose == parley.UsageReply && m.fail.CompareAndSwap(true, false) {
		return nil, &llm.Error{Class: llm.NoCredit, Message: "The account at the provider is out of money: top it up, or choose another model."}
	}
	resp, err := m.Model.Stream(ctx, req, onText)
	if err != nil {
		return resp, err
	}
	in := tokens(req.System)
	for i := range req.Messages {
		in += tokens(req.Messages[i].Text) + 4
	}
	for i := range req.Tools {
		in += tokens(string(req.Tools[i].Parameters)) + tokens(req.Tools[i].Description)
	}
	out := tokens(resp.Text)
	for i := range resp.ToolCalls {
		out += tokens(string(resp.ToolCalls[i].Arguments)) + 8
	}
	raw, err := json.Marshal(map[string]int64{"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out})
	if err != nil {
		return resp, err
	}
	resp.Model, resp.Usage = sampleModelName, &llm.Usage{InputTokens: &in, OutputTokens: &out, Raw: raw}
	return resp, nil
}

func tokens(s string) int64 { return int64(utf8.RuneCountInString(s)+3) / 4 }

// models are the providers of the seeding engine.
func (s *seeder) models() map[string]func(*parley.Provider) (llm.Model, error) {
	s.model.Now = s.past.Now
	return map[string]func(*parley.Provider) (llm.Model, error){
		parley.BuiltinProvider: func(*parley.Provider) (llm.Model, error) { return &builtin.Model{Now: s.past.Now}, nil },
		"openai":               func(*parley.Provider) (llm.Model, error) { return s.model, nil },
	}
}
