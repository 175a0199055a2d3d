package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what a measurement prints: tables for people, or JSON.
type report struct {
	Bench   string    `json:"bench"`
	At      time.Time `json:"at"`
	Machine machine   `json:"machine"`
	Setup   string    `json:"setup"` // what ran where
	Tables  []*table  `json:"tables"`
	Budgets *table    `json:"budgets,omitempty"`
	Over    int       `json:"over_budget"`
	Notes   []string  `json:"notes,omitempty"`
}

// machine says what it was measured on.
type machine struct {
	CPU      string `json:"cpu"`
	Cores    int    `json:"cores"`
	MemoryMB int64  `json:"memory_mb"`
	System   string `json:"system"`
	Go       string `json:"go"`
	Database string `json:"database"`
}

// table is a table of results. A row has one value per column: a string, an
// int, a float64, a time.Duration or a share. nil is nothing.
type table struct {
	Title   string
	Columns []string
	Rows    [][]any
}

// share is a ratio.
type share float64

func newReport(bench, database, setup string) *report {
	return &report{
		Bench: bench, At: time.Now().UTC().Truncate(time.Second), Setup: setup,
		Machine: machine{
			CPU: procValue("/proc/cpuinfo", "model name"), Cores: runtime.GOMAXPROCS(0),
			MemoryMB: memoryMB(), System: runtime.GOOS + "/" + runtime.GOARCH,
			Go: runtime.Version(), Database: database,
		},
	}
}

func (r *report) table(title string, columns ...string) *table {
	t := &table{Title: title, Columns: columns}
	r.Tables = append(r.Tables, t)
	return t
}

func (r *report) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

func (t *table) row(values ...any) { t.Rows = append(t.Rows, values) }

// spread are the columns of a summary, and cells its values.
func spread() []string { return []string{"p50", "p90", "p99", "max"} }

func (s summary) cells() []any { return []any{s.P50, s.P90, s.P99, s.Max} }

// budget compares what was measured with its limit.
func (r *report) budget(what string, measured, limit any, ok bool, of string) {
	if r.Budgets == nil {
		r.Budgets = &table{Title: "Budgets", Columns: []string{"what", "measured", "budget", "verdict", "of"}}
	}
	verdict := "ok"
	if !ok {
		verdict = "over"
		r.Over++
	}
	r.Budgets.row(what, measured, limit, verdict, of)
}

// print writes the report to w, or to standard output if that is nil. When
// strict it is an error to be over a budget.
func (r *report) print(w io.Writer, p Printing) error {
	if w == nil {
		w = os.Stdout
	}
	if err := r.write(w, p.JSON); err != nil {
		return err
	}
	if p.Strict && r.Over > 0 {
		return fmt.Errorf("%d measurements are over their budget", r.Over)
	}
	return nil
}

// write prints the report.
func (r *report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	var b bytes.Buffer
	m := r.Machine
	fmt.Fprintf(&b, "parley bench %s, %s\n%s, %d cores, %d MB, %s, %s, %s\n%s\n",
		r.Bench, r.At.Format(time.DateTime+" MST"), m.CPU, m.Cores, m.MemoryMB, m.System, m.Go, m.Database, r.Setup)
	tables := r.Tables
	if r.Budgets != nil {
		tables = append(tables[:len(tables):len(tables)], r.Budgets)
	}
	for _, t := range tables {
		fmt.Fprintf(&b, "\n%s\n", t.Title)
		lines := "  " + strings.Join(t.Columns, "\t") + "\n"
		for _, row := range t.Rows {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = cell(v)
			}
			lines += "  " + strings.Join(cells, "\t") + "\n"
		}
		tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		_, err := tw.Write([]byte(lines))
		if err = errors.Join(err, tw.Flush()); err != nil {
			return err
		}
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// cell writes a value for people.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return "–"
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case share:
		return fmt.Sprintf("%.3f", float64(v))
	case float64:
		return strconv.FormatFloat(v, 'f', decimals(v), 64)
	case time.Duration:
		if v >= 10*time.Second {
			return fmt.Sprintf("%.1f s", v.Seconds())
		}
		ms := float64(v) / float64(time.Millisecond)
		return strconv.FormatFloat(ms, 'f', decimals(ms), 64) + " ms"
	}
	return fmt.Sprint(v)
}

// decimals shows three digits of a number.
func decimals(v float64) int {
	switch {
	case v >= 100:
		return 0
	case v >= 10:
		return 1
	case v >= 1:
		return 2
	}
	return 3
}

// MarshalJSON writes a table as objects with one field per column. Durations
// are numbers of milliseconds, and their names say so.
func (t *table) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	title, err := json.Marshal(t.Title)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, `{"title":%s,"rows":[`, title)
	for i, row := range t.Rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('{')
		for j, v := range row {
			if j > 0 {
				b.WriteByte(',')
			}
			name := strings.ReplaceAll(t.Columns[j], " ", "_")
			if d, ok := v.(time.Duration); ok {
				name, v = name+"_ms", float64(d)/float64(time.Millisecond)
			}
			value, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "%q:%s", name, value)
		}
		b.WriteByte('}')
	}
	b.WriteString("]}")
	return b.Bytes(), nil
}

// procValue returns a value of a file of /proc, "unknown" if there is none.
func procValue(file, key string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// memoryMB returns the memory of the machine, 0 if unknown.
func memoryMB() int64 {
	kb, _, _ := strings.Cut(procValue("/proc/meminfo", "MemTotal"), " ")
	n, err := strconv.ParseInt(kb, 10, 64)
	if err != nil {
		return 0
	}
	return n / 1024
}
