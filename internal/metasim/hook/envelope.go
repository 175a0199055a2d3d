// Package hook makes and posts webhooks as Meta does: the envelope, its encoding,
// the signature and the handshake. It reaches this machine only.
package hook

import (
	"encoding/json"
	"time"

	"parley/internal/metasim/graph"
)

// Update is one piece of news for the business.
type Update struct {
	AccountID string
	NumberID  string // "": news of the account
	Display   string // the number's digits
	Field     string
	Part      string // messages, statuses, …; "": Body is the whole value
	Body      json.RawMessage
	Contact   json.RawMessage // nil: none
	Apart     bool            // it does not share a change with its neighbour
}

// change is one change of an envelope.
type change struct {
	Field string `json:"field"`
	Value any    `json:"value"`

	number string
}

// value is what a change of a number says.
type value map[string]any

// Envelope puts updates into one body. Neighbours of one number share a change
// unless they say otherwise.
func Envelope(updates []Update, now time.Time) []byte {
	type entry struct {
		ID      string    `json:"id"`
		Time    int64     `json:"time,omitempty"`
		Changes []*change `json:"changes"`
	}
	var entries []*entry
	for _, u := range updates {
		if len(entries) == 0 || entries[len(entries)-1].ID != u.AccountID {
			entries = append(entries, &entry{ID: u.AccountID})
		}
		e := entries[len(entries)-1]
		if u.Part == "" {
			e.Time = now.Unix()
			e.Changes = append(e.Changes, &change{Field: u.Field, Value: u.Body})
			continue
		}
		var last *change
		if n := len(e.Changes); n > 0 {
			last = e.Changes[n-1]
		}
		if last == nil || last.Field != u.Field || last.number != u.NumberID || u.Apart {
			last = &change{Field: u.Field, number: u.NumberID, Value: value{
				"messaging_product": "whatsapp",
				"metadata":          map[string]any{"display_phone_number": u.Display, "phone_number_id": u.NumberID},
			}}
			e.Changes = append(e.Changes, last)
		}
		last.Value.(value).add(u)
	}
	b, err := graph.JSON(map[string]any{"object": "whatsapp_business_account", "entry": entries})
	if err != nil {
		panic(err) // parts that were valid JSON before
	}
	return b
}

func (v value) add(u Update) {
	list, _ := v[u.Part].([]json.RawMessage)
	v[u.Part] = append(list, u.Body)
	if u.Contact == nil {
		return
	}
	contacts, _ := v["contacts"].([]json.RawMessage)
	for _, c := range contacts {
		if string(c) == string(u.Contact) {
			return
		}
	}
	v["contacts"] = append(contacts, u.Contact)
}
