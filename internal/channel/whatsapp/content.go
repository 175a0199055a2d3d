package whatsapp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"parley"
	"parley/internal/channel/whatsapp/graph"
)

// messageKinds are the types whose content is in a member of the same name.
var messageKinds = []string{
	"text", "image", "audio", "video", "document", "sticker", "location", "contacts", "interactive", "button",
	"reaction", "order", "edit", "revoke", "system", "unsupported", "request_welcome",
}

// kindOf returns Meta's type of a message; where it is missing, the content
// tells.
func kindOf(o graph.Object) string {
	if t := o.Label("type", 64); t != "" {
		return t
	}
	for _, k := range messageKinds {
		if o.Has(k) {
			return k
		}
	}
	return ""
}

// read reads the content of a message. It returns what could not be
// understood.
func (m *Message) read(o graph.Object) (trouble string) {
	kind := kindOf(o)
	body := o.Object(kind)
	if o.Label("type", 64) == "" {
		trouble = "The message does not say its type."
	}
	switch kind {
	case "text":
		m.text(o, body)
	case "image", "audio", "video", "document", "sticker", "voice":
		trouble = cmp.Or(m.media(kind, body), trouble)
	case "location":
		m.set(parley.MessageLocation, locationText(body), o[kind])
	case "contacts":
		m.set(parley.MessageContacts, cardsText(o.List(kind)), o[kind])
	case "interactive":
		trouble = cmp.Or(m.interactive(body, o[kind]), trouble)
	case "button":
		m.Tapped = body.Label("payload", graph.MaxID)
		m.set(parley.MessageChoice, cmp.Or(body.Text("text"), m.Tapped), o[kind])
	case "reaction":
		m.Target = body.Label("message_id", graph.MaxID)
		m.set(parley.MessageReaction, body.Label("emoji", 64), o[kind])
	case "order":
		m.set(parley.MessageOrder, orderText(body), o[kind])
	case "edit":
		if inner := body.Object("message"); inner != nil && kindOf(inner) != "edit" {
			trouble = cmp.Or(m.read(inner), trouble)
		} else {
			m.unsupported("The message was changed; WhatsApp does not say how.", o[kind])
		}
		m.Target = body.Label("original_message_id", graph.MaxID)
	case "revoke":
		m.Type, m.Target = parley.MessageText, body.Label("original_message_id", graph.MaxID)
		m.Payload = o[kind]
	case "unsupported":
		trouble = m.notPassedOn(o, body)
	default:
		m.unsupported("A message of a kind that Parley does not know: “"+cmp.Or(kind, "none")+"”.", marshal(o))
		trouble = cmp.Or(trouble, "Parley does not know messages of the type “"+kind+"”.")
	}
	m.Content = graph.Cut(m.Content, parley.MaxContentBytes)
	return trouble
}

func (m *Message) set(t parley.MessageType, content string, payload json.RawMessage) {
	m.Type, m.Content = t, strings.TrimSpace(content)
	if payload != nil {
		m.Payload = payload
	}
	if m.Content == "" && t != parley.MessageReaction {
		m.unsupported("An empty message.", payload)
	}
}

func (m *Message) unsupported(content string, payload json.RawMessage) {
	m.Type, m.Content, m.Payload = parley.MessageUnsupported, content, payload
}

// text reads a text. One of white space alone is nothing that can be answered.
func (m *Message) text(o, body graph.Object) {
	m.Type, m.Content = parley.MessageText, strings.ReplaceAll(body.Text("body"), "\r\n", "\n")
	if isBlank(m.Content) {
		m.unsupported("An empty message.", o["text"])
	}
}

// isBlank also knows the characters that have no width.
func isBlank(s string) bool {
	return strings.Trim(strings.TrimSpace(s), "\u200b\u200c\u200d\u2060\ufeff \t\r\n") == ""
}

// locationText is "Name, address (latitude, longitude)".
func locationText(o graph.Object) string {
	where := strings.Join(graph.NonEmpty(o.Label("name", 512), o.Label("address", 1024)), ", ")
	if o.Has("latitude") && o.Has("longitude") {
		where += " (" + o.Label("latitude", 32) + ", " + o.Label("longitude", 32) + ")"
	}
	return strings.TrimSpace(where)
}

// cardsText has a line for each contact card.
func cardsText(cards []json.RawMessage) string {
	var lines []string
	for _, raw := range cards {
		card := graph.AsObject(raw)
		name := card.Object("name")
		who := cmp.Or(name.Label("formatted_name", 256),
			strings.Join(graph.NonEmpty(name.Label("first_name", 128), name.Label("last_name", 128)), " "))
		if company := card.Object("org").Label("company", 256); company != "" && who != "" {
			who += " (" + company + ")"
		} else {
			who = cmp.Or(who, company)
		}
		var reach []string
		for _, field := range [][2]string{{"phones", "phone"}, {"emails", "email"}, {"urls", "url"}} {
			for _, item := range card.List(field[0]) {
				o := graph.AsObject(item)
				reach = append(reach, graph.NonEmpty(cmp.Or(o.Label(field[1], 256), o.Label("wa_id", 64)))...)
			}
		}
		if line := strings.Join(graph.NonEmpty(who, strings.Join(reach, ", ")), ": "); line != "" {
			lines = append(lines, line)
		} else {
			lines = append(lines, "A contact card without a name")
		}
	}
	return strings.Join(lines, "\n")
}

