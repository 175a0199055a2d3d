package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxRows is how many rows a sheet takes, its header among them.
const maxRows = 1 << 20

// What the parts of a workbook begin with (ECMA-376, part 1).
const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packages  = "http://schemas.openxmlformats.org/package/2006/"
	types     = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// Pack writes a workbook of rows that AppendXLSX made, below a header. A sheet
// that is full is followed by another one.
func Pack(w io.Writer, header []Cell, rows io.Reader) error { return pack(w, header, rows, maxRows) }

func pack(w io.Writer, header []Cell, rows io.Reader, most int) error {
	z := zip.NewWriter(w)
	p := &packing{zip: z, header: header, most: most}
	if err := p.next(); err != nil {
		return err
	}
	if err := p.copy(rows); err != nil {
		return err
	}
	if _, err := io.WriteString(p.sheet, sheetTail); err != nil {
		return err
	}
	for _, part := range []struct{ name, text string }{
		{"xl/workbook.xml", p.workbook()},
		{"xl/_rels/workbook.xml.rels", p.workbookRelations()},
		{"xl/styles.xml", styles()},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="` + packages + `relationships"><Relationship Id="rId1" Type="` + relations +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", p.contentTypes()},
	} {
		f, err := z.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, part.text); err != nil {
			return err
		}
	}
	return z.Close()
}

// packing is a workbook in the making.
type packing struct {
	zip    *zip.Writer
	header []Cell
	most   int
	sheet  io.Writer
	sheets int
	rows   int // of the sheet
}

const (
	rowEnd    = "</row>"
	sheetTail = "</sheetData></worksheet>"
)

// next begins a sheet with the header, which stays in sight.
func (p *packing) next() error {
	if p.sheets > 0 {
		if _, err := io.WriteString(p.sheet, sheetTail); err != nil {
			return err
		}
	}
	p.sheets++
	p.rows = 1
	var err error
	if p.sheet, err = p.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", p.sheets)); err != nil {
		return err
	}
	head := []byte(xmlHead + `<worksheet xmlns="` + mainSpace + `"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="16384" width="22" customWidth="1"/></cols><sheetData><row>`)
	for _, c := range p.header {
		s, _ := text(c)
		head = appendText(head, s, styleHeader)
	}
	_, err = p.sheet.Write(append(head, rowEnd...))
	return err
}

// copy distributes the rows over sheets.
func (p *packing) copy(rows io.Reader) error {
	buf := make([]byte, 0, 256<<10)
	for {
		n, err := rows.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		rest := buf
		for {
			i := bytes.Index(rest, []byte(rowEnd))
			if i < 0 {
				break
			}
			if p.rows == p.most {
				if err := p.next(); err != nil {
					return err
				}
			}
			p.rows++
			if _, err := p.sheet.Write(rest[:i+len(rowEnd)]); err != nil {
				return err
			}
			rest = rest[i+len(rowEnd):]
		}
		buf = append(buf[:0], rest...)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(buf) == cap(buf) { // a long row
			buf = append(buf, 0)[:len(buf)]
		}
	}
}

func (p *packing) workbook() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relations + `"><sheets>`)
	for i := 1; i <= p.sheets; i++ {
		fmt.Fprintf(&b, `<sheet name="Sheet%d" sheetId="%d" r:id="rId%d"/>`, i, i, i)
	}
	b.WriteString(`</sheets></workbook>`)
	return b.String()
}

func (p *packing) workbookRelations() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships xmlns="` + packages + `relationships">`)
	for i := 1; i <= p.sheets; i++ {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i, relations, i)
	}
	fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, p.sheets+1, relations)
	return b.String()
}

func (p *packing) contentTypes() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Types xmlns="` + packages + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + types + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + types + `styles+xml"/>`)
	for i := 1; i <= p.sheets; i++ {
		fmt.Fprintf(&b, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i, types)
	}
	b.WriteString(`</Types>`)
	return b.String()
}

// styles are those that cells name: plain, header, quoted, and a time for each
// offset, which it shows.
func styles() string {
	const firstFormat = 164 // those before are the spreadsheet's own
	var formats, cells strings.Builder
	n := lastOffset - firstOffset + 1
	for i := range n {
		offset := (firstOffset + i) * quarter / 60
		sign := '+'
		if offset < 0 {
			sign, offset = '-', -offset
		}
		fmt.Fprintf(&formats, `<numFmt numFmtId="%d" formatCode="yyyy\-mm\-dd\ hh:mm:ss\ &quot;%c%02d:%02d&quot;"/>`,
			firstFormat+i, sign, offset/60, offset%60)
		fmt.Fprintf(&cells, `<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, firstFormat+i)
	}
	return xmlHead + `<styleSheet xmlns="` + mainSpace + `">` +
		fmt.Sprintf(`<numFmts count="%d">`, n) + formats.String() + `</numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		fmt.Sprintf(`<cellXfs count="%d">`, styleTime+n) +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>` +
		cells.String() + `</cellXfs></styleSheet>`
}
