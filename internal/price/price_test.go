package price

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"parley"
)

func ptr[T any](v T) *T { return &v }

func TestCredits(t *testing.T) {
	t.Parallel()
	known := &parley.Price{Input: ptr[int64](2_500_000), Output: ptr[int64](10_000_000), Cached: ptr[int64](1_250_000)}
	noCache := &parley.Price{Input: known.Input, Output: known.Output}
	usage := func(in, out, cached *int64) parley.Usage {
		return parley.Usage{ProviderID: "p", InputTokens: in, OutputTokens: out, CachedTokens: cached}
	}
	n := func(v int64) *int64 { return &v }
	cent := parley.DefaultWorkspaceSettings()
	half := cent
	half.TestChatPercent = 50

	for name, c := range map[string]struct {
		usage    parley.Usage
		price    *parley.Price
		source   parley.Source
		settings parley.WorkspaceSettings
		want     *parley.Credits
	}{
		// 1000 × 2.50 $/M = 0.0025 $ = 0.25 credits; 200 × 10 $/M = 0.002 $ = 0.2 credits
		"input and output":           {usage(n(1000), n(200), nil), known, parley.SourceWidget, cent, ptr[parley.Credits](450_000)},
		"half of the input cached":   {usage(n(1000), n(0), n(500)), known, parley.SourceAPI, cent, ptr[parley.Credits](187_500)},
		"no price for the cache":     {usage(n(1000), n(0), n(500)), noCache, parley.SourceAPI, cent, ptr[parley.Credits](250_000)},
		"more cached than read":      {usage(n(1000), n(0), n(5000)), known, parley.SourceAPI, cent, ptr[parley.Credits](125_000)},
		"a token costs at least one": {usage(n(1), n(0), nil), &parley.Price{Input: n(1), Output: n(1)}, parley.SourceAPI, cent, ptr[parley.Credits](1)},
		// 1000 of input: 500 read at 1.25 $/M, 200 written at 3.125, 300 at 2.50 = 0.002 $ = 0.2 credits
		"read from and written into a cache": {parley.Usage{ProviderID: "p", InputTokens: n(1000), OutputTokens: n(0), CachedTokens: n(500), CacheWriteTokens: n(200)},
			&parley.Price{Input: known.Input, Output: known.Output, Cached: known.Cached, CacheWrite: n(3_125_000)}, parley.SourceAPI, cent, ptr[parley.Credits](200_000)},
		"no price for writing":          {parley.Usage{ProviderID: "p", InputTokens: n(1000), OutputTokens: n(0), CacheWriteTokens: n(200)}, known, parley.SourceAPI, cent, ptr[parley.Credits](250_000)},
		"more read and written than in": {parley.Usage{ProviderID: "p", InputTokens: n(1000), OutputTokens: n(0), CachedTokens: n(800), CacheWriteTokens: n(800)}, known, parley.SourceAPI, cent, ptr[parley.Credits](150_000)},
		"unknown price":                 {usage(n(1000), n(200), nil), &parley.Price{}, parley.SourceAPI, cent, nil},
		"no price at all":               {usage(n(1000), n(200), nil), nil, parley.SourceAPI, cent, nil},
		"unknown input":                 {usage(nil, n(200), nil), known, parley.SourceAPI, cent, nil},
		"unknown output":                {usage(n(1000), nil, nil), known, parley.SourceAPI, cent, nil},
		"Test Chat is free":             {usage(n(1000), n(200), nil), known, parley.SourceTest, cent, ptr[parley.Credits](0)},
		"free needs no price":           {usage(n(1000), nil, nil), nil, parley.SourceTest, cent, ptr[parley.Credits](0)},
		"Test Chat at half":             {usage(n(1000), n(200), nil), known, parley.SourceTest, half, ptr[parley.Credits](225_000)},
		"Test Chat at half, unknown":    {usage(n(1000), n(200), nil), nil, parley.SourceTest, half, nil},
		"the built-in answerer":         {parley.Usage{ProviderID: parley.BuiltinProvider}, nil, parley.SourceWidget, cent, ptr[parley.Credits](0)},
		"no overflow":                   {usage(n(math.MaxInt64), n(math.MaxInt64), nil), known, parley.SourceAPI, cent, ptr[parley.Credits](math.MaxInt64)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Credits(&c.usage, c.price, c.source, c.settings)
			switch {
			case (got == nil) != (c.want == nil):
				t.Fatalf("got %v, want %v", got, c.want)
			case got != nil && *got != *c.want:
				t.Fatalf("got %s, want %s", *got, *c.want)
			}
		})
	}
}

// More tokens never cost less, and a share of a price never costs more than all
// of it.
func TestCreditsAreMonotonic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.Int64Range(0, 1<<40)
		p := &parley.Price{
			Input:  ptr(rapid.Int64Range(0, 1<<30).Draw(t, "input price")),
			Output: ptr(rapid.Int64Range(0, 1<<30).Draw(t, "output price")),
		}
		in, out, more := tokens.Draw(t, "in"), tokens.Draw(t, "out"), tokens.Draw(t, "more")
		s := parley.WorkspaceSettings{
			CreditMicroUSD:  rapid.Int64Range(1, 1<<30).Draw(t, "credit"),
			TestChatPercent: rapid.Int64Range(1, 100).Draw(t, "percent"),
		}
		less := Credits(&parley.Usage{InputTokens: &in, OutputTokens: &out}, p, parley.SourceAPI, s)
		test := Credits(&parley.Usage{InputTokens: &in, OutputTokens: &out}, p, parley.SourceTest, s)
		in += more
		all := Credits(&parley.Usage{InputTokens: &in, OutputTokens: &out}, p, parley.SourceAPI, s)
		if *less > *all || *less < 0 || *test > *less || *test < 0 {
			t.Fatalf("less %s, all %s, test %s", *less, *all, *test)
		}
	})
}
