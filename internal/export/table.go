package export

import (
	"strings"
	"time"

	"parley"
	"parley/internal/sheet"
	"parley/internal/store/exports"
)

// table makes rows of conversations, or of their messages.
type table struct {
	zone     *time.Location
	columns  []column
	messages []messageColumn // nil: a row is a conversation
	names    []string        // of the columns
	reads    exports.Parts
}

func newTable(s *setup) (*table, error) {
	t := &table{zone: s.zone}
	if s.options.Rows == parley.RowsMessages {
		return t, t.chooseMessages(s.options.Columns)
	}
	return t, t.choose(s.options.Columns)
}

// choose takes the columns of conversations. It returns CodeInvalid for one that
// there is not.
func (t *table) choose(names []string) error {
	byName := map[string]column{}
	for _, c := range conversationColumns() {
		byName[c.name] = c
		if len(names) == 0 && c.usual {
			t.add(c)
		}
	}
	for _, name := range names {
		c, ok := byName[name]
		if variable, is := strings.CutPrefix(name, variablePrefix); is && variable != "" {
			c, ok = variableColumn(variable), true
		}
		if !ok {
			return parley.Errorf(parley.CodeInvalid, "columns: conversations have no column %.100q.", name)
		}
		t.add(c)
	}
	return nil
}

func (t *table) add(c column) {
	t.columns, t.names = append(t.columns, c), append(t.names, c.name)
	t.reads = t.reads.And(c.parts)
}

// header is the first row.
func (t *table) header() []sheet.Cell {
	cells := make([]sheet.Cell, len(t.names))
	for i, name := range t.names {
		cells[i] = name
	}
	return cells
}

// time is a time in the table's zone, nothing for the zero time.
func (t *table) time(at time.Time) sheet.Cell {
	if at.IsZero() {
		return nil
	}
	return at.In(t.zone)
}

// rows calls fn with each row of a conversation. The row is only good until it
// returns.
func (t *table) rows(c *Conversation, fn func([]sheet.Cell) error) error {
	cells := make([]sheet.Cell, len(t.names))
	if t.messages != nil {
		return c.each(func(m *parley.Message) error {
			for i := range t.messages {
				cells[i] = t.messages[i].of(t, c, m)
			}
			return fn(cells)
		})
	}
	for i := range t.columns {
		var err error
		if cells[i], err = t.columns[i].of(t, c); err != nil {
			return err
		}
	}
	return fn(cells)
}

// csv is the format of the same name.
type csv struct{ *table }

func openCSV(s *setup) (format, error) {
	t, err := newTable(s)
	return csv{t}, err
}

func (f csv) parts() exports.Parts { return f.reads }

func (f csv) head(w *writer) error {
	w.WriteString(sheet.BOM)
	return f.row(w, f.header())
}

func (f csv) tail(*writer) error { return nil }

func (f csv) conversation(w *writer, c *Conversation) error {
	return f.rows(c, func(cells []sheet.Cell) error { return f.row(w, cells) })
}

func (f csv) row(w *writer, cells []sheet.Cell) error {
	w.Write(sheet.AppendCSV(w.AvailableBuffer(), cells))
	return w.spill()
}
