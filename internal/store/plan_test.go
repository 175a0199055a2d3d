package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/linked"
)

// planned is how many conversations the plans are looked at with.
const planned = 20_000

// crowd fills a workspace with conversations of which some property holds for
// half and some other for ten.
func (sc *scene) crowd() {
	sc.t.Helper()
	var batch []store.FillConversation
	at := sc.clock.Now()
	for i := range planned {
		at = at.Add(time.Second)
		f := store.FillConversation{
			Conversation: parley.Conversation{
				ID: parley.NewID(at), Source: parley.SourceAPI, AssistantID: sc.assistant, AssistantVersion: 1,
				Status: parley.ConversationEnded, Owner: parley.OwnerAssistant, StartedAt: at,
			},
			Contact:  parley.Contact{ID: parley.NewID(at), Name: fmt.Sprint("Visitor ", i), CreatedAt: at},
			Messages: []parley.Message{{Role: parley.ByUser, Content: fmt.Sprint("hello number ", i), CreatedAt: at}},
		}
		value := `"silver"`
		if i%2 == 0 {
			f.Conversation.Source, f.Conversation.Status, value = parley.SourceWidget, parley.ConversationActive, `"gold"`
			f.Contact.ID = sc.ws // one contact has half of all
			f.Messages[0].Content += " apple"
		}
		if i%(planned/10) == 7 {
			f.Conversation.Source, f.Conversation.HasError, value = parley.SourceTest, true, `"tin"`
			f.Messages[0].Content += " zebrafinch"
		}
		f.Variables = []parley.Variable{{Name: "plan", Source: parley.FromPreChat, Type: parley.TypeText, Value: []byte(value)}}
		if batch = append(batch, f); len(batch) == 2000 {
			sc.fill(batch...)
			batch = batch[:0]
		}
	}
	// Half have one tag, and ten another.
	sc.ok(sc.Tables().Write(sc.ctx, func(t store.Tx) error {
		for tag, source := range map[string]parley.Source{"half": parley.SourceWidget, "ten": parley.SourceTest} {
			_, err := t.Exec(sc.ctx, `
				INSERT INTO desk_tagged (n, tag_id, facet_id, last_activity_at, started_at)
				SELECT n, $1, facet_id, last_activity_at, started_at FROM conversation WHERE source = $2`, tag, string(source))
			if err != nil {
				return err
			}
		}
		return nil
	}))
	sc.index()
	sc.ok(sc.Analyze(sc.ctx))
}

// The list, each filter with values that none, ten and half of the rows have,
// and the search read what they show and little more: nothing reads a whole
// table, and nothing sorts more than a page needs.
func TestQueryPlans(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		sc := n.scene
		sc.crowd()
		yes, no, start := true, false, sc.clock.Now()
		variable := func(v string) map[string][]string { return map[string][]string{"plan": {v}} }
		queries := map[string]store.ListQuery{
			"all":             {},
			"source, none":    {Source: []parley.Source{parley.SourceWhatsApp}},
			"source, ten":     {Source: []parley.Source{parley.SourceTest}},
			"source, half":    {Source: []parley.Source{parley.SourceWidget}},
			"sources":         {Source: []parley.Source{parley.SourceWidget, parley.SourceAPI}},
			"status":          {Status: parley.ConversationActive},
			"error, ten":      {HasError: &yes},
			"waiting, none":   {Waiting: &yes},
			"assistant":       {AssistantID: []string{sc.assistant}},
			"contact, none":   {Contact: "nobody"},
			"contact, ten":    {Contact: "visitor 1777"},
			"contact, half":   {Contact: sc.ws},
			"contact, all":    {Contact: "visi"},
			"variable, none":  {Variables: variable("lead")},
			"variable, ten":   {Variables: variable("tin")},
			"variable, half":  {Variables: variable("gold")},
			"dates, none":     {From: start.Add(-time.Hour), To: start},
			"dates, ten":      {From: start, To: start.Add(11 * time.Second)},
			"dates, half":     {To: start.Add(planned / 2 * time.Second)},
			"reviewed, none":  {Reviewed: &yes},
			"tag, none":       {Links: linked.Links{Tags: []string{"no"}}},
			"tag, ten":        {Links: linked.Links{Tags: []string{"ten"}}},
			"tag, half":       {Links: linked.Links{Tags: []string{"half"}}},
			"tags":            {Links: linked.Links{Tags: []string{"half", "ten"}}, HasError: &no},
			"tagged contact":  {Links: linked.Links{Tags: []string{"half"}}, Contact: "visi"},
			"pair":            {Status: parley.ConversationEnded, Variables: variable("gold")},
			"search, none":    {Q: "nothing"},
			"search, ten":     {Q: "zebrafinch"},
			"search, half":    {Q: "apple"},
			"search, prefix":  {Q: "zebraf"},
			"search, source":  {Q: "apple", Source: []parley.Source{parley.SourceWidget}},
			"search, contact": {Q: "apple", Contact: sc.ws},
		}
		for name, q := range queries {
			q.WorkspaceID = sc.ws
			for _, q.Sort = range []store.Sort{store.SortActivity, store.SortCredits} {
				var page *store.ListPage
				plans, err := sc.Plans(sc.ctx, func() {
					var err error
					if page, err = sc.List(sc.ctx, q); err != nil {
						sc.t.Fatal(err)
					}
				})
				sc.ok(err)
				for query, plan := range plans {
					for _, wrong := range problems(sc.Engine(), plan) {
						sc.t.Errorf("%s by %s: %s in\n%s\n%s", name, q.Sort, wrong, query, strings.Join(plan, "\n"))
					}
				}
				if !page.Partial {
					sc.expect(name, page)
				}
			}
		}
		n.planSender()
	})
}

