package server_test

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"testing"
)

// maxIdleStream is the budget for the memory of one idle stream.
const maxIdleStream = 32 << 10

// TestIdleStreamIsSmall opens 1,000 streams and divides what the process grew
// by. The clients' own sockets are in it.
func TestIdleStreamIsSmall(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	w := newWorld(t, "sqlite")
	w.measure("stream", func(int) string {
		return fmt.Sprintf("GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", w.ours.key)
	})
}

// TestIdleVisitorIsSmall does the same with visitors, each with a conversation
// and a token.
func TestIdleVisitorIsSmall(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	w := newWorld(t, "sqlite")
	requests := make([]string, idleStreams)
	for i := range requests {
		g := w.visitor(w.ours.widget)
		requests[i] = fmt.Sprintf("GET /widget/v1/%s/conversations/%s/stream HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\nAuthorization: Bearer %s\r\n\r\n",
			g.widget, g.begins().ID, g.origin, g.token)
	}
	w.measure("visitor", func(i int) string { return requests[i] })
}

// idleStreams is how many streams are opened to measure one.
const idleStreams = 1000

// measure opens streams and says what each takes.
func (w *world) measure(what string, request func(i int) string) {
	w.t.Helper()
	inUse := func() int64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapInuse + m.StackInuse)
	}
	before := inUse()
	conns := make([]net.Conn, idleStreams)
	for i := range conns {
		c, err := net.Dial("tcp", w.http.Listener.Addr().String())
		w.must(err)
		w.t.Cleanup(func() { _ = c.Close() })
		_, err = io.WriteString(c, request(i))
		w.must(err)
		first := make([]byte, 512)
		if n, err := c.Read(first); err != nil || string(first[:12]) != "HTTP/1.1 200" {
			w.t.Fatalf("stream %d: %v %q", i, err, first[:n])
		}
		conns[i] = c
	}
	each := (inUse() - before) / idleStreams
	w.t.Logf("%d bytes for each idle %s", each, what)
	if each > maxIdleStream {
		w.t.Errorf("an idle %s takes %d bytes, more than %d", what, each, maxIdleStream)
	}
}
