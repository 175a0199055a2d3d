package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/linked"
)

type noteOf = desk.Note

func TestViews(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		ben := w.member(w.ws, "Ben")
		view := func(member, name string) *desk.View {
			v := &desk.View{WorkspaceID: w.ws, MemberID: member, Name: name, Filter: "status=active&tag=x"}
			w.ok(w.desk.CreateView(w.ctx, v))
			return v
		}
		mine, all, bens, second := view(w.anna.ID, "mine"), view("", "all"), view(ben.ID, "Ben's"), view(w.anna.ID, "second")
		names := func(member string) string {
			list, err := w.desk.Views(w.ctx, w.ws, member)
			w.ok(err)
			var out []string
			for _, v := range list {
				out = append(out, v.Name)
			}
			return strings.Join(out, ", ")
		}
		if got := names(w.anna.ID); got != "all, mine, second" {
			t.Errorf("Anna sees %s", got)
		}
		if got := names(""); got != "all" {
			t.Errorf("a program sees %s", got)
		}
		_, err := w.desk.View(w.ctx, w.ws, w.anna.ID, bens.ID)
		w.fails(err, parley.CodeNotFound)
		w.ok(w.desk.OrderViews(w.ctx, w.ws, w.anna.ID, []string{second.ID, bens.ID, all.ID}))
		if got := names(w.anna.ID); got != "all, second, mine" {
			t.Errorf("in another order Anna sees %s", got)
		}
		mine.MemberID, mine.Name = "", "ours"
		w.ok(w.desk.UpdateView(w.ctx, mine))
		if got := names(ben.ID); got != "all, ours, Ben's" && got != "ours, all, Ben's" {
			t.Errorf("Ben sees %s", got)
		}
		w.ok(w.desk.DeleteView(w.ctx, w.ws, all.ID))
		w.fails(w.desk.DeleteView(w.ctx, w.ws, all.ID), parley.CodeNotFound)
		for _, bad := range []desk.View{
			{Name: "", Filter: "a=b"}, {Name: "x", Filter: "?a=b"}, {Name: "x", Filter: "a=%zz"}, {Name: strings.Repeat("x", 61), Filter: "a=b"},
			{Name: "x", Filter: "q=" + strings.Repeat("x", 2000)},
		} {
			bad.WorkspaceID = w.ws
			w.fails(w.desk.CreateView(w.ctx, &bad), parley.CodeInvalid)
		}
		w.ok(w.DeleteMember(w.ctx, w.ws, ben.ID))
		w.ok(w.desk.Sweep(w.ctx))
		if got := names(ben.ID); got != "ours" {
			t.Errorf("after Ben has left there is %s", got)
		}
		for i := range 51 {
			err := w.desk.CreateView(w.ctx, &desk.View{WorkspaceID: w.ws, MemberID: ben.ID, Name: fmt.Sprint(i)})
			if i == 50 {
				w.fails(err, parley.CodeConflict)
			}
		}
	})
}

func TestReplies(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		x := &desk.Reply{WorkspaceID: w.ws, Shortcut: "hello", Text: "Hello {contact_name}!"}
		w.ok(w.desk.CreateReply(w.ctx, x))
		y := &desk.Reply{WorkspaceID: w.ws, Shortcut: "öffnung-2", Text: "We open at nine."}
		w.ok(w.desk.CreateReply(w.ctx, y))
		again := *x
		w.fails(w.desk.CreateReply(w.ctx, &again), parley.CodeConflict)
		for _, shortcut := range []string{"", "two words", "/x", "Big", strings.Repeat("x", 41)} {
			w.fails(w.desk.CreateReply(w.ctx, &desk.Reply{WorkspaceID: w.ws, Shortcut: shortcut, Text: "x"}), parley.CodeInvalid)
		}
		w.fails(w.desk.CreateReply(w.ctx, &desk.Reply{WorkspaceID: w.ws, Shortcut: "x", Text: " "}), parley.CodeInvalid)
		y.Shortcut = "hello"
		w.fails(w.desk.UpdateReply(w.ctx, y), parley.CodeConflict)
		y.Shortcut = "hours"
		w.ok(w.desk.UpdateReply(w.ctx, y))
		got, err := w.desk.Reply(w.ctx, w.ws, y.ID)
		if err != nil || got.Shortcut != "hours" {
			t.Errorf("it is %+v, %v", got, err)
		}
		w.ok(w.desk.DeleteReply(w.ctx, w.ws, x.ID))
		all, err := w.desk.Replies(w.ctx, w.ws)
		if err != nil || len(all) != 1 {
			t.Errorf("there are %+v, %v", all, err)
		}
		w.fails(w.desk.UpdateReply(w.ctx, x), parley.CodeNotFound)
	})
}

