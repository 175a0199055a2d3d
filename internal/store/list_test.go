package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

func (sc *scene) openFor(name string, id parley.Identity, vars ...parley.Variable) *parley.Conversation {
	sc.t.Helper()
	c, _, err := sc.OpenConversation(sc.ctx, store.OpenConversation{
		WorkspaceID: sc.ws, Source: parley.SourceWidget, AssistantID: sc.assistant, ContactName: name,
		Identities: []parley.Identity{id}, Variables: vars,
	})
	sc.ok(err)
	return c
}

func TestListByContact(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		anna := sc.openFor("Anna Schmidt", parley.Identity{Kind: parley.IdentityEmail, Value: "anna@example.com"})
		jose := sc.openFor("José", parley.Identity{Kind: parley.IdentityPhone, Value: "+491701234567"})
		names := map[string]string{anna.ID: "anna", jose.ID: "jose"}
		for filter, want := range map[string]string{
			"anna": "anna", "SCHM": "anna", "anna s": "anna", "anna@": "anna", "jose": "jose", "José": "jose",
			"0170 123": "jose", "+49 170": "jose", "4567": "jose", "nobody": "", "%": "", " ": "",
			anna.ContactID: "anna", parley.NewID(time.Now()): "",
		} {
			var got string
			for _, id := range sc.found(store.ListQuery{Contact: filter}) {
				got += names[id]
			}
			if got != want {
				sc.t.Errorf("%q finds %q, want %q", filter, got, want)
			}
		}
		row, err := sc.ConversationRow(sc.ctx, sc.ws, jose.ID)
		sc.ok(err)
		if row.ContactName != "José" || row.ContactPhone != "+491701234567" || row.AssistantName != "Concierge" {
			sc.t.Errorf("the row is %+v", row)
		}
	})
}

func TestListByVariable(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		value := func(v string) parley.Variable {
			return parley.Variable{Name: "plan", Source: parley.FromPreChat, Type: parley.TypeText, Value: []byte(v)}
		}
		gold := sc.openFor("a", parley.Identity{Kind: parley.IdentityVisitor, Value: "1"}, value(`"Gold  Größe"`))
		five := sc.openFor("b", parley.Identity{Kind: parley.IdentityVisitor, Value: "2"}, value(`5`))
		for filter, want := range map[string][]string{
			"gold grosse": {gold.ID}, "5": {five.ID}, "gold": nil, "true": nil,
		} {
			if got := sc.found(store.ListQuery{Variables: map[string][]string{"plan": {filter}}}); !slices.Equal(got, want) {
				sc.t.Errorf("%q finds %v, want %v", filter, got, want)
			}
		}
		both := store.ListQuery{Variables: map[string][]string{"plan": {"5", "gold größe"}}}
		if got := sc.found(both); !slices.Equal(got, []string{five.ID, gold.ID}) {
			sc.t.Errorf("either finds %v", got)
		}
		if got := sc.found(store.ListQuery{Variables: map[string][]string{"other": {"5"}}}); got != nil {
			sc.t.Errorf("another name finds %v", got)
		}
	})
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		for i := range 3 {
			sc.open(parley.SourceAPI, fmt.Sprint(i))
		}
		page, err := sc.List(sc.ctx, store.ListQuery{WorkspaceID: sc.ws, Limit: 1})
		sc.ok(err)
		for name, q := range map[string]store.ListQuery{
			"order":         {Sort: "-password"},
			"not a cursor":  {Cursor: "?!"},
			"another order": {Cursor: page.NextCursor, Sort: store.SortCredits},
			"a search":      {Cursor: page.NextCursor, Q: "x"},
		} {
			q.WorkspaceID = sc.ws
			_, err := sc.List(sc.ctx, q)
			if parley.ErrorCode(err) != parley.CodeInvalid {
				sc.t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// The same contact, by whichever of its identities, goes on in the active
// conversation; at once from many sides, too.
func TestOpenContinues(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		o := store.OpenConversation{
			WorkspaceID: sc.ws, Source: parley.SourceWhatsApp, AssistantID: sc.assistant, SenderID: "s",
			Identities: []parley.Identity{{Kind: parley.IdentityBSUID, Value: "b"}, {Kind: parley.IdentityPhone, Value: "+1"}},
		}
		const sides = 8
		ids := make(chan string, sides)
		for range sides {
			go func() {
				c, _, err := sc.OpenConversation(sc.ctx, o)
				if err != nil {
					sc.t.Error(err)
					ids <- ""
					return
				}
				ids <- c.ID
			}()
		}
		first := <-ids
		for range sides - 1 {
			if id := <-ids; id != first {
				sc.t.Errorf("one contact got %s and %s", first, id)
			}
		}
		o.Identities = o.Identities[1:] // by phone alone
		o.ContactName = "Anna"
		c, created, err := sc.OpenConversation(sc.ctx, o)
		sc.ok(err)
		if created || c.ID != first {
			sc.t.Errorf("by phone: %s, created %v", c.ID, created)
		}
		who, known, err := sc.Contact(sc.ctx, sc.ws, c.ContactID)
		sc.ok(err)
		if who.Name != "Anna" || who.Phone != "+1" || len(known) != 2 {
			sc.t.Errorf("the contact is %+v, known as %+v", who, known)
		}
		o.Fresh = true
		if c, created, err = sc.OpenConversation(sc.ctx, o); err != nil || !created || c.ID == first {
			sc.t.Errorf("a fresh one: %v, %v", created, err)
		}
		o.AssistantID = parley.NewID(time.Now())
		_, _, err = sc.OpenConversation(sc.ctx, o)
		sc.fails(err, parley.CodeNotFound)
		o.Identities = nil
		o.AssistantID = sc.assistant
		_, _, err = sc.OpenConversation(sc.ctx, o)
		sc.fails(err, parley.CodeInvalid)
	})
}

