package engine_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/httptool"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/store/storetest"
)

// withVariables declares one variable of each type.
func withVariables(c *parley.AssistantConfig) {
	c.Variables = []parley.VariableSchema{
		{Name: "order", Type: parley.TypeText, Source: parley.FromExtracted},
		{Name: "count", Type: parley.TypeNumber, Source: parley.FromExtracted},
		{Name: "plan", Type: parley.TypeEnum, Options: []string{"basic", "pro"}, Source: parley.FromExtracted},
		{Name: "name", Type: parley.TypeText, Source: parley.FromPreChat, Default: "friend"},
		{Name: "score", Type: parley.TypeNumber, Source: parley.FromEvaluation},
	}
}

func TestSetVariable(t *testing.T) {
	model := func() setup {
		return setup{assistant: withVariables, model: scripted.New(
			scripted.Calls(
				call("1", parley.ToolSetVariable, `{"name":"order","value":"ORD-1"}`),
				call("2", parley.ToolSetVariable, `{"name":"count","value":"many"}`),
				call("3", parley.ToolSetVariable, `{"name":"plan","value":"gold"}`),
				call("4", parley.ToolSetVariable, `{"name":"score","value":5}`),
				call("5", parley.ToolSetVariable, `{"name":"nothing","value":5}`),
				call("6", parley.ToolSetVariable, `{"value":5}`),
			),
			scripted.Reply{Deltas: []string{"Noted."}, Usage: scripted.Tokens(1, 1),
				ToolCalls: []parley.ToolCall{call("7", parley.ToolSetVariable, `{"name":"count","value":3}`)}},
		)}
	}
	both(t, model, func(t *testing.T, w *world) {
		c := w.open()
		if got := texts(w.ask(c.ID, "Three of ORD-1, gold plan")); !slices.Equal(got, []string{"Noted."}) {
			t.Fatalf("answered %q", got)
		}
		vars := w.variables(c.ID)
		if len(vars) != 2 || vars["extracted.order"] != `"ORD-1"` || vars["extracted.count"] != "3" {
			t.Errorf("variables: %v", vars)
		}
		results := w.messages(c.ID, parley.ByTool)
		equal(t, "tool messages", len(results), 7)
		for i, refused := range []bool{false, true, true, true, true, true, false} {
			call := results[i].ToolCalls[0]
			equal(t, call.ID+" refused", call.Error != "", refused)
			if refused && !strings.HasPrefix(call.Result, "Refused: ") {
				t.Errorf("the model is told %q", call.Result)
			}
		}
		stored, err := w.store.Variables(t.Context(), w.workspace.ID, c.ID)
		w.must(err)
		if v := stored[0]; v.MessageID != w.messages(c.ID, parley.ByUser)[0].ID || v.Model != "fake-1" || v.AssistantVersion != 1 {
			t.Errorf("where the value came from: %+v", v)
		}
		// Text and tools that tell nothing new: no further call.
		equal(t, "calls", len(w.usage(c.ID)), 2)
		equal(t, "counted messages", w.conversation(c.ID).MessageCount, 2)
	})
}

func TestEndConversation(t *testing.T) {
	both(t, func() setup {
		return setup{model: scripted.New(
			scripted.Reply{Deltas: []string{"Goodbye."}, ToolCalls: []parley.ToolCall{call("1", parley.ToolEndConversation, `{"reason":"done"}`)}},
			scripted.Text(`{"resolved":true,"summary":"s","topic":"t","sentiment":"neutral"}`))}
	}, func(t *testing.T, w *world) {
		c := w.open()
		if got := texts(w.ask(c.ID, "Bye")); !slices.Equal(got, []string{"Goodbye."}) {
			t.Fatalf("answered %q", got)
		}
		after := w.conversation(c.ID)
		equal(t, "status", after.Status, parley.ConversationEnded)
		equal(t, "reason", after.EndReason, parley.EndAssistant)
	})
}

func TestHandoff(t *testing.T) {
	w := quick(t, setup{model: scripted.New(
		scripted.Calls(call("1", parley.ToolHandoff, `{"reason":"wants a refund"}`)),
		scripted.Text("A person will be with you."))})
	c := w.open()
	if got := texts(w.ask(c.ID, "Human!")); !slices.Equal(got, []string{"A person will be with you."}) {
		t.Fatalf("answered %q", got)
	}
	after := w.conversation(c.ID)
	equal(t, "waits", after.Waiting, true)
	equal(t, "handed over", after.HandedOver, true)
	equal(t, "error", after.HasError, false)
	if said := texts(w.messages(c.ID, parley.BySystem)); len(said) != 1 || !strings.Contains(said[0], "wants a refund") {
		t.Errorf("the operator reads %q", said)
	}
}

