package price

import (
	_ "embed"

	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"parley"
)

// seedCSV is the table that Parley is delivered with. Each line says where its
// price was read, and when.
//
//go:embed seed.csv
var seedCSV []byte

// Seed returns the prices that Parley is delivered with, the built-in answerer
// among them. Their ids follow from what they say, so that seeding twice adds
// nothing; they are valid from the day they were read.
func Seed() ([]parley.Price, error) {
	prices, err := Parse(seedCSV)
	if err != nil {
		return nil, fmt.Errorf("the delivered price table: %w", err)
	}
	for i := range prices {
		p := &prices[i]
		p.ID = seedID(p)
		if p.ValidFrom, err = time.Parse(time.DateOnly, p.ReadOn); err != nil {
			return nil, fmt.Errorf("the delivered price of %s %s: %w", p.Provider, p.Model, err)
		}
	}
	return prices, nil
}

// seedID returns an id in the form of a UUIDv8 (RFC 9562, section 5.8).
func seedID(p *parley.Price) string {
	usd := func(v *int64) string {
		if v == nil {
			return ""
		}
		return FormatUSD(*v)
	}
	said := fmt.Appendf(nil, "%s\n%s\n%s\n%s\n%s\n%s",
		p.Provider, p.Model, usd(p.Input), usd(p.Output), usd(p.Cached), p.ReadOn)
	if p.CacheWrite != nil {
		said = fmt.Appendf(said, "\n%s", usd(p.CacheWrite))
	}
	sum := sha256.Sum256(said)
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	h := hex.EncodeToString(sum[:16])
	return h[0:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}
