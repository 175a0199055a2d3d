package events

import (
	"bytes"
	"net"
	"net/http"
	"time"
)

// writePatience is how long a reader may take to read a piece.
const writePatience = 30 * time.Second

// head writes the head of a stream's answer. The stream ends with the
// connection (RFC 9112, section 6.3), so it needs no chunks.
func head(to *bytes.Buffer, h http.Header) {
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache, no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	h.Set("Connection", "close")
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	to.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(to) // a buffer never fails
	to.WriteString("\r\n")
}

// hear returns a channel that is closed when the reader has gone. A stream is
// for listening: who says something on it has gone as well.
func hear(conn net.Conn) <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = conn.Read(make([]byte, 1)) // whatever comes, it is over
	}()
	return gone
}
