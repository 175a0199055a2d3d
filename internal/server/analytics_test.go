package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley"
	counted "parley/internal/analytics"
	"parley/internal/server/analytics"
	"parley/internal/server/wire"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

// talk makes up a past for a tenant: conversations of six weeks in which the
// clocks are changed.
type talk struct {
	*world
	n      *tenant
	r      *rand.Rand
	second *parley.Assistant
}

func newTalk(w *world, seed uint64, conversations int) *talk {
	w.t.Helper()
	ctx := context.Background()
	t := &talk{world: w, n: w.ours, r: rand.New(rand.NewPCG(seed, 1))}
	t.second = &parley.Assistant{WorkspaceID: t.n.workspace.ID, Config: t.n.assistant.Config}
	t.second.Config.Name = "Ada"
	w.must(w.store.CreateAssistant(ctx, t.second, ""))
	f, err := w.store.NewFiller(ctx, t.n.workspace.ID, true)
	w.must(err)
	var all []store.FillConversation
	for range conversations {
		all = append(all, t.conversation())
	}
	w.must(f.Write(ctx, f.Prepare(all)))
	w.must(f.Close())
	for i := range all {
		t.evaluate(all[i].Conversation.ID)
	}
	for range 5 {
		t.answered()
	}
	w.must(w.rollups.Update(ctx))
	return t
}

func (t *talk) conversation() store.FillConversation {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(t.r.Int64N(int64(42 * 24 * time.Hour)))).Truncate(time.Microsecond)
	c := store.FillConversation{
		Conversation: parley.Conversation{
			ID: parley.NewID(at), Source: parley.Sources()[t.r.IntN(4)], AssistantID: t.n.assistant.ID, AssistantVersion: 1 + t.r.IntN(2),
			Status: parley.ConversationEnded, Owner: parley.OwnerAssistant, StartedAt: at, HandedOver: t.r.IntN(4) == 0,
			HasError: t.r.IntN(6) == 0, HasAttachment: t.r.IntN(5) == 0,
		},
		Contact: parley.Contact{ID: parley.NewID(at), Name: []string{"Anna", "Ben", "Cleo"}[t.r.IntN(3)], CreatedAt: at},
	}
	if t.r.IntN(3) == 0 {
		c.Conversation.AssistantID = t.second.ID
	}
	if t.r.IntN(5) == 0 {
		c.Conversation.Status, c.Conversation.Waiting = parley.ConversationActive, t.r.IntN(2) == 0
	}
	for range t.r.IntN(4) {
		at = at.Add(time.Duration(t.r.IntN(60_000)) * time.Millisecond)
		c.Messages = append(c.Messages, parley.Message{Role: parley.ByUser, CreatedAt: at,
			Content: []string{"where is my parcel", "a refund please", "do you open on Sunday"}[t.r.IntN(3)]})
		if at = at.Add(time.Duration(t.r.IntN(20_000)) * time.Millisecond); t.r.IntN(5) > 0 {
			c.Messages = append(c.Messages, parley.Message{Role: parley.ByAssistant, Content: "Let me see.", CreatedAt: at})
		}
	}
	for range t.r.IntN(3) {
		tokens, cost := t.r.Int64N(500), parley.Credits(t.r.Int64N(5_000_000))
		u := parley.Usage{ID: parley.NewID(at), Kind: parley.UsageReply, Model: []string{"small", "large"}[t.r.IntN(2)],
			Complete: true, InputTokens: &tokens, OutputTokens: &tokens, StartedAt: at}
		if t.r.IntN(4) > 0 {
			u.Credits = &cost
		}
		c.Usage = append(c.Usage, u)
	}
	c.Variables = []parley.Variable{{Name: "tier", Source: parley.FromPreChat, Type: parley.TypeText,
		Value: []byte([]string{`"gold"`, `"standard"`}[t.r.IntN(2)])}}
	return c
}

func (t *talk) evaluate(id string) {
	if t.r.IntN(3) == 0 {
		return
	}
	_, err := t.store.SaveEvaluation(context.Background(), nil, t.n.workspace.ID, &parley.Evaluation{
		ConversationID: id, Resolved: t.r.IntN(3) > 0, Topic: []string{"Parcels", "Refunds & returns", "Öffnungszeiten"}[t.r.IntN(3)], Model: "large",
	}, nil)
	t.must(err)
}

