package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

func TestTagsAreNamedOnce(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		billing := w.tag("Billing")
		again := *billing
		again.Name = " billing "
		w.fails(w.desk.CreateTag(w.ctx, &again), parley.CodeConflict)
		urgent := w.tag("urgent")
		for _, bad := range []struct{ name, color string }{
			{"", "#112233"}, {"   ", "#112233"}, {"x", "red"}, {"x", "#11223"}, {strings.Repeat("x", 41), "#112233"}, {"a\x00b", "#112233"},
		} {
			g := *urgent
			g.Name, g.Color = bad.name, bad.color
			w.fails(w.desk.CreateTag(w.ctx, &g), parley.CodeInvalid)
			g.ID = urgent.ID
			w.fails(w.desk.UpdateTag(w.ctx, &g), parley.CodeInvalid)
		}
		other := *urgent
		other.Name = "BILLING"
		w.fails(w.desk.UpdateTag(w.ctx, &other), parley.CodeConflict)
		other.Name, other.Color = "Urgent!", "#aabbcc"
		w.ok(w.desk.UpdateTag(w.ctx, &other))
		c := w.talk("anna")
		w.put(c, billing, &other)
		w.ok(w.desk.DeleteTag(w.ctx, w.ws, billing.ID))
		w.fails(w.desk.DeleteTag(w.ctx, w.ws, billing.ID), parley.CodeNotFound)
		if m := w.marks(c); len(m.Tags) != 1 || m.Tags[0].Name != "Urgent!" || m.Tags[0].Color != "#aabbcc" {
			t.Errorf("the conversation has %+v", m.Tags)
		}
		w.tag("billing") // the name is free again
		w.ok(w.desk.Sweep(w.ctx))
		all, err := w.desk.Tags(w.ctx, w.ws)
		w.ok(err)
		if len(all) != 2 || all[0].Name != "billing" || all[0].Used != 0 || all[1].Used != 1 {
			t.Errorf("the tags are %+v", all)
		}
		w.expect(byTags(billing))
	})
}

// The list by tags is in order and exact, with any other filter, whatever happens
// to the conversations meanwhile.
func TestListByTags(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		a, b := w.tag("a"), w.tag("b")
		var talks []*parley.Conversation
		for i := range 9 {
			talks = append(talks, w.talk(fmt.Sprint("c", i)))
		}
		c := func(i int) *parley.Conversation { return talks[i] }
		for _, i := range []int{1, 3, 5, 7} {
			w.put(c(i), a)
		}
		for _, i := range []int{3, 4, 5} {
			w.put(c(i), b, b)
		}
		w.expect(byTags(a), c(7), c(5), c(3), c(1))
		w.expect(byTags(a, b), c(7), c(5), c(4), c(3), c(1))
		w.says(c(1), "once more")
		w.expect(byTags(a), c(1), c(7), c(5), c(3))
		_, err := w.End(w.ctx, w.ws, c(7).ID, parley.EndOperator, w.anna.ID)
		w.ok(err)
		w.expect(byTags(a), c(7), c(1), c(5), c(3)) // the end is its newest activity
		q := byTags(a, b)
		q.Status = parley.ConversationActive
		w.expect(q, c(1), c(5), c(4), c(3))
		q.Contact = c(4).ContactID
		w.expect(q, c(4))
		_, err = w.IndexSearch(w.ctx, 1000) // messages are ranked with it
		w.ok(err)
		q = byTags(a, b)
		for _, q.Sort = range []store.Sort{store.SortStarted, store.SortMessages} {
			want := []*parley.Conversation{c(7), c(5), c(4), c(3), c(1)}
			if q.Sort == store.SortMessages {
				want = []*parley.Conversation{c(1), c(7), c(5), c(4), c(3)}
			}
			w.expect(q, want...)
		}
		q = byTags(b)
		q.Variables = map[string][]string{"none": {"x"}}
		w.expect(q)
		w.ok(w.desk.TakeTag(w.ctx, w.ws, c(5).ID, b.ID))
		w.ok(w.desk.TakeTag(w.ctx, w.ws, c(5).ID, b.ID))
		w.expect(byTags(b), c(4), c(3))
		w.ok(w.DeleteConversation(w.ctx, w.ws, c(4).ID))
		w.expect(byTags(b), c(3))
		var stale int
		w.ok(w.Tables().QueryRow(w.ctx, `
			SELECT COUNT(*) FROM desk_tagged g LEFT JOIN conversation c ON c.n = g.n
			WHERE c.n IS NULL OR c.facet_id <> g.facet_id OR c.last_activity_at <> g.last_activity_at`).Scan(&stale))
		if stale != 0 {
			t.Errorf("%d rows of tags repeat something else than their conversation", stale)
		}
	})
}

func TestAConversationHasFewTags(t *testing.T) {
	t.Parallel()
	run(t, func(_ *testing.T, w *world) {
		c := w.talk("anna")
		for i := range 20 {
			w.put(c, w.tag(fmt.Sprint("tag ", i)))
		}
		w.fails(w.desk.PutTag(w.ctx, w.ws, c.ID, w.tag("one more").ID), parley.CodeConflict)
	})
}

