package graph

import (
	"strconv"
	"strings"

	"parley"
)

// Throughputs in messages a second, in and out together (Meta, "Throughput").
const (
	DefaultThroughput  = 80
	UpgradedThroughput = 1000
	coexistThroughput  = 20
)

// limits are Meta's tiers: to how many people outside a window a portfolio may
// write in 24 hours. TIER_1K is the name before October 2025.
var limits = map[string]int{
	"TIER_NOT_SET": 250, "TIER_50": 50, "TIER_250": 250, "TIER_1K": 1000, "TIER_2K": 2000,
	"TIER_10K": 10_000, "TIER_100K": 100_000, "TIER_UNLIMITED": -1,
}

// lowestLimit is assumed for a tier that is not known.
const lowestLimit = 250

// LimitOf reads a tier, or a number as newer fields have it. An unknown tier is
// the lowest; no tier at all is 0, unknown.
func LimitOf(tier string) (word string, limit int) {
	tier = strings.ToUpper(strings.TrimSpace(tier))
	if tier == "" {
		return "", 0
	}
	if n, ok := limits[tier]; ok {
		return tier, n
	}
	n, err := strconv.Atoi(tier)
	switch {
	case err != nil || n == 0:
		return tier, lowestLimit
	case n < 0:
		return "TIER_UNLIMITED", -1
	}
	for word, of := range limits {
		if of == n && word != "TIER_NOT_SET" {
			return word, n
		}
	}
	return "TIER_" + strconv.Itoa(n), n
}

// knownTier reports whether limitOf understands a tier.
func knownTier(tier string) bool {
	tier = strings.ToUpper(strings.TrimSpace(tier))
	_, ok := limits[tier]
	n, err := strconv.Atoi(tier)
	return ok || err == nil && n != 0
}

// QualityOf returns UNKNOWN for every word that is none of Meta's.
func QualityOf(s string) parley.Quality {
	switch q := parley.Quality(strings.ToUpper(strings.TrimSpace(s))); q {
	case parley.QualityGreen, parley.QualityYellow, parley.QualityRed:
		return q
	}
	return parley.QualityUnknown
}
