package foreign

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
)

// maxRecord is the largest record, in bytes: a line, a row, an element of the list
// that a file is.
const maxRecord = 16 << 20

// record is one record of a file.
type record struct {
	b    []byte // valid until the next one
	at   int64  // where it is
	line int    // in which it begins, from 1
}

// reader reads the bytes of a file, and counts them and their lines.
type reader struct {
	ctx  context.Context //nolint:containedctx // of the look that reads
	in   *bufio.Reader
	at   int64
	line int
	buf  []byte
}

func (r *reader) next() (byte, error) {
	c, err := r.in.ReadByte()
	if err == nil {
		r.at++
		if c == '\n' {
			r.line++
		}
	}
	return c, err
}

// begin skips what is blank, and returns the byte that follows without reading
// it; 0 at the end.
func (r *reader) begin(also string) (byte, error) {
	for {
		p, err := r.in.Peek(1)
		if errors.Is(err, io.EOF) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		if !blank(p[0]) && bytes.IndexByte([]byte(also), p[0]) < 0 {
			return p[0], nil
		}
		if _, err := r.next(); err != nil {
			return 0, err
		}
	}
}

// errTooLong is a record that is larger than any may be.
var errTooLong = tooLarge("It is larger than 16 MB.")

// lineRecord reads a line. It returns errTooLong once it has passed over one that
// is too long.
func (r *reader) lineRecord() (record, error) {
	rec := record{at: r.at, line: r.line}
	r.buf = r.buf[:0]
	long := false
	for {
		b, err := r.in.ReadSlice('\n')
		r.at += int64(len(b))
		if long = long || len(r.buf)+len(b) > maxRecord; !long {
			r.buf = append(r.buf, b...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			if r.ctx.Err() != nil {
				return rec, r.ctx.Err()
			}
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return rec, err
		}
		r.line++
		if long {
			return rec, errTooLong
		}
		rec.b = r.buf
		return rec, nil
	}
}

// valueRecord reads one value, which may go over many lines. It returns CodeInvalid
// for one that has no end.
func (r *reader) valueRecord() (record, error) {
	rec := record{at: r.at, line: r.line}
	r.buf = r.buf[:0]
	open, text := 0, false
	for {
		c, err := r.next()
		switch {
		case errors.Is(err, io.EOF):
			return rec, invalid("It is cut off.")
		case err != nil:
			return rec, err
		case len(r.buf) == maxRecord:
			return rec, errTooLong
		}
		r.buf = append(r.buf, c)
		switch {
		case text && c == '\\':
			if c, err = r.next(); err != nil {
				return rec, invalid("It is cut off.")
			}
			r.buf = append(r.buf, c)
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			open++
		case c == '}' || c == ']':
			open--
		}
		if open > maxDepth {
			return rec, invalid("It is nested more than %d deep.", maxDepth)
		}
		if !text && open <= 0 {
			after, _ := r.in.Peek(1) // nothing at the end, which the next byte tells
			if c == '}' || c == ']' || c == '"' || len(after) == 0 || blank(after[0]) || after[0] == ',' || after[0] == ']' {
				rec.b = r.buf
				return rec, nil
			}
		}
	}
}
