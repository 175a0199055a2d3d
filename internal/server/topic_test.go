package server_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"parley"
	"parley/internal/questions"
	"parley/internal/server/analytics"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/store/topics"
)

// asksAbout writes conversations that begin with each text, an hour apart.
func (w *world) asksAbout(n *tenant, texts ...string) {
	w.t.Helper()
	f, err := w.store.NewFiller(w.t.Context(), n.workspace.ID, true)
	w.must(err)
	var all []store.FillConversation
	for i, s := range texts {
		at := w.clock.Now().Add(-time.Duration(i+1) * time.Hour).Truncate(time.Microsecond)
		resolved := i%3 == 0
		all = append(all, store.FillConversation{
			Conversation: parley.Conversation{
				ID: parley.NewID(at), Source: parley.SourceAPI, Status: parley.ConversationEnded, Owner: parley.OwnerAssistant,
				AssistantID: n.assistant.ID, AssistantVersion: 1, StartedAt: at, Resolved: &resolved, HandedOver: i%4 == 0,
			},
			Contact:  parley.Contact{ID: parley.NewID(at)},
			Messages: []parley.Message{{Role: parley.ByUser, Content: s, CreatedAt: at}},
		})
	}
	w.must(f.Write(w.t.Context(), f.Prepare(all)))
	w.must(f.Close())
}

// TestTopicsOpenTheirLists asks for topics and follows each number to the list
// that the dashboard opens for it.
func TestTopicsOpenTheirLists(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			var texts []string
			for i := range 8 {
				texts = append(texts, fmt.Sprintf("What are your opening hours on day %d?", i), fmt.Sprintf("I want a refund for order %d", i),
					"my password reset does not work", "where is my parcel, the tracking shows nothing")
			}
			w.asksAbout(w.ours, texts...)
			service := questions.New(questions.Config{Store: &topics.Topics{Tables: w.store.Tables()}, Now: w.clock.Now, Eager: true})
			w.must(service.Work(t.Context(), parley.Work{Key: w.ours.workspace.ID, WorkspaceID: w.ours.workspace.ID}))

			from := w.clock.Now().Add(-25 * time.Hour).UTC().Format(time.RFC3339)
			for _, base := range []url.Values{{}, {"started_from": {from}}, {"from": {from}}, {"source": {"api"}, "resolved": {"false"}}} {
				for _, kind := range []string{"asked", "unanswered"} {
					asked := clone(base)
					asked.Set("kind", kind)
					all := read[wire.Topics](t, w.get("/api/v1/topics?"+asked.Encode()))
					if len(all.Data) < 3 || all.Run.Phase != topics.Idle || all.Run.FinishedAt == nil {
						t.Fatalf("%v: %d topics, %+v", asked, len(all.Data), all.Run)
					}
					if first := w.clock.Now().Add(-32 * time.Hour); len(base) == 0 && all.Period.Parts[0].Sub(first).Abs() > time.Minute {
						t.Errorf("all time begins at %v, the first conversation at %v", all.Period.Parts[0], first)
					}
					for _, topic := range all.Data {
						w.followTopic(base, &all.Period, &topic)
					}
				}
			}
			numbers := read[analytics.Summary](t, w.get("/api/v1/analytics?days=2")).Period
			days := read[wire.Topics](t, w.get("/api/v1/topics?days=2")).Period
			if days.From == nil || days.To == nil || !days.From.Equal(numbers.StartedFrom) || !days.To.Equal(numbers.StartedTo) {
				t.Errorf("two days are %v to %v, for numbers %v to %v", days.From, days.To, numbers.StartedFrom, numbers.StartedTo)
			}
			named := read[wire.Topics](t, w.get("/api/v1/topics"))
			detail := read[wire.TopicDetail](t, w.get("/api/v1/topics/"+named.Data[0].ID))
			if detail.Conversations != named.Data[0].Conversations || len(detail.Examples) == 0 {
				t.Errorf("alone it is %+v", detail)
			}
		})
	}
}

func clone(v url.Values) url.Values {
	out := url.Values{}
	for k, vs := range v {
		out[k] = vs
	}
	return out
}

func (w *world) get(path string) answer {
	return w.send(request{method: "GET", path: path, key: w.ours.key})
}

func (w *world) followTopic(base url.Values, p *wire.TopicPeriod, topic *wire.Topic) {
	w.t.Helper()
	count := func(change func(url.Values)) (n int) {
		v := clone(base)
		v.Set("topic_id", topic.ID)
		change(v)
		v.Set("limit", "100")
		return len(read[wire.ConversationPage](w.t, w.get("/api/v1/conversations?"+v.Encode())).Data)
	}
	is := func(what string, want, got int) {
		w.t.Helper()
		if want != got {
			w.t.Errorf("%v: %q has %d %s, its list %d", base, topic.Label, want, what, got)
		}
	}
	is("conversations", topic.Conversations, count(func(url.Values) {}))
	if base.Get("resolved") == "" {
		is("resolved", topic.Resolved, count(func(v url.Values) { v.Set("resolved", "true") }))
	}
	is("handed over", topic.HandedOver, count(func(v url.Values) { v.Set("handed_over", "true") }))
	if topic.Signs.Unresolved > 0 {
		is("unresolved", topic.Signs.Unresolved, count(func(v url.Values) { v.Set("unanswered", "unresolved") }))
	}
	for i, n := range topic.Parts {
		is(fmt.Sprintf("in part %d", i), n, count(func(v url.Values) {
			if i > 0 || p.From != nil {
				v.Set("started_from", p.Parts[i].Format(time.RFC3339Nano))
			}
			if i < len(topic.Parts)-1 || p.To != nil {
				v.Set("started_to", p.Parts[i+1].Format(time.RFC3339Nano))
			}
		}))
	}
}

func TestTopicsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for query, code := range map[string]parley.Code{
		"?q=refund": parley.CodeInvalid, "?kind=all": parley.CodeInvalid, "?topic_id=7": parley.CodeInvalid,
		"?unanswered=perhaps": parley.CodeInvalid, "?nothing=1": parley.CodeInvalid,
	} {
		if a := w.get("/api/v1/topics" + query); a.code() != code {
			t.Errorf("%s: %s", query, a)
		}
	}
	viewer := w.session(w.ours.members[parley.RoleViewer])
	if a := w.send(request{method: "POST", path: "/api/v1/topics/refresh", cookie: viewer}); a.code() != parley.CodeForbidden {
		t.Errorf("a viewer has topics made anew: %s", a)
	}
	run := read[wire.TopicRun](t, w.send(request{method: "POST", path: "/api/v1/topics/refresh", key: w.ours.key}))
	if run.Phase != topics.Waiting || run.Limit != questions.Window {
		t.Errorf("%+v", run)
	}
	if storetest.Claim(t, w.store, parley.WorkTopics, w.ours.workspace.ID, w.clock.Now().Add(time.Second)) == nil {
		t.Error("no work is due")
	}
	empty := read[api.Page[wire.Conversation]](t, w.get("/api/v1/conversations?topic=nothing"))
	if len(empty.Data) != 0 {
		t.Errorf("an unknown topic lists %d", len(empty.Data))
	}
}
