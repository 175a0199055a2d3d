package desk_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// crowd is how many conversations a walk goes through: more than the list looks
// at before it goes on by the facets.
const crowd = 2500

// shares are how many of a hundred conversations have a tag.
var shares = map[string]int{"half": 50, "tenth": 10, "rare": 1, "none": 0}

type tagged struct {
	store.FillConversation

	tags []string
}

// crowd writes conversations at random, with tags, and returns them in the order
// in which they started.
func (w *world) crowd(r *rand.Rand) []tagged {
	w.t.Helper()
	at := w.clock.Now()
	all := make([]tagged, crowd)
	fill := make([]store.FillConversation, crowd)
	for i := range all {
		start := at.Add(time.Duration(i) * time.Minute)
		c := tagged{FillConversation: store.FillConversation{
			Conversation: parley.Conversation{
				ID: parley.NewID(start), Source: parley.Sources()[r.IntN(4)], AssistantID: w.assistant, AssistantVersion: 1,
				ExternalID: fmt.Sprint(i), Owner: parley.OwnerAssistant, StartedAt: start,
				Status: parley.ConversationActive, HasError: r.IntN(20) == 0, HandedOver: r.IntN(3) == 0,
			},
			Contact:  parley.Contact{ID: parley.NewID(start), Name: []string{"Ada", "Ben", "Cleo", "Dan"}[r.IntN(4)], CreatedAt: start},
			Messages: []parley.Message{{Role: parley.ByUser, Content: "Hello.", CreatedAt: start.Add(time.Duration(1+r.IntN(1000)) * time.Second)}},
		}}
		if r.IntN(2) == 0 {
			c.Conversation.Status, c.Conversation.EndedAt = parley.ConversationEnded, start.Add(time.Hour)
		}
		for _, tag := range slices.Sorted(maps.Keys(shares)) {
			if r.IntN(100) < shares[tag] {
				c.tags = append(c.tags, tag)
			}
		}
		furniture := desk.Furniture{Tags: c.tags}
		c.Beside = func(ctx context.Context, t store.Tx, n int64) error {
			_, err := furniture.Put(ctx, t, w.ws, n, at)
			return err
		}
		all[i], fill[i] = c, c.FillConversation
	}
	f, err := w.NewFiller(w.ctx, w.ws, true)
	w.ok(err)
	w.ok(f.Write(w.ctx, f.Prepare(fill)))
	w.ok(f.Close())
	return all
}

// The list by tags shows each conversation that fits once, in order, from the
// first page to the last, whatever else it is filtered by.
func TestListByTagsIsWhole(t *testing.T) {
	t.Parallel()
	run(t, func(_ *testing.T, w *world) {
		ids := map[string]string{}
		for _, name := range slices.Sorted(maps.Keys(shares)) {
			ids[name] = w.tag(name).ID
		}
		all := w.crowd(rand.New(rand.NewPCG(1, 2)))
		yes := true
		for name, c := range map[string]struct {
			q    store.ListQuery
			fits func(*parley.Conversation, *parley.Contact) bool
		}{
			"any":     {store.ListQuery{}, func(*parley.Conversation, *parley.Contact) bool { return true }},
			"many":    {store.ListQuery{Status: parley.ConversationEnded}, func(c *parley.Conversation, _ *parley.Contact) bool { return c.Status == parley.ConversationEnded }},
			"few":     {store.ListQuery{HasError: &yes}, func(c *parley.Conversation, _ *parley.Contact) bool { return c.HasError }},
			"contact": {store.ListQuery{Contact: "ada"}, func(_ *parley.Conversation, p *parley.Contact) bool { return p.Name == "Ada" }},
			"both": {store.ListQuery{HasError: &yes, Contact: "ben"}, func(c *parley.Conversation, p *parley.Contact) bool {
				return c.HasError && p.Name == "Ben"
			}},
		} {
			for _, tags := range [][]string{{"half"}, {"tenth"}, {"rare"}, {"none"}, {"half", "rare", "none", "half"}, {"rare", "tenth"}} {
				for _, sort := range []store.Sort{store.SortActivity, store.SortStarted, store.SortCredits} {
					q := c.q
					q.Sort = sort
					for _, tag := range tags {
						q.Tags = append(q.Tags, ids[tag])
					}
					w.walk(fmt.Sprint(name, tags, sort), q, wanted(all, sort, func(x *tagged) bool {
						has := slices.ContainsFunc(x.tags, func(tag string) bool { return slices.Contains(tags, tag) })
						return has && c.fits(&x.Conversation, &x.Contact)
					}))
				}
			}
		}
	})
}

// wanted are those of the conversations that fit, as they are to be listed.
func wanted(all []tagged, sort store.Sort, fits func(*tagged) bool) []string {
	var out []*tagged
	for i := range slices.Backward(all) { // of two at the same time, the later one
		if fits(&all[i]) {
			out = append(out, &all[i])
		}
	}
	key := func(c *tagged) time.Time {
		if sort == store.SortActivity {
			return c.Messages[0].CreatedAt
		}
		return c.Conversation.StartedAt // all cost the same
	}
	slices.SortStableFunc(out, func(a, b *tagged) int { return key(b).Compare(key(a)) })
	names := make([]string, len(out))
	for i, c := range out {
		names[i] = c.Conversation.ExternalID
	}
	return names
}

// walk checks what a filter lists, from page to page.
func (w *world) walk(name string, q store.ListQuery, want []string) {
	w.t.Helper()
	q.Limit = 100
	got := w.listed(q)
	if !slices.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		w.t.Errorf("%s lists %d, want %d; they differ from row %d on: %.5v, want %.5v", name, len(got), len(want), at, got[at:], want[at:])
	}
}
