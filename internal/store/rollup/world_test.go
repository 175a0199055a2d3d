package rollup_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/price"
	"parley/internal/store"
	"parley/internal/store/rollup"
	"parley/internal/store/storetest"
)

// world is a workspace to which random things happen.
type world struct {
	*store.Store
	*rollup.Rollups
	t         *testing.T
	rt        *rapid.T
	clock     *storetest.Clock
	begun     time.Time
	ws        *parley.Workspace
	assistant []string
	member    string
	sender    string                 // a WhatsApp number
	convs     []*parley.Conversation // that are not erased
	usage     []*parley.Usage        // open
	people    int
	n         int
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.rt.Fatal(err)
	}
}

// zones have clocks that change by an hour, by half of one, at midnight, and
// never.
var zones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata", "Pacific/Chatham",
}

func newWorld(t *testing.T, rt *rapid.T, s *store.Store, c *storetest.Clock) *world {
	w := &world{Store: s, Rollups: rollup.New(s, c.Now), t: t, rt: rt, clock: c, begun: c.Now()}
	w.ws = &parley.Workspace{Name: "Shop", TimeZone: rapid.SampledFrom(zones).Draw(rt, "zone"), Settings: parley.DefaultWorkspaceSettings()}
	w.ok(s.CreateWorkspace(t.Context(), w.ws))
	for _, name := range []string{"Mira", "Ada"} {
		a := &parley.Assistant{WorkspaceID: w.ws.ID, Config: parley.AssistantConfig{
			Name: name, Status: parley.AssistantActive, InactivityMinutes: 30,
			Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		}}
		w.ok(s.CreateAssistant(t.Context(), a, ""))
		w.assistant = append(w.assistant, a.ID)
	}
	m := &parley.Member{WorkspaceID: w.ws.ID, Name: "Anna", Email: parley.NewID(time.Now()) + "@example.com", Role: parley.RoleOperator}
	w.ok(s.CreateMember(t.Context(), m))
	w.member = m.ID
	w.sender = w.number()
	return w
}

// number connects a WhatsApp number and sets what messages from it cost.
func (w *world) number() string {
	ctx := w.t.Context()
	app := &parley.WhatsAppApp{WorkspaceID: w.ws.ID, Name: "App", AppSecret: "app-secret-xyz", VerifyToken: "verify-token-xyz"}
	w.ok(w.SaveWhatsAppApp(ctx, app))
	x := &parley.Sender{
		WorkspaceID: w.ws.ID, Name: "Shop", Kind: parley.SenderCloud, AppID: app.ID, WABAID: "waba-1", PhoneNumberID: parley.NewID(time.Now()),
		DisplayPhone: "+15550001111", Token: "graph-token-xyz", AssistantID: w.assistant[0], AIOn: true,
	}
	w.ok(w.CreateSender(ctx, x))
	var prices []parley.Price
	for model, each := range map[string]int64{"utility/*": 7_000, "marketing/*": 90_000} {
		prices = append(prices, parley.Price{Provider: price.Messages, Model: model, Input: &each, Output: new(int64), Source: "rates", ReadOn: "2026-10-01"})
	}
	w.ok(w.AddPrices(ctx, w.ws.ID, prices))
	return x.ID
}

// send lets a template leave, and Meta say later what it was.
func (w *world) send(c *parley.Conversation) error {
	if c.SenderID == "" {
		return nil
	}
	ctx := w.t.Context()
	category := rapid.SampledFrom([]string{"UTILITY", "AUTHENTICATION"}).Draw(w.rt, "category")
	_, err := w.SendTemplate(ctx, w.ws.ID, c.ID, &parley.Message{
		Content: "Hello", Payload: []byte(`{"name":"hello","language":"en","category":"` + category + `"}`),
	})
	if err != nil {
		return err
	}
	work := storetest.Claim(w.t, w.Store, parley.WorkDeliver, c.ID, w.clock.Now())
	next, err := w.NextDelivery(ctx, w.ws.ID, c.ID)
	if work == nil || next == nil || err != nil {
		return err
	}
	out, err := w.ClaimDelivery(ctx, *work, next.Message.ID, parley.StopNothing)
	if err != nil {
		return err
	}
	if out != nil {
		wamid := fmt.Sprint("out-", w.n)
		_, err = w.SettleDelivery(ctx, out.Message, parley.DeliverySent, wamid, nil)
		w.ok(err)
		if rapid.Bool().Draw(w.rt, "told") {
			_, err = w.DeliveryStatus(ctx, store.StatusReport{
				WorkspaceID: w.ws.ID, SenderID: c.SenderID, ProviderID: wamid, To: parley.DeliveryDelivered,
				Pricing: rapid.SampledFrom([]string{`{"category":"marketing"}`, `{"type":"free_entry_point"}`}).Draw(w.rt, "pricing"),
			})
			w.ok(err)
		}
	}
	return w.DeferWork(ctx, *work, w.clock.Now(), false)
}

