package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// Models implements llm.Lister, by name:
// https://platform.openai.com/docs/api-reference/models/list.
func (m *Model) Models(ctx context.Context) ([]llm.Listed, error) {
	body, err := m.at.List(ctx,
		func(w *remote.Watch) (*http.Request, error) { return m.request(w, http.MethodGet, "/models", nil) },
		func(w *remote.Watch, res *http.Response) error { return m.refusal(w, res, "", sentParams{}) })
	if err != nil {
		return nil, failureIn(err)
	}
	type entry struct {
		ID   string `json:"id"`
		Name string `json:"name"` // OpenRouter, Mistral
	}
	var whole struct {
		Data []entry `json:"data"`
	}
	if json.Unmarshal(body, &whole) != nil && json.Unmarshal(body, &whole.Data) != nil || whole.Data == nil {
		return nil, m.at.NoList(m.at.Host())
	}
	var out []llm.Listed
	for _, e := range whole.Data {
		if e.ID != "" && len(out) < remote.MaxListed {
			out = append(out, llm.Listed{ID: e.ID, Name: e.Name})
		}
	}
	slices.SortFunc(out, func(a, b llm.Listed) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}
