package builtin

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/lang"
	"parley/internal/llm"
	"parley/internal/variable"
)

// turn is one reply in the making: what the history says about where the
// conversation stands.
type turn struct {
	req     *llm.Request
	reader  variable.Reader
	say     *phrases
	user    string   // what the contact wrote since the last reply
	files   bool     // they sent a picture or another file, too
	before  string   // the last reply
	replies int      // how many there were
	done    []called // the tools called in this turn already
	said    bool     // this turn has text already
	known   map[string]json.RawMessage
	asked   map[string]*asking
	notes   []string
}

// fileMark is how the history shows a file; voiceMark stands before what was
// said in a recording.
var (
	fileMark  = regexp.MustCompile(`\[(?:File|Image|Unsupported): [^\]\n]*\]`)
	voiceMark = regexp.MustCompile(`\[Voice note\] `)
)

// called is a tool call of this turn.
type called struct {
	name string
	args struct {
		Name  string          `json:"name"`
		Value json.RawMessage `json:"value"`
	}
}

// asking is what became of the questions for one variable.
type asking struct {
	times   int
	refused bool
}

func newTurn(req *llm.Request, now time.Time) *turn {
	t := &turn{req: req, known: map[string]json.RawMessage{}, asked: map[string]*asking{}}
	for name, v := range req.Context.Values {
		t.known[name] = v
	}
	start := t.split()
	language := t.language(start)
	t.say = inLanguage(language)
	t.reader = variable.Reader{Language: language, Now: now}
	t.history(req.Messages[:start])
	return t
}

// split finds the messages of this turn, which begin after the last reply, and
// returns the index of the first.
func (t *turn) split() int {
	ms := t.req.Messages
	last := len(ms)
	for last > 0 && ms[last-1].Role != parley.ByUser {
		last--
	}
	start := last
	for start > 0 && ms[start-1].Role != parley.ByAssistant {
		start--
	}
	var texts []string
	for _, m := range ms[start:last] {
		if m.Role == parley.ByUser {
			said := voiceMark.ReplaceAllString(m.Text, "")
			text := fileMark.ReplaceAllString(said, "")
			t.files = t.files || text != said || len(m.Images) > 0
			texts = append(texts, strings.TrimSpace(text))
		}
	}
	t.user = strings.TrimSpace(strings.Join(texts, "\n"))
	for _, m := range ms[last:] {
		t.said = t.said || m.Role == parley.ByAssistant && strings.TrimSpace(m.Text) != ""
		for _, c := range m.ToolCalls {
			done := called{name: c.Name}
			if json.Unmarshal(c.Arguments, &done.args) == nil && c.Name == parley.ToolSetVariable {
				t.known[done.args.Name] = done.args.Value
			}
			t.done = append(t.done, done)
		}
	}
	return start
}

// language is that of the newest message that shows one, among those with
// phrases; then the assistant's.
func (t *turn) language(start int) string {
	if l := detect(t.user); l != "" && speaks(l) {
		return l
	}
	for _, m := range slices.Backward(t.req.Messages[:start]) {
		if m.Role != parley.ByUser {
			continue
		}
		if l := detect(m.Text); l != "" && speaks(l) {
			return l
		}
	}
	if l := t.req.Context.Language; l != "" && speaks(l) {
		return l
	}
	return lang.English
}

// address is an e-mail address or a link, whose words are of no language.
var address = regexp.MustCompile(`\S+@\S+|https?://\S+|www\.\S+`)

func detect(text string) string { return lang.Detect(address.ReplaceAllString(text, " ")) }

// history counts replies and finds out what was asked for and refused.
func (t *turn) history(past []llm.Message) {
	var open parley.VariableSchema // what the last reply asked for
	for _, m := range past {
		switch m.Role {
		case parley.ByAssistant:
			if strings.TrimSpace(m.Text) == "" {
				continue
			}
			t.replies++
			t.before = m.Text
			name := t.askedIn(m.Text)
			if open, _ = variable.Find(t.req.Context.Variables, name, ""); name != "" {
				t.ask(name).times++
			}
		case parley.ByUser:
			if open.Name != "" && refuses(open, m.Text) {
				t.ask(open.Name).refused = true
			}
		default:
		}
	}
}

func (t *turn) ask(name string) *asking {
	if t.asked[name] == nil {
		t.asked[name] = &asking{}
	}
	return t.asked[name]
}

// askedIn returns the variable that a reply asked for, "" if none.
func (t *turn) askedIn(reply string) string {
	for _, s := range t.req.Context.Variables {
		for _, p := range everyLanguage() {
			if strings.Contains(reply, question(s, p)) {
				return s.Name
			}
		}
	}
	return ""
}

// pick takes the next of several ways to say the same.
func (t *turn) pick(ways []string) string { return ways[t.replies%len(ways)] }

// lastSaid reports whether the last reply has one of the phrases, whatever the
// language it was said in.
func (t *turn) lastSaid(of func(*phrases) []string) bool {
	for _, p := range everyLanguage() {
		if slices.ContainsFunc(of(p), func(s string) bool { return strings.Contains(t.before, s) }) {
			return true
		}
	}
	return false
}

func (t *turn) hasTool(name string) bool {
	return slices.ContainsFunc(t.req.Tools, func(tool llm.Tool) bool { return tool.Name == name })
}

func (t *turn) hasCalled(name string) bool {
	return slices.ContainsFunc(t.done, func(c called) bool { return c.name == name })
}

func (t *turn) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// response finishes a reply. Its calls are dropped where the tool is not offered.
func (t *turn) response(text string, calls ...parley.ToolCall) *llm.Response {
	resp := &llm.Response{Text: text, FinishReason: "stop", Note: strings.Join(t.notes, " ")}
	for _, c := range calls {
		if t.hasTool(c.Name) {
			c.ID = fmt.Sprintf("call_%d_%d", len(t.done)+1, len(resp.ToolCalls)+1)
			resp.ToolCalls = append(resp.ToolCalls, c)
			resp.FinishReason = "tool_calls"
		}
	}
	return resp
}

// call returns a tool call with the given arguments.
func call(name string, args map[string]any) parley.ToolCall {
	raw, err := json.Marshal(args)
	if err != nil {
		raw = json.RawMessage(`{}`)
	}
	return parley.ToolCall{Name: name, Arguments: raw}
}
