package questions_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/questions"
	"parley/internal/store"
	"parley/internal/store/linked"
	"parley/internal/store/query"
	"parley/internal/store/rollup"
	"parley/internal/store/storetest"
	"parley/internal/store/topics"
)

// TestEveryNumberIsItsList compares what is counted with the lists behind it:
// all conversations of a topic, those resolved and not, those handed over, their
// cost, each part of the period, and the period before.
func TestEveryNumberIsItsList(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		w.fill(asked(t)...)
		w.group()
		from, to := began.AddDate(0, 0, -20), began.AddDate(0, 0, -2)
		for name, q := range map[string]store.ListQuery{
			"all": {}, "a period": started(from, to), "since": started(from, time.Time{}), "until": started(time.Time{}, to),
			"of sources": {Filter: started(from, to).Filter, Source: []parley.Source{parley.SourceWidget, parley.SourceAPI}},
			"empty":      started(to, from),
			"active in":  {Filter: started(from, time.Time{}).Filter, From: from.AddDate(0, 0, 3), To: to},
		} {
			for _, kind := range parley.QuestionKinds() {
				o := w.overview(kind, q)
				if n := len(o.Topics); name == "all" && n < 4 {
					t.Errorf("%s: %d topics of %s questions", name, n, kind)
				}
				total := 0
				for _, c := range o.Topics {
					w.compare(name, q, o.Period, c.ID, &c.Counted)
					total += c.Conversations
					if c.Conversations > 0 && len(c.Examples) == 0 {
						t.Errorf("%s: %q has no example", name, c.Label)
					}
				}
				if name == "all" && kind == parley.QuestionAsked && total != len(w.listed(q)) {
					t.Errorf("%d of %d conversations have a topic", total, len(w.listed(q)))
				}
			}
		}
	})
}

// started selects conversations by their start.
func started(from, to time.Time) (q store.ListQuery) {
	q.StartedFrom, q.StartedTo = from, to
	return q
}

func (w *world) compare(name string, q store.ListQuery, p topics.Period, id string, c *topics.Counted) {
	w.t.Helper()
	q.TopicID = id
	var want topics.Numbers
	for _, r := range w.listed(q) {
		want.Conversations++
		if r.Resolved != nil {
			want.Evaluated++
			if *r.Resolved {
				want.Resolved++
			}
		}
		if r.HandedOver {
			want.HandedOver++
		}
		if r.UnknownCalls > 0 {
			want.Unpriced++
		}
		want.Credits += r.Credits
	}
	got := c.Numbers
	got.Signs = [4]int{}
	if got != want {
		w.t.Errorf("%s: topic %s has %+v, its list %+v", name, id, got, want)
	}
	for bit, n := range c.Signs {
		signed := q
		signed.Unanswered = 1 << bit
		if len(w.listed(signed)) != n && n > 0 {
			w.t.Errorf("%s: topic %s has the sign %d %d times, its list %d", name, id, bit, n, len(w.listed(signed)))
		}
	}
	if !q.StartedFrom.Before(q.StartedTo) && !q.StartedTo.IsZero() {
		return
	}
	for i, n := range c.Parts {
		part := q
		part.StartedFrom, part.StartedTo = p.Start(i), p.Start(i+1)
		if i == 0 && p.OpenFrom {
			part.StartedFrom = time.Time{}
		}
		if i == topics.Buckets-1 && p.OpenTo {
			part.StartedTo = time.Time{}
		}
		if len(w.listed(part)) != n {
			w.t.Errorf("%s: topic %s has %d in part %d, its list %d", name, id, n, i, len(w.listed(part)))
		}
	}
	if !p.OpenFrom {
		before := q
		before.StartedFrom, before.StartedTo = p.Before().From, p.Before().To
		if n := len(w.listed(before)); n != c.Before.Conversations {
			w.t.Errorf("%s: topic %s had %d before, its list %d", name, id, c.Before.Conversations, n)
		}
	}
}

