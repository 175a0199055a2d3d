package parley

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// Credits is an amount of money in micro-credits: 1,000,000 are one credit.
// In JSON it is a decimal string, such as "0.0125".
type Credits int64

// CreditUnit is one credit.
const CreditUnit Credits = 1_000_000

// String returns the amount in credits with as many decimals as it needs.
func (c Credits) String() string {
	sign := ""
	u := uint64(c)
	if c < 0 {
		sign, u = "-", -u
	}
	s := fmt.Sprintf("%s%d.%06d", sign, u/1e6, u%1e6)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// MarshalText implements encoding.TextMarshaler.
func (c Credits) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Credits) UnmarshalText(b []byte) error {
	v, err := ParseCredits(string(b))
	if err == nil {
		*c = v
	}
	return err
}

// ParseCredits reads a decimal number of credits with at most six decimals. It
// returns CodeInvalid for anything else.
func ParseCredits(s string) (Credits, error) {
	bad := Errorf(CodeInvalid, "%q is not a number of credits with at most six decimals.", s)
	digits, neg := strings.CutPrefix(s, "-")
	whole, frac, dot := strings.Cut(digits, ".")
	if whole == "" || len(frac) > 6 || dot && frac == "" {
		return 0, bad
	}
	n, err := strconv.ParseUint(whole+(frac + "000000")[:6], 10, 63)
	if err != nil {
		return 0, bad
	}
	if neg {
		return -Credits(n), nil
	}
	return Credits(n), nil
}

// Price is one version of a model's price. A later version does not change
// what was charged by an earlier one.
type Price struct {
	ID          string
	WorkspaceID string // "" for the prices that Parley is delivered with
	Provider    string // provider kind or host, such as "openai"; matched with the model's name
	Model       string
	// The prices of a million tokens in millionths of a US dollar; nil = unknown.
	// Of messages, Input is the price of one.
	Input, Output, Cached, CacheWrite *int64 // Cached and CacheWrite: input read from or written into the provider's cache; nil = as Input
	Source, ReadOn                    string // where the price was read, and when: YYYY-MM-DD
	ValidFrom                         time.Time
}

// Known reports whether a call can be priced.
func (p *Price) Known() bool { return p != nil && p.Input != nil && p.Output != nil }

// Cost returns what tokens cost in credits, rounded up to a micro-credit: at
// price perMillion (micro-USD for a million tokens) and creditMicroUSD for one
// credit. It saturates instead of overflowing.
func Cost(tokens, perMillion, creditMicroUSD int64) Credits {
	if tokens <= 0 || perMillion <= 0 || creditMicroUSD <= 0 {
		return 0
	}
	// micro-credits = tokens × perMillion / 1e6 (micro-USD) × 1e6 / creditMicroUSD
	hi, lo := bits.Mul64(uint64(tokens), uint64(perMillion))
	if hi >= uint64(creditMicroUSD) {
		return math.MaxInt64
	}
	q, r := bits.Div64(hi, lo, uint64(creditMicroUSD))
	if r > 0 {
		q++
	}
	return Credits(min(q, math.MaxInt64))
}
