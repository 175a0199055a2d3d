// Package price knows what models cost: the table that Parley is delivered
// with, how a table is read from CSV, which entry belongs to a model, and how
// many credits a usage is.
//
// It computes and does no I/O. A price that nobody could read at its source is
// unknown, and unknown is never 0.
package price

import (
	"cmp"
	"math"
	"math/bits"

	"parley"
)

// Credits returns what a call costs in micro-credits, or nil if that is not
// known. Tokens that the provider read from its cache, and those that it wrote
// into it, have prices of their own; where a provider has none they cost as much
// as other input. Sound costs what the model's other tokens do. The built-in answerer and a program of the
// server's own are free, and Test Chat is
// charged at the workspace's percentage: at 0 percent every call is free,
// whatever its price.
func Credits(u *parley.Usage, p *parley.Price, source parley.Source, s parley.WorkspaceSettings) *parley.Credits {
	if Free(u.ProviderID, source, s) {
		return new(parley.Credits)
	}
	percent := int64(100)
	if source == parley.SourceTest {
		percent = s.TestChatPercent
	}
	if !p.Known() || u.InputTokens == nil || u.OutputTokens == nil {
		return nil
	}
	in := *u.InputTokens
	read := part(u.CachedTokens, in)
	written := part(u.CacheWriteTokens, in-read)
	total := add(
		parley.Cost(in-read-written, *p.Input, s.CreditMicroUSD),
		parley.Cost(read, *cmp.Or(p.Cached, p.Input), s.CreditMicroUSD),
		parley.Cost(written, *cmp.Or(p.CacheWrite, p.Input), s.CreditMicroUSD),
		parley.Cost(*u.OutputTokens, *p.Output, s.CreditMicroUSD),
	)
	total = share(total, percent)
	return &total
}

// Free reports whether a call costs nothing whatever it uses: the built-in
// answerer's, those of a program of the server's own, and in Test Chat every call
// unless the workspace charges for it.
func Free(providerID string, source parley.Source, s parley.WorkspaceSettings) bool {
	return providerID == parley.BuiltinProvider || providerID == parley.SpeechCommand ||
		source == parley.SourceTest && s.TestChatPercent <= 0
}

// part returns a count that is part of a whole: 0 if it is unknown, and never
// more than the whole.
func part(n *int64, whole int64) int64 {
	if n == nil {
		return 0
	}
	return max(0, min(*n, whole))
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
