package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func TestRisky(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"=1+1", "+49 30 1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋1", "－1", "＠x", "\x00=1",
	} {
		if !Risky(s) {
			t.Errorf("%q passes for a text", s)
		}
	}
	for _, s := range []string{"", " ", "hello = x", "1-1", "a@b", "'=1", "é", "我=", "5"} {
		if Risky(s) {
			t.Errorf("%q passes for a formula", s)
		}
	}
}

// anyText draws text that spreadsheets have trouble with.
func anyText(t *rapid.T) string {
	return rapid.OneOf(
		rapid.StringOfN(rapid.Rune(), 0, 40, -1),
		rapid.StringMatching(`[=+\-@\t\r\n ]{0,3}(cmd\|' /C calc'!A0|HYPERLINK\("x"\)|[a-z,";]{0,9})`),
		rapid.SampledFrom([]string{"_x0041_", "_x005F_", "a_x00e9_b", "\x01\x1f", "我的订单", "สวัสดี", "مرحبا", "👩‍👩‍👧", "a\r\nb", "\"", "<b>&amp;</b>"}),
	).Draw(t, "text")
}

// TestCSVIsReadBack writes rows of any text: what another reader finds is the same
// text, and none of it begins as a formula does.
func TestCSVIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 4).Draw(t, "columns")
		var b []byte
		var want [][]string
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			row, texts := make([]Cell, columns), make([]string, columns)
			for i := range row {
				texts[i] = anyText(t)
				row[i] = texts[i]
			}
			b, want = AppendCSV(b, row), append(want, texts)
		}
		r := csv.NewReader(bytes.NewReader(b))
		got, err := r.ReadAll()
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q: %d rows, %v", b, len(got), err)
		}
		for i := range want {
			for k, s := range want[i] {
				cell := got[i][k]
				if Risky(cell) {
					t.Fatalf("%q is a formula", cell)
				}
				if Risky(s) {
					s = "'" + s
				}
				// The reader makes one line break of two signs.
				if cell != strings.ReplaceAll(s, "\r\n", "\n") {
					t.Fatalf("%q became %q", s, cell)
				}
			}
		}
	})
}

func TestCSVCells(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("", 9*3600)
	got := string(AppendCSV(nil, []Cell{
		nil, "a", "b,c", `d"e`, int64(-5), 1.5, true, Number("0.0125"), time.Date(2026, 1, 31, 12, 0, 0, 0, tokyo), time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC),
	}))
	if want := ",a,\"b,c\",\"d\"\"e\",-5,1.5,TRUE,0.0125,2026-01-31T12:00:00+09:00,2026-01-31T12:00:00Z\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := string(AppendCSV(nil, []Cell{""})); got != "\"\"\r\n" {
		t.Errorf("an empty cell alone is %q", got)
	}
}

// workbook packs rows and opens what comes out with another library.
func workbook(t interface {
	Helper()
	Fatal(args ...any)
}, header []Cell, rows [][]Cell, most int) *excelize.File {
	t.Helper()
	var b []byte
	for _, row := range rows {
		b = AppendXLSX(b, row)
	}
	var file bytes.Buffer
	// A reader of few bytes at a time finds rows that are cut anywhere.
	if err := pack(&file, header, &slow{b}, most); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

type slow struct{ b []byte }

func (s *slow) Read(p []byte) (int, error) {
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 7)], s.b)
	s.b = s.b[n:]
	return n, nil
}

// TestXLSXIsReadBack writes rows of any text: another library finds the same text,
// as text.
func TestXLSXIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rows [][]Cell
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			rows = append(rows, []Cell{anyText(t), anyText(t)})
		}
		f := workbook(t, []Cell{"a", "b"}, rows, maxRows)
		defer func() { _ = f.Close() }()
		for i, row := range rows {
			for k := range row {
				cell, err := excelize.CoordinatesToCellName(k+1, i+2)
				if err != nil {
					t.Fatal(err)
				}
				got, err := f.GetCellValue("Sheet1", cell)
				if err != nil {
					t.Fatal(err)
				}
				formula, err := f.GetCellFormula("Sheet1", cell)
				if err != nil || formula != "" {
					t.Fatalf("%q has become the formula %q, %v", row[k], formula, err)
				}
				want := strings.NewReplacer("\ufffe", "\ufffd", "\uffff", "\ufffd").Replace(row[k].(string))
				if got != want {
					t.Fatalf("%q became %q", want, got)
				}
			}
		}
	})
}

func TestXLSXCells(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 12, 30, 15, 0, time.FixedZone("", 5*3600+45*60))
	long := strings.Repeat("x", 40_000)
	f := workbook(t, []Cell{"one", "two"}, [][]Cell{
		{nil, int64(-5), 1.5, true, false, Number("0.0125"), at, "=1", Number("none")},
		{long, strings.Repeat("😀", 20_000)},
		{time.Date(1890, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3208))},
	}, maxRows)
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("Sheet1")
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	want := []string{"", "-5", "1.5", "TRUE", "FALSE", "0.0125", "2026-01-31 12:30:15", "=1", "none"}
	for i, w := range want {
		if !strings.HasPrefix(rows[1][i], w) {
			t.Errorf("cell %d is %q, want %q", i, rows[1][i], w)
		}
	}
	if len(rows[2][0]) != longestText-1+len("…") || !strings.HasSuffix(rows[2][1], "😀…") || utf16Len(rows[2][1]) > longestText {
		t.Errorf("cells are cut to %d and %d", len(rows[2][0]), utf16Len(rows[2][1]))
	}
	if rows[3][0] != "1890-01-01T00:00:00+00:53" {
		t.Errorf("a time with an odd offset is %q", rows[3][0])
	}
	shown, err := f.GetCellStyle("Sheet1", "G2")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := f.GetStyle(shown); err != nil || *s.CustomNumFmt != `yyyy\-mm\-dd\ hh:mm:ss\ "+05:45"` {
		t.Errorf("a time is shown as %v, %v", s, err)
	}
	style, err := f.GetCellStyle("Sheet1", "H2")
	if err != nil || style != styleQuoted {
		t.Errorf("what looks like a formula has the style %d, %v", style, err)
	}
}

func TestXLSXGoesOnOnAnotherSheet(t *testing.T) {
	t.Parallel()
	var rows [][]Cell
	for i := range int64(25) {
		rows = append(rows, []Cell{i, strings.Repeat("</row>", int(i))})
	}
	f := workbook(t, []Cell{"n"}, rows, 11)
	defer func() { _ = f.Close() }()
	next := int64(0)
	for _, name := range []string{"Sheet1", "Sheet2", "Sheet3"} {
		got, err := f.GetRows(name)
		if err != nil || got[0][0] != "n" {
			t.Fatalf("%s begins with %v, %v", name, got[0], err)
		}
		for _, row := range got[1:] {
			if s, _ := text(next); row[0] != s {
				t.Fatalf("%s: %s follows %d", name, row[0], next-1)
			}
			next++
		}
	}
	if next != 25 || f.SheetCount != 3 {
		t.Errorf("%d rows on %d sheets", next, f.SheetCount)
	}
}

// TestPartsAreXML reads every part of a workbook.
func TestPartsAreXML(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := Pack(&b, []Cell{"a"}, bytes.NewReader(AppendXLSX(nil, []Cell{"\x00\ufffe<&>", nil, time.Now()}))); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(r); err == nil; {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
