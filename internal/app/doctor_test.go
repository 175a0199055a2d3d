package app_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"parley"
	"parley/internal/app"
)

func TestDoctor(t *testing.T) {
	t.Parallel()
	c := withAdmin(settings(t))
	examine := func() (string, error) {
		var out bytes.Buffer
		d := app.Doctor{Config: c, Out: &out}
		err := d.Run(t.Context())
		return out.String(), err
	}
	if out, err := examine(); err == nil || !strings.Contains(out, "FAIL  data folder") {
		t.Errorf("before the first start: %v\n%s", err, out)
	}
	r := serve(t, c)
	c.Listen = r.Addr().String()
	c.SpeechCommand = "cat {file}"
	if out, err := examine(); err != nil || !strings.Contains(out, "transcription  by /") {
		t.Errorf("with a recogniser: %v\n%s", err, out)
	}
	c.SpeechCommand = "no-such-program {file}"
	if out, err := examine(); err == nil || !strings.Contains(out, `"no-such-program" cannot be found`) {
		t.Errorf("without its recogniser: %v\n%s", err, out)
	}
	c.SpeechCommand = ""
	if out, err := examine(); err != nil || !strings.Contains(out, "answers at") || !strings.Contains(out, "sqlite") {
		t.Errorf("beside a server: %v\n%s", err, out)
	}
	r.stop()
	s, err := app.OpenStore(t.Context(), &c.Storage, &c.Secrets, app.StoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ws, err := s.Workspaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = s.CreateProvider(t.Context(), &parley.Provider{
		WorkspaceID: ws[0].ID, Name: "Nobody", Kind: "openai", BaseURL: "http://127.0.0.1:1/v1", Models: []string{"m"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := examine(); err != nil || !strings.Contains(out, "is free") || !strings.Contains(out, "warn  models         Nobody of") {
		t.Errorf("a provider that is down: %v\n%s", err, out)
	}
	if err := os.WriteFile(c.DatabaseFile(), bytes.Repeat([]byte("x"), 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := examine(); err == nil || !strings.Contains(out, "FAIL  database") {
		t.Errorf("a broken file: %v\n%s", err, out)
	}
}
