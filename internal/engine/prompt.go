package engine

import (
	"context"
	"slices"

	"parley"
	"parley/internal/llm"
	"parley/internal/prompt"
)

// request builds the call of the model: the prompt, the history as far as it
// fits, what this turn has done so far, and the tools.
func (r *run) request(ctx context.Context, to target, tools bool) *llm.Request {
	in := r.prompt(slices.Concat(r.start.Variables, r.values))
	system, stable := in.System()
	req := &llm.Request{
		Model: to.choice.Model, Temperature: to.choice.Temperature, System: system, Stable: stable,
		Messages: append(r.history(ctx), r.dialogue...),
		Context: llm.Context{
			Passages: r.passages, Examples: r.cfg.Examples, Variables: r.cfg.Variables, Values: prompt.Have(in.Variables),
			Purpose: parley.UsageReply,
		},
	}
	if len(r.cfg.Languages) > 0 {
		req.Context.Language = r.cfg.Languages[0]
	}
	if tools {
		req.Tools = r.tools()
	}
	return req
}

// prompt is what the turn's prompt is made of.
func (r *run) prompt(vars []parley.Variable) *prompt.Input {
	return &prompt.Input{
		Config: r.cfg, Workspace: r.workspace, Source: r.conv.Source, Contact: r.start.Contact, Variables: vars,
		Passages: r.passages, Now: r.e.cfg.Now(),
	}
}
