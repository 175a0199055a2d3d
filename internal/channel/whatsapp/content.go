package whatsapp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"parley"
)

// messageKinds are the types whose content is in a member of the same name.
var messageKinds = []string{
	"text", "image", "audio", "video", "document", "sticker", "location", "contacts", "interactive", "button",
	"reaction", "order", "edit", "revoke", "system", "unsupported", "request_welcome",
}

// kindOf returns Meta's type of a message; where it is missing, the content
// tells.
func kindOf(o object) string {
	if t := o.label("type", 64); t != "" {
		return t
	}
	for _, k := range messageKinds {
		if o.has(k) {
			return k
		}
	}
	return ""
}

// read reads the content of a message. It returns what could not be
// understood.
func (m *Message) read(o object) (trouble string) {
	kind := kindOf(o)
	body := o.object(kind)
	if o.label("type", 64) == "" {
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
		m.set(parley.MessageContacts, cardsText(o.list(kind)), o[kind])
	case "interactive":
		trouble = cmp.Or(m.interactive(body, o[kind]), trouble)
	case "button":
		m.Tapped = body.label("payload", maxIDBytes)
		m.set(parley.MessageChoice, cmp.Or(body.text("text"), m.Tapped), o[kind])
	case "reaction":
		m.Target = body.label("message_id", maxIDBytes)
		m.set(parley.MessageReaction, body.label("emoji", 64), o[kind])
	case "order":
		m.set(parley.MessageOrder, orderText(body), o[kind])
	case "edit":
		if inner := body.object("message"); inner != nil {
			trouble = cmp.Or(m.read(inner), trouble)
		} else {
			m.unsupported("The message was changed; WhatsApp does not say how.", o[kind])
		}
		m.Target = body.label("original_message_id", maxIDBytes)
	case "revoke":
		m.Type, m.Target = parley.MessageText, body.label("original_message_id", maxIDBytes)
		m.Payload = o[kind]
	case "unsupported":
		trouble = m.notPassedOn(o, body)
	default:
		m.unsupported("A message of a kind that Parley does not know: “"+cmp.Or(kind, "none")+"”.", marshal(o))
		trouble = cmp.Or(trouble, "Parley does not know messages of the type “"+kind+"”.")
	}
	m.Content = cut(m.Content, parley.MaxContentBytes)
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
func (m *Message) text(o, body object) {
	m.Type, m.Content = parley.MessageText, strings.ReplaceAll(body.text("body"), "\r\n", "\n")
	if isBlank(m.Content) {
		m.unsupported("An empty message.", o["text"])
	}
}

// isBlank also knows the characters that have no width.
func isBlank(s string) bool {
	return strings.Trim(strings.TrimSpace(s), "\u200b\u200c\u200d\u2060\ufeff \t\r\n") == ""
}

// locationText is "Name, address (latitude, longitude)".
func locationText(o object) string {
	where := strings.Join(nonEmpty(o.label("name", 512), o.label("address", 1024)), ", ")
	if o.has("latitude") && o.has("longitude") {
		where += " (" + o.label("latitude", 32) + ", " + o.label("longitude", 32) + ")"
	}
	return strings.TrimSpace(where)
}

// cardsText has a line for each contact card.
func cardsText(cards []json.RawMessage) string {
	var lines []string
	for _, raw := range cards {
		card := asObject(raw)
		name := card.object("name")
		who := cmp.Or(name.label("formatted_name", 256),
			strings.Join(nonEmpty(name.label("first_name", 128), name.label("last_name", 128)), " "))
		if company := card.object("org").label("company", 256); company != "" && who != "" {
			who += " (" + company + ")"
		} else {
			who = cmp.Or(who, company)
		}
		var reach []string
		for _, field := range [][2]string{{"phones", "phone"}, {"emails", "email"}, {"urls", "url"}} {
			for _, item := range card.list(field[0]) {
				o := asObject(item)
				reach = append(reach, nonEmpty(cmp.Or(o.label(field[1], 256), o.label("wa_id", 64)))...)
			}
		}
		if line := strings.Join(nonEmpty(who, strings.Join(reach, ", ")), ": "); line != "" {
			lines = append(lines, line)
		} else {
			lines = append(lines, "A contact card without a name")
		}
	}
	return strings.Join(lines, "\n")
}

// interactive reads the answer to buttons, a list, a form or a request.
func (m *Message) interactive(o object, payload json.RawMessage) (trouble string) {
	kind := o.label("type", 64)
	reply := o.object(kind)
	switch kind {
	case "button_reply", "list_reply":
		m.Tapped = cut(reply.text("id"), maxIDBytes)
		whole, _ := strings.CutPrefix(m.Tapped, spoken)
		if whole == m.Tapped {
			whole = ""
		}
		m.set(parley.MessageChoice, cmp.Or(whole, reply.text("title"), m.Tapped), payload)
	case "nfm_reply":
		m.set(parley.MessageText, formText(reply), payload)
	case "call_permission_reply":
		answer := "The person does not allow calls."
		if reply.text("response") == "accept" {
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
func formText(o object) string {
	lines := nonEmpty(cmp.Or(o.text("body"), o.text("name")))
	answers := o.text("response_json")
	fields := asObject(json.RawMessage(answers))
	for _, key := range keysInOrder(json.RawMessage(answers)) {
		value := asText(fields[key])
		if value == "" {
			value = string(fields[key])
		}
		if key != "flow_token" && value != "" {
			lines = append(lines, clean(key)+": "+value)
		}
	}
	if fields == nil {
		lines = append(lines, nonEmpty(answers)...)
	}
	return cmp.Or(strings.Join(lines, "\n"), "A form was sent back.")
}

// orderText lists what was ordered, with a sum for each currency.
func orderText(o object) string {
	lines := nonEmpty(o.text("text"))
	sums := map[string]*big.Rat{}
	for _, raw := range o.list("product_items") {
		item := asObject(raw)
		quantity, price := amount(item.text("quantity")), amount(item.text("item_price"))
		currency := item.label("currency", 8)
		line := cmp.Or(item.label("product_retailer_id", 128), "an item")
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
	"edit": "The change of an earlier message", "gif": "A GIF", "poll_creation": "A poll", "poll_update": "An answer to a poll",
	"group_invite": "An invitation to a group", "event": "An event", "list": "A list", "pin": "A pinned message",
	"payment": "A payment", "video_note": "A video note", "view_once": "A message to be viewed once", "product": "A product",
}

// notPassedOn reads a message of which WhatsApp tells only that it was written.
func (m *Message) notPassedOn(o, body object) (trouble string) {
	what := withheld[strings.ToLower(body.text("type"))]
	text := cmp.Or(what, "A message of a kind") + ", which WhatsApp does not pass on to businesses."
	if what == "" {
		text = "A message of a kind that WhatsApp does not pass on to businesses."
	}
	for _, raw := range o.list("errors") {
		e := asObject(raw)
		code, _ := e.integer("code")
		if code == 131060 {
			text = "A message that WhatsApp could not deliver here; it can be read in the phone app."
		}
		trouble = strings.Join(nonEmpty(fmt.Sprintf("WhatsApp's error %d", code),
			cmp.Or(e.object("error_data").label("details", 300), e.label("title", 300))), ": ")
		break
	}
	m.unsupported(text, marshal(map[string]json.RawMessage{"errors": o["errors"], "unsupported": o["unsupported"]}))
	return trouble
}

func nonEmpty(of ...string) []string {
	return slices.DeleteFunc(of, func(s string) bool { return s == "" })
}