// interactive reads the answer to buttons, a list, a form or a request.
func (m *Message) interactive(o graph.Object, payload json.RawMessage) (trouble string) {
	kind := o.Label("type", 64)
	reply := o.Object(kind)
	switch kind {
	case "button_reply", "list_reply":
		m.Tapped = graph.Cut(reply.Text("id"), graph.MaxID)
		whole, _ := strings.CutPrefix(m.Tapped, spoken)
		if whole == m.Tapped {
			whole = ""
		}
		m.set(parley.MessageChoice, cmp.Or(whole, reply.Text("title"), m.Tapped), payload)
	case "nfm_reply":
		m.set(parley.MessageText, formText(reply), payload)
	case "call_permission_reply":
		answer := "The person does not allow calls."
		if reply.Text("response") == "accept" {
			answer = "The person allows calls."
		}
		m.set(parley.MessageChoice, answer, payload)
	default:
		m.unsupported("An answer of a kind that Parley does not know: “"+cmp.Or(kind, "none")+"”.", payload)
		return "Parley does not know interactive messages of the type “" + kind + "”."
	}
	return ""
}

// formText shows what was filled into a form, a line for each field. The
// answers are JSON in a string, which may be missing or malformed.
func formText(o graph.Object) string {
	lines := graph.NonEmpty(cmp.Or(o.Text("body"), o.Text("name")))
	answers := o.Text("response_json")
	fields := graph.AsObject(json.RawMessage(answers))
	for _, key := range graph.KeysInOrder(json.RawMessage(answers)) {
		value := graph.AsText(fields[key])
		if value == "" {
			value = string(fields[key])
		}
		if key != "flow_token" && value != "" {
			lines = append(lines, graph.Clean(key)+": "+value)
		}
	}
	if fields == nil {
		lines = append(lines, graph.NonEmpty(answers)...)
	}
	return cmp.Or(strings.Join(lines, "\n"), "A form was sent back.")
}

// orderText lists what was ordered, with a sum for each currency.
func orderText(o graph.Object) string {
	lines := graph.NonEmpty(o.Text("text"))
	sums := map[string]*big.Rat{}
	for _, raw := range o.List("product_items") {
		item := graph.AsObject(raw)
		quantity, price := amount(item.Text("quantity")), amount(item.Text("item_price"))
		currency := item.Label("currency", 8)
		line := cmp.Or(item.Label("product_retailer_id", 128), "an item")
		if quantity != nil {
			line = strings.TrimSuffix(quantity.FloatString(3), ".000") + " × " + line
		}
		if price != nil {
			line += " at " + strings.TrimSpace(price.FloatString(2)+" "+currency)
		}
		if price != nil && quantity != nil {
			if sums[currency] == nil {
				sums[currency] = new(big.Rat)
			}
			sums[currency].Add(sums[currency], price.Mul(price, quantity))
		}
		lines = append(lines, line)
	}
	var totals []string
	for currency, sum := range sums {
		totals = append(totals, strings.TrimSpace(sum.FloatString(2)+" "+currency))
	}
	slices.Sort(totals)
	if len(totals) > 0 {
		lines = append(lines, "Total: "+strings.Join(totals, " + "))
	}
	return cmp.Or(strings.Join(lines, "\n"), "An order without items.")
}

// amount reads a decimal number of a sane length; nil for anything else.
func amount(s string) *big.Rat {
	if len(s) > 24 || strings.ContainsAny(s, "eEpPxX/_") {
		return nil
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

// withheld names what WhatsApp does not pass on to businesses.
var withheld = map[string]string{
	"edit": "The change of an earlier message", "revoke": "The deletion of an earlier message", "gif": "A GIF", "poll_creation": "A poll", "poll_update": "An answer to a poll",
	"group_invite": "An invitation to a group", "event": "An event", "list": "A list", "pin": "A pinned message",
	"payment": "A payment", "video_note": "A video note", "view_once": "A message to be viewed once", "product": "A product",
}

// notPassedOn reads a message of which WhatsApp tells only that it was written.
func (m *Message) notPassedOn(o, body graph.Object) (trouble string) {
	what := withheld[strings.ToLower(body.Text("type"))]
	text := cmp.Or(what, "A message of a kind") + ", which WhatsApp does not pass on to businesses."
	if what == "" {
		text = "A message of a kind that WhatsApp does not pass on to businesses."
	}
	if errors := o.List("errors"); len(errors) > 0 {
		e := graph.AsObject(errors[0])
		code, _ := e.Integer("code")
		if code == 131060 {
			text = "A message that WhatsApp could not deliver here; it can be read in the phone app."
		}
		trouble = strings.Join(graph.NonEmpty(fmt.Sprintf("WhatsApp's error %d", code),
			cmp.Or(e.Object("error_data").Label("details", 300), e.Label("title", 300))), ": ")
	}
	m.unsupported(text, marshal(map[string]json.RawMessage{"errors": o["errors"], "unsupported": o["unsupported"]}))
	return trouble
}