func TestTopicsStayAndErasedConversationsGo(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		all := asked(t)
		filled := w.fill(all[:len(all)-10]...)
		w.group()
		before := w.topicsOf()
		w.fill(all[len(all)-10:]...)
		w.clock.Move(25 * time.Hour)
		w.unknown(all[len(all)-1])
		w.ok(w.service.Plan(t.Context()))
		work := storetest.Claim(t, w.Store, parley.WorkTopics, w.ws, w.clock.Now())
		if work == nil {
			t.Fatal("after a day nothing is planned")
		}
		w.ok(w.service.Work(t.Context(), *work))
		after := w.topicsOf()
		kept := 0
		for id, topic := range before {
			if after[id] == topic {
				kept++
			}
		}
		if kept*10 < len(before)*9 || len(after) != len(before)+11 {
			t.Errorf("%d of %d kept their topic; %d have one now", kept, len(before), len(after))
		}

		gone := filled[3].Conversation.ID
		topic := after[gone]
		count := func() (n int, shown bool) {
			c, _, err := w.service.Topic(t.Context(), store.ListQuery{WorkspaceID: w.ws}, topic)
			w.ok(err)
			return c.Conversations, slices.ContainsFunc(c.Examples, func(e topics.Example) bool { return e.ConversationID == gone })
		}
		had, _ := count()
		w.ok(w.DeleteConversation(t.Context(), w.ws, gone))
		if has, shown := count(); has != had-1 || shown {
			t.Errorf("after an erasure %d of %d are left; shown: %v", has, had, shown)
		}
		w.group()
		if _, ok := w.topicsOf()[gone]; ok {
			t.Error("it is back")
		}
	})
}

// topicsOf returns the topic of each conversation's first question.
func (w *world) topicsOf() map[string]string {
	w.t.Helper()
	of := map[string]string{}
	for _, c := range w.overview(parley.QuestionAsked, store.ListQuery{}).Topics {
		for _, r := range w.listed(store.ListQuery{Links: linked.Links{TopicID: c.ID}}) {
			of[r.ID] = c.ID
		}
	}
	return of
}

func TestUnansweredQuestions(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		no, yes := false, true
		plain := func(resolved *bool, says ...string) store.FillConversation {
			c := w.made(says...)
			c.Conversation.Resolved = resolved
			return c
		}
		unresolved := plain(&no, "Do you repair espresso machines?", "I see")
		repeated := plain(nil, "When will my order arrive?", "hm", "I said: when will my order arrive?")
		answered := plain(&yes, "Are you open on Sunday?")
		silent := plain(&no, "thank you")
		handed := plain(nil, "My grinder makes a strange noise", "can I talk to a person")
		handed.Messages = append(handed.Messages, parley.Message{
			Role: parley.BySystem, Type: parley.MessageEvent, Event: parley.EventHandoff, Content: "asked",
			CreatedAt: handed.Conversation.StartedAt.Add(10 * time.Minute),
		})
		w.write(unresolved, repeated, answered, silent, handed)
		unknown := w.unknown("Do you sell oat milk?")
		w.group()

		got := map[string]topics.Example{}
		o := w.overview(parley.QuestionUnanswered, store.ListQuery{})
		for _, c := range o.Topics {
			w.compare("unanswered", store.ListQuery{}, o.Period, c.ID, &c.Counted)
			all, _, err := w.service.Topic(t.Context(), store.ListQuery{WorkspaceID: w.ws}, c.ID)
			w.ok(err)
			for _, e := range all.Examples {
				got[e.ConversationID] = e
			}
		}
		for _, tt := range []struct {
			id, text string
			why      parley.Unanswered
		}{
			{unresolved.Conversation.ID, "Do you repair espresso machines?", parley.UnansweredUnresolved},
			{repeated.Conversation.ID, "I said: when will my order arrive?", parley.UnansweredRepeated},
			{handed.Conversation.ID, "My grinder makes a strange noise", parley.UnansweredHandover},
			{unknown, "Do you sell oat milk?", parley.UnansweredUnknown},
		} {
			if e := got[tt.id]; e.Text != tt.text || e.Reasons != tt.why {
				t.Errorf("want %q for %d, got %q for %d", tt.text, tt.why, e.Text, e.Reasons)
			}
			if !slices.ContainsFunc(w.listed(store.ListQuery{Links: linked.Links{Unanswered: tt.why}}), func(r store.ListRow) bool { return r.ID == tt.id }) {
				t.Errorf("%q is not listed by its sign %d", tt.text, tt.why)
			}
		}
		if len(got) != 4 {
			t.Errorf("%d questions are unanswered: %+v", len(got), got)
		}
	})
}

