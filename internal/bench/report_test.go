package bench

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(1000, 100, "things")
	p.bar, p.out = nil, &out
	p.add(300)
	if out.Len() > 0 {
		t.Errorf("it says too much: %s", out.String())
	}
	p.said = p.said.Add(-sayEvery)
	p.add(1)
	if !strings.HasPrefix(out.String(), "401 of 1000 things, ") {
		t.Errorf("it says %q", out.String())
	}
	if got := p.line(3 * time.Second); got != "401 of 1000 things, 100 a second, 6s left" {
		t.Errorf("%q", got)
	}
	p.total = -1
	if got := p.line(301 * time.Second); got != "401 things, 1 a second" {
		t.Errorf("%q", got)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := newReport("test", "SQLite", "All in one.")
	out := r.table("Things", "what", "how many", "ratio to echo", "p99", "rate", "note")
	out.row("first", 3, share(0.25), 1500*time.Microsecond, 12345.6, nil)
	out.row("second", 4, share(1), 12*time.Second, 0.5, "x")
	r.budget("speed", 3.0, 2.0, false, "first")
	r.note("Mind the %s.", "gap")

	var text bytes.Buffer
	if err := r.write(&text, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"parley bench test, ", "All in one.", "Things\n",
		"what    how many  ratio to echo  p99      rate   note",
		"first   3         0.250          1.50 ms  12346  –",
		"second  4         1.000          12.0 s   0.500  x",
		"Budgets\n", "speed  3.00      2.00    over     first", "Mind the gap.",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}

	var data bytes.Buffer
	if err := r.write(&data, true); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Bench   string
		Machine machine
		Over    int `json:"over_budget"`
		Tables  []struct {
			Title string
			Rows  []map[string]any
		}
	}
	if err := json.Unmarshal(data.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	row := got.Tables[0].Rows[0]
	if got.Bench != "test" || got.Machine.Cores == 0 || row["p99_ms"] != 1.5 || row["ratio_to_echo"] != 0.25 || row["note"] != nil || got.Over != 1 {
		t.Errorf("JSON: %s", data.String())
	}
	if err := r.print(&data, Printing{Strict: true}); err == nil || !strings.Contains(err.Error(), "over their budget") {
		t.Errorf("strict: %v", err)
	}
}
