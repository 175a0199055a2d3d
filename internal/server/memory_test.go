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
	const streams = 1000
	request := fmt.Sprintf("GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", w.ours.key)
	inUse := func() int64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapInuse + m.StackInuse)
	}
	before := inUse()
	conns := make([]net.Conn, streams)
	for i := range conns {
		c, err := net.Dial("tcp", w.http.Listener.Addr().String())
		w.must(err)
		defer func() { _ = c.Close() }()
		_, err = io.WriteString(c, request)
		w.must(err)
		first := make([]byte, 512)
		if n, err := c.Read(first); err != nil || string(first[:12]) != "HTTP/1.1 200" {
			t.Fatalf("stream %d: %v %q", i, err, first[:n])
		}
		conns[i] = c
	}
	each := (inUse() - before) / streams
	t.Logf("%d bytes for each of %d idle streams", each, streams)
	if each > maxIdleStream {
		t.Errorf("an idle stream takes %d bytes, more than %d", each, maxIdleStream)
	}
}