// Law 10: with another workspace's ids nothing is found and nothing changes.
func TestDesksDoNotLeak(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		c, tag := w.talk("ours"), w.tag("ours")
		w.put(c, tag)
		note := &desk.Note{Author: w.anna, Text: "ours"}
		w.ok(w.desk.AddNote(w.ctx, w.ws, c.ID, note))
		view := &desk.View{WorkspaceID: w.ws, Name: "ours", Filter: "a=b"}
		w.ok(w.desk.CreateView(w.ctx, view))
		reply := &desk.Reply{WorkspaceID: w.ws, Shortcut: "ours", Text: "ours"}
		w.ok(w.desk.CreateReply(w.ctx, reply))
		other, _ := w.workspace()
		them := w.member(other, "Them")
		theirTag := &desk.Tag{WorkspaceID: other, Name: "theirs", Color: "#112233"}
		w.ok(w.desk.CreateTag(w.ctx, theirTag))
		before, err := w.ConversationRow(w.ctx, w.ws, c.ID)
		w.ok(err)
		foreignTag, foreignView, foreignReply := *tag, *view, *reply
		foreignTag.WorkspaceID, foreignView.WorkspaceID, foreignReply.WorkspaceID = other, other, other
		d, ctx := w.desk, w.ctx
		for name, call := range map[string]func() error{
			"Tag":               func() error { _, err := d.Tag(ctx, other, tag.ID); return err },
			"UpdateTag":         func() error { return d.UpdateTag(ctx, &foreignTag) },
			"DeleteTag":         func() error { return d.DeleteTag(ctx, other, tag.ID) },
			"PutTag":            func() error { return d.PutTag(ctx, other, c.ID, theirTag.ID) },
			"PutTag of theirs":  func() error { return d.PutTag(ctx, w.ws, c.ID, theirTag.ID) },
			"TakeTag":           func() error { return d.TakeTag(ctx, other, c.ID, tag.ID) },
			"TakeTag of theirs": func() error { return d.TakeTag(ctx, w.ws, c.ID, theirTag.ID) },
			"Review":            func() error { return d.Review(ctx, other, c.ID, them, true) },
			"Read":              func() error { return d.Read(ctx, other, them.ID, c.ID, 0) },
			"Unread":            func() error { return d.Unread(ctx, other, them.ID, c.ID) },
			"AddNote":           func() error { return d.AddNote(ctx, other, c.ID, &desk.Note{Author: them, Text: "x"}) },
			"EditNote":          func() error { return d.EditNote(ctx, other, c.ID, note.ID, w.anna, "x") },
			"DeleteNote":        func() error { return d.DeleteNote(ctx, other, c.ID, note.ID, w.anna) },
			"View":              func() error { _, err := d.View(ctx, other, them.ID, view.ID); return err },
			"UpdateView":        func() error { return d.UpdateView(ctx, &foreignView) },
			"DeleteView":        func() error { return d.DeleteView(ctx, other, view.ID) },
			"Reply":             func() error { _, err := d.Reply(ctx, other, reply.ID); return err },
			"UpdateReply":       func() error { return d.UpdateReply(ctx, &foreignReply) },
			"DeleteReply":       func() error { return d.DeleteReply(ctx, other, reply.ID) },
			"Of, their member":  func() error { _, err := d.Of(ctx, them.ID, before); return err },
		} {
			if err := call(); parley.ErrorCode(err) != parley.CodeNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		tags, err := d.Tags(ctx, other)
		w.ok(err)
		notes, err := d.Notes(ctx, other, c.ID)
		w.ok(err)
		views, err := d.Views(ctx, other, them.ID)
		w.ok(err)
		replies, err := d.Replies(ctx, other)
		w.ok(err)
		w.ok(d.OrderViews(ctx, other, "", []string{view.ID}))
		w.ok(d.ReadAll(ctx, other, w.anna.ID))
		page, err := w.List(ctx, store.ListQuery{WorkspaceID: other, Links: linked.Links{Tags: []string{tag.ID}}})
		w.ok(err)
		if n := len(tags) - 1 + len(notes) + len(views) + len(replies) + len(page.Rows); n != 0 {
			t.Errorf("%d things of another workspace were read", n)
		}
		marks, err := d.Marks(ctx, other, "", []store.ListRow{*before})
		w.ok(err)
		if len(marks[0].Tags) != 0 {
			t.Errorf("another workspace sees the tags %+v", marks[0].Tags)
		}
		if after, err := w.ConversationRow(ctx, w.ws, c.ID); err != nil || after.Rev != before.Rev || !w.marks(c).Unread {
			t.Errorf("the conversation was changed to %+v, %v", after, err)
		}
	})
}