func TestOpenGreets(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		c, _, err := sc.OpenConversation(sc.ctx, store.OpenConversation{
			WorkspaceID: sc.ws, Source: parley.SourceTest, AssistantID: sc.assistant, Fresh: true,
			Identities: []parley.Identity{{Kind: parley.IdentityMember, Value: sc.anna}},
			Greeting:   &parley.Message{Content: "Hello! How can I help?"},
		})
		sc.ok(err)
		log := sc.log(c)
		if len(log) != 1 || log[0].Role != parley.ByAssistant || c.MessageCount != 1 || !c.FirstReplyAt.IsZero() {
			sc.t.Errorf("it began with %+v in %+v", log, c)
		}
		if sc.claim(parley.WorkIdle, c.ID) != nil {
			sc.t.Error("it would end at once")
		}
		sc.clock.Move(30 * time.Minute)
		if sc.claim(parley.WorkIdle, c.ID) == nil {
			sc.t.Error("nobody looks whether it is idle")
		}
	})
}

func TestTiles(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		old := sc.open(parley.SourceAPI, "")
		sc.clock.Move(8 * 24 * time.Hour)
		c := sc.open(parley.SourceAPI, "")
		sc.receive(c, "hello")
		sc.clock.Move(20 * time.Second)
		sc.turn(c, false, "hi", "there")
		sc.receive(c, "a person, please")
		w := sc.claim(parley.WorkTurn, c.ID)
		start, err := sc.BeginTurn(sc.ctx, *w)
		sc.ok(err)
		_, err = sc.FinishTurn(sc.ctx, *w, store.TurnEnd{Turn: start.Turn, Handoff: "asked"})
		sc.ok(err)
		tiles := func() store.Tiles {
			got, err := sc.Tiles(sc.ctx, sc.ws, sc.clock.Now(), time.UTC)
			sc.ok(err)
			return *got
		}
		if got, want := tiles(), (store.Tiles{
			Conversations: 2, Last7Days: 1, AssistantMessages: 2, AverageSeconds: 10, Waiting: 1,
		}); got != want {
			sc.t.Errorf("got %+v, want %+v", got, want)
		}
		sc.ok(sc.DeleteConversation(sc.ctx, sc.ws, c.ID))
		if got, want := tiles(), (store.Tiles{Conversations: 1}); got != want {
			sc.t.Errorf("after erasing: %+v, want %+v", got, want)
		}
		sc.ok(sc.DeleteConversation(sc.ctx, sc.ws, old.ID))
		if got := tiles(); got != (store.Tiles{}) {
			sc.t.Errorf("of nothing: %+v", got)
		}
	})
}

