package export

import (
	"context"
	"io"
	"math"

	"parley"
)

// Stream writes an export to out at once, and tells progress how many of how many
// conversations are written; -1: it is not known how many there are. It returns
// CodeInvalid like Create.
func (s *Service) Stream(ctx context.Context, ws string, o parley.ExportOptions, out io.Writer, progress func(done, total int64)) error {
	if err := o.Validate(); err != nil {
		return err
	}
	f, r, err := s.open(ctx, ws, s.now(), &o)
	if err != nil {
		return err
	}
	total := int64(-1)
	if o.Filter.Q == "" || o.Format == parley.ExportPage { // else to count what is found takes as long as to find it
		n, err := s.count(ctx, ws, &o, math.MaxInt)
		if err != nil {
			return err
		}
		total = int64(n)
	}
	walk, err := s.walk(ctx, ws, &o, "")
	if err != nil {
		return err
	}
	write := func(out io.Writer) error {
		w := &writer{out: out}
		if err := f.head(w); err != nil {
			return err
		}
		for done := int64(0); ; progress(done, total) {
			rows, _, err := walk.Next(ctx, s.Limits.Ahead)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			err = r.read(ctx, rows, func(c *Conversation) error {
				if err := f.conversation(w, c); err != nil {
					return err
				}
				return w.spill()
			})
			if err != nil {
				return err
			}
			done += int64(len(rows))
		}
		if err := f.tail(w); err != nil {
			return err
		}
		return w.done()
	}
	p, ok := f.(packer)
	if !ok {
		return write(out)
	}
	pipe, in := io.Pipe()
	go func() { _ = in.CloseWithError(write(in)) }() // never fails
	err = p.pack(pipe, out)
	_ = pipe.CloseWithError(err) // never fails
	return err
}