func (w *world) update() { w.ok(w.Update(w.t.Context())) }

// zone returns the workspace's time zone.
func (w *world) zone() *time.Location {
	loc, err := time.LoadLocation(w.ws.TimeZone)
	w.ok(err)
	return loc
}

func person(n int) []parley.Identity {
	return []parley.Identity{{Kind: parley.IdentityVisitor, Value: fmt.Sprint("visitor ", n)}}
}

// begin opens a conversation of somebody known or new.
func (w *world) begin() {
	who := rapid.IntRange(0, w.people).Draw(w.rt, "person")
	if who == w.people {
		w.people++
	}
	o := store.OpenConversation{
		WorkspaceID: w.ws.ID, Source: rapid.SampledFrom(parley.Sources()).Draw(w.rt, "source"),
		AssistantID: rapid.SampledFrom(w.assistant).Draw(w.rt, "assistant"), Identities: person(who), Fresh: true,
	}
	if o.Source == parley.SourceWidget {
		o.Visitor = &parley.VisitorConversation{WidgetID: "widget", VisitorID: fmt.Sprint("visitor ", who)}
	}
	if rapid.Bool().Draw(w.rt, "greets") {
		o.Greeting = &parley.Message{Content: "Hello!"}
	}
	if o.Source == parley.SourceWhatsApp {
		o.SenderID = w.sender
	}
	c, _, err := w.OpenConversation(w.t.Context(), o)
	w.ok(err)
	w.convs = append(w.convs, c)
}

// step does one thing; what the state does not allow may fail.
func (w *world) step() {
	w.n++
	w.clock.Move(time.Duration(rapid.SampledFrom([]int{0, 1, 4, 70, 3000, 40_000, 400_000}).Draw(w.rt, "seconds")) * time.Second)
	if len(w.convs) == 0 || rapid.IntRange(0, 5).Draw(w.rt, "begins") == 0 {
		w.begin()
		return
	}
	at := rapid.IntRange(0, len(w.convs)-1).Draw(w.rt, "conversation")
	c, ctx := w.convs[at], w.t.Context()
	var err error
	switch rapid.IntRange(0, 19).Draw(w.rt, "what") {
	case 0, 1, 2, 3:
		err = w.receive(c)
	case 4, 5, 6:
		w.turn(c)
	case 7:
		_, err = w.Takeover(ctx, w.ws.ID, c.ID, w.member)
	case 8:
		_, err = w.OperatorMessage(ctx, w.ws.ID, c.ID, w.member, []parley.Message{{Content: "I am here", AuthorID: w.member}}, false)
	case 9:
		_, err = w.End(ctx, w.ws.ID, c.ID, parley.EndInactivity, "")
	case 10, 11:
		err = w.evaluate(c)
		if err == nil && rapid.Bool().Draw(w.rt, "again") { // perhaps only the topic is another one
			w.update()
			err = w.evaluate(c)
		}
	case 12:
		u := &parley.Usage{WorkspaceID: w.ws.ID, ConversationID: c.ID, Kind: parley.UsageReply,
			Model: rapid.SampledFrom([]string{"Small", "large"}).Draw(w.rt, "model")}
		err = w.OpenUsage(ctx, u)
		w.usage = append(w.usage, u)
	case 13:
		err = w.settle()
	case 14:
		err = w.DeleteConversation(ctx, w.ws.ID, c.ID)
		w.convs = slices.Delete(w.convs, at, at+1)
	case 15:
		_, err = w.ChangeIdentity(ctx, store.IdentityChange{
			WorkspaceID: w.ws.ID, Reason: "the same person",
			Old: person(rapid.IntRange(0, w.people).Draw(w.rt, "old")), New: person(rapid.IntRange(0, w.people).Draw(w.rt, "new")),
		})
	case 16:
		w.ws.TimeZone = rapid.SampledFrom(zones).Draw(w.rt, "zone")
		err = w.UpdateWorkspace(ctx, w.ws)
	case 17, 18:
		err = w.send(c)
	case 19:
		_, err = w.RateConversation(ctx, w.ws.ID, c.ID, rapid.IntRange(1, 5).Draw(w.rt, "score"), "")
	}
	switch code := parley.ErrorCode(err); code {
	case "", parley.CodeConflict, parley.CodeTakeoverActive, parley.CodeWindowClosed, parley.CodeNotFound:
	default:
		w.rt.Fatal(err)
	}
}

