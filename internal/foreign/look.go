package foreign

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"parley"
)

// The most that a file may hold.
const (
	maxConversations = 500_000
	maxParts         = 2_000_000
	maxProblems      = 100 // that are told; all are counted
	maxMessages      = 20_000
	maxBytes         = 32 << 20 // of a conversation
)

// Index says where the conversations of a file are.
type Index struct {
	System   System
	Entries  []Entry // the oldest first
	Problems Problems

	head     []string        // of a table
	contacts map[string]spot // by id
	keys     map[string]int  // of Entries, while it is made
	parts    int
	unread   error // of the first line that cannot be read
}

// Entry is a conversation.
type Entry struct {
	Key   string
	Line  int
	began int64 // microseconds
	spots []spot
}

// spot is where a part of a conversation is.
type spot struct {
	at   int64
	size int32
	kind kind
}

// Problems are all counted, and the first of them told.
type Problems struct {
	Count int       `json:"count"`
	First []Problem `json:"first,omitempty"`
}

// Add counts a problem.
func (p *Problems) Add(line int, conversation string, err error) {
	p.Count++
	if len(p.First) >= maxProblems {
		return
	}
	one := Problem{Line: line, Conversation: lineOf(conversation), Code: parley.CodeInvalid, Reason: "It is not what its system writes."}
	if fault, ours := errors.AsType[*parley.Error](err); ours {
		one.Code, one.Reason = fault.Code, fault.Message
	}
	p.First = append(p.First, one)
}

func lineOf(id string) string { return line(id, 100) }

// Look finds the conversations of a file. It returns CodeInvalid or CodeTooLarge
// for a file of which nothing can be taken, and what reading returns.
func Look(ctx context.Context, from io.Reader) (*Index, error) {
	x := &Index{keys: map[string]int{}, contacts: map[string]spot{}}
	r := &reader{ctx: ctx, in: bufio.NewReaderSize(from, 64<<10), line: 1}
	if mark, err := r.in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		r.at = 3
		if _, err := r.in.Discard(3); err != nil {
			return nil, err
		}
	}
	first, err := r.begin("")
	if err != nil {
		return nil, err
	}
	switch first {
	case 0:
		return nil, invalid("The file is empty.")
	case '{':
		err = x.objects(r)
	case '[':
		err = x.list(r)
	case 0x1f, 'P':
		if packed, err := r.in.Peek(4); err == nil && (packed[0] == 0x1f && packed[1] == 0x8b || string(packed) == "PK\x03\x04") {
			return nil, invalid("The file is packed. Unpack it, and bring what is in it.")
		}
		err = x.table(r)
	default:
		err = x.table(r)
	}
	if err != nil {
		return nil, err
	}
	x.keys = nil
	if x.unread != nil && x.System != Parley {
		return nil, x.unread
	}
	if len(x.Entries) == 0 && x.Problems.Count == 0 {
		return nil, invalid("There are no conversations in the file.")
	}
	slices.SortStableFunc(x.Entries, func(a, b Entry) int { return cmp.Compare(a.began, b.began) })
	return x, nil
}

// objects reads values one after the other: JSON Lines, or, if the first one goes
// over several lines, values that must all be whole.
func (x *Index) objects(r *reader) error {
	if !oneLine(r) {
		return x.values(r, "")
	}
	for {
		c, err := r.begin("")
		if err != nil || c == 0 {
			return err
		}
		rec, err := r.lineRecord()
		if err == nil {
			err = check(rec.b)
		}
		if err == nil {
			err = x.take(rec)
		} else {
			err = x.may(rec, err)
		}
		if err != nil {
			return err
		}
	}
}

// oneLine reports whether the first line is a value: it has an end, as far as
// that is seen.
func oneLine(r *reader) bool {
	head, _ := r.in.Peek(64 << 10) // shorter at the end of the file
	end := bytes.IndexByte(head, '\n')
	if end < 0 {
		return true
	}
	head = bytes.TrimSpace(head[:end])
	return head[len(head)-1] == '}'
}

// may says whether to read on after a line that cannot be read: not where nobody
// knows which conversation is not whole now.
func (x *Index) may(rec record, err error) error {
	if _, ours := errors.AsType[*parley.Error](err); !ours || x.System != "" && x.System != Parley {
		return lost(rec, err)
	}
	x.Problems.Add(rec.line, "", err)
	if x.unread == nil {
		x.unread = lost(rec, err)
	}
	return nil
}

// lost is what ends the reading of a file.
func lost(rec record, err error) error {
	fault, ours := errors.AsType[*parley.Error](err)
	if !ours {
		return err
	}
	return &parley.Error{Code: fault.Code, Message: invalidAt(rec.line, fault.Message), Err: err}
}

