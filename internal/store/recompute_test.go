package store_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/store"
)

// history does random things to a few conversations.
type history struct {
	*scene
	rt    *rapid.T
	convs []*parley.Conversation
	usage []*parley.Usage // open
	n     int
}

// Laws 8 and 9: whatever happens to a conversation, its row equals what
// recomputing it from the log gives, its totals equal the sum of the ledger,
// and every filter and order of the list finds what a plain look at all of the
// conversations finds.
func TestListIsAProjection(t *testing.T) {
	t.Parallel()
	runScene(t, func(t *testing.T, sc *scene) {
		rapid.Check(t, func(rt *rapid.T) {
			own := *sc
			own.ws = own.workspace()
			own.assistant = own.newAssistant(own.ws, "Concierge")
			own.anna, own.ben = own.member("Anna"), own.member("Ben")
			h := &history{scene: &own, rt: rt}
			for range 2 {
				h.convs = append(h.convs, h.begin())
			}
			for range rapid.IntRange(10, 40).Draw(rt, "steps") {
				h.clock.Move(time.Duration(rapid.IntRange(0, 90).Draw(rt, "seconds")) * time.Second)
				h.step(h.convs[rapid.IntRange(0, len(h.convs)-1).Draw(rt, "conversation")])
			}
			for _, c := range h.convs {
				h.check(c)
			}
			h.spentIsExact()
			for {
				n, err := h.IndexSearch(h.ctx, 1000)
				h.ok(err)
				if n == 0 {
					break
				}
			}
			h.checkList()
		})
	})
}

// begin opens a conversation of any source, with a greeting or without.
func (h *history) begin() *parley.Conversation {
	o := store.OpenConversation{
		WorkspaceID: h.ws, Source: rapid.SampledFrom(parley.Sources()).Draw(h.rt, "source"), AssistantID: h.assistant,
		Identities: []parley.Identity{{Kind: parley.IdentityExternal, Value: parley.NewID(time.Now())}},
	}
	if rapid.Bool().Draw(h.rt, "greets") {
		o.Greeting, o.Push = &parley.Message{Content: "Hello!"}, true
	}
	c, _, err := h.OpenConversation(h.ctx, o)
	h.ok(err)
	return c
}

// step does one thing; what the state does not allow may fail.
func (h *history) step(c *parley.Conversation) {
	h.n++
	var err error
	switch rapid.IntRange(0, 17).Draw(h.rt, "what") {
	case 0, 1, 2:
		m := &parley.Message{Content: fmt.Sprint("message ", h.n), ProviderID: fmt.Sprint("in-", h.n)}
		_, err = h.Receive(h.ctx, store.ReceiveMessage{
			WorkspaceID: h.ws, ConversationID: c.ID, Message: m, TurnAt: h.clock.Now(), SenderID: c.SenderID,
			Reopen: rapid.Bool().Draw(h.rt, "reopen"), WindowExpiresAt: h.clock.Now().Add(6 * time.Minute),
		})
	case 3, 4:
		h.randomTurn(c)
	case 5, 13, 14:
		h.deliver(c)
	case 6:
		_, err = h.Takeover(h.ctx, h.ws, c.ID, rapid.SampledFrom([]string{h.anna, h.ben}).Draw(h.rt, "member"))
	case 7:
		_, err = h.Release(h.ctx, h.ws, c.ID, h.anna)
	case 8:
		m := &parley.Message{Content: fmt.Sprint("operator ", h.n), AuthorID: h.anna}
		_, err = h.OperatorMessage(h.ctx, h.ws, c.ID, h.anna, []parley.Message{*m}, rapid.Bool().Draw(h.rt, "push"))
	case 9:
		_, err = h.End(h.ctx, h.ws, c.ID, parley.EndInactivity, "")
	case 10:
		eval := &parley.Evaluation{ConversationID: c.ID, Resolved: rapid.Bool().Draw(h.rt, "resolved"), Model: "m"}
		if rapid.IntRange(0, 3).Draw(h.rt, "fails") == 0 {
			eval.Error = "The model does not answer."
		}
		_, err = h.SaveEvaluation(h.ctx, nil, h.ws, eval, []parley.Variable{{
			Name: "city", Source: parley.FromEvaluation, Type: parley.TypeText,
			Value: []byte(rapid.SampledFrom([]string{`"Rome"`, `"Paris"`}).Draw(h.rt, "city")),
		}})
	case 11:
		u := &parley.Usage{WorkspaceID: h.ws, ConversationID: c.ID, Kind: parley.UsageReply, Model: "m", AssistantID: h.assistant}
		err = h.OpenUsage(h.ctx, u)
		h.usage = append(h.usage, u)
	case 12:
		h.settle()
	case 15:
		_, err = h.AmendMessage(h.ctx, store.Amendment{
			WorkspaceID: h.ws, SenderID: c.SenderID, ProviderID: fmt.Sprint("in-", rapid.IntRange(1, h.n).Draw(h.rt, "amended")),
			Content: fmt.Sprint("edit ", h.n), Revoke: rapid.Bool().Draw(h.rt, "revoke"),
		})
	case 16:
		_, err = h.SendTemplate(h.ctx, h.ws, c.ID, &parley.Message{Content: "Your order is here.", AuthorID: h.anna})
	case 17:
		err = h.echo(c)
	}
	switch code := parley.ErrorCode(err); code {
	case "", parley.CodeConflict, parley.CodeTakeoverActive, parley.CodeWindowClosed, parley.CodeNotFound:
	default:
		h.rt.Fatal(err)
	}
}