// answered has a conversation with a turn of the engine, which gets a passage
// and calls a tool.
func (t *talk) answered() {
	ctx := context.Background()
	c, _, err := t.store.OpenConversation(ctx, store.OpenConversation{
		WorkspaceID: t.n.workspace.ID, Source: parley.SourceWidget, AssistantID: t.n.assistant.ID, Fresh: true,
		Identities: []parley.Identity{{Kind: parley.IdentityVisitor, Value: parley.NewID(time.Now())}},
		Visitor:    &parley.VisitorConversation{WidgetID: "widget", VisitorID: parley.NewID(time.Now())},
	})
	t.must(err)
	_, err = t.store.RateConversation(ctx, c.WorkspaceID, c.ID, 1+t.r.IntN(5), "")
	t.must(err)
	received, err := t.store.Receive(ctx, store.ReceiveMessage{
		WorkspaceID: c.WorkspaceID, ConversationID: c.ID, TurnAt: t.clock.Now(), Claim: time.Minute,
		Message: &parley.Message{Content: "a question"},
	})
	t.must(err)
	start, err := t.store.BeginTurn(ctx, *received.Claimed)
	t.must(err)
	start.Turn.Trace = parley.Trace{
		Passages: []parley.Passage{{Title: "Returns", Heading: "Within 30 days"}},
		Steps:    []parley.Step{{ToolCalls: []parley.ToolCall{{Name: "look_up"}}}},
	}
	_, err = t.store.FinishTurn(ctx, *received.Claimed, store.TurnEnd{
		Turn: start.Turn, Messages: []parley.Message{{Role: parley.ByAssistant, Content: "An answer."}},
	})
	t.must(err)
	t.must(t.store.CompleteWork(ctx, *received.Claimed))
}

// get reads an answer of the API.
func get[T any](w *world, path string, query string) (out T) {
	w.t.Helper()
	a := w.send(request{method: "GET", path: "/api/v1" + path + "?" + query, key: w.ours.key})
	if a.status != 200 {
		w.t.Fatalf("%s?%s: %d %s", path, query, a.status, a.body)
	}
	w.must(json.Unmarshal(a.body, &out))
	return out
}

// merged puts filters together as the answers say: a later one takes the place
// of an earlier one.
func merged(filters ...string) string {
	all := url.Values{}
	for _, f := range filters {
		own, _ := url.ParseQuery(f)
		for name, values := range own {
			all[name] = values
		}
	}
	return all.Encode()
}

// holds checks that a list has as many rows as a number says.
func (t *talk) holds(what string, want int64, filters ...string) {
	t.t.Helper()
	query, rows := merged(filters...), int64(0)
	for cursor := ""; ; {
		page := get[struct {
			Data       []json.RawMessage `json:"data"`
			NextCursor *string           `json:"next_cursor"`
		}](t.world, "/conversations", query+"&limit=100"+cursor)
		rows += int64(len(page.Data))
		if page.NextCursor == nil {
			break
		}
		cursor = "&cursor=" + url.QueryEscape(*page.NextCursor)
	}
	if rows != want {
		t.t.Errorf("%s is %d, the list of %s has %d rows", what, want, query, rows)
	}
}

// Every number of analytics opens the list of exactly its conversations,
// whatever the filter.
func TestEveryNumberOpensItsConversations(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			k := newTalk(newWorld(t, engine), 7, 90)
			a := k.n.assistant.ID
			for _, filter := range []string{
				"", "source=widget&source=api", "assistant_id=" + a, "status=ended", "resolved=true", "resolved=false&handed_over=true",
				"evaluated=false", "has_error=true", "has_attachment=false&source=test", "waiting=true", "version=2&assistant_id=" + a,
				"q=refund", "contact=anna", "variable%5Btier%5D=gold", "topic=refunds+%26+returns", "model=large", "tool=look_up",
				"passage=Returns+%E2%80%BA+Within+30+days", "hour_of_week=34", "first_reply_to=10", "replied=false", "cost_complete=false",
				"started_from=2026-10-24&started_to=2026-10-27", "rating=5", "call=reply", "started_from=2031-01-01", "started_to=1999-12-31", "started_from=2026-10-25T00:30:00Z&started_to=2026-10-25T13:00:00Z",
				"from=2026-10-20T00:00:00Z&to=2026-11-01T00:00:00Z", "q=refund&source=widget&variable%5Btier%5D=gold",
			} {
				k.checkSummary(filter)
				k.checkExport(filter)
				k.checkSeries(filter)
			}
			for _, filter := range []string{"", "source=widget&resolved=true", "contact=ben"} {
				k.checkGroups(filter)
				k.checkLabels(filter)
			}
		})
	}
}

