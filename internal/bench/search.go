package bench

import (
	"context"
	"io"
	"time"

	"parley/internal/bench/madeup"
	"parley/internal/store"
)

// SearchCommand measures the search over messages.
type SearchCommand struct {
	Filled `embed:""`

	Runs int `help:"How often each search is run." default:"100"`

	out io.Writer // nil: os.Stdout
}

// budgetSearch is for a search over ten million messages.
const budgetSearch = 100 * time.Millisecond

// searches are what is looked for. The words come from words.txt and text.go.
func searches() []struct{ what, q string } {
	return []struct{ what, q string }{
		{"rare word", madeup.RareWord},
		{"common word", madeup.CommonWord},
		{"most common word", "the"},
		{"two common words", madeup.CommonWord + " delivery"},
		{"rare and common word", madeup.RareWord + " " + madeup.CommonWord},
		{"two rare words", madeup.RareWord + " " + madeup.RareOther},
		{"phrase part", madeup.Phrase},
		{"common beginning", "ord"},
		{"long beginning", "deliv"},
		{"rare beginning", "quok"},
		{"no hit", "xylophonequartz"},
		{"no hit beside a common word", madeup.CommonWord + " xylophonequartz"},
		{"order number", madeup.OrderNumber(123_456)},
		{"part of an order number", "123456"},
		{"phone number", madeup.PhoneNumber(1_234_567)},
		{"end of a phone number", "1234567"},
		{"German, with an umlaut", "Bestellung können"},
		{"folded", "ruckgabe offnungszeiten"},
		{"Russian", "доставка"},
		{"Arabic", "التوصيل"},
		{"Chinese, inside a sentence", "退货"},
		{"Japanese, inside a sentence", "届きますか"},
		{"Thai, inside a sentence", "คืนสินค้า"},
		{"Korean", "주문 반품"},
		{"query syntax", `"the" OR NOT (a* NEAR b)`},
	}
}

// Run implements the command.
func (c *SearchCommand) Run(ctx context.Context) error {
	q, err := c.openQueries(ctx, "search", c.Runs)
	if err != nil {
		return err
	}
	return q.finish(q.search(ctx), c.out, c.Printing)
}

func (q *queries) search(ctx context.Context) error {
	out := q.report.table("Search, newest matching message first",
		append([]string{"what", "words", "rows", "budget"}, querySpread()...)...)
	g := q.group("search", budgetSearch)
	for _, s := range searches() {
		m, err := q.run(ctx, q.page, store.ListQuery{Q: s.q}, q.runs)
		if err != nil {
			return err
		}
		out.row(append([]any{s.what, s.q, m.rowsOf(), g.verdict(m.P99, s.what)}, m.cells()...)...)
	}
	g = q.group("search with a filter", budgetSearch)
	filtered := q.report.table("Search with a filter",
		append([]string{"what", "filter", "rows", "budget"}, querySpread()...)...)
	for _, f := range q.plainFilters() {
		if f.kind == "contact" {
			continue
		}
		for _, word := range []string{madeup.CommonWord, madeup.RareWord} {
			query := store.ListQuery{Q: word}
			f.set(&query)
			m, err := q.run(ctx, q.page, query, max(q.runs/4, 1))
			if err != nil {
				return err
			}
			filtered.row(append([]any{word, f.name(), m.rowsOf(), g.verdict(m.P99, word+", "+f.name())}, m.cells()...)...)
		}
	}
	return nil
}
