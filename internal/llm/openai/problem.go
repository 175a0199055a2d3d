package openai

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// problem is what a provider said is wrong, in whatever form it said it.
type problem struct {
	found      bool // the body says that something is wrong
	status     int  // of HTTP, or the code in the body; 0 = unknown
	code, kind string
	param      string
	message    string
	body       string // all of it in lower case, to look for hints
}

// problemOf reads an error body. The forms are OpenAI's {"error": {…}},
// {"error": "…"} of Ollama and llama.cpp, a list of the first from Gemini,
// {"object": "error", "message": …} of vLLM and Mistral, and {"detail": …}.
// With status 0 a body without a mark of an error is none.
func problemOf(status int, body []byte) problem {
	p := problem{status: status, found: status != 0}
	var v any
	if json.Unmarshal(body, &v) != nil {
		if p.found {
			p.body = strings.ToLower(string(body))
		}
		return p
	}
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	object, ok := v.(map[string]any)
	if !ok {
		return p
	}
	switch e := object["error"].(type) {
	case map[string]any:
		p.found = true
		p.fill(e)
	case string:
		p.found = true
		p.fill(object)
		p.message = e
	default:
		if object["object"] == "error" || p.found {
			p.found = true
			p.fill(object)
		} else if finishedInError(object) {
			p.found = true
		}
	}
	if p.found {
		p.body = strings.ToLower(string(body))
	}
	return p
}

// fill takes the fields of an error object.
func (p *problem) fill(e map[string]any) {
	p.message = text(e["message"])
	if p.message == "" {
		p.message = detail(e["detail"])
	}
	p.kind, p.param = text(e["type"]), text(e["param"])
	if p.kind == "" {
		p.kind = text(e["status"]) // Gemini's RESOURCE_EXHAUSTED and so on
	}
	p.code = text(e["code"])
	if n, err := strconv.Atoi(p.code); err == nil && p.status == 0 && n >= 400 && n < 600 {
		p.status = n
	}
}

// finishedInError recognises OpenRouter's chunk for a provider that failed.
func finishedInError(object map[string]any) bool {
	choices, _ := object["choices"].([]any)
	for _, c := range choices {
		if m, ok := c.(map[string]any); ok && (m["finish_reason"] == "error" || m["error"] != nil) {
			return true
		}
	}
	return false
}

// text returns a JSON string or number as text, else "".
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// detail reads FastAPI's validation errors.
func detail(v any) string {
	list, ok := v.([]any)
	if !ok {
		return text(v)
	}
	var parts []string
	for _, item := range list {
		if m, ok := item.(map[string]any); ok {
			parts = append(parts, strings.TrimSpace(fmt.Sprint(m["loc"], " ", m["msg"])))
		}
	}
	return strings.Join(parts, "; ")
}

// mentions reports whether code, kind or body hold one of the hints, which are
// in lower case.
func (p *problem) mentions(hints ...string) bool {
	for _, h := range hints {
		if strings.Contains(p.body, h) {
			return true
		}
	}
	return false
}
