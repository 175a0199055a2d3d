package openai

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"

	"parley/internal/speech"
)

// maxCount is more than any call can use; a higher count is a mistake.
const maxCount = 1 << 40

// read takes the transcript out of an answer.
func (r *Recogniser) read(body []byte) (*speech.Transcript, error) {
	if len(body) > maxAnswer {
		return nil, &speech.Error{Class: speech.Malformed, Message: r.host() + " sent more than a transcript can hold."}
	}
	var w struct {
		Text     *string         `json:"text"`
		Language string          `json:"language"`
		Duration any             `json:"duration"` // seconds, of verbose answers
		Usage    json.RawMessage `json:"usage"`
		Error    json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(body, &w); err != nil || w.Text == nil {
		message := r.host() + " answers, but not with a transcript: check the base URL, it often ends in /v1."
		switch {
		case len(w.Error) > 0 && string(w.Error) != "null":
			message = r.host() + " failed on its side."
			if words := r.quote(body); words != "" {
				message += " It says: " + words
			}
		case bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")):
			message = r.host() + " answers with a web page: check the base URL, it often ends in /v1."
		}
		return nil, &speech.Error{Class: speech.Malformed, Message: message, Err: err}
	}
	t := &speech.Transcript{Text: strings.TrimSpace(*w.Text), Language: w.Language, Seconds: seconds(w.Duration)}
	if len(w.Usage) > 0 && string(w.Usage) != "null" {
		t.Usage = usageOf(w.Usage, t)
	}
	return t, nil
}

// usageOf reads the counts of a usage object, in tokens or in seconds, and keeps
// it verbatim. A count that makes no sense is unknown.
func usageOf(raw json.RawMessage, t *speech.Transcript) *speech.Usage {
	u := &speech.Usage{Raw: raw}
	var w struct {
		Input      any `json:"input_tokens"`
		Output     any `json:"output_tokens"`
		Prompt     any `json:"prompt_tokens"`
		Completion any `json:"completion_tokens"`
		Seconds    any `json:"seconds"`
		InputOf    struct {
			Audio any `json:"audio_tokens"`
		} `json:"input_token_details"`
	}
	if json.Unmarshal(raw, &w) != nil {
		return u
	}
	if u.InputTokens = count(w.Input); u.InputTokens == nil {
		u.InputTokens = count(w.Prompt)
	}
	if u.OutputTokens = count(w.Output); u.OutputTokens == nil {
		u.OutputTokens = count(w.Completion)
	}
	if n := count(w.InputOf.Audio); n != nil && u.InputTokens != nil && *n <= *u.InputTokens {
		u.AudioTokens = n
	}
	if t.Seconds == 0 {
		t.Seconds = seconds(w.Seconds)
	}
	return u
}

func count(v any) *int64 {
	f, ok := v.(float64)
	if !ok || f < 0 || f > maxCount || f != math.Trunc(f) {
		return nil
	}
	n := int64(f)
	return &n
}

// seconds reads a length of at most a day, else 0.
func seconds(v any) float64 {
	f, ok := v.(float64)
	if !ok || !(f > 0) || f > 24*60*60 {
		return 0
	}
	return f
}
