package prompt_test

import (
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/prompt"
)

func TestExamplesAreStable(t *testing.T) {
	t.Parallel()
	in := prompt.Input{
		Config: &parley.AssistantConfig{
			Name: "Ada", Prompt: "You are {assistant_name}.", Examples: []parley.Example{{Question: "Open {today}?", Answer: "From nine."}},
		},
		Source: parley.SourceAPI, Passages: []parley.Passage{{Title: "Hours", Text: "We open at nine."}},
	}
	system, stable := in.System()
	if !strings.Contains(system[:stable], "## Examples") || !strings.Contains(system[:stable], "User: Open {today}?\nAI: From nine.") {
		t.Errorf("stable is %q", system[:stable])
	}
	if strings.Contains(system[:stable], "## Knowledge") || !strings.Contains(system, "[1] Hours\nWe open at nine.") {
		t.Errorf("the prompt is %q", system)
	}
	in.Config.Prompt += " It is {current_time}."
	if _, stable := in.System(); stable != 0 {
		t.Errorf("%d bytes of a prompt that tells the time are stable", stable)
	}
}

func TestUses(t *testing.T) {
	t.Parallel()
	got := prompt.Uses("{a} {{b}} {a} {1} {{ c }}", "{d}{b}")
	if want := []string{"a", "b", "c", "d"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
