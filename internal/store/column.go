package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
)

// micros is how a time is stored: microseconds since 1970 in UTC, and 0 for
// the zero time. Time columns are BIGINT NOT NULL.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// fromMicros reads what micros wrote.
func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// asTime scans a time column into t.
func asTime(t *time.Time) sql.Scanner { return (*timeColumn)(t) }

type timeColumn time.Time

// Scan implements sql.Scanner.
func (c *timeColumn) Scan(v any) error {
	us, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time column holds %T", v)
	}
	*c = timeColumn(fromMicros(us))
	return nil
}

// toJSON is how structured values are stored. The types of the domain always
// marshal, so it has no error.
func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: %T does not marshal: %v", v, err))
	}
	return string(b)
}

// asJSON scans a column written by toJSON into v, a pointer. An empty column
// leaves v alone.
func asJSON(v any) sql.Scanner { return jsonColumn{v} }

type jsonColumn struct{ v any }

// Scan implements sql.Scanner.
func (c jsonColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return json.Unmarshal([]byte(v), c.v)
	case []byte:
		if len(v) == 0 {
			return nil
		}
		return json.Unmarshal(v, c.v)
	default:
		return fmt.Errorf("a JSON column holds %T", v)
	}
}

// orNotFound turns the absence of a row into CodeNotFound with a sentence
// about what is missing, such as "assistant".
func orNotFound(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return parley.Errorf(parley.CodeNotFound, "There is no such %s.", what)
	}
	return err
}

// found returns v if it was found, else nothing and what orNotFound says.
func found[T any](v T, err error, what string) (*T, error) {
	if err != nil {
		return nil, orNotFound(err, what)
	}
	return &v, nil
}

// changedOne returns CodeNotFound if a statement about one row changed none.
func changedOne(n int64, err error, what string) error {
	if err == nil && n == 0 {
		err = parley.Errorf(parley.CodeNotFound, "There is no such %s.", what)
	}
	return err
}

// collect scans all rows and closes them. It takes the results of query.
func collect[T any](r rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	var all []T
	for r.Next() {
		v, err := scan(r)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, r.Err()
}

// checkText returns CodeInvalid for text that PostgreSQL cannot keep, so that
// SQLite does not keep it either.
func checkText(args []any) error {
	for _, arg := range args {
		if s, ok := arg.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			return parley.Errorf(parley.CodeInvalid, "The text is not valid UTF-8, or holds a NUL character.")
		}
	}
	return nil
}

// scanID scans a single text column.
func scanID(r scanner) (id string, err error) { return id, r.Scan(&id) }

// placeholder is the name of the nth argument, from 1.
func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// placeholders appends values to args and returns their names, with commas.
func placeholders[T ~string](args *[]any, values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		*args = append(*args, string(v))
		names[i] = placeholder(len(*args))
	}
	return strings.Join(names, ", ")
}
