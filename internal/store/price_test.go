package store_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func amount(n int64) *int64 { return &n }

func TestPricesHaveVersions(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx, w, other := t.Context(), newWorkspace(t, s), newWorkspace(t, s)
		delivered := func(in int64, day string) []parley.Price {
			return []parley.Price{
				{Provider: "openai", Model: "big", Input: amount(in), Output: amount(2 * in), Source: "page", ReadOn: day},
				{Provider: "openai", Model: "odd", Source: "", ReadOn: ""}, // unknown
			}
		}
		must(t, s.SeedPrices(ctx, delivered(100, "2026-01-01")))
		first := c.Now()
		must(t, s.SeedPrices(ctx, delivered(100, "2026-01-01")))
		c.Move(time.Hour)
		must(t, s.SeedPrices(ctx, delivered(150, "2026-02-01")))
		second := c.Now()
		c.Move(time.Hour)
		own := []parley.Price{{Provider: "openai", Model: "big", Input: amount(1), Output: amount(0), Cached: amount(0)}}
		must(t, s.AddPrices(ctx, w.ID, own))
		must(t, s.AddPrices(ctx, w.ID, []parley.Price{{
			Provider: "openai", Model: "big", Input: amount(9), Output: amount(9), ValidFrom: c.Now().Add(time.Hour),
		}}))

		at := func(ws string, when time.Time) int64 {
			t.Helper()
			p, err := s.PriceAt(ctx, ws, "openai", "big", when)
			must(t, err)
			return *p.Input
		}
		for what, got := range map[string][2]int64{
			"the first delivered":          {at(other.ID, first), 100},
			"before the second":            {at(other.ID, second.Add(-time.Microsecond)), 100},
			"the second delivered":         {at(other.ID, second), 150},
			"before the workspace's own":   {at(w.ID, second), 150},
			"the workspace's own":          {at(w.ID, c.Now()), 1},
			"the other does not have that": {at(other.ID, c.Now()), 150},
			"valid later":                  {at(w.ID, c.Now().Add(time.Hour)), 9},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: got %d, want %d", what, got[0], got[1])
			}
		}
		_, err := s.PriceAt(ctx, w.ID, "openai", "big", first.Add(-time.Microsecond))
		wantCode(t, err, parley.CodeNotFound)

		all, err := s.Prices(ctx, w.ID)
		if err != nil || len(all) != 2 || *all[0].Input != 1 || *all[0].Cached != 0 || all[0].WorkspaceID != w.ID || all[1].Known() {
			t.Errorf("got %+v, %v", all, err)
		}
		all, err = s.Prices(ctx, other.ID)
		if err != nil || len(all) != 2 || *all[0].Input != 150 || all[0].Cached != nil || all[0].ReadOn != "2026-02-01" {
			t.Errorf("got %+v, %v", all, err)
		}
		wantCode(t, s.AddPrices(ctx, "", own), parley.CodeInvalid)
		wantCode(t, s.AddPrices(ctx, w.ID, make([]parley.Price, 1001)), parley.CodeTooLarge)
	})
}

// What writing into a cache costs is part of what a price says: a table that
// learns it is a new version, and one that says the same is none.
func TestPriceOfCacheWrites(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		seed := func(write *int64) parley.Price {
			t.Helper()
			c.Move(time.Hour)
			p := []parley.Price{{Provider: "anthropic", Model: "m", Input: amount(5), Output: amount(25), CacheWrite: write, Source: "page"}}
			must(t, s.SeedPrices(t.Context(), p))
			all, err := s.Prices(t.Context(), newWorkspace(t, s).ID)
			must(t, err)
			return all[0]
		}
		before, after, again := seed(nil), seed(amount(6)), seed(amount(6))
		if before.CacheWrite != nil || after.CacheWrite == nil || *after.CacheWrite != 6 || before.ID == after.ID || after.ID != again.ID {
			t.Errorf("before %+v, after %+v, again %+v", before, after, again)
		}
	})
}
