package openai

import (
	"context"

	"parley"
	"parley/internal/llm"
)

// Check implements llm.Checker: one short streamed call.
func (m *Model) Check(ctx context.Context, model string) error {
	_, err := m.Stream(ctx, &llm.Request{
		Model:     model,
		MaxTokens: 16, // the least that all providers accept
		Messages:  []llm.Message{{Role: parley.ByUser, Text: "Answer with the word ok."}},
	}, func(string) error { return nil })
	return err
}
