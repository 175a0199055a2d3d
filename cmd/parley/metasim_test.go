package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestMetasim serves the simulator: it prints what to enter, answers Graph and
// control, and no other host's name.
func TestMetasim(t *testing.T) {
	t.Parallel()
	hooks := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if r.Method == http.MethodPost {
			hooks <- string(b)
			return
		}
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	}))
	defer receiver.Close()
	ctx, cancel := context.WithCancel(context.Background())
	var out, errs terminal
	done := make(chan int, 1)
	go func() {
		done <- run(&program{ctx: ctx, out: &out, err: &errs, getenv: func(string) string { return "" }},
			[]string{"metasim", "--token", "tok", "--webhook", receiver.URL})
	}()
	deadline := time.Now().Add(20 * time.Second)
	for !strings.Contains(out.String(), "passed the handshake") && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	base := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(out.String())
	if base == "" || !strings.Contains(out.String(), "106540352242922") {
		t.Fatalf("it printed\n%s\n%s", out.String(), errs.String())
	}
	get := func(path, host, token string) (int, string) {
		req, _ := http.NewRequest(http.MethodGet, base+path, nil)
		req.Host, req.Header = host, http.Header{"Authorization": {"Bearer " + token}}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b)
	}
	for _, tt := range []struct {
		path, host, token string
		status            int
		body              string
	}{
		{"/v25.0/106540352242922", "", "tok", 200, "Quillmoor"},
		{"/v25.0/106540352242922", "", "other", 401, "190"},
		{"/control/state", "", "", 200, "sheena"},
		{"/control/state", "rebound.example", "", 403, "loopback"},
		{"/control/state", "localhost:1", "", 200, "sheena"},
	} {
		if status, body := get(tt.path, tt.host, tt.token); status != tt.status || !strings.Contains(body, tt.body) {
			t.Errorf("%+v: %d %.200s", tt, status, body)
		}
	}
	if got := post(t, base+"/control/phones/sheena/messages", map[string]string{"number_id": "106540352242922", "kind": "text", "text": "Hi there"}); got != http.StatusCreated {
		t.Errorf("a message: %d", got)
	}
	select {
	case hook := <-hooks:
		if !strings.Contains(hook, "Hi there") {
			t.Errorf("webhook %s", hook)
		}
	case <-time.After(20 * time.Second):
		t.Error("no webhook came")
	}
	cancel()
	if code := <-done; code != 0 {
		t.Errorf("it ended with %d: %s", code, errs.String())
	}
}