// receive records a message, which may come late: after what was said since.
func (w *world) receive(c *parley.Conversation) error {
	m := &parley.Message{Content: fmt.Sprint("message ", w.n), ProviderID: fmt.Sprint("in-", w.n)}
	if rapid.IntRange(0, 3).Draw(w.rt, "late") == 0 {
		m.CreatedAt = w.clock.Now().Add(-time.Duration(rapid.IntRange(1, 900).Draw(w.rt, "by")) * time.Second)
	}
	if rapid.IntRange(0, 9).Draw(w.rt, "reacts") == 0 {
		m.Type = parley.MessageReaction
	}
	_, err := w.Receive(w.t.Context(), store.ReceiveMessage{
		WorkspaceID: w.ws.ID, ConversationID: c.ID, Message: m, TurnAt: w.clock.Now(), SenderID: c.SenderID,
		Reopen: rapid.Bool().Draw(w.rt, "reopen"),
	})
	return err
}

func (w *world) turn(c *parley.Conversation) {
	work := storetest.Claim(w.t, w.Store, parley.WorkTurn, c.ID, w.clock.Now())
	if work == nil {
		return
	}
	ctx := w.t.Context()
	start, err := w.BeginTurn(ctx, *work)
	w.ok(err)
	if start.Turn != nil {
		end := store.TurnEnd{Turn: start.Turn}
		for range rapid.IntRange(0, 2).Draw(w.rt, "passages") {
			end.Turn.Trace.Passages = append(end.Turn.Trace.Passages, parley.Passage{
				Title: "Returns", Heading: rapid.SampledFrom([]string{"", "How", "how", "When"}).Draw(w.rt, "heading"),
			})
		}
		if rapid.Bool().Draw(w.rt, "calls") {
			end.Turn.Trace.Steps = []parley.Step{{ToolCalls: []parley.ToolCall{{Name: "look_up"}}}}
		}
		switch rapid.IntRange(0, 5).Draw(w.rt, "end") {
		case 0:
			end.Trouble = &parley.MessageError{Code: "unavailable", Message: "The model does not answer."}
		case 1:
			end.Handoff = "a refund"
		case 2:
			end.End = true
		}
		for i := range rapid.IntRange(0, 2).Draw(w.rt, "replies") {
			end.Messages = append(end.Messages, parley.Message{Role: parley.ByAssistant, Content: fmt.Sprint("reply ", w.n, i)})
		}
		_, err = w.FinishTurn(ctx, *work, end)
		w.ok(err)
	}
	w.ok(w.CompleteWork(ctx, *work))
}

func (w *world) evaluate(c *parley.Conversation) error {
	e := &parley.Evaluation{
		ConversationID: c.ID, Resolved: rapid.Bool().Draw(w.rt, "resolved"), Model: "large",
		Topic: rapid.SampledFrom([]string{"", "Refunds", "refunds ", "Öffnungszeiten"}).Draw(w.rt, "topic"),
	}
	if rapid.IntRange(0, 3).Draw(w.rt, "fails") == 0 {
		e.Error, e.Topic = "The model does not answer.", ""
	}
	_, err := w.SaveEvaluation(w.t.Context(), nil, w.ws.ID, e, nil)
	return err
}

func (w *world) settle() error {
	if len(w.usage) == 0 {
		return nil
	}
	u := w.usage[rapid.IntRange(0, len(w.usage)-1).Draw(w.rt, "row")]
	for _, p := range []**int64{&u.InputTokens, &u.OutputTokens} {
		if rapid.IntRange(0, 4).Draw(w.rt, "counted") > 0 {
			n := rapid.Int64Range(0, 5000).Draw(w.rt, "tokens")
			*p = &n
		}
	}
	if rapid.IntRange(0, 4).Draw(w.rt, "priced") > 0 {
		c := parley.Credits(rapid.Int64Range(0, 90_000).Draw(w.rt, "credits"))
		u.Credits = &c
	}
	return w.SettleUsage(w.t.Context(), u)
}