func TestOfferChoices(t *testing.T) {
	w := quick(t, setup{model: scripted.New(scripted.Reply{
		Deltas:    []string{"Which one?"},
		ToolCalls: []parley.ToolCall{call("1", parley.ToolOfferChoices, `{"choices":["Red"," Blue ","Red",""]}`)},
	})})
	c := w.open()
	replies := w.ask(c.ID, "Hello")
	if len(replies) != 1 || !slices.Equal(replies[0].Choices, []string{"Red", "Blue"}) {
		t.Errorf("replies: %+v", replies)
	}
}

// HTTP tools of one step run beside each other, and the model reads their
// results.
func TestHTTPTools(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	keys := map[string]string{}
	var both sync.WaitGroup // of a and b, which answer when both were called
	both.Add(2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		keys[r.URL.Path] = r.Header.Get("Idempotency-Key")
		mu.Unlock()
		if r.URL.Path == "/a" || r.URL.Path == "/b" {
			both.Done()
			both.Wait()
			time.Sleep(10 * time.Millisecond)
		}
		if r.URL.Path == "/broken" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = io.WriteString(w, "result of "+r.URL.Path)
	}))
	t.Cleanup(server.Close)
	tools := httptool.New(httptool.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(tools.Close)
	var told []string
	model := scripted.Func(func(req *llm.Request) scripted.Reply {
		last := req.Messages[len(req.Messages)-1]
		if last.Role == parley.ByUser {
			return scripted.Reply{Deltas: []string{"Let me look."}, Usage: scripted.Tokens(1, 1), ToolCalls: []parley.ToolCall{
				call("1", "lookup", `{"path":"a"}`), call("2", "lookup", `{"path":"b"}`),
				call("3", "lookup", `{"path":"broken"}`), call("4", "private", `{}`),
			}}
		}
		for _, m := range req.Messages {
			if m.Role == parley.ByTool {
				told = append(told, m.Text)
			}
		}
		return scripted.Text("Found.")
	})
	w := newWorld(t, storetest.Open(t, "sqlite"), setup{
		model:  model,
		config: func(c *engine.Config) { c.Tools = tools },
		assistant: func(c *parley.AssistantConfig) {
			c.Tools = []parley.HTTPTool{
				{Name: "lookup", Method: "GET", URL: server.URL + "/{path}"},
				{Name: "private", Method: "GET", URL: "http://169.254.169.254/"},
			}
		},
	})
	c := w.open()
	replies := w.ask(c.ID, "Where is it?")
	if got := texts(replies); !slices.Equal(got, []string{"Let me look.", "Found."}) {
		t.Fatalf("answered %q", got)
	}
	want := []string{"result of /a", "result of /b", "Error: The tool answered 418", "Error: The tool was not called: 169.254.169.254"}
	for i := range want {
		if len(told) != 4 || !strings.HasPrefix(told[i], want[i]) {
			t.Fatalf("the model was told %q", told)
		}
	}
	mu.Lock()
	if keys["/a"] == "" || keys["/a"] == keys["/b"] || !strings.HasPrefix(keys["/a"], w.turns(c.ID)[0].ID) {
		t.Errorf("idempotency keys: %v", keys)
	}
	mu.Unlock()
	if calls := w.turns(c.ID)[0].Trace.Steps[0].ToolCalls; len(calls) != 4 || calls[0].Millis < 10 {
		t.Errorf("traced calls: %+v", calls)
	}
	got, err := w.engine.TestTool(t.Context(), w.assistant.Config.Tools[0], []byte(`{"path":"t"}`))
	if err != nil || got.Result != "result of /t" || got.Error != "" {
		t.Errorf("TestTool: %+v, %v", got, err)
	}
	if _, err := w.engine.TestTool(t.Context(), parley.HTTPTool{Name: "x"}, nil); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("TestTool of no tool: %v", err)
	}
}

// What the next turn sees of this one's tools is what happened.
func TestToolsAreRemembered(t *testing.T) {
	model := scripted.New(
		scripted.Reply{Deltas: []string{"Noted."}, ToolCalls: []parley.ToolCall{call("1", parley.ToolSetVariable, `{"name":"order","value":"X"}`)}},
		scripted.Text("You ordered X."))
	w := quick(t, setup{model: model, assistant: withVariables})
	c := w.open()
	w.ask(c.ID, "I ordered X")
	w.ask(c.ID, "What did I order?")
	var seen []string
	for _, m := range model.Requests()[1].Messages {
		seen = append(seen, fmt.Sprintf("%s %q %d %s", m.Role, m.Text, len(m.ToolCalls), m.ToolCallID))
	}
	want := []string{`user "I ordered X" 0 `, `assistant "Noted." 0 `, `assistant "" 1 `, `tool "Stored." 0 1`, `user "What did I order?" 0 `}
	if !slices.Equal(seen, want) {
		t.Errorf("the model sees\n%s", strings.Join(seen, "\n"))
	}
	if known := string(model.Requests()[1].Context.Values["order"]); known != `"X"` {
		t.Errorf("known: %s", known)
	}
}
