package anthropic

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"parley/internal/llm"
	"parley/internal/llm/llmtest"
)

// slowly answers with events, one after each pause, and returns its address.
func slowly(t *testing.T, events []string, pause time.Duration) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, e := range events {
			_, _ = w.Write([]byte("data: " + e + "\n\n"))
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(pause):
			}
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// A parameter that a model does not take is left out, once and for all.
func TestQuirks(t *testing.T) {
	t.Parallel()
	warm := 0.7
	for name, c := range map[string]struct {
		said string
		ok   func(*llmtest.Request) bool
	}{
		"temperature": {"`temperature` is deprecated for this model.", func(r *llmtest.Request) bool { return r.Temperature == nil }},
		"max_tokens": {"max_tokens: 16000 > 4096, which is the maximum allowed number of output tokens for claude-test",
			func(r *llmtest.Request) bool { return r.MaxTokens == 4096 }},
		"cache_control": {"system.0.cache_control: Extra inputs are not permitted",
			func(r *llmtest.Request) bool { return string(r.System) == `[{"type":"text","text":"Be kind."}]` }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, s := script(t, llmtest.Refuses(400, "invalid_request_error", c.said))
			req := hello()
			req.System, req.Stable, req.Temperature = "Be kind.", 8, &warm
			for range 2 {
				if _, _, err := llmtest.Ask(t.Context(), m, req); err != nil {
					t.Fatal(err)
				}
			}
			all := s.Requests()
			if len(all) != 3 || c.ok(all[0]) || !c.ok(all[1]) || !c.ok(all[2]) {
				t.Errorf("%d requests, the last %s", len(all), all[len(all)-1].Body)
			}
		})
	}
}

// A rejection for another reason is told once, and nothing is remembered of it.
func TestOtherRejections(t *testing.T) {
	t.Parallel()
	m, s := script(t, llmtest.Refuses(400, "invalid_request_error", "temperature: odd"), llmtest.Refuses(400, "invalid_request_error", "tools.0.name: too long"))
	hot := 1.7
	req := hello()
	req.Temperature = &hot
	_, _, err := llmtest.Ask(t.Context(), m, req)
	wantError(t, err, llm.BadRequest, "tools.0.name")
	if _, _, err = llmtest.Ask(t.Context(), m, req); err != nil {
		t.Fatal(err)
	}
	if all := s.Requests(); len(all) != 3 || *all[0].Temperature != 1 || all[2].Temperature == nil {
		t.Errorf("%d requests, the last %s", len(all), all[len(all)-1].Body)
	}
}

func TestModels(t *testing.T) {
	t.Parallel()
	m, s := script(t)
	_, err := m.Models(t.Context())
	wantError(t, err, llm.BadRequest, "does not list its models")
	s.Models(llmtest.Reply{Body: `{"data":[{"type":"model","id":"claude-b","display_name":"Claude B"},{"id":"claude-a"},{"id":""}],"has_more":false}`})
	got, err := m.Models(t.Context())
	if err != nil || len(got) != 2 || got[0] != (llm.Listed{ID: "claude-b", Name: "Claude B"}) || got[1].ID != "claude-a" {
		t.Errorf("%v, %v", got, err)
	}
	if r := s.Requests()[1]; r.Path != "/v1/models?limit=1000" || r.Header.Get("X-Api-Key") != testKey {
		t.Errorf("path %q, header %v", r.Path, r.Header)
	}
	for _, c := range []struct {
		reply llmtest.Reply
		class llm.Class
		words string
	}{
		{llmtest.Refuses(401, "authentication_error", "invalid x-api-key"), llm.Auth, "API key"},
		{llmtest.Refuses(429, "rate_limit_error", "Slow down"), llm.RateLimited, "rate limit"},
		{llmtest.Refuses(400, "invalid_request_error", "limit: no"), llm.BadRequest, "limit: no"},
		{llmtest.Reply{Body: `{"models":[]}`}, llm.BadRequest, "does not list"},
		{llmtest.Reply{Body: "<html>"}, llm.BadRequest, "does not list"},
		{llmtest.Reply{Body: `"` + string(make([]byte, 9<<20)) + `"`}, llm.Malformed, "more than a list"},
	} {
		s.Models(c.reply)
		_, err := m.Models(t.Context())
		wantError(t, err, c.class, c.words)
	}
}