// planSender looks at what is done for each message of a WhatsApp number, and at
// what its pages read.
func (n *number) planSender() {
	n.t.Helper()
	ids := []parley.Identity{phone("+491"), bsuid("DE.1")}
	c := n.from("wamid.1", "hello", ids...).Conversation
	n.turn(c, true, "reply")
	for i := range 600 {
		n.post(fmt.Sprint(i))
	}
	var waiting []store.Webhook
	for {
		some, err := n.WaitingWebhooks(n.ctx, n.sender.AppID, 500)
		n.ok(err)
		if len(some) == 0 {
			break
		}
		for i := range some {
			some[i].State = store.WebhookDone
		}
		n.ok(n.SettleWebhooks(n.ctx, some))
		waiting = append(waiting, some...)
	}
	n.ok(n.Analyze(n.ctx))
	plans, err := n.WritePlans(n.ctx, n.opening("Ada", ids...), n.says("wamid.2", "and on"), store.StatusReport{
		WorkspaceID: n.ws, SenderID: n.sender.ID, ProviderID: "wamid.3", Key: c.ID + "/x", To: parley.DeliverySent,
	})
	n.ok(err)
	read, err := n.Plans(n.ctx, func() {
		for _, err := range []error{
			second(n.NextDelivery(n.ctx, n.ws, c.ID)),
			second(n.WaitingWebhooks(n.ctx, n.sender.AppID, 50)),
			second(n.Webhooks(n.ctx, n.sender, "", 0, 25)),
			second(n.Webhooks(n.ctx, n.sender, "", waiting[500].N, 25)),
			second(n.Webhook(n.ctx, n.ws, waiting[7].ID)),
			second(n.NewestConversation(n.ctx, n.ws, n.sender.ID, ids)),
			second(n.SenderErrors(n.ctx, n.ws, n.sender.ID, 10)),
			second(n.SenderFacts(n.ctx, n.sender)),
			second(n.MessageByProviderID(n.ctx, n.ws, n.sender.ID, "wamid.1")),
		} {
			n.ok(err)
		}
	})
	n.ok(err)
	for _, all := range []map[string][]string{plans, read} {
		for query, plan := range all {
			for _, wrong := range problems(n.Engine(), plan) {
				n.t.Errorf("%s in\n%s\n%s", wrong, query, strings.Join(plan, "\n"))
			}
		}
	}
	if len(plans) < 12 || len(read) < 10 {
		n.t.Errorf("%d and %d statements were looked at", len(plans), len(read))
	}
}

// expect checks how many rows a page has.
func (sc *scene) expect(name string, page *store.ListPage) {
	sc.t.Helper()
	want := 25
	switch {
	case strings.HasSuffix(name, "none"), name == "pair":
		want = 0
	case name == "contact, ten":
		want = 6 // 1777 and 17770 to 17779, the odd ones
	case strings.HasSuffix(name, "ten"), name == "search, prefix":
		want = 10
	}
	if got := len(page.Rows); got != want {
		sc.t.Errorf("%s: %d rows, want %d", name, got, want)
	}
}

// problems returns what is wrong with a plan.
func problems(engine string, plan []string) (wrong []string) {
	if engine == "sqlite" {
		for _, line := range plan {
			whole := strings.HasPrefix(line, "SCAN ") && !strings.Contains(line, "VIRTUAL TABLE INDEX") && line != "SCAN CONSTANT ROW"
			workspace := strings.HasSuffix(line, "(workspace_id=?)") && !strings.Contains(line, "facet") // there are few facets
			if whole || workspace || strings.Contains(line, "USE TEMP B-TREE FOR ORDER BY") {
				wrong = append(wrong, line)
			}
		}
		return wrong
	}
	var trees []struct{ Plan node }
	if err := json.Unmarshal([]byte(plan[0]), &trees); err != nil {
		return []string{err.Error()}
	}
	for _, t := range trees {
		wrong = t.Plan.problems(wrong)
	}
	return wrong
}

// node is a node of a plan of PostgreSQL.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Removed  float64 `json:"Rows Removed by Filter"`
	Plans    []node
}

// muchWork is how many rows one node of a plan may handle; a page needs fewer.
const muchWork = 4200

func (n *node) problems(wrong []string) []string {
	big := []string{"conversation", "desk_tagged", "message", "variable", "contact", "contact_key", "webhook_inbox", "search"}
	if n.Type == "Seq Scan" && slices.Contains(big, n.Relation) {
		wrong = append(wrong, "the whole of "+n.Relation+" is read")
	}
	if handled := (n.Rows + n.Removed) * n.Loops; handled > muchWork {
		wrong = append(wrong, fmt.Sprintf("%s handles %.0f rows", n.Type, handled))
	}
	for i := range n.Plans {
		wrong = n.Plans[i].problems(wrong)
	}
	return wrong
}
