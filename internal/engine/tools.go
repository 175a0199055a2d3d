package engine

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/lang"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/variable"
)

// The bounds of a model's use of tools.
const (
	maxCalls     = 16 // in one step
	maxRepeats   = 2  // of the same call in one turn
	atATime      = 4  // HTTP tools beside each other
	maxToolName  = 64
	maxArguments = 64 << 10 // bytes
)

// tools returns what the model may call in this turn.
func (r *run) tools() []llm.Tool {
	var tools []llm.Tool
	for i := range r.cfg.Tools {
		t := &r.cfg.Tools[i]
		params := t.Parameters
		if len(params) == 0 {
			params = json.RawMessage(`{"type":"object","properties":{}}`)
		}
		tools = append(tools, llm.Tool{Name: t.Name, Description: t.Description, Parameters: params})
	}
	if slices.ContainsFunc(r.cfg.Variables, func(s parley.VariableSchema) bool { return s.Source == parley.FromExtracted }) {
		tools = append(tools, llm.Tool{
			Name: parley.ToolSetVariable, Description: "Store a value that the contact has given.",
			Parameters: variable.SetParameters(r.cfg.Variables),
		})
	}
	text := func(description string) map[string]any {
		return map[string]any{"type": "string", "description": description}
	}
	return append(tools,
		llm.Tool{
			Name:        parley.ToolEndConversation,
			Description: "End the conversation. Only when the contact has nothing more to ask; say goodbye in the same reply.",
			Parameters:  variable.Object(map[string]any{"reason": text("Why it ends, in a few words.")}),
		},
		llm.Tool{
			Name:        parley.ToolHandoff,
			Description: "Ask for a person to take over: when the contact wants one, or you cannot help. Tell the contact in the same reply.",
			Parameters:  variable.Object(map[string]any{"reason": text("Why a person is needed, for that person.")}),
		},
		llm.Tool{
			Name:        parley.ToolOfferChoices,
			Description: "Offer two to ten short replies to choose from, below the text of the same reply.",
			Parameters: variable.Object(map[string]any{"choices": map[string]any{
				"type": "array", "items": map[string]any{"type": "string"}, "minItems": 2, "maxItems": 10,
			}}),
		},
	)
}

// tidy makes a call fit to be kept, whatever the model sent.
func tidy(c *parley.ToolCall, id string) {
	c.Name = lang.Clean(c.Name, maxToolName)
	c.ID = cmp.Or(lang.Clean(c.ID, maxToolName), id)
	switch {
	case len(c.Arguments) == 0:
		c.Arguments = json.RawMessage(`{}`)
	case len(c.Arguments) > maxArguments:
		c.Arguments = json.RawMessage(`"(more than 64 KB)"`)
	case !json.Valid(c.Arguments):
		c.Arguments, _ = json.Marshal(lang.Clean(string(c.Arguments), maxArguments)) // a string always can be
	}
}

// runTools runs the calls of one step, fills in their results and records each
// as a message. HTTP tools run beside each other; those that change the turn
// run in order. It reports whether the model learns nothing from the results.
func (r *run) runTools(ctx context.Context, calls []parley.ToolCall) (quiet bool) {
	quiet = true
	var wg sync.WaitGroup
	slots := make(chan struct{}, atATime)
	for i := range calls {
		c := &calls[i]
		tidy(c, fmt.Sprintf("call_%d_%d", len(r.messages), i))
		r.publish(live.Turn{Status: parley.TurnRunning, Tool: c.Name})
		if refusal := r.refuse(c, i); refusal != "" {
			c.Result, c.Error, quiet = refusal, refusal, false
			continue
		}
		if j := slices.IndexFunc(r.cfg.Tools, func(t parley.HTTPTool) bool { return t.Name == c.Name }); j >= 0 {
			quiet = false
			key := r.toolKey(c)
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				r.callHTTP(ctx, r.cfg.Tools[j], c, key)
			})
			continue
		}
		r.callBuiltin(c)
		quiet = quiet && c.Error == ""
	}
	wg.Wait()
	for i := range calls {
		m := r.message(parley.ByTool, calls[i].Result)
		m.ToolCalls = []parley.ToolCall{calls[i]}
		r.messages = append(r.messages, m)
	}
	if n := len(r.turn.Trace.Steps); n > 0 {
		r.turn.Trace.Steps[n-1].ToolCalls = calls
	}
	return quiet
}