// What a Filler writes is what the same history gives when it happens.
func TestFill(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		at := sc.clock.Now()
		n, cost := int64(10), parley.Credits(7)
		f := store.FillConversation{
			Conversation: parley.Conversation{
				ID: parley.NewID(at), Source: parley.SourceWidget, AssistantID: sc.assistant, AssistantVersion: 1,
				Status: parley.ConversationActive, Owner: parley.OwnerAssistant, StartedAt: at,
			},
			Contact: parley.Contact{ID: parley.NewID(at), Name: "Visitor", CreatedAt: at},
			Messages: []parley.Message{
				{Role: parley.ByUser, Content: "where is my zebrafinch", CreatedAt: at.Add(time.Second)},
				{Role: parley.ByAssistant, Content: "In the cage.", CreatedAt: at.Add(3 * time.Second)},
			},
			Variables: []parley.Variable{{Name: "bird", Source: parley.FromExtracted, Type: parley.TypeText, Value: []byte(`"finch"`)}},
			Usage:     []parley.Usage{{ID: parley.NewID(at), Kind: parley.UsageReply, Complete: true, InputTokens: &n, OutputTokens: &n, Credits: &cost, StartedAt: at}},
		}
		sc.fill(f)
		sc.fill(f) // again changes nothing
		for name, q := range map[string]store.ListQuery{
			"search":   {Q: "zebrafinch"},
			"variable": {Variables: map[string][]string{"bird": {"finch"}}},
			"contact":  {Contact: "visi"},
			"credits":  {Sort: store.SortCredits, Source: []parley.Source{parley.SourceWidget}},
		} {
			if got := sc.found(q); !slices.Equal(got, []string{f.Conversation.ID}) {
				sc.t.Errorf("%s finds %v", name, got)
			}
		}
		tiles, err := sc.Tiles(sc.ctx, sc.ws, at, time.UTC)
		sc.ok(err)
		if *tiles != (store.Tiles{Conversations: 1, Last7Days: 1, AssistantMessages: 1, AverageSeconds: 2}) {
			sc.t.Errorf("the tiles are %+v", tiles)
		}
		got := sc.reload(&parley.Conversation{ID: f.Conversation.ID, WorkspaceID: sc.ws})
		want, err := sc.Recompute(sc.ctx, sc.ws, got.ID)
		sc.ok(err)
		want.AnsweredSeq = got.AnsweredSeq // there is no turn
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			sc.t.Errorf("filled\n%+v\nthe log says\n%+v", got, want)
		}
	})
}

// What a Filler writes behind messages that are not findable yet waits for its
// turn with them.
func TestFillBehindOthers(t *testing.T) {
	t.Parallel()
	runScene(t, func(_ *testing.T, sc *scene) {
		first := sc.open(parley.SourceAPI, "")
		sc.receive(first, "a quokka")
		at := sc.clock.Now().Add(time.Minute)
		f := store.FillConversation{
			Conversation: parley.Conversation{ID: parley.NewID(at), Source: parley.SourceAPI, AssistantID: sc.assistant,
				AssistantVersion: 1, Status: parley.ConversationEnded, Owner: parley.OwnerAssistant, StartedAt: at},
			Contact:  parley.Contact{ID: parley.NewID(at), Name: "Visitor", CreatedAt: at},
			Messages: []parley.Message{{Role: parley.ByUser, Content: "another quokka", CreatedAt: at}},
		}
		sc.fill(f)
		sc.index()
		if got := sc.found(store.ListQuery{Q: "quokka"}); !slices.Equal(got, []string{f.Conversation.ID, first.ID}) {
			sc.t.Errorf("found %v", got)
		}
	})
}
