// Package httpconn speaks HTTP/1.1 to a server that is measured, and costs as
// little as that can.
package httpconn

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
)

// Conn is the least HTTP/1.1 client that can drive a server: one connection
// that is kept, requests written whole. net/http's client costs as much as the
// servers that are measured, and would hide what they cost.
type Conn struct {
	Body []byte // of the last answer

	conn net.Conn
	in   *bufio.Reader
}

// Dial connects to a server.
func Dial(ctx context.Context, addr string) (*Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Conn{conn: conn, in: bufio.NewReader(conn)}, nil
}

// Request returns the bytes of a request with a JSON body.
func Request(method, host, path, key string, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", method, path, host, key, len(body))
	b.Write(body)
	return b.Bytes()
}

// Close closes the connection.
func (c *Conn) Close() error { return c.conn.Close() }

// Do sends a request and reads the answer into c.Body. It returns the status.
func (c *Conn) Do(req []byte) (int, error) {
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
func (c *Conn) headers() (length int, chunked bool, err error) {
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

func (c *Conn) read(n int) error {
	c.Body = append(c.Body[:0], make([]byte, n)...)
	_, err := io.ReadFull(c.in, c.Body)
	return err
}

func (c *Conn) readChunks() error {
	c.Body = c.Body[:0]
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(line)), 16, 32)
		if err != nil {
			return err
		}
		start := len(c.Body)
		c.Body = append(c.Body, make([]byte, n+2)...) // with the line end behind it
		if _, err := io.ReadFull(c.in, c.Body[start:]); err != nil {
			return err
		}
		c.Body = c.Body[:start+int(n)]
		if n == 0 {
			return nil
		}
	}
}
