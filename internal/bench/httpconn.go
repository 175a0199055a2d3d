package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// httpConn is the least HTTP/1.1 client that can drive a server: one connection
// that is kept, requests written whole. net/http's client costs as much as the
// servers that are measured, and would hide what they cost.
type httpConn struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte // of the last answer
}

func dialHTTP(ctx context.Context, addr string) (*httpConn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &httpConn{conn: conn, in: bufio.NewReader(conn)}, nil
}

// request returns the bytes of a request with a JSON body.
func request(method, host, path, key string, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", method, path, host, key, len(body))
	b.Write(body)
	return b.Bytes()
}

// do sends a request and reads the answer into c.body. It returns the status.
func (c *httpConn) do(req []byte) (int, error) {
	if _, err := c.conn.Write(req); err != nil {
		return 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 {
		return 0, errors.New("no HTTP answer")
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return 0, fmt.Errorf("no HTTP status: %w", err)
	}
	length, chunked, err := c.headers()
	if err != nil {
		return status, err
	}
	if chunked {
		return status, c.readChunks()
	}
	return status, c.read(length)
}

// headers reads to the end of the headers and returns how long the body is.
func (c *httpConn) headers() (length int, chunked bool, err error) {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, false, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return length, chunked, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case len(name) == 14 && bytes.EqualFold(name, []byte("content-length")):
			if length, err = strconv.Atoi(strings.TrimSpace(string(value))); err != nil {
				return 0, false, err
			}
		case len(name) == 17 && bytes.EqualFold(name, []byte("transfer-encoding")):
			chunked = true
		}
	}
}

func (c *httpConn) read(n int) error {
	c.body = append(c.body[:0], make([]byte, n)...)
	_, err := io.ReadFull(c.in, c.body)
	return err
}

func (c *httpConn) readChunks() error {
	c.body = c.body[:0]
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(line)), 16, 32)
		if err != nil {
			return err
		}
		start := len(c.body)
		c.body = append(c.body, make([]byte, n+2)...) // with the line end behind it
		if _, err := io.ReadFull(c.in, c.body[start:]); err != nil {
			return err
		}
		c.body = c.body[:start+int(n)]
		if n == 0 {
			return nil
		}
	}
}

// load is a measurement of requests over a number of connections.
type load struct {
	latencies latencies
	sent      int    // requests, with those that are not counted
	failed    int    // answers that are no success
	failure   string // one of them
	took      time.Duration
}

// warmUp is driven before the time is taken.
const warmUp = time.Second

// drive sends requests over conns connections for a time, each connection one
// after the other. next returns the n-th request of a connection. What is sent
// in the first second is not counted.
func drive(ctx context.Context, addr string, conns int, d time.Duration, next func(conn, n int) []byte) (*load, error) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		all   load
		errs  []error
		start = time.Now().Add(warmUp)
		end   = start.Add(d)
	)
	for conn := range conns {
		c, err := dialHTTP(ctx, addr)
		if err != nil {
			return nil, errors.Join(append(errs, err)...)
		}
		wg.Go(func() {
			one, err := c.drive(ctx, start, end, func(n int) []byte { return next(conn, n) })
			err = errors.Join(err, c.conn.Close())
			mu.Lock()
			defer mu.Unlock()
			all.add(one)
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	all.took = d
	return &all, errors.Join(errs...)
}

func (l *load) add(one *load) {
	l.latencies = append(l.latencies, one.latencies...)
	l.sent += one.sent
	l.failed += one.failed
	if one.failure != "" {
		l.failure = one.failure
	}
}

// drive sends over one connection until end; what is answered before start is
// not counted.
func (c *httpConn) drive(ctx context.Context, start, end time.Time, next func(n int) []byte) (*load, error) {
	l := &load{}
	for n := 0; ; n++ {
		req := next(n)
		before := time.Now()
		if before.After(end) || ctx.Err() != nil {
			return l, ctx.Err()
		}
		status, err := c.do(req)
		if err != nil {
			return l, err
		}
		l.sent++
		if status < 200 || status > 299 {
			l.failed++
			l.failure = fmt.Sprintf("%d %.200s", status, c.body)
		}
		if before.After(start) {
			l.latencies = append(l.latencies, time.Since(before))
		}
	}
}
