package store_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/price"
	"parley/internal/store"
)

// prices sets what messages cost, in millionths of a US dollar.
func (n *number) prices(all map[string]int64) {
	n.t.Helper()
	var list []parley.Price
	for model, each := range all {
		list = append(list, parley.Price{Provider: price.Messages, Model: model, Input: amount(each), Output: amount(0), Source: "rates", ReadOn: "2026-10-01"})
	}
	n.ok(n.AddPrices(n.ctx, n.ws, list))
}

// leaves sends the next message of a conversation and returns it.
func (n *number) leaves(c *parley.Conversation, wamid string) *parley.Message {
	n.t.Helper()
	w := n.claim(parley.WorkDeliver, c.ID)
	out, err := n.claimDelivery(*w, parley.StopNothing)
	n.ok(err)
	m, err := n.SettleDelivery(n.ctx, out.Message, parley.DeliverySent, wamid, nil)
	n.ok(err)
	n.ok(n.DeferWork(n.ctx, *w, n.clock.Now(), false))
	return m
}

// template sends a template of a category.
func (n *number) template(c *parley.Conversation, category, wamid string) *parley.Message {
	n.t.Helper()
	_, err := n.SendTemplate(n.ctx, n.ws, c.ID, &parley.Message{
		Content: "Hello", Payload: []byte(`{"name":"hello","language":"en","category":"` + category + `"}`),
	})
	n.ok(err)
	return n.leaves(c, wamid)
}

// charged checks the ledger row of a message; cost is "" where it is unknown.
func (n *number) charged(c *parley.Conversation, m *parley.Message, model, cost string) {
	n.t.Helper()
	all, err := n.Usage(n.ctx, n.ws, c.ID)
	n.ok(err)
	got := 0
	for _, u := range all {
		if u.ID != m.ID {
			continue
		}
		got++
		was := ""
		if u.Credits != nil {
			was = u.Credits.String()
		}
		if u.Kind != parley.UsageMessage || u.Model != model || was != cost || !u.Complete {
			n.t.Errorf("the ledger has %+v for %q, %s; want %q for %q", u, was, u.Raw, cost, model)
		}
	}
	if got != 1 {
		n.t.Errorf("%d rows of the ledger are about the message", got)
	}
	n.projected(c)
	n.spentIsExact()
}

// told reports what Meta says of a message's price.
func (n *number) told(wamid string, to parley.Delivery, pricing string) {
	n.t.Helper()
	var why *parley.MessageError
	if to == parley.DeliveryFailed {
		why = fault("131026")
	}
	_, err := n.DeliveryStatus(n.ctx, store.StatusReport{WorkspaceID: n.ws, SenderID: n.sender.ID, ProviderID: wamid, To: to, Pricing: pricing, Error: why})
	n.ok(err)
}

// Law 8: each message that left is one row of the ledger, at the rate of its
// category and its market.
func TestMessagesAreCharged(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		n.prices(map[string]int64{"utility/+49": 55_000, "utility/*": 7_000, "marketing/+4": 1, "marketing/+49": 136_500, "utility/DE": 54_000})
		c := n.from("wamid.in", "hello", phone("+4917012345")).Conversation
		n.charged(c, n.template(c, "UTILITY", "w1"), "utility/+49", "5.5")
		n.charged(c, n.template(c, "MARKETING", "w2"), "marketing/+49", "13.65")
		n.charged(c, n.template(c, "AUTHENTICATION", "w3"), "authentication", "")
		other := n.from("wamid.in2", "hello", bsuid("DE.123")).Conversation
		n.charged(other, n.template(other, "UTILITY", "w4"), "utility/DE", "5.4")
		far := n.from("wamid.in3", "hello", bsuid("BR.123")).Conversation
		n.charged(far, n.template(far, "UTILITY", "w5"), "utility/*", "0.7")
		// A price that comes later changes nothing that has left.
		n.clock.Move(time.Minute)
		n.prices(map[string]int64{"utility/+49": 1})
		n.told("w1", parley.DeliveryDelivered, `{"category":"utility","type":"regular"}`)
		first := n.log(c)[1]
		n.charged(c, &first, "utility/+49", "5.5")
	})
}

// Meta charges no service message within the allowance, which is counted here,
// and then as much as for utility.
func TestServiceAllowance(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		n.prices(map[string]int64{"utility/*": 7_000})
		ws, err := n.Workspace(n.ctx, n.ws)
		n.ok(err)
		ws.Settings.FreeServiceMessages = amount(2)
		n.ok(n.UpdateWorkspace(n.ctx, ws))
		c := n.answered("one", "two", "three")
		for i, cost := range []string{"0", "0", "0.7"} {
			wamid := "w" + cost + string(rune('a'+i))
			m := n.leaves(c, wamid)
			n.charged(c, m, "utility/*", cost)
			// What Meta calls it does not count, and neither does hearing it twice.
			for range 2 {
				n.told(wamid, parley.DeliveryDelivered, `{"category":"service","type":"free_customer_service"}`)
			}
			n.charged(c, m, "utility/*", cost)
		}
		f, err := n.SenderFacts(n.ctx, n.sender)
		n.ok(err)
		if f.ServiceSent != 3 || f.FreeService != 2 {
			n.t.Errorf("the facts are %+v", f)
		}
	})
}

// What Meta says of a message later corrects what it costs.
func TestChargesAreCorrected(t *testing.T) {
	t.Parallel()
	runNumber(t, func(_ *testing.T, n *number) {
		n.prices(map[string]int64{"utility/*": 7_000, "marketing/*": 90_000, "general_purpose_ai/*": 20_000})
		c := n.from("wamid.in", "hello", phone("+4917012345")).Conversation
		m := n.template(c, "UTILITY", "w1")
		n.told("w1", parley.DeliveryDelivered, `{"category":"marketing","type":"regular"}`)
		n.charged(c, m, "marketing/*", "9")
		m = n.template(c, "UTILITY", "w2")
		n.told("w2", parley.DeliveryDelivered, `{"category":"utility","type":"free_entry_point"}`)
		n.charged(c, m, "utility/*", "0")
		m = n.template(c, "UTILITY", "w3")
		n.told("w3", parley.DeliveryFailed, "")
		n.charged(c, m, "utility/*", "0")
		n.told("w3", parley.DeliveryDelivered, "")
		n.charged(c, m, "utility/*", "0.7")
		bot := n.answered("one")
		m = n.leaves(bot, "w4")
		n.told("w4", parley.DeliverySent, `{"category":"general_purpose_ai","type":"regular"}`)
		n.charged(bot, m, "general_purpose_ai/*", "2")
	})
}