// refuse says why a call is not made, "" if it is.
func (r *run) refuse(c *parley.ToolCall, index int) string {
	names := []string{}
	for _, t := range r.tools() {
		names = append(names, t.Name)
	}
	if !slices.Contains(names, c.Name) {
		return fmt.Sprintf("There is no tool called %q. The tools are: %s.", c.Name, strings.Join(names, ", "))
	}
	if index >= maxCalls {
		return fmt.Sprintf("Not called: at most %d tools can be called at once.", maxCalls)
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(c.Arguments, &object) != nil {
		return "The arguments are not a JSON object. Call the tool again with valid JSON."
	}
	sum := sha256.Sum256([]byte(c.Name + "\x00" + string(c.Arguments)))
	r.calls[sum]++
	if r.calls[sum] > maxRepeats {
		return fmt.Sprintf("Not called: it was called %d times with these arguments in this turn, and the result would be the same. "+
			"Answer with what you have.", maxRepeats)
	}
	return ""
}

// toolKey is the idempotency key of a call: the same when a turn that was
// interrupted makes the same call again.
func (r *run) toolKey(c *parley.ToolCall) string {
	sum := sha256.Sum256([]byte(c.Name + "\x00" + string(c.Arguments)))
	return fmt.Sprintf("%s-%s-%d", r.turn.ID, hex.EncodeToString(sum[:8]), r.calls[sum])
}

// callHTTP calls one HTTP tool.
func (r *run) callHTTP(ctx context.Context, t parley.HTTPTool, c *parley.ToolCall, key string) {
	begun := time.Now()
	text, err := r.e.callTool(ctx, t, c.Arguments, key)
	c.Millis = time.Since(begun).Milliseconds()
	c.Result = text
	if err != nil {
		c.Error = sentence(err)
		c.Result = "Error: " + c.Error
	}
}

func (e *Engine) callTool(ctx context.Context, t parley.HTTPTool, args json.RawMessage, key string) (string, error) {
	if e.cfg.Tools == nil {
		return "", parley.Errorf(parley.CodeUnavailable, "HTTP tools are switched off on this server.")
	}
	res, err := e.cfg.Tools.Call(ctx, t, args, key)
	return res.Text, err
}

// TestTool calls a tool as a turn would, saved or not.
func (e *Engine) TestTool(ctx context.Context, t parley.HTTPTool, args json.RawMessage) (parley.ToolCall, error) {
	if err := t.Validate(); err != nil {
		return parley.ToolCall{}, err
	}
	begun := time.Now()
	text, err := e.callTool(ctx, t, args, "")
	c := parley.ToolCall{Name: t.Name, Arguments: args, Result: text, Millis: time.Since(begun).Milliseconds()}
	if err != nil {
		c.Error = sentence(err)
	}
	return c, nil
}

// callBuiltin runs one of the tools that change the turn.
func (r *run) callBuiltin(c *parley.ToolCall) {
	var err error
	switch c.Name {
	case parley.ToolSetVariable:
		c.Result, err = r.setVariable(c.Arguments)
	case parley.ToolEndConversation:
		r.end, c.Result = true, "The conversation ends with this reply."
	case parley.ToolHandoff:
		c.Result, err = r.askForPerson(c.Arguments)
	case parley.ToolOfferChoices:
		c.Result, err = r.offerChoices(c.Arguments)
	}
	if err != nil {
		c.Error = sentence(err)
		c.Result = "Refused: " + c.Error
	}
}

// setVariable stores a value, or refuses it with the reason.
func (r *run) setVariable(args json.RawMessage) (string, error) {
	var in struct {
		Name  string          `json:"name"`
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(args, &in); err != nil || in.Name == "" || len(in.Value) == 0 {
		return "", parley.Errorf(parley.CodeInvalid, "set_variable needs a name and a value.")
	}
	schema, ok := variable.Find(r.cfg.Variables, in.Name, parley.FromExtracted)
	if !ok {
		return "", parley.Errorf(parley.CodeInvalid, "There is no variable %q to be set in a conversation.", in.Name)
	}
	value, err := variable.Check(schema, in.Value)
	if err != nil {
		return "", err
	}
	v := parley.Variable{
		ConversationID: r.conv.ID, Name: in.Name, Source: parley.FromExtracted, Type: schema.Type, Value: value,
		MessageID: r.source, Model: r.modelName(), AssistantVersion: r.turn.AssistantVersion, SetAt: r.e.now(),
	}
	r.values = slices.DeleteFunc(r.values, func(old parley.Variable) bool { return old.Name == v.Name })
	r.values = append(r.values, v)
	return "Stored.", nil
}

// modelName returns the model of the last call.
func (r *run) modelName() string {
	if n := len(r.turn.Trace.Steps); n > 0 {
		return r.turn.Trace.Steps[n-1].Model
	}
	return r.cfg.Model.Model
}

// The longest texts of built-in tools, in bytes.
const (
	maxReason = 500 // for a handoff
	maxChoice = 200
)

func (r *run) askForPerson(args json.RawMessage) (string, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if json.Unmarshal(args, &in) != nil {
		return "", parley.Errorf(parley.CodeInvalid, "The reason must be a text.")
	}
	r.handoff = cmp.Or(lang.Clean(in.Reason, maxReason), "no reason given.")
	return "A person has been asked for. Tell the contact.", nil
}

func (r *run) offerChoices(args json.RawMessage) (string, error) {
	var in struct {
		Choices []string `json:"choices"`
	}
	if err := json.Unmarshal(args, &in); err != nil {
		return "", parley.Errorf(parley.CodeInvalid, "The choices must be a list of texts.")
	}
	var choices []string
	for _, c := range in.Choices {
		if c = lang.Clean(c, maxChoice); c != "" && !slices.Contains(choices, c) {
			choices = append(choices, c)
		}
	}
	if len(choices) == 0 || len(choices) > 10 {
		return "", parley.Errorf(parley.CodeInvalid, "Offer one to ten different choices.")
	}
	r.choices = choices
	return "Offered below the reply.", nil
}
