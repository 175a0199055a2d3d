package export

import (
	"io"

	"parley/internal/sheet"
	"parley/internal/store/exports"
)

// xlsx is the format of the same name. What it writes at first are the rows alone.
type xlsx struct{ *table }

func openXLSX(s *setup) (format, error) {
	t, err := newTable(s)
	return xlsx{t}, err
}

func (f xlsx) parts() exports.Parts { return f.reads }

func (f xlsx) head(*writer) error { return nil }

func (f xlsx) tail(*writer) error { return nil }

func (f xlsx) conversation(w *writer, c *Conversation) error {
	return f.rows(c, func(cells []sheet.Cell) error {
		w.Write(sheet.AppendXLSX(w.AvailableBuffer(), cells))
		return w.spill()
	})
}

// pack makes the workbook.
func (f xlsx) pack(written io.Reader, w io.Writer) error {
	return sheet.Pack(w, f.header(), written)
}
