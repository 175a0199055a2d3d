package bench

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/bench/httpconn"
)

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
	req := httpconn.Request("POST", addr, "/", "", []byte(`{"content":"hello"}`))
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
	req := httpconn.Request("GET", addr, "/", "", nil)
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
