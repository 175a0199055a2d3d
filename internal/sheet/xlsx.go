package sheet

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// The styles of cells, by their place in the workbook's list.
const (
	stylePlain  = 0
	styleHeader = 1
	styleQuoted = 2 // a text that stays one when it is edited
	styleTime   = 3 // of the first offset; one style for each
)

// The offsets from UTC that times are shown with: every quarter of an hour there
// is a zone for.
const (
	quarter     = 15 * 60 // seconds
	firstOffset = -12 * 4 // quarters
	lastOffset  = 14 * 4
)

// longestText is how many UTF-16 units a cell takes.
const longestText = 32767

// AppendXLSX appends a row to the rows that Pack makes a workbook of.
func AppendXLSX(b []byte, row []Cell) []byte {
	b = append(b, "<row>"...)
	for _, c := range row {
		b = appendCell(b, c, stylePlain)
	}
	return append(b, "</row>"...)
}

func appendCell(b []byte, c Cell, style int) []byte {
	switch v := c.(type) {
	case nil:
		return append(b, "<c/>"...)
	case bool:
		n := "0"
		if v {
			n = "1"
		}
		return appendValue(b, ` t="b"`, style, n)
	case time.Time:
		if _, offset := v.Zone(); offset%quarter == 0 && offset/quarter >= firstOffset && offset/quarter <= lastOffset {
			return appendValue(b, "", styleTime+offset/quarter-firstOffset, serial(v))
		}
		s, _ := text(v)
		return appendText(b, s, style)
	case Number:
		if _, err := strconv.ParseFloat(string(v), 64); err != nil {
			return appendText(b, string(v), style)
		}
		return appendValue(b, "", style, string(v))
	case string:
		if v == "" {
			return append(b, "<c/>"...)
		}
		if Risky(v) {
			style = styleQuoted
		}
		return appendText(b, v, style)
	}
	s, _ := text(c)
	return appendValue(b, "", style, s)
}

func appendStyle(b []byte, style int) []byte {
	if style == stylePlain {
		return b
	}
	return append(strconv.AppendInt(append(b, ` s="`...), int64(style), 10), '"')
}

func appendValue(b []byte, kind string, style int, value string) []byte {
	b = appendStyle(append(append(b, "<c"...), kind...), style)
	return append(append(append(b, "><v>"...), value...), "</v></c>"...)
}

func appendText(b []byte, s string, style int) []byte {
	b = appendStyle(append(b, `<c t="inlineStr"`...), style)
	b = append(b, `><is><t xml:space="preserve">`...)
	return append(appendEscaped(b, s), "</t></is></c>"...)
}

// serial is a time as spreadsheets count: in days since 30 December 1899, as the
// clocks of its zone show.
func serial(t time.Time) string {
	_, offset := t.Zone()
	const epoch = 25569 // 1 January 1970
	days := float64(t.Unix()+int64(offset))/86400 + epoch
	return strconv.FormatFloat(days, 'f', 10, 64)
}

// appendEscaped appends a text for a cell: as XML, with what XML cannot hold
// written as _xHHHH_ (ECMA-376, ST_Xstring), and cut where a cell is full.
func appendEscaped(b []byte, s string) []byte {
	left := longestText
	if utf16Len(s) > left {
		left-- // for the mark
	}
	for i, r := range s {
		width := 1
		if r > 0xffff {
			width = 2
		}
		if left < width {
			return append(b, "…"...)
		}
		left -= width
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '_' && escapes(s[i:]):
			b = append(b, "_x005F_"...)
		case r < ' ' && r != '\t' && r != '\n':
			b = append(b, "_x00"...)
			b = append(b, "0123456789ABCDEF"[r>>4], "0123456789ABCDEF"[r&15], '_')
		case r == 0xfffe || r == 0xffff:
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// escapes reports whether s begins with what would be read as an escape.
func escapes(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}