func TestReviews(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		one, two := w.talk("one"), w.talk("two")
		yes, no := true, false
		w.expect(store.ListQuery{Reviewed: &yes})
		before, err := w.Conversation(w.ctx, w.ws, one.ID)
		w.ok(err)
		w.ok(w.desk.Review(w.ctx, w.ws, one.ID, w.anna, true))
		at := w.clock.Now()
		w.clock.Move(time.Hour)
		w.ok(w.desk.Review(w.ctx, w.ws, one.ID, w.member(w.ws, "Ben"), true)) // it stays Anna's
		w.expect(store.ListQuery{Reviewed: &yes}, one)
		w.expect(store.ListQuery{Reviewed: &no}, two)
		m := w.marks(one)
		if m.Review == nil || m.Review.By != w.anna || !m.Review.At.Equal(at) {
			t.Errorf("the review is %+v", m.Review)
		}
		if after, err := w.Conversation(w.ctx, w.ws, one.ID); err != nil || after.Rev <= before.Rev || !after.Reviewed {
			t.Errorf("the conversation is %+v, %v", after, err)
		}
		w.says(one, "and on")
		w.expect(store.ListQuery{Reviewed: &yes}, one)
		w.ok(w.desk.Review(w.ctx, w.ws, one.ID, w.anna, false))
		w.expect(store.ListQuery{Reviewed: &no}, one, two)
		if m := w.marks(one); m.Review != nil {
			t.Errorf("the review is still %+v", m.Review)
		}
		w.fails(w.desk.Review(w.ctx, w.ws, parley.NewID(at), w.anna, true), parley.CodeNotFound)
	})
}

func TestNotes(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		c, ben := w.talk("one"), w.member(w.ws, "Ben")
		n := &noteOf{Author: w.anna, Text: "Calls back on Monday."}
		w.ok(w.desk.AddNote(w.ctx, w.ws, c.ID, n))
		w.clock.Move(time.Minute)
		w.ok(w.desk.AddNote(w.ctx, w.ws, c.ID, &noteOf{Author: ben, Text: "Done."}))
		w.fails(w.desk.EditNote(w.ctx, w.ws, c.ID, n.ID, ben, "x"), parley.CodeForbidden)
		w.fails(w.desk.DeleteNote(w.ctx, w.ws, c.ID, n.ID, ben), parley.CodeForbidden)
		w.fails(w.desk.EditNote(w.ctx, w.ws, c.ID, n.ID, w.anna, " \n"), parley.CodeInvalid)
		w.fails(w.desk.AddNote(w.ctx, w.ws, c.ID, &noteOf{Author: ben, Text: strings.Repeat("x", 4001)}), parley.CodeInvalid)
		w.ok(w.desk.EditNote(w.ctx, w.ws, c.ID, n.ID, w.anna, "Calls back on Tuesday."))
		all, err := w.desk.Notes(w.ctx, w.ws, c.ID)
		w.ok(err)
		if len(all) != 2 || all[0].Text != "Calls back on Tuesday." || all[0].EditedAt.IsZero() || !all[1].EditedAt.IsZero() {
			t.Errorf("the notes are %+v", all)
		}
		if m := w.marks(c); m.Notes != 2 {
			t.Errorf("%d notes are counted", m.Notes)
		}
		log, err := w.Messages(w.ctx, w.ws, c.ID, 0, 0)
		w.ok(err)
		if slices.ContainsFunc(log, func(m parley.Message) bool { return m.Role != parley.ByUser }) {
			t.Errorf("a note is in the log: %+v", log)
		}
		w.ok(w.desk.DeleteNote(w.ctx, w.ws, c.ID, n.ID, w.anna))
		w.fails(w.desk.DeleteNote(w.ctx, w.ws, c.ID, n.ID, w.anna), parley.CodeNotFound)
		w.ok(w.DeleteConversation(w.ctx, w.ws, c.ID))
		var left int
		w.ok(w.Tables().QueryRow(w.ctx, `SELECT COUNT(*) FROM desk_note`).Scan(&left))
		if left != 0 {
			t.Errorf("%d notes are left of an erased conversation", left)
		}
	})
}

func TestUnread(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		one, two := w.talk("one"), w.talk("two")
		expect := func(when string, first, second bool) {
			t.Helper()
			if a, b := w.marks(one).Unread, w.marks(two).Unread; a != first || b != second {
				t.Errorf("%s: unread are %v and %v, want %v and %v", when, a, b, first, second)
			}
		}
		expect("at first", true, true)
		w.ok(w.desk.Read(w.ctx, w.ws, w.anna.ID, one.ID, 0))
		expect("one read", false, true)
		w.says(one, "more")
		expect("a new message", true, true)
		w.ok(w.desk.Read(w.ctx, w.ws, w.anna.ID, one.ID, 1))
		expect("only the first read", true, true)
		w.ok(w.desk.ReadAll(w.ctx, w.ws, w.anna.ID))
		expect("all read", false, false)
		w.ok(w.desk.Unread(w.ctx, w.ws, w.anna.ID, two.ID))
		expect("two marked", false, true)
		w.ok(w.desk.Read(w.ctx, w.ws, w.anna.ID, two.ID, 99))
		expect("two read", false, false)
		w.says(two, "more")
		expect("a new message in two", false, true)
		ben := w.member(w.ws, "Ben") // who comes now has nothing to read
		row, err := w.ConversationRow(w.ctx, w.ws, two.ID)
		w.ok(err)
		if m, err := w.desk.Of(w.ctx, ben.ID, row); err != nil || m.Unread {
			t.Errorf("what was before Ben is unread: %+v, %v", m, err)
		}
		if m, err := w.desk.Of(w.ctx, "", row); err != nil || m.Unread {
			t.Errorf("a program has something to read: %+v, %v", m, err)
		}
		w.ok(w.DeleteMember(w.ctx, w.ws, w.anna.ID))
	})
}
