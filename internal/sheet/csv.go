package sheet

import "strings"

// BOM lets spreadsheets know that a CSV file is UTF-8.
const BOM = "\ufeff"

// quote is put before a text that might be taken for a formula. Spreadsheets
// hide it, or show it as what it is.
const quote = "'"

// AppendCSV appends a row as RFC 4180 has it.
func AppendCSV(b []byte, row []Cell) []byte {
	for i, c := range row {
		if i > 0 {
			b = append(b, ',')
		}
		s, typed := text(c)
		risky := typed && Risky(s)
		// A row of one empty cell would look like no row.
		if !risky && !strings.ContainsAny(s, ",\"\r\n") && (s != "" || len(row) > 1) {
			b = append(b, s...)
			continue
		}
		b = append(b, '"')
		if risky {
			b = append(b, quote...)
		}
		for k := range len(s) {
			if s[k] == '"' {
				b = append(b, '"')
			}
			b = append(b, s[k])
		}
		b = append(b, '"')
	}
	return append(b, '\r', '\n')
}