// checkExport takes away what a filter shows and compares it with the list.
func (t *talk) checkExport(filter string) {
	t.t.Helper()
	a := t.send(request{method: "POST", path: "/api/v1/exports", key: t.n.key, body: map[string]any{
		"format": "csv", "columns": []string{"id"}, "filter": exportFilter(filter),
	}})
	var e wire.Export
	t.must(json.Unmarshal(a.body, &e))
	if e.State != parley.ExportDone {
		t.t.Fatalf("an export of %q: %s", filter, a)
	}
	t.holds("the export of "+filter, e.Done, filter)
}

// exportFilter is a list's filter as the body of an export has it.
func exportFilter(query string) map[string]any {
	values, _ := url.ParseQuery(query)
	out, variables := map[string]any{}, map[string][]string{}
	for name, all := range values {
		if variable, ok := strings.CutPrefix(name, "variable["); ok {
			variables[strings.TrimSuffix(variable, "]")] = all
			continue
		}
		switch name {
		case "source", "assistant_id":
			out[name] = all
		case "version", "hour_of_week", "first_reply_from", "first_reply_to", "rating":
			out[name] = json.Number(all[0])
		default:
			out[name] = all[0]
			if all[0] == "true" || all[0] == "false" {
				out[name] = all[0] == "true"
			}
		}
	}
	if len(variables) > 0 {
		out["variables"] = variables
	}
	return out
}

func (t *talk) checkSummary(filter string) {
	t.t.Helper()
	s := get[analytics.Summary](t.world, "/analytics", filter)
	if s.Period.Progress != 1 {
		t.t.Fatalf("%q is counted to %v", filter, s.Period.Progress)
	}
	for name, n := range map[string]int64{
		"conversations": s.Now.Conversations, "evaluated": s.Now.Evaluated, "unevaluated": s.Now.Unevaluated, "resolved": s.Now.Resolved,
		"unresolved": s.Now.Unresolved, "handed_over": s.Now.HandedOver, "replied": s.Now.Replied, "unpriced": s.Now.Unpriced,
	} {
		if n > 0 || name == "conversations" {
			t.holds(filter+" "+name, n, s.Period.List, s.Lists[name])
		}
	}
	hours, waits := int64(0), int64(0)
	for i, h := range s.Hours {
		if hours += h.Conversations; h.Conversations > 1 {
			t.holds(fmt.Sprintf("%s hour %d", filter, i), h.Conversations, s.Period.List, h.List)
		}
	}
	for _, w := range s.Waits {
		if waits += w.Conversations; w.Conversations > 0 {
			t.holds(fmt.Sprintf("%s from %d s", filter, w.From), w.Conversations, s.Period.List, w.List)
		}
	}
	if hours != s.Now.Conversations || waits != s.Now.Replied {
		t.t.Errorf("%q: %d in hours and %d replies of %+v", filter, hours, waits, s.Now)
	}
}

func (t *talk) checkSeries(filter string) {
	t.t.Helper()
	total := get[analytics.Summary](t.world, "/analytics", filter).Now
	for _, interval := range []string{"day", "week", "month"} {
		s := get[analytics.Series](t.world, "/analytics/series", merged(filter, "interval="+interval))
		var conversations, messages int64
		for i, p := range s.Points {
			conversations += p.Numbers.Conversations
			messages += p.Numbers.Messages
			if p.Numbers.Conversations > 0 && i%5 == 0 {
				t.holds(fmt.Sprint(filter, " ", interval, " ", p.Start), p.Numbers.Conversations, s.Period.List, p.List)
			}
			if p.Numbers.Resolved > 0 && i%7 == 0 {
				t.holds(fmt.Sprint(filter, " resolved ", p.Start), p.Numbers.Resolved, s.Period.List, p.List, s.Lists["resolved"])
			}
		}
		if conversations != total.Conversations || messages != total.Messages {
			t.t.Errorf("%q by %s: %d conversations, %d messages, together %+v", filter, interval, conversations, messages, total)
		}
	}
}

