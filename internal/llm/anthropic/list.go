package anthropic

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"parley/internal/llm"
	"parley/internal/llm/remote"
)

// Models implements llm.Lister, the newest first as the provider has them. One
// page holds more than there are:
// https://platform.claude.com/docs/en/api/models/list.
func (m *Model) Models(ctx context.Context) ([]llm.Listed, error) {
	body, err := m.at.List(ctx,
		func(w *remote.Watch) (*http.Request, error) {
			return m.request(w, http.MethodGet, modelsPath, url.Values{"limit": {"1000"}}, nil)
		},
		func(w *remote.Watch, res *http.Response) error { return m.refusal(w, res, "", nil) })
	if err != nil {
		return nil, err
	}
	var page struct {
		Data []struct {
			ID   string `json:"id"`
			Name string `json:"display_name"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &page) != nil || page.Data == nil {
		return nil, m.at.NoList(m.at.Host())
	}
	var out []llm.Listed
	for _, e := range page.Data {
		if e.ID != "" && len(out) < remote.MaxListed {
			out = append(out, llm.Listed{ID: e.ID, Name: e.Name})
		}
	}
	return out, nil
}
