package engine

import (
	"errors"
	"strings"

	"parley"
	"parley/internal/llm"
	"parley/internal/prompt"
	"parley/internal/settext"
	"parley/internal/speech"
)

// troubleText returns what the contact reads in place of an answer.
func (r *run) troubleText() string { return r.filled(r.cfg.TroubleText, settext.Trouble) }

// budgetText returns what the contact reads when the budget is spent.
func (r *run) budgetText() string { return r.filled(r.cfg.BudgetText, settext.Budget) }

// filled returns the assistant's own text, or the one for its languages.
func (r *run) filled(own string, shipped func(languages []string) string) string {
	t := strings.TrimSpace(own)
	if t == "" {
		return shipped(r.cfg.Languages)
	}
	return prompt.Fill(t, r.prompt(r.start.Variables).Values())
}

// sentence returns the words of an error that are meant for a person.
func sentence(err error) string {
	if e, ok := errors.AsType[*llm.Error](err); ok {
		return e.Message
	}
	if e, ok := errors.AsType[*speech.Error](err); ok {
		return e.Message
	}
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e.Message
	}
	return "Something went wrong inside Parley; the log has the details."
}