// echo has somebody answer in the phone app, which may begin a conversation.
func (h *history) echo(c *parley.Conversation) error {
	if c.Source != parley.SourceWhatsApp {
		return nil
	}
	_, ids, err := h.Contact(h.ctx, h.ws, c.ContactID)
	h.ok(err)
	got, err := h.Echo(h.ctx, store.OpenConversation{
		WorkspaceID: h.ws, Source: c.Source, AssistantID: h.assistant, Identities: ids,
	}, &parley.Message{Content: "Hello from the shop", ProviderID: fmt.Sprint("echo-", h.n)})
	if err == nil && !slices.ContainsFunc(h.convs, func(k *parley.Conversation) bool { return k.ID == got.Conversation.ID }) {
		h.convs = append(h.convs, got.Conversation)
	}
	return err
}

func (h *history) settle() {
	if len(h.usage) == 0 {
		return
	}
	i := rapid.IntRange(0, len(h.usage)-1).Draw(h.rt, "row")
	u := h.usage[i]
	for _, p := range []**int64{&u.InputTokens, &u.OutputTokens} {
		if rapid.IntRange(0, 4).Draw(h.rt, "counted") > 0 {
			n := rapid.Int64Range(0, 5000).Draw(h.rt, "tokens")
			*p = &n
		}
	}
	if rapid.IntRange(0, 4).Draw(h.rt, "priced") > 0 {
		c := parley.Credits(rapid.Int64Range(0, 90_000).Draw(h.rt, "credits"))
		u.Credits = &c
	}
	h.ok(h.SettleUsage(h.ctx, u))
	h.ok(h.SettleUsage(h.ctx, u)) // again changes nothing
}

func (h *history) randomTurn(c *parley.Conversation) {
	w := h.claim(parley.WorkTurn, c.ID)
	if w == nil {
		return
	}
	start, err := h.BeginTurn(h.ctx, *w)
	h.ok(err)
	if start.Turn != nil {
		end := store.TurnEnd{Turn: start.Turn, Push: rapid.Bool().Draw(h.rt, "push")}
		switch rapid.IntRange(0, 5).Draw(h.rt, "end") {
		case 0:
			end.Trouble = &parley.MessageError{Code: "unavailable", Message: "The model does not answer."}
		case 1:
			end.Handoff = "a refund"
		case 2:
			end.End = true
		case 3:
			end.Waiting = "No money is left."
		}
		for i := range rapid.IntRange(0, 2).Draw(h.rt, "replies") {
			end.Messages = append(end.Messages, parley.Message{Role: parley.ByAssistant, Content: fmt.Sprint("reply ", h.n, i)})
		}
		_, err = h.FinishTurn(h.ctx, *w, end)
		h.ok(err)
	}
	h.ok(h.CompleteWork(h.ctx, *w))
}

func (h *history) deliver(c *parley.Conversation) {
	w := h.claim(parley.WorkDeliver, c.ID)
	if w == nil {
		return
	}
	out, err := h.claimDelivery(*w, parley.StopNothing)
	h.ok(err)
	if out != nil && rapid.IntRange(0, 4).Draw(h.rt, "answered") > 0 {
		to := rapid.SampledFrom([]parley.Delivery{parley.DeliverySent, parley.DeliveryFailed}).Draw(h.rt, "sent")
		_, err = h.SettleDelivery(h.ctx, out.Message, to, "", nil)
		h.ok(err)
	}
	h.ok(h.DeferWork(h.ctx, *w, h.clock.Now(), false))
}

// check compares a row with what the log says.
func (h *history) check(c *parley.Conversation) {
	h.t.Helper()
	row, want := h.reload(c), h.recompute(c)
	if !reflect.DeepEqual(row, want) {
		h.rt.Fatalf("the row is\n%+v\nthe log says\n%+v", *row, *want)
	}
	listed, err := h.ConversationRow(h.ctx, h.ws, c.ID)
	h.ok(err)
	if !reflect.DeepEqual(&listed.Conversation, want) || listed.AssistantName != "Concierge" {
		h.rt.Fatalf("the list shows\n%+v\nthe log says\n%+v", listed, *want)
	}
	ledger, err := h.Usage(h.ctx, h.ws, c.ID)
	h.ok(err)
	for _, u := range ledger {
		if !u.Complete && (u.InputTokens != nil || u.Credits != nil) {
			h.rt.Fatalf("an open row has counts: %+v", u)
		}
	}
}

