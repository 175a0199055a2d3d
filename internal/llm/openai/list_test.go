package openai

import (
	"testing"

	"parley/internal/llm"
	"parley/internal/llm/llmtest"
)

func TestModels(t *testing.T) {
	t.Parallel()
	m, s := script(t)
	_, err := m.Models(t.Context())
	wantError(t, err, llm.BadRequest, "does not list its models")
	for _, body := range []string{
		`{"object":"list","data":[{"id":"b","object":"model"},{"id":"a","name":"The A"},{"id":""}]}`,
		`[{"id":"b"},{"id":"a","name":"The A"}]`,
	} {
		s.Models(llmtest.Reply{Body: body})
		got, err := m.Models(t.Context())
		if err != nil || len(got) != 2 || got[0] != (llm.Listed{ID: "a", Name: "The A"}) || got[1].ID != "b" {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
	if r := s.Requests()[1]; r.Path != "/v1/models" || r.Header.Get("Authorization") != "Bearer "+testKey {
		t.Errorf("path %q, header %v", r.Path, r.Header)
	}
	for _, c := range []struct {
		reply llmtest.Reply
		class llm.Class
		words string
	}{
		{llmtest.Unauthorized(testKey), llm.Auth, "API key"},
		{llmtest.RateLimited("3"), llm.RateLimited, "rate limit"},
		{llmtest.Reply{Status: 400, Body: `{"error":{"message":"odd"}}`}, llm.BadRequest, "odd"},
		{llmtest.Reply{Status: 405}, llm.BadRequest, "does not list"},
		{llmtest.Reply{Body: `{"models":[]}`}, llm.BadRequest, "does not list"},
		{llmtest.HTML(), llm.BadRequest, "does not list"},
	} {
		s.Models(c.reply)
		_, err := m.Models(t.Context())
		wantError(t, err, c.class, c.words)
	}
}
