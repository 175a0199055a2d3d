package demo

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/llm"
)

func TestScript(t *testing.T) {
	t.Parallel()
	script, err := text("conversations.txt")
	if err != nil {
		t.Fatal(err)
	}
	scenes, err := parseScript(script)
	if err != nil {
		t.Fatal(err)
	}
	if len(scenes) < 60 {
		t.Errorf("%d conversations", len(scenes))
	}
	bySource := map[parley.Source]int{}
	for _, s := range scenes {
		bySource[s.source]++
		if len(s.lines) == 0 {
			t.Errorf("%s %s says nothing", s.source, s.handle)
		}
		if s.ago <= 0 || s.ago > pastDays*24*time.Hour {
			t.Errorf("%s %s was %s ago", s.source, s.handle, s.ago)
		}
		for _, l := range s.lines {
			if address := strings.LastIndex(l, "@"); address > 0 && !strings.HasPrefix(l, "@") && !strings.Contains(l[address:], "example.com") {
				t.Errorf("%q may be somebody's address", l)
			}
		}
	}
	for _, source := range parley.Sources() {
		if bySource[source] < 5 {
			t.Errorf("%d conversations from %s", bySource[source], source)
		}
	}
}

func TestScriptWithMistakes(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		"hello", "== widget | a | b", "== carrier pigeon | a | b | 1d", "== widget | a | b | soon", "== widget | a | b | 3w",
	} {
		if _, err := parseScript(script); err == nil {
			t.Errorf("%q was accepted", script)
		}
	}
	scenes, err := parseScript("# a comment\n== api | A B | x | 1d 2h 3m | wholesale\n\nhi\n@end\n")
	if err != nil || len(scenes) != 1 || scenes[0].ago != 26*time.Hour+3*time.Minute || scenes[0].version != "wholesale" || len(scenes[0].lines) != 2 {
		t.Errorf("got %+v, %v", scenes, err)
	}
}

func TestPastNeverGoesBackAndStaysInThePast(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	p := newPast(begin)
	p.advance(time.Hour)
	p.moveTo(begin)
	if now := p.Now(); now.Before(begin.Add(time.Hour)) || now.After(begin.Add(2*time.Hour)) {
		t.Errorf("it shows %s", now)
	}
	p.moveTo(begin.Add(24 * time.Hour))
	if now := p.Now(); now.Before(begin.Add(24 * time.Hour)) {
		t.Errorf("it shows %s", now)
	}
}

func TestConfigurationsAreValid(t *testing.T) {
	t.Parallel()
	prompt, err := text("prompt.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []parley.AssistantConfig{shopConfig(prompt), wholesaleConfig()} {
		if err := cfg.Validate(); err != nil {
			t.Errorf("%s: %v", cfg.Name, err)
		}
	}
	docs, err := knowledge(AssistantID)
	if err != nil || len(docs) != len(documents) {
		t.Errorf("%d documents, %v", len(docs), err)
	}
	for _, d := range docs {
		if err := d.Validate(); err != nil {
			t.Errorf("%s: %v", d.Title, err)
		}
	}
	for _, id := range []string{WorkspaceID, AssistantID, wholesaleID, providerID, colleagueID} {
		if !parley.ValidID(id) {
			t.Errorf("%s is no id", id)
		}
	}
}

func TestSampleModelCountsAndFails(t *testing.T) {
	t.Parallel()
	m := new(sampleModel)
	req := &llm.Request{System: strings.Repeat("x", 400), Messages: []llm.Message{{Role: parley.ByUser, Text: "hello"}}}
	req.Context.Purpose = parley.UsageReply
	resp, err := m.Stream(t.Context(), req, func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if *resp.Usage.InputTokens != 106 || *resp.Usage.OutputTokens == 0 || resp.Model != sampleModelName {
		t.Errorf("%d in, %d out, %s", *resp.Usage.InputTokens, *resp.Usage.OutputTokens, resp.Model)
	}
	m.fail.Store(true)
	beside := *req
	beside.Context.Purpose = parley.UsageEvaluation
	if _, err := m.Stream(t.Context(), &beside, func(string) error { return nil }); err != nil {
		t.Errorf("an evaluation fails: %v", err)
	}
	if _, err := m.Stream(t.Context(), req, func(string) error { return nil }); llm.ErrorClass(err) != llm.NoCredit {
		t.Errorf("got %v", err)
	}
	if _, err := m.Stream(t.Context(), req, func(string) error { return nil }); err != nil {
		t.Errorf("it fails twice: %v", err)
	}
}

func TestThePhotoIsAPicture(t *testing.T) {
	t.Parallel()
	data, err := drawTornBag()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds().Dx() != 480 || len(data) > 64<<10 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}
