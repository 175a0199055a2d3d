package variable

import (
	"encoding/json"
	"errors"
	"strings"

	"parley"
	"parley/internal/lang"
)

// The bounds of what an evaluation says, in bytes.
const (
	maxSummary = 2_000
	maxTopic   = 200
)

// ReadEvaluation checks a judge's answer by type. It returns CodeInvalid for what
// does not fit.
func ReadEvaluation(schemas []parley.VariableSchema, text string) (*parley.Evaluation, []parley.Variable, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(unfence(text)), &object); err != nil {
		return nil, nil, parley.Errorf(parley.CodeInvalid, "the model's answer is not a JSON object.")
	}
	eval := &parley.Evaluation{}
	for name, into := range map[string]any{
		"resolved": &eval.Resolved, "summary": &eval.Summary, "topic": &eval.Topic, "sentiment": &eval.Sentiment,
	} {
		raw, ok := object[name]
		if !ok || string(raw) == "null" || json.Unmarshal(raw, into) != nil {
			return nil, nil, parley.Errorf(parley.CodeInvalid, "%q is missing or of the wrong type.", name)
		}
	}
	switch eval.Sentiment {
	case parley.SentimentPositive, parley.SentimentNeutral, parley.SentimentNegative:
	default:
		return nil, nil, parley.Errorf(parley.CodeInvalid, "%q is no sentiment.", eval.Sentiment)
	}
	eval.Summary, eval.Topic = lang.Clean(eval.Summary, maxSummary), lang.Clean(eval.Topic, maxTopic)
	var vars []parley.Variable
	for _, s := range schemas {
		raw, ok := object[s.Name]
		if s.Source != parley.FromEvaluation || !ok || string(raw) == "null" {
			continue
		}
		value, err := Check(s, raw)
		if e, ok := errors.AsType[*parley.Error](err); ok {
			return nil, nil, parley.Errorf(parley.CodeInvalid, "%s: %s", s.Name, e.Message)
		}
		if err != nil {
			return nil, nil, err
		}
		vars = append(vars, parley.Variable{Name: s.Name, Source: parley.FromEvaluation, Type: s.Type, Value: value})
	}
	return eval, vars, nil
}

// unfence takes a JSON text out of a Markdown fence, in which models that know
// no schemas like to wrap it.
func unfence(s string) string {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "```"); ok {
		rest = strings.TrimPrefix(rest, "json")
		s, _, _ = strings.Cut(rest, "```")
	}
	return s
}
