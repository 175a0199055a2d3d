package price

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
)

// Columns are the columns of a price table in CSV, in any order. The first line
// names them. Provider, model, input and output are required; prices are US
// dollars for a million tokens with at most six decimals, and an empty one is
// unknown. Of messages, see MessageNames, input is the price of one, and output
// is empty. Dates are YYYY-MM-DD.
func Columns() []string {
	return []string{"provider", "model", "input", "output", "cached", "cache_write", "source", "read_on"}
}

var required = []string{"provider", "model", "input", "output"}

// Bounds of an import.
const (
	maxRows      = 5_000
	maxName      = 200
	maxErrors    = 50
	maxMicroUSD  = 1_000_000_000_000 // a million dollars for a million tokens
	maxSourceLen = 500
)

// Parse reads a price table from CSV. A table with mistakes is refused whole,
// with CodeInvalid and one field error per mistake, whose path is "line 3" or
// "line 3, input". The prices have no id and no time of validity.
func Parse(data []byte) ([]parley.Price, error) {
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, parley.Errorf(parley.CodeInvalid, "The file is not a text in UTF-8.")
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.Comment, r.TrimLeadingSpace, r.FieldsPerRecord = '#', true, -1
	header, err := r.Read()
	if err != nil {
		return nil, parley.Errorf(parley.CodeInvalid, "The file has no line that names the columns: %s.",
			strings.Join(Columns(), ", "))
	}
	if err := checkHeader(header); err != nil {
		return nil, err
	}
	t := table{header: header, seen: make(map[string]int)}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if pe, ok := errors.AsType[*csv.ParseError](err); ok {
			t.wrong(pe.StartLine, "", "This line cannot be read: "+pe.Err.Error()+".")
			break // quotes are out of step from here on
		}
		line, _ := r.FieldPos(0)
		t.row(line, record)
		if len(t.prices) > maxRows {
			return nil, parley.Errorf(parley.CodeTooLarge, "A table holds at most %d prices.", maxRows)
		}
	}
	if len(t.mistakes) > 0 {
		return nil, &parley.Error{Code: parley.CodeInvalid, Fields: t.mistakes,
			Message: fmt.Sprintf("Nothing was imported: the file has mistakes, the first in %s: %s",
				t.mistakes[0].Path, t.mistakes[0].Message)}
	}
	if len(t.prices) == 0 {
		return nil, parley.Errorf(parley.CodeInvalid, "The file names its columns and holds no prices.")
	}
	return t.prices, nil
}

func checkHeader(header []string) error {
	for i, name := range header {
		header[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(Columns(), header[i]) {
			return parley.Errorf(parley.CodeInvalid, "Line 1: %q is no column; the columns are %s.",
				name, strings.Join(Columns(), ", "))
		}
		if slices.Contains(header[:i], header[i]) {
			return parley.Errorf(parley.CodeInvalid, "Line 1: the column %q is there twice.", header[i])
		}
	}
	for _, name := range required {
		if !slices.Contains(header, name) {
			return parley.Errorf(parley.CodeInvalid, "Line 1: the column %q is missing.", name)
		}
	}
	return nil
}

// table collects the rows of a file.
type table struct {
	header   []string
	prices   []parley.Price
	mistakes []parley.FieldError
	seen     map[string]int // line by provider and model
}

func (t *table) wrong(line int, column, message string) {
	if len(t.mistakes) == maxErrors {
		return
	}
	path := "line " + strconv.Itoa(line)
	if column != "" {
		path += ", " + column
	}
	t.mistakes = append(t.mistakes, parley.FieldError{Path: path, Message: message})
}

func (t *table) row(line int, record []string) {
	if len(record) != len(t.header) {
		t.wrong(line, "", fmt.Sprintf("It has %d fields, and %d columns are named.", len(record), len(t.header)))
		return
	}
	var p parley.Price
	for i, column := range t.header {
		if msg := set(&p, column, strings.TrimSpace(record[i])); msg != "" {
			t.wrong(line, column, msg)
		}
	}
	if p.Provider == Messages && p.Output == nil && p.Input != nil {
		p.Output = new(int64) // a message has one price
	}
	if (p.Input == nil) != (p.Output == nil) {
		t.wrong(line, "", "Input and output are either both known or both empty.")
	}
	key := p.Provider + "\x00" + p.Model
	if first, ok := t.seen[key]; ok {
		t.wrong(line, "model", fmt.Sprintf("Line %d has this provider and model already.", first))
	}
	t.seen[key] = line
	t.prices = append(t.prices, p)
}

// set takes one field; it returns what is wrong with it, or "".
func set(p *parley.Price, column, value string) string {
	switch column {
	case "provider":
		p.Provider = strings.ToLower(value)
		return checkName(value)
	case "model":
		p.Model = value
		return checkName(value)
	case "input":
		return setUSD(&p.Input, value)
	case "output":
		return setUSD(&p.Output, value)
	case "cached":
		return setUSD(&p.Cached, value)
	case "cache_write":
		return setUSD(&p.CacheWrite, value)
	case "source":
		p.Source = value
		if len(value) > maxSourceLen {
			return "It is too long."
		}
	case "read_on":
		p.ReadOn = value
		if _, err := time.Parse(time.DateOnly, value); err != nil && value != "" {
			return "A date looks like 2026-01-31."
		}
	}
	return ""
}

func checkName(s string) string {
	switch {
	case s == "":
		return "It is empty."
	case len(s) > maxName:
		return "It is too long."
	}
	return ""
}

func setUSD(to **int64, value string) string {
	if value == "" {
		return ""
	}
	n, err := ParseUSD(value)
	if err != nil {
		return fmt.Sprintf("%q is not an amount in US dollars with at most six decimals, such as 2.50.", value)
	}
	*to = &n
	return ""
}

// ParseUSD reads US dollars as millionths. It returns CodeInvalid for what is
// no decimal number, negative, or has more than six decimals.
func ParseUSD(s string) (int64, error) {
	// Credits are counted in millionths too, by the same rules of writing.
	c, err := parley.ParseCredits(s)
	if err != nil || c < 0 || c > maxMicroUSD || strings.HasPrefix(s, "-") {
		return 0, parley.Errorf(parley.CodeInvalid, "%q is not an amount in US dollars.", s)
	}
	return int64(c), nil
}

// FormatUSD writes millionths of a US dollar as ParseUSD reads them.
func FormatUSD(microUSD int64) string { return parley.Credits(microUSD).String() }
