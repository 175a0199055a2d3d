// Package sheet writes tables for spreadsheets, as CSV and as XLSX, row by row,
// in memory that does not grow with the table. What a person typed never becomes
// a formula, and a time keeps its zone.
package sheet

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Cell is one cell: a string, an int64, a float64, a bool, a Number, a time.Time
// in the zone that it is shown in, or nil for nothing.
type Cell any

// Number is a decimal number as text, for what a float64 cannot hold exactly.
type Number string

// Risky reports whether a spreadsheet may take a text for a formula, or for a
// command: it begins with one of = + - @ in any of their forms, or with a tab or
// a line break. Blanks before are looked through.
func Risky(s string) bool {
	for i, r := range s {
		switch r {
		case '=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '﹢', '﹣', '﹦', '﹫':
			return true
		case '\t', '\r', '\n':
			return i == 0 || Risky(s[i+utf8.RuneLen(r):])
		}
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) {
			return false
		}
	}
	return false
}

// text returns a cell as text, and whether a person may have typed it.
func text(c Cell) (s string, typed bool) {
	switch v := c.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), false
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), false
	case bool:
		return strings.ToUpper(strconv.FormatBool(v)), false
	case Number:
		return string(v), false
	case time.Time:
		return v.Format("2006-01-02T15:04:05Z07:00"), false
	}
	panic("sheet: a cell of an unknown type")
}
