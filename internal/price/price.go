// Package price knows what models cost: the table that Parley is delivered
// with, how a table is read from CSV, which entry belongs to a model, and how
// many credits a usage is.
//
// It computes and does no I/O. A price that nobody could read at its source is
// unknown, and unknown is never 0.
package price

import (
	"math"
	"math/bits"

	"parley"
)

// Credits returns what a call costs in micro-credits, or nil if that is not
// known. Cached tokens cost the cached price; where a provider has none they
// cost as much as other input. The built-in answerer and a program of the
// server's own are free, and Test Chat is
// charged at the workspace's percentage: at 0 percent every call is free,
// whatever its price.
func Credits(u *parley.Usage, p *parley.Price, source parley.Source, s parley.WorkspaceSettings) *parley.Credits {
	percent := int64(100)
	if source == parley.SourceTest {
		percent = s.TestChatPercent
	}
	own := u.ProviderID == parley.BuiltinProvider || u.ProviderID == parley.SpeechCommand
	if own || percent <= 0 {
		return new(parley.Credits)
	}
	if !p.Known() || u.InputTokens == nil || u.OutputTokens == nil {
		return nil
	}
	in, out, cached := *u.InputTokens, *u.OutputTokens, int64(0)
	if u.CachedTokens != nil {
		cached = max(0, min(*u.CachedTokens, in))
	}
	cachedPrice := *p.Input
	if p.Cached != nil {
		cachedPrice = *p.Cached
	}
	total := add(
		parley.Cost(in-cached, *p.Input, s.CreditMicroUSD),
		parley.Cost(cached, cachedPrice, s.CreditMicroUSD),
		parley.Cost(out, *p.Output, s.CreditMicroUSD),
	)
	total = share(total, percent)
	return &total
}

// add sums amounts that are not negative, and saturates.
func add(amounts ...parley.Credits) parley.Credits {
	var sum parley.Credits
	for _, a := range amounts {
		if a > math.MaxInt64-sum {
			return math.MaxInt64
		}
		sum += a
	}
	return sum
}

// share returns percent of an amount, rounded up to a micro-credit. It
// saturates.
func share(c parley.Credits, percent int64) parley.Credits {
	hi, lo := bits.Mul64(uint64(c), uint64(percent))
	if hi >= 100 {
		return math.MaxInt64
	}
	q, r := bits.Div64(hi, lo, 100)
	if r > 0 {
		q++
	}
	return parley.Credits(min(q, math.MaxInt64))
}
