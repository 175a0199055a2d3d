package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// says opens a conversation in which the contact has written texts.
func (sc *scene) says(source parley.Source, texts ...string) *parley.Conversation {
	sc.t.Helper()
	c := sc.open(source, "")
	for _, text := range texts {
		sc.clock.Move(time.Second)
		sc.receive(c, text)
	}
	return c
}

func (sc *scene) index() {
	sc.t.Helper()
	for {
		n, err := sc.IndexSearch(sc.ctx, 1000)
		sc.ok(err)
		if n == 0 {
			return
		}
	}
}

// found returns the ids of all conversations that a search finds, in order.
func (sc *scene) found(q store.ListQuery) (ids []string) {
	sc.t.Helper()
	if q.WorkspaceID == "" {
		q.WorkspaceID = sc.ws
	}
	for range 200 {
		page, err := sc.List(sc.ctx, q)
		sc.ok(err)
		for _, r := range page.Rows {
			ids = append(ids, r.ID)
			if len(r.Snippets) == 0 && q.Q != "" {
				sc.t.Errorf("%s has no snippet for %q", r.ID, q.Q)
			}
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return ids
		}
	}
	sc.t.Fatalf("the pages of %+v do not end", q)
	return nil
}

func TestSearchFinds(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		texts := map[string]string{
			"order":   "Where is my order ORD-12345?",
			"phone":   "Call me: +49 170 7654321",
			"chinese": "我想要退款，谢谢",
			"thai":    "ฉันยังไม่ได้รับสินค้าเลย",
			"german":  "Wo ist das Café in der Hauptstraße?",
			"long":    "refunding is what I want",
		}
		ids := map[string]string{}
		for name, text := range texts {
			ids[sc.says(parley.SourceAPI, text).ID] = name
		}
		sc.index()
		for query, want := range map[string]string{
			"ORD-12345": "order", "ord 123": "order", "12345": "order", "0170 7654321": "phone", "5432": "phone",
			"退款": "chinese", "สินค้า": "thai", "cafe": "german", "HAUPTSTRASSE": "german", "refu": "long", "ref": "long",
			"want refunding": "long", "refunding missing": "", `"refunding"`: "long", "refunding OR nothing": "",
			"' : * -- NEAR(": "", "re*": "", "不要": "", "99999": "",
		} {
			var got []string
			for _, id := range sc.found(store.ListQuery{Q: query}) {
				got = append(got, ids[id])
			}
			if strings.Join(got, " ") != want {
				sc.t.Errorf("%q finds %v, want %q", query, got, want)
			}
		}
		page, err := sc.List(sc.ctx, store.ListQuery{WorkspaceID: sc.ws, Q: "ord-123"})
		sc.ok(err)
		snippet := page.Rows[0].Snippets[0]
		i := slices.IndexFunc(snippet.Segments, func(s store.Segment) bool { return s.Hit })
		if snippet.Seq != 1 || snippet.Role != parley.ByUser || i < 0 || snippet.Segments[i].Text != "order" {
			sc.t.Errorf("the snippet is %+v", snippet)
		}
	})
}

