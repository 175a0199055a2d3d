package whatsapp

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/channel/whatsapp/graph"
)

// Parse reads the body of a webhook. It returns CodeInvalid for what is not a
// JSON object; everything else becomes updates in the order of the document,
// and nothing is left out.
func Parse(body []byte) ([]Update, error) {
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	top := graph.AsObject(body)
	if top == nil {
		if !graph.IsDeepObject(body) {
			return nil, parley.Errorf(parley.CodeInvalid, "The body is not a JSON object.")
		}
		text, err := json.Marshal(string(body))
		if err != nil {
			return nil, parley.Errorf(parley.CodeInvalid, "The body is not a JSON object.")
		}
		return []Update{{Kind: KindUnknown, Raw: text, Trouble: "The body is nested too deeply to be read."}}, nil
	}
	var p parser
	entries := top.List("entry")
	if len(entries) == 0 {
		p.unknown(Update{}, body, "The webhook has no entries.")
	}
	for _, raw := range entries {
		p.entry(raw)
	}
	return p.updates, nil
}

// parser collects what a body tells.
type parser struct{ updates []Update }

func (p *parser) add(u Update, raw json.RawMessage) {
	u.Raw = bytes.Clone(raw)
	p.updates = append(p.updates, u)
}

func (p *parser) unknown(at Update, raw json.RawMessage, why string) {
	at.Kind, at.Trouble = KindUnknown, why
	p.add(at, raw)
}

func (p *parser) note(at Update, raw json.RawMessage, what string) {
	at.Kind, at.Trouble = KindNote, what
	p.add(at, raw)
}

// entry reads what concerns one account.
func (p *parser) entry(raw json.RawMessage) {
	e := graph.AsObject(raw)
	at := Update{WABAID: e.Label("id", 64), At: e.Time("time")}
	changes, copies := e.List("changes"), e.List("standby")
	if len(changes)+len(copies) == 0 {
		p.unknown(at, raw, "An entry has no changes.")
		return
	}
	for _, c := range changes {
		change := graph.AsObject(c)
		at.Field = cmp.Or(change.Label("field", 64), e.Label("field", 64), guessField(change.Object("value")))
		p.change(at, c, change["value"])
	}
	// Meta's shape of copies was not seen: a change, or its value alone.
	at.Field = "standby"
	for _, c := range copies {
		value := c
		if item := graph.AsObject(c); item.Has("value") {
			value = item["value"]
		}
		p.change(at, c, value)
	}
}

// guessField names a change that does not say its field; Meta's own examples
// have some.
func guessField(v graph.Object) string {
	switch {
	case v.Has("message_template_id") && v.Has("event"):
		return "message_template_status_update"
	case v.Has("event") && !v.Has("display_phone_number"):
		return "account_update"
	}
	return "messages"
}

// change reads a change, which is a field and its value.
func (p *parser) change(at Update, raw, value json.RawMessage) {
	v := graph.AsObject(value)
	if v == nil {
		p.unknown(at, raw, "A change has no value.")
		return
	}
	meta := v.Object("metadata")
	at.PhoneNumberID = meta.Label("phone_number_id", 64)
	at.DisplayPhone = firstPhone(meta.Text("display_phone_number"), v.Text("display_phone_number"))
	switch at.Field {
	case "message_template_status_update", "message_template_quality_update", "template_category_update":
		at.Kind, at.Template = KindTemplate, templateUpdate(at.Field, v)
		p.add(at, value)
	case "phone_number_quality_update", "phone_number_name_update":
		at.Kind, at.Number = KindNumber, numberUpdate(at.Field, v)
		p.add(at, value)
	case "business_capability_update", "account_update", "account_alerts", "account_review_update":
		at.Kind, at.Account = KindAccount, accountUpdate(at.Field, v)
		p.add(at, value)
	default:
		p.value(at, value)
	}
}

// notes are the fields that are known and from which nothing follows.
var notes = map[string]string{
	"account_settings_update":            "The settings of the account changed.",
	"automatic_events":                   "Meta saw an event in a conversation by itself.",
	"business_username_update":           "The username of the business changed.",
	"flows":                              "News of a WhatsApp Flow.",
	"history":                            "Past messages from the phone app; they are not imported.",
	"message_template_components_update": "The text of a template changed; it is read with the next synchronisation.",
	"partner_solutions":                  "News of a solution with a partner.",
	"payment_configuration_update":       "The payment configuration changed.",
	"security":                           "A security setting of the number changed, such as its PIN.",
	"smb_app_state_sync":                 "The contacts of the phone app; they are not imported.",
	"group_lifecycle_update":             "A group was created or deleted.",
	"group_participants_update":          "People joined or left a group.",
	"group_settings_update":              "The settings of a group changed.",
	"group_status_update":                "The status of a group changed.",
}

// value reads a value with lists: of messages, statuses and others.
func (p *parser) value(at Update, raw json.RawMessage) {
	v := graph.AsObject(raw)
	if what, ok := notes[at.Field]; ok {
		p.note(at, raw, what)
		return
	}
	in := &place{at: at, standby: strings.Contains(at.Field, "standby"), people: peopleOf(v)}
	before := len(p.updates)
	for _, key := range graph.KeysInOrder(raw) {
		items := v.List(key)
		switch key {
		case "contacts":
		case "messages", "standby", "message_echoes", "statuses", "errors", "calls", "user_preferences":
			if len(items) == 0 && v.Has(key) && !isEmptyList(v[key]) {
				p.unknown(at, raw, "What is called "+key+" is not a list.")
			}
			in.alone = len(items) == 1
			for _, item := range items {
				p.item(in, key, item)
			}
		default:
			if len(items) > 0 {
				p.unknown(at, v[key], "Parley does not know what “"+graph.Cut(graph.Clean(key), 64)+"” means.")
			}
		}
	}
	if len(p.updates) == before {
		p.unknown(at, raw, "Parley does not know what this change of “"+at.Field+"” tells.")
	}
}

func isEmptyList(raw json.RawMessage) bool {
	l := graph.AsList(raw)
	return l != nil && len(l) == 0
}

// place is where an item stands.
type place struct {
	at      Update
	standby bool
	people  people
	alone   bool // it is the only one of its list
}

// item reads one element of a list.
func (p *parser) item(in *place, key string, raw json.RawMessage) {
	o := graph.AsObject(raw)
	if o == nil {
		p.unknown(in.at, raw, "One of the "+key+" is not an object.")
		return
	}
	u := in.at
	switch {
	case key == "statuses" && in.at.Field == "calls":
		in.callStatus(&u, o)
	case key == "statuses":
		in.status(&u, o)
	case key == "errors":
		u.Kind, u.Error = KindError, graph.ErrorFrom(o)
	case key == "calls":
		in.call(&u, o)
	case key == "user_preferences":
		in.preference(&u, o)
	case key == "message_echoes":
		in.echo(&u, o, raw)
	default:
		in.message(&u, o, raw)
	}
	if in.standby {
		u.Kind = KindStandby
		if u.Trouble == "" {
			u.Trouble = "Another assistant handles this number; Parley sees a copy and does not answer."
		}
	}
	p.add(u, raw)
}