func (t *talk) checkGroups(filter string) {
	t.t.Helper()
	total := get[analytics.Summary](t.world, "/analytics", filter).Now
	for _, by := range []string{"by=source", "by=assistant", "by=version", "by=outcome", "by=handed_over", "by=status", "by=source&by=outcome", "by=assistant&by=source"} {
		g := get[analytics.Groups](t.world, "/analytics/groups", filter+"&"+by)
		sum := int64(0)
		for _, x := range g.Groups {
			sum += x.Numbers.Conversations
			n := &x.Numbers
			if want := counted.CompareRates(n.Resolved, n.Evaluated, total.Resolved-n.Resolved, total.Evaluated-n.Evaluated); x.Resolution != want {
				t.t.Errorf("%q %s %s: the resolution is %q, want %q", filter, by, x.List, x.Resolution, want)
			}
			t.holds(filter+" "+by+" "+x.List, x.Numbers.Conversations, g.Period.List, x.List)
			if x.Numbers.Resolved > 0 {
				t.holds(filter+" resolved "+by+" "+x.List, x.Numbers.Resolved, g.Period.List, x.List, g.Lists["resolved"])
			}
		}
		if sum != total.Conversations || g.Conversations != sum || g.Credits != total.Credits {
			t.t.Errorf("%q %s: %d in groups, %d and %s said, %d and %s together", filter, by, sum, g.Conversations, g.Credits,
				total.Conversations, total.Credits)
		}
	}
}

func (t *talk) checkLabels(filter string) {
	t.t.Helper()
	for _, kind := range []string{"topic", "passage", "tool", "model", "rating", "call"} {
		l := get[analytics.Labels](t.world, "/analytics/labels", filter+"&kind="+kind)
		if filter == "" && len(l.Labels) == 0 {
			t.t.Errorf("there is no %s", kind)
		}
		for _, x := range l.Labels {
			t.holds(filter+" "+x.Name, x.Conversations, l.Period.List, x.List)
			if x.Resolved > 0 {
				t.holds(filter+" resolved "+x.Name, x.Resolved, l.Period.List, x.List, l.Lists["resolved"])
			}
		}
	}
	u := get[analytics.Unpriced](t.world, "/analytics/unpriced", filter)
	if filter == "" && len(u.Models) != 2 {
		t.t.Errorf("without a price are %+v", u.Models)
	}
	for _, m := range u.Models {
		t.holds(filter+" without a price "+m.Model, m.Conversations, u.Period.List, m.List)
	}
}

// Another workspace's conversations are in no number, and who may not read
// conversations may not count them.
func TestAnalyticsOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	k := newTalk(newWorld(t, "sqlite"), 3, 10)
	for _, path := range []string{"/analytics?", "/analytics?q=refund&", "/analytics/series?", "/analytics/groups?by=source&", "/analytics/labels?kind=topic&", "/analytics/labels?kind=call&", "/analytics/unpriced?"} {
		a := k.send(request{method: "GET", path: "/api/v1" + path + "assistant_id=" + k.n.assistant.ID, key: k.theirs.key})
		var out struct {
			Now    analytics.Numbers `json:"now"`
			Groups []json.RawMessage `json:"groups"`
			Labels []json.RawMessage `json:"labels"`
			Models []json.RawMessage `json:"models"`
		}
		k.must(json.Unmarshal(a.body, &out))
		if a.status != 200 || out.Now.Conversations != 0 || len(out.Groups)+len(out.Labels)+len(out.Models) > 0 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for path, status := range map[string]int{
		"/analytics?misspelt=1": 400, "/analytics?days=3&started_from=2026-01-01": 400, "/analytics/series?interval=hour&started_from=2026-01-01&started_to=2026-06-01": 400,
		"/analytics?started_from=2026-02-01&started_to=2026-01-01": 400, "/analytics?hour_of_week=168": 400, "/analytics?days=2": 200,
		// No time is too far away.
		"/analytics?started_from=2040-12-31&started_to=2041-01-01": 200, "/analytics?started_from=1970-01-02&started_to=9999-12-31": 200,
		"/analytics?started_from=1970-01-02&started_to=9999-12-31&hour_of_week=3":        200,
		"/conversations?started_from=1970-01-02&started_to=9999-12-31&hour_of_week=3":    200,
		"/analytics/series?interval=month&started_from=1970-01-02&started_to=9999-12-31": 400,
	} {
		if a := k.send(request{method: "GET", path: "/api/v1" + path, key: k.n.key}); a.status != status {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}