// The newest matching message comes first, a conversation comes once over all
// pages, and filters hold.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		var convs []*parley.Conversation
		for i := range 12 {
			source := parley.SourceAPI
			if i%3 == 0 {
				source = parley.SourceWidget
			}
			convs = append(convs, sc.says(source, fmt.Sprint("an apple ", i), "a pear"))
		}
		for _, i := range []int{4, 0, 9} { // found again, newer
			sc.receive(convs[i], "one more apple")
			sc.receive(convs[i], "and one more apple")
		}
		sc.index()
		want := []string{convs[9].ID, convs[0].ID, convs[4].ID}
		for _, i := range []int{11, 10, 8, 7, 6, 5, 3, 2, 1} {
			want = append(want, convs[i].ID)
		}
		for _, limit := range []int{1, 2, 5, 100} {
			if got := sc.found(store.ListQuery{Q: "apple", Limit: limit}); !slices.Equal(got, want) {
				sc.t.Errorf("in pages of %d: %v, want %v", limit, got, want)
			}
		}
		for name, tc := range map[string]struct {
			q    store.ListQuery
			want int
		}{
			"source":    {store.ListQuery{Q: "apple", Source: []parley.Source{parley.SourceWidget}}, 4},
			"assistant": {store.ListQuery{Q: "apple", AssistantID: []string{sc.assistant}}, 12},
			"another":   {store.ListQuery{Q: "apple", AssistantID: []string{parley.NewID(time.Now())}}, 0},
			"contact":   {store.ListQuery{Q: "apple", Contact: convs[2].ContactID}, 1},
			"to":        {store.ListQuery{Q: "apple", To: convs[1].StartedAt.Add(time.Second)}, 0},
			"waiting":   {store.ListQuery{Q: "apple", Waiting: new(true)}, 0},
		} {
			if got := sc.found(tc.q); len(got) != tc.want {
				sc.t.Errorf("%s: found %d, want %d", name, len(got), tc.want)
			}
		}
		page, err := sc.List(sc.ctx, store.ListQuery{WorkspaceID: sc.ws, Q: "apple", Limit: 1})
		sc.ok(err)
		if n := len(page.Rows[0].Snippets); n != 1 && n != 2 {
			sc.t.Errorf("%d snippets", n)
		}
	})
}

// A page may end wherever the reading of messages does.
func TestSearchPagesAnywhere(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		const all = 90
		for i := range all {
			sc.says(parley.SourceAPI, fmt.Sprint("an apple ", i))
		}
		sc.index()
		for _, limit := range []int{1, 7, 15, 16, 25, 49, 50, 64, 100} {
			got := sc.found(store.ListQuery{Q: "apple", Limit: limit})
			if slices.Sort(got); len(got) != all || len(slices.Compact(got)) != all {
				sc.t.Errorf("in pages of %d: %d conversations", limit, len(got))
			}
		}
	})
}

// What is erased is not found, and not one word of it stays; the index can be
// built anew.
func TestSearchForgets(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		gone := sc.says(parley.SourceAPI, "a secret zebrafinch", "and another zebrafinch")
		stays := sc.says(parley.SourceAPI, "a zebra")
		sc.index()
		sc.ok(sc.DeleteConversation(sc.ctx, sc.ws, gone.ID))
		if got := sc.found(store.ListQuery{Q: "zebrafinch"}); len(got) != 0 {
			sc.t.Errorf("erased, but found: %v", got)
		}
		if got := sc.found(store.ListQuery{Q: "zeb"}); !slices.Equal(got, []string{stays.ID}) {
			sc.t.Errorf("found %v", got)
		}
		if words := sc.SearchWords(sc.ctx); slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, "zebraf") }) {
			sc.t.Errorf("of the erased message stay %v", words)
		}
		sc.ok(sc.RebuildSearch(sc.ctx))
		if got := sc.found(store.ListQuery{Q: "zebra"}); len(got) != 0 {
			sc.t.Errorf("found in an empty index: %v", got)
		}
		sc.index()
		if got := sc.found(store.ListQuery{Q: "zebra"}); !slices.Equal(got, []string{stays.ID}) {
			sc.t.Errorf("after the rebuilding: %v", got)
		}
		sc.fails(sc.DeleteConversation(sc.ctx, sc.ws, gone.ID), parley.CodeNotFound)
		if n := len(sc.log(gone)); n != 0 {
			sc.t.Errorf("%d messages stay", n)
		}
	})
}

// The index misses nothing that is written while it is filled.
func TestSearchWhileWriting(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		done := make(chan struct{})
		const writers, each = 4, 25
		go func() {
			defer close(done)
			finished := make(chan struct{}, writers)
			for i := range writers {
				go func() {
					defer func() { finished <- struct{}{} }()
					for j := range each {
						sc.says(parley.SourceAPI, fmt.Sprintf("needle%d%c", i, 'a'+j))
					}
				}()
			}
			for range writers {
				<-finished
			}
		}()
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			if _, err := sc.IndexSearch(sc.ctx, 50); err != nil {
				sc.t.Fatal(err)
			}
		}
		sc.index()
		if got := sc.found(store.ListQuery{Q: "needle", Limit: 100}); len(got) != writers*each {
			sc.t.Errorf("found %d of %d", len(got), writers*each)
		}
	})
}