func (h *history) recompute(c *parley.Conversation) *parley.Conversation {
	want, err := h.Recompute(h.ctx, h.ws, c.ID)
	h.ok(err)
	return want
}

// checkList compares lists with a plain look at all conversations.
func (h *history) checkList() {
	var all []parley.Conversation
	cities := map[string]string{}
	for _, c := range h.convs {
		all = append(all, *h.reload(c))
		vars, err := h.Variables(h.ctx, h.ws, c.ID)
		h.ok(err)
		for _, v := range vars {
			cities[c.ID] = string(v.Value)
		}
	}
	for range 6 {
		q := h.query()
		want := slices.DeleteFunc(slices.Clone(all), func(c parley.Conversation) bool { return !passes(&c, &q, cities[c.ID]) })
		slices.SortStableFunc(want, func(a, b parley.Conversation) int { return cmp.Compare(sortKey(&b, q.Sort), sortKey(&a, q.Sort)) })
		got := h.pages(q)
		if len(got) != len(want) {
			h.rt.Fatalf("%+v finds %d conversations, want %d of %+v", q, len(got), len(want), all)
		}
		for i := range want {
			if sortKey(&got[i].Conversation, q.Sort) != sortKey(&want[i], q.Sort) {
				h.rt.Fatalf("%+v has at %d\n%+v\nwant\n%+v", q, i, got[i].Conversation, want[i])
			}
		}
	}
}

// query draws filters and an order.
func (h *history) query() store.ListQuery {
	q := store.ListQuery{WorkspaceID: h.ws, Limit: rapid.IntRange(1, 3).Draw(h.rt, "limit")}
	q.Sort = rapid.SampledFrom([]store.Sort{
		store.SortActivity, store.SortStarted, store.SortMessages, store.SortCredits,
	}).Draw(h.rt, "sort")
	flags := []**bool{&q.HasError, &q.HandedOver, &q.Waiting, &q.Resolved, &q.HasAttachment}
	for range rapid.IntRange(0, 2).Draw(h.rt, "filters") {
		switch i := rapid.IntRange(0, 9).Draw(h.rt, "filter"); i {
		case 5:
			q.Source = rapid.SliceOfN(rapid.SampledFrom(parley.Sources()), 1, 3).Draw(h.rt, "sources")
		case 6:
			q.Status = rapid.SampledFrom([]parley.ConversationStatus{parley.ConversationActive, parley.ConversationEnded}).Draw(h.rt, "status")
		case 7:
			q.Variables = map[string][]string{"city": {rapid.SampledFrom([]string{"rome", "PARIS", "Bonn"}).Draw(h.rt, "value")}}
		case 8:
			q.From = h.clock.Now().Add(-time.Duration(rapid.IntRange(0, 900).Draw(h.rt, "from")) * time.Second)
		case 9:
			q.Contact = h.convs[0].ContactID
		default:
			b := rapid.Bool().Draw(h.rt, "flag")
			*flags[i] = &b
		}
	}
	return q
}

// pages reads all pages of a list.
func (h *history) pages(q store.ListQuery) (rows []store.ListRow) {
	for {
		page, err := h.List(h.ctx, q)
		h.ok(err)
		rows = append(rows, page.Rows...)
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return rows
		}
		if len(page.Rows) == 0 || len(rows) > 100 {
			h.rt.Fatalf("the pages of %+v do not end", q)
		}
	}
}

func sortKey(c *parley.Conversation, s store.Sort) int64 {
	switch s {
	case store.SortStarted:
		return c.StartedAt.UnixMicro()
	case store.SortMessages:
		return int64(c.MessageCount)
	case store.SortCredits:
		return int64(c.Credits)
	}
	return c.LastActivityAt.UnixMicro()
}

func passes(c *parley.Conversation, q *store.ListQuery, city string) bool {
	is := func(want *bool, have bool) bool { return want == nil || *want == have }
	if q.Resolved != nil && (c.Resolved == nil || *c.Resolved != *q.Resolved) {
		return false
	}
	if values := q.Variables["city"]; values != nil && !strings.EqualFold(city, `"`+values[0]+`"`) {
		return false
	}
	return is(q.HasError, c.HasError) && is(q.HandedOver, c.HandedOver) && is(q.Waiting, c.Waiting) &&
		is(q.HasAttachment, c.HasAttachment) && (q.Status == "" || q.Status == c.Status) &&
		(len(q.Source) == 0 || slices.Contains(q.Source, c.Source)) &&
		(q.Contact == "" || q.Contact == c.ContactID) && !c.LastActivityAt.Before(q.From)
}
