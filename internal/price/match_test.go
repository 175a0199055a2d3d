package price

import (
	"slices"
	"testing"

	"parley"
)

func TestProviderOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, url, want string }{
		{"openai", "https://api.openai.com/v1", "openai"},
		{"openai", "https://API.Groq.com/openai/v1", "groq"},
		{"openai", "https://generativelanguage.googleapis.com/v1beta/openai/", "google"},
		{"openai", "http://localhost:11434/v1", "localhost:11434"},
		{"openai", "https://LLM.example.org/v1", "llm.example.org"},
		{"openai", "https://api.openai.com.example.org/v1", "api.openai.com.example.org"},
		{"Builtin", "", "builtin"},
		{"openai", "://", "openai"},
	} {
		if got := ProviderOf(c.kind, c.url); got != c.want {
			t.Errorf("ProviderOf(%q, %q) = %q, want %q", c.kind, c.url, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for model, want := range map[string][]string{
		"gpt-4o":                     {"gpt-4o"},
		"gpt-4o-2024-08-06":          {"gpt-4o-2024-08-06", "gpt-4o"},
		"claude-sonnet-4-5-20250929": {"claude-sonnet-4-5-20250929", "claude-sonnet-4-5"},
		"models/gemini-2.5-flash":    {"gemini-2.5-flash"},
		"gpt-4o-mini":                {"gpt-4o-mini"},
		"gpt-4o-2024-13-45":          {"gpt-4o-2024-13-45"}, // no date
		"mistral-large-2411":         {"mistral-large-2411"},
		"gpt-4-0613":                 {"gpt-4-0613"},
		"x-10000101":                 {"x-10000101"}, // no date of a model
		"-2024-08-06":                {"-2024-08-06"},
		"":                           {""},
	} {
		if got := Names(model); !slices.Equal(got, want) {
			t.Errorf("Names(%q) = %q, want %q", model, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	table := []parley.Price{
		{ID: "mini", Provider: "openai", Model: "gpt-4o-mini"},
		{ID: "4o", Provider: "openai", Model: "gpt-4o"},
		{ID: "old", Provider: "openai", Model: "gpt-4o-2024-05-13"},
		{ID: "groq", Provider: "groq", Model: "gpt-4o"},
	}
	for _, c := range []struct{ provider, model, want string }{
		{"openai", "gpt-4o", "4o"},
		{"openai", "gpt-4o-2024-08-06", "4o"},
		{"openai", "gpt-4o-2024-05-13", "old"},
		{"openai", "gpt-4o-mini-2024-07-18", "mini"},
		{"openai", "gpt-4o-audio-preview", ""},
		{"openai", "gpt-4", ""},
		{"groq", "gpt-4o", "groq"},
		{"localhost:11434", "gpt-4o", ""},
	} {
		got := ""
		if p := Find(table, c.provider, c.model); p != nil {
			got = p.ID
		}
		if got != c.want {
			t.Errorf("Find(%q, %q) = %q, want %q", c.provider, c.model, got, c.want)
		}
	}
}
