package llmtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley"
	"parley/internal/llm"
)

// Key is the API key that the models of the conformance cases have; no error may
// hold it.
const Key = "sk-conformance-Zx81kQw7vTT0secret42"

// Case is something that the adapter of every provider must do.
type Case struct {
	Name  string
	Reply Reply // what the server does
	// Impatient cases wait until the time-outs of the model have run out.
	Impatient bool
	// Run calls the model and says what is wrong, nil for nothing.
	Run func(ctx context.Context, m llm.Model) error
}

// Conformance returns the cases of the contract of llm.Model.
func Conformance() []Case {
	long := HalfStream(2, "one two three")
	return []Case{
		{Name: "text", Reply: Text("Good morning to you."), Run: saysWhole},
		{Name: "tool calls", Reply: Calls(
			Call{ID: "a", Name: "weather", Arguments: `{"city":"Ulm","days":3}`}, Call{ID: "b", Name: "time"},
			Call{ID: "c", Name: "broken", Arguments: `{"city":`}), Run: callsTools},
		{Name: "JSON of a schema", Reply: Text("```json\n{\"resolved\": true}\n```"), Run: answersJSON},
		{Name: "usage that cannot be", Reply: Reply{
			Deltas: []string{"a"}, Started: `{"input_tokens":-5}`,
			Usage: `{"prompt_tokens":-5,"completion_tokens":"many","input_tokens":1.5,"output_tokens":"many"}`,
		}, Run: countsNothing},
		{Name: "an error of onText", Reply: Stall(2, "one two three"), Run: stopsWhenTold},
		{Name: "canceled", Reply: Stall(1, "one two"), Run: stopsWhenCanceled},
		{Name: "out of time", Reply: SlowStart(time.Minute, "late"), Run: stopsAtTheDeadline},
		{Name: "slow first token", Reply: SlowStart(time.Minute, "late"), Impatient: true, Run: fails(llm.Timeout, "")},
		{Name: "stall", Reply: Stall(2, "one two three"), Impatient: true, Run: fails(llm.Timeout, "one two ")},
		{Name: "half a stream", Reply: long, Run: fails(llm.Truncated, "one two ")},
		{Name: "ends early", Reply: EndsEarly("one two"), Run: fails(llm.Truncated, "one two")},
		{Name: "malformed JSON", Reply: MalformedJSON("one"), Run: fails(llm.Malformed, "one")},
		{Name: "a web page", Reply: HTML(), Run: fails(llm.Malformed, "")},
		{Name: "other JSON", Reply: Reply{Body: `{"hello":"world"}`}, Run: fails(llm.Malformed, "")},
		{Name: "redirect", Reply: Reply{Status: 307, Header: http.Header{"Location": {"http://127.0.0.1:1/"}}},
			Run: fails(llm.BadRequest, "")},
		{Name: "the key is wrong", Reply: Unauthorized(Key), Run: fails(llm.Auth, "")},
		{Name: "unknown model", Reply: UnknownModel("m"), Run: fails(llm.NoModel, "")},
		{Name: "too many requests", Reply: RateLimited("7"), Run: waits(7 * time.Second)},
		{Name: "out of money", Reply: Reply{Status: http.StatusPaymentRequired}, Run: fails(llm.NoCredit, "")},
		{Name: "too large", Reply: Reply{Status: http.StatusRequestEntityTooLarge}, Run: fails(llm.TooLong, "")},
		{Name: "500", Reply: ServerError(500), Run: fails(llm.Overloaded, "")},
		{Name: "529", Reply: ServerError(529), Run: fails(llm.Overloaded, "")},
	}
}

func hello() *llm.Request {
	return &llm.Request{Model: "m", Messages: []llm.Message{{Role: parley.ByUser, Text: "Hello?"}}}
}

// Ask calls the model and joins the pieces.
func Ask(ctx context.Context, m llm.Model, req *llm.Request) (string, *llm.Response, error) {
	var text strings.Builder
	resp, err := m.Stream(ctx, req, func(s string) error {
		text.WriteString(s)
		return nil
	})
	return text.String(), resp, err
}

