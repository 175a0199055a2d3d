package foreign

import (
	"encoding/json"
	"time"
)

// kind is what a value of a file is.
type kind int

const (
	unknown kind = iota
	whole        // a conversation of Parley with all that belongs to it
	chatwootConversation
	chatwootMessage
	chatwootPage // messages of one conversation
	chatwootContact
	difyConversation
	difyMessage
	wrapped // a conversation beside its messages, of either system
)

// part is a value in which something of a conversation is.
type part struct {
	span
	kind   kind
	system System
	key    string // of the conversation or the contact
	began  time.Time
}

// enough bounds how many envelopes may be around a value.
const enough = 4

// parts returns what is in a record of valid JSON: it opens the envelopes that
// APIs put around lists.
func parts(b []byte) []part { return open(b, 0, enough) }

func open(b []byte, at, left int) []part {
	if left == 0 {
		return nil
	}
	if list := elements(b); list != nil {
		var all []part
		for _, e := range list {
			all = append(all, open(b[e.from:e.to], at+e.from, left-1)...)
		}
		return all
	}
	o := members(b)
	if p := o.classify(); p.kind != unknown {
		p.span = span{at, at + len(b)}
		return []part{p}
	}
	for _, name := range []string{"payload", "data", "conversations", "messages", "contacts", "feedback_data"} {
		if o.is(name, '[') || o.is(name, '{') {
			return open(o.raw(name), at+o.members[name].from, left-1)
		}
	}
	return []part{{span: span{at, at + len(b)}}}
}

// classify says what an object is, from the names of its members.
func (o object) classify() part {
	switch {
	case o.has("assistant", "contact", "source", "started_at", "messages"):
		return part{kind: whole, system: Parley, key: o.word("id"), began: o.time("started_at")}
	case o.has("message_type", "conversation_id"):
		return part{kind: chatwootMessage, system: Chatwoot, key: o.word("conversation_id"), began: o.time("created_at")}
	case o.any("query", "user_query") && o.any("answer", "ai_response") && o.has("conversation_id"):
		return part{kind: difyMessage, system: Dify, key: o.word("conversation_id"), began: o.time("created_at", "message_date")}
	case o.is("conversation", '{') && o.any("messages"):
		p := members(o.raw("conversation")).classify()
		return part{kind: wrapped, system: p.system, key: p.key, began: p.began}
	case o.is("payload", '[') && o.is("meta", '{'):
		if list := elements(o.raw("payload")); len(list) > 0 {
			first := members(o.raw("payload")[list[0].from:list[0].to]).classify()
			if first.kind == chatwootMessage {
				return part{kind: chatwootPage, system: Chatwoot, key: first.key, began: first.began}
			}
		}
	case o.is("meta", '{') && o.has("id") && o.any("inbox_id", "messages", "labels"):
		return part{kind: chatwootConversation, system: Chatwoot, key: o.word("id"), began: o.time("created_at", "timestamp")}
	case o.has("id") && o.any("phone_number", "availability_status", "contact_inboxes"):
		return part{kind: chatwootContact, system: Chatwoot, key: o.word("id")}
	case o.has("id", "created_at") && o.any("introduction", "inputs", "from_end_user_id", "from_source", "model_config"):
		return part{kind: difyConversation, system: Dify, key: o.word("id"), began: o.time("created_at")}
	}
	return part{}
}

// time returns the first of some members that is a time.
func (o object) time(names ...string) time.Time {
	for _, n := range names {
		var s stamp
		if o.has(n) && json.Unmarshal(o.raw(n), &s) == nil && !s.IsZero() {
			return s.Time
		}
	}
	return time.Time{}
}