// unknown lets the assistant answer that it does not know.
func (w *world) unknown(text string) (id string) {
	w.t.Helper()
	ctx := w.t.Context()
	c, _, err := w.OpenConversation(ctx, store.OpenConversation{
		WorkspaceID: w.ws, Source: parley.SourceAPI, AssistantID: w.assistant,
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: "somebody"}},
	})
	w.ok(err)
	_, err = w.Receive(ctx, store.ReceiveMessage{
		WorkspaceID: w.ws, ConversationID: c.ID, TurnAt: w.clock.Now(), Message: &parley.Message{Content: text},
	})
	w.ok(err)
	work := storetest.Claim(w.t, w.Store, parley.WorkTurn, c.ID, w.clock.Now())
	start, err := w.BeginTurn(ctx, *work)
	w.ok(err)
	start.Turn.Trace = parley.Trace{Note: "The best passage covers little.", Unanswered: true}
	_, err = w.FinishTurn(ctx, *work, store.TurnEnd{
		Turn: start.Turn, Messages: []parley.Message{{Role: parley.ByAssistant, Content: "I don't know that."}},
	})
	w.ok(err)
	return c.ID
}

func TestTopicsOfEvaluations(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		for i, name := range []string{"Delivery", "delivery", "Delivery", "Returns", ""} {
			c := w.fill(asked(t)[i])[0]
			_, err := w.SaveEvaluation(t.Context(), nil, w.ws, &parley.Evaluation{
				ConversationID: c.Conversation.ID, Topic: name, Resolved: i%2 == 0, Model: "judge",
			}, nil)
			w.ok(err)
		}
		named := w.overview(parley.QuestionAsked, store.ListQuery{}).Evaluated
		if len(named) != 2 || named[0].Name != "Delivery" || named[0].Conversations != 3 || named[0].Resolved != 2 {
			t.Fatalf("%+v", named)
		}
		w.ok(rollup.New(w.Store, w.clock.Now).Update(t.Context()))
		for _, n := range named {
			q, err := query.Of(w.ws, &parley.ConversationFilter{Topic: n.Name})
			w.ok(err)
			if rows := w.listed(q); len(rows) != n.Conversations {
				t.Errorf("%s: %d, its list %d", n.Name, n.Conversations, len(rows))
			}
		}
	})
}

func TestWorkspacesDoNotLeak(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		w.fill(asked(t)[:40]...)
		w.group()
		mine := w.overview(parley.QuestionAsked, store.ListQuery{})
		other, _ := w.workspace()
		q := store.ListQuery{WorkspaceID: other}
		for _, id := range []string{"", mine.Topics[0].ID} {
			q.TopicID = id
			o, err := w.service.Overview(t.Context(), q, parley.QuestionAsked)
			w.ok(err)
			if len(o.Topics)+len(o.Evaluated) > 0 || o.Run.Conversations > 0 {
				t.Errorf("another workspace sees %+v", o)
			}
			page, err := w.List(t.Context(), q)
			w.ok(err)
			if len(page.Rows) > 0 {
				t.Error("another workspace lists the conversations of a topic")
			}
		}
		if _, _, err := w.service.Topic(t.Context(), q, mine.Topics[0].ID); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("another workspace's topic: %v", err)
		}
		w.ok(w.service.Work(t.Context(), parley.Work{Key: other, WorkspaceID: other}))
		if again := w.overview(parley.QuestionAsked, store.ListQuery{}); again.Topics[0].Conversations != mine.Topics[0].Conversations {
			t.Error("grouping another workspace has changed this one")
		}
	})
}

func TestAGroupingThatWasStoppedBeginsAnew(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		w.fill(asked(t)[:60]...)
		_, err := w.service.Request(t.Context(), w.ws)
		w.ok(err)
		work := storetest.Claim(t, w.Store, parley.WorkTopics, w.ws, w.clock.Now())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.service.Work(ctx, *work); err == nil {
			t.Error("it did not stop")
		}
		if run := w.overview(parley.QuestionAsked, store.ListQuery{}).Run; run.Phase != topics.Waiting || run.Error != "" {
			t.Errorf("after the stop: %+v", run)
		}
		w.ok(w.service.Work(t.Context(), *work))
		run := w.overview(parley.QuestionAsked, store.ListQuery{}).Run
		if run.Phase != topics.Idle || run.Conversations != 60 || !run.FinishedAt.Equal(w.clock.Now()) {
			t.Errorf("at the end: %+v", run)
		}
		w.ok(w.service.Plan(t.Context()))
		w.ok(w.CompleteWork(t.Context(), *work))
		if again := storetest.Claim(t, w.Store, parley.WorkTopics, w.ws, w.clock.Now()); again != nil {
			t.Error("what was just done is planned again")
		}
	})
}

func TestTheServiceRests(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w *world) {
		w.fill(asked(t)[:20]...)
		w.service = questions.New(questions.Config{Store: &topics.Topics{Tables: w.Tables()}, Now: w.clock.Now})
		w.group()
		if n := len(w.topicsOf()); n != 20 {
			t.Errorf("%d of 20 have a topic", n)
		}
	})
}
