package bench

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestHTTPConn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 4000)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/chunks":
			_, _ = io.WriteString(w, "one ")
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, long)
		case "/teapot":
			w.WriteHeader(http.StatusTeapot)
		default:
			_, _ = io.WriteString(w, r.Method+" "+r.Header.Get("Authorization")+" "+string(body))
		}
	}))
	defer s.Close()
	addr := s.Listener.Addr().String()
	c, err := dialHTTP(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.conn.Close() }()
	for range 2 { // the connection is kept
		for _, want := range []struct {
			path   string
			status int
			body   string
		}{
			{"/echo", 200, "POST Bearer k body"}, {"/chunks", 200, "one " + long}, {"/teapot", 418, ""},
		} {
			status, err := c.do(request("POST", addr, want.path, "k", []byte("body")))
			if err != nil || status != want.status || string(c.body) != want.body {
				t.Fatalf("%s: %d %.40q, %v", want.path, status, c.body, err)
			}
		}
	}
}

func TestDriveTheEcho(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	l, err := listenLoopback(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- serveEcho(ctx, l, "") }()
	addr := l.Addr().String()
	req := request("POST", addr, "/", "", []byte(`{"content":"hello"}`))
	got, err := drive(ctx, addr, 2, time.Second, func(int, int) []byte { return req })
	if err != nil || got.failed != 0 || len(got.latencies) == 0 {
		t.Errorf("%d answers, %d failed, %v", len(got.latencies), got.failed, err)
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	if _, err := listenLoopback(t.Context(), "0.0.0.0:0"); err == nil {
		t.Error("the echo would serve others")
	}
}

func TestDriveCountsFailures(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	addr := s.Listener.Addr().String()
	req := request("GET", addr, "/", "", nil)
	got, err := drive(t.Context(), addr, 1, time.Second, func(int, int) []byte { return req })
	if err != nil || got.failed == 0 || !strings.HasPrefix(got.failure, "404") {
		t.Errorf("%d failed with %q, %v", got.failed, got.failure, err)
	}
}

func TestRawCommits(t *testing.T) {
	t.Parallel()
	l, err := rawCommits(t.Context(), t.TempDir(), "", 1, time.Second)
	if err != nil || len(l.latencies) == 0 {
		t.Fatalf("%d commits, %v", len(l.latencies), err)
	}
}