func saysWhole(ctx context.Context, m llm.Model) error {
	text, resp, err := Ask(ctx, m, hello())
	switch {
	case err != nil:
		return err
	case text != "Good morning to you." || resp.Text != text || resp.FinishReason == "" || resp.Model != "m":
		return fmt.Errorf("text %q, response %+v", text, resp)
	case resp.Usage == nil || *resp.Usage.InputTokens != 10 || *resp.Usage.OutputTokens != 4 || !json.Valid(resp.Usage.Raw):
		return fmt.Errorf("usage %+v", resp.Usage)
	}
	return nil
}

func callsTools(ctx context.Context, m llm.Model) error {
	_, resp, err := Ask(ctx, m, hello())
	if err != nil {
		return err
	}
	var got []string
	for _, c := range resp.ToolCalls {
		got = append(got, c.ID+" "+c.Name+" "+string(c.Arguments))
	}
	if s := strings.Join(got, "|"); s != `a weather {"city":"Ulm","days":3}|b time {}|c broken "{\"city\":"` {
		return fmt.Errorf("calls %s", s)
	}
	return nil
}

func answersJSON(ctx context.Context, m llm.Model) error {
	req := hello()
	req.Schema = &llm.Schema{Name: "s", Schema: json.RawMessage(`{"type":"object"}`)}
	_, resp, err := Ask(ctx, m, req)
	if err == nil && resp.Text != `{"resolved": true}` {
		err = fmt.Errorf("text %q", resp.Text)
	}
	return err
}

func countsNothing(ctx context.Context, m llm.Model) error {
	_, resp, err := Ask(ctx, m, hello())
	if err == nil && (resp.Usage == nil || resp.Usage.InputTokens != nil || resp.Usage.OutputTokens != nil) {
		err = fmt.Errorf("usage %+v", resp.Usage)
	}
	return err
}

func stopsWhenTold(ctx context.Context, m llm.Model) error {
	stop := errors.New("stop")
	resp, err := m.Stream(ctx, hello(), func(string) error { return stop })
	if !errors.Is(err, stop) || resp == nil || resp.Text != "one " {
		return fmt.Errorf("error %w, response %+v", err, resp)
	}
	return nil
}

func stopsWhenCanceled(ctx context.Context, m llm.Model) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	resp, err := m.Stream(ctx, hello(), func(string) error { cancel(); return nil })
	if llm.ErrorClass(err) != llm.Canceled || !errors.Is(err, context.Canceled) || resp == nil || resp.Text != "one " {
		return fmt.Errorf("error %w, response %+v", err, resp)
	}
	return nil
}

func stopsAtTheDeadline(ctx context.Context, m llm.Model) error {
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, _, err := Ask(ctx, m, hello())
	if llm.ErrorClass(err) != llm.Timeout || !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("error %w", err)
	}
	return nil
}

// fails wants a failure of a class, in words without the key, after some text.
func fails(class llm.Class, after string) func(context.Context, llm.Model) error {
	return func(ctx context.Context, m llm.Model) error {
		text, resp, err := Ask(ctx, m, hello())
		e, ok := errors.AsType[*llm.Error](err)
		switch {
		case !ok || e.Class != class || e.Message == "":
			return fmt.Errorf("error %w, want one of class %s", err, class)
		case text != after || resp != nil && resp.Text != after || resp == nil && after != "":
			return fmt.Errorf("text %q, response %+v, want %q", text, resp, after)
		case strings.Contains(e.Error(), Key) || strings.Contains(e.Error(), Key[len(Key)-10:]):
			return fmt.Errorf("the key is in the error: %w", err)
		}
		return nil
	}
}

func waits(d time.Duration) func(context.Context, llm.Model) error {
	return func(ctx context.Context, m llm.Model) error {
		_, _, err := Ask(ctx, m, hello())
		if e, ok := errors.AsType[*llm.Error](err); !ok || e.Class != llm.RateLimited || e.RetryAfter != d || !e.Retryable() {
			return fmt.Errorf("error %w", err)
		}
		return nil
	}
}
