package foreign

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"parley"
)

// difyRow is a row of a table: a question and its answer.
const difyRow kind = 100

// bounded lets no record of a table be larger than any may be.
type bounded struct {
	r    io.Reader
	left int
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// table reads a table whose first row has the names of its columns.
func (x *Index) table(r *reader) error {
	in := &bounded{r.in, maxRecord}
	rows := csv.NewReader(in)
	rows.FieldsPerRecord, rows.LazyQuotes, rows.ReuseRecord = -1, false, true
	start, row := r.at, r.line-1
	head, err := rows.Read()
	if err != nil || !utf8.ValidString(strings.Join(head, "")) {
		return errNoForm
	}
	for _, name := range head {
		x.head = append(x.head, strings.ToLower(strings.TrimSpace(name)))
	}
	if x.column("conversation_id") < 0 || x.column("query", "user_query") < 0 || x.column("answer", "ai_response") < 0 || x.column("created_at", "message_date") < 0 {
		return errNoForm
	}
	x.System = Dify
	last := 2
	for {
		from := rows.InputOffset()
		in.left = maxRecord
		fields, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if wrong, is := errors.AsType[*csv.ParseError](err); is {
			return lost(record{line: wrong.StartLine + row}, invalid("It is not a row of a table, or is cut off."))
		}
		if err != nil {
			return lost(record{line: last + row}, err)
		}
		line, _ := rows.FieldPos(0)
		last = line + 1
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		m, err := x.read(fields)
		key := x.field(fields, "conversation_id")
		if err == nil && (key == "" || len(key) > 200) {
			err = invalid("It has no id.")
		}
		if err != nil && key == "" {
			x.Problems.Add(line+row, "", err)
			continue
		}
		size := rows.InputOffset() - from
		// A row that is wrong is noted all the same: it spoils its conversation.
		if err := x.add(key, line+row, m.CreatedAt.Time, spot{start + from, int32(size), difyRow}); err != nil {
			return err
		}
	}
}

var errNoForm = invalid("The form of the file is not known. It must be JSON Lines of Parley, JSON of Chatwoot or Dify, or a table of Dify as CSV.")

// column returns which column has one of some names, -1 if none.
func (x *Index) column(names ...string) int {
	for i, have := range x.head {
		for _, n := range names {
			if have == n {
				return i
			}
		}
	}
	return -1
}

func (x *Index) field(fields []string, names ...string) string {
	for _, n := range names {
		if i := x.column(n); i >= 0 && i < len(fields) && fields[i] != "" {
			return fields[i]
		}
	}
	return ""
}

// row reads a row that is by itself.
func (x *Index) row(b []byte) (difyMsg, error) {
	fields, err := csv.NewReader(bytes.NewReader(b)).Read()
	if err != nil {
		return difyMsg{}, invalid("It is not a row of a table.")
	}
	return x.read(fields)
}

// read takes a row as what it says. One without an id gets one that follows from
// what it holds.
func (x *Index) read(fields []string) (m difyMsg, err error) {
	for _, f := range fields {
		if err := parley.CheckContent(f); err != nil {
			return m, err
		}
	}
	m.ID = id(x.field(fields, "message_id", "id"))
	if m.ID == "" {
		sum := sha256.Sum256([]byte(strings.Join(fields, "\x00")))
		m.ID = id(hex.EncodeToString(sum[:16]))
	}
	m.Query, m.Answer = x.field(fields, "query", "user_query"), x.field(fields, "answer", "ai_response")
	m.EndUser, m.SessionID = id(x.field(fields, "end_user_id", "from_end_user_id")), id(x.field(fields, "from_end_user_session_id", "user"))
	m.CreatedAt.Time, err = parseTime(x.field(fields, "created_at", "message_date"))
	for _, from := range [][2]string{{"user_rating", "user"}, {"feedback_rating", "user"}, {"admin_rating", "admin"}} {
		if rating := x.field(fields, from[0]); rating == "like" || rating == "dislike" {
			m.Feedbacks = append(m.Feedbacks, difyFeedback{Rating: rating, Source: from[1], Content: x.field(fields, "feedback_comment")})
		}
	}
	return m, err
}