// list reads the elements of a file that is a list.
func (x *Index) list(r *reader) error {
	if _, err := r.next(); err != nil {
		return err
	}
	return x.values(r, ",")
}

func (x *Index) values(r *reader, between string) error {
	for {
		c, err := r.begin(between)
		if err != nil {
			return err
		}
		switch {
		case c == 0 && between != "":
			return lost(record{line: r.line}, invalid("The file is cut off."))
		case c == 0:
			return nil
		case c == ']' && between != "":
			_, err := r.next()
			between = ""
			if err != nil {
				return err
			}
			continue
		}
		rec, err := r.valueRecord()
		if err == nil {
			err = check(rec.b)
		}
		if err != nil {
			return lost(rec, err)
		}
		if err := x.take(rec); err != nil {
			return err
		}
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
	}
}

// take notes what is in a record. It returns CodeTooLarge once there is too much.
func (x *Index) take(rec record) error {
	for _, p := range parts(rec.b) {
		if why := x.refuses(&p); why != nil {
			x.Problems.Add(rec.line, p.key, why)
			continue
		}
		s := spot{rec.at + int64(p.from), int32(p.to - p.from), p.kind}
		if p.kind == chatwootContact {
			x.contacts[p.key] = s
			continue
		}
		if err := x.add(p.key, rec.line, p.began, s); err != nil {
			return err
		}
	}
	return nil
}

// refuses says why a part of a record cannot be taken; nil: it can.
func (x *Index) refuses(p *part) error {
	switch {
	case p.kind == unknown || p.system == "":
		return invalid("It is no conversation or message that is known.")
	case p.key == "" || len(p.key) > 200:
		return invalid("It has no id.")
	case x.System == "":
		x.System = p.system
	case x.System != p.system:
		return invalid("It is of %s, and what is before it of %s.", p.system.Name(), x.System.Name())
	}
	return nil
}

var errMany = tooLarge("A file holds at most 500,000 conversations and 2,000,000 messages. Divide it.")

// add notes a part of a conversation.
func (x *Index) add(key string, line int, at time.Time, s spot) error {
	began := int64(math.MaxInt64) // it is not known
	if !at.IsZero() {
		began = at.UnixMicro()
	}
	i, there := x.keys[key]
	x.parts++
	switch {
	case x.parts > maxParts || len(x.Entries) >= maxConversations && !there:
		return errMany
	case there && s.kind == whole:
		x.Problems.Add(line, key, &parley.Error{Code: parley.CodeConflict, Message: "A conversation with this id is in the file before it."})
		return nil
	case !there:
		i = len(x.Entries)
		x.keys[key] = i
		x.Entries = append(x.Entries, Entry{Key: key, Line: line, began: began})
	}
	e := &x.Entries[i]
	e.began = min(e.began, began)
	e.spots = append(e.spots, s)
	return nil
}

// raw returns the parts of a conversation as they are in the file. It returns
// CodeTooLarge for one that is too large.
func (x *Index) raw(from io.ReaderAt, e *Entry) (all []piece, err error) {
	total := 0
	for _, s := range e.spots {
		if total += int(s.size); total > maxBytes {
			return nil, tooLarge("It has more than 32 MB.")
		}
		b, err := s.read(from)
		if err != nil {
			return nil, err
		}
		all = append(all, piece{b, s.kind})
	}
	return all, nil
}

// read returns the bytes of a part. It returns CodeInvalid unless they are text.
func (s spot) read(from io.ReaderAt) ([]byte, error) {
	b := make([]byte, s.size)
	if _, err := from.ReadAt(b, s.at); err != nil {
		return nil, err
	}
	return b, clean(b)
}

// piece is a part of a conversation.
type piece struct {
	b    []byte
	kind kind
}

// Whole returns the line of a conversation of Parley.
func (x *Index) Whole(from io.ReaderAt, e *Entry) ([]byte, error) {
	all, err := x.raw(from, e)
	if err != nil {
		return nil, err
	}
	return all[0].b, nil
}

// Read returns a conversation of another system. It returns CodeInvalid and
// CodeTooLarge for one that cannot be taken.
func (x *Index) Read(from io.ReaderAt, e *Entry) (*Conversation, error) {
	all, err := x.raw(from, e)
	if err != nil {
		return nil, err
	}
	var c *Conversation
	if x.System == Chatwoot {
		c, err = x.chatwoot(from, e, all)
	} else {
		c, err = x.dify(e, all)
	}
	if err != nil {
		return nil, err
	}
	return c, c.finish()
}
