package graph

import (
	"encoding/json"

	"parley/internal/metasim/screen"
)

// Send is the body of a POST to a number's messages.
type Send struct {
	Product       string          `json:"messaging_product"`
	RecipientType string          `json:"recipient_type"`
	To            string          `json:"to"`
	Recipient     string          `json:"recipient"`
	Type          string          `json:"type"`
	Status        string          `json:"status"`
	MessageID     string          `json:"message_id"`
	Typing        *Typing         `json:"typing_indicator"`
	Context       *Context        `json:"context"`
	Callback      string          `json:"biz_opaque_callback_data"`
	Text          *Text           `json:"text"`
	Image         *FileRef        `json:"image"`
	Video         *FileRef        `json:"video"`
	Audio         *FileRef        `json:"audio"`
	Document      *FileRef        `json:"document"`
	Sticker       *FileRef        `json:"sticker"`
	Interactive   *Interactive    `json:"interactive"`
	Template      *TemplateSend   `json:"template"`
	Reaction      *Reaction       `json:"reaction"`
	Location      *Location       `json:"location"`
	Contacts      json.RawMessage `json:"contacts"`
}

// Typing shows that the business types.
type Typing struct {
	Type string `json:"type"`
}

// Context names the message that is replied to.
type Context struct {
	MessageID string `json:"message_id"`
}

// Text is a text.
type Text struct {
	Body    string `json:"body"`
	Preview bool   `json:"preview_url"`
}

// FileRef names a file: uploaded before, or by a link.
type FileRef struct {
	ID       string `json:"id"`
	Link     string `json:"link"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
	Voice    bool   `json:"voice"`
}

// Reaction is an emoji put on a message.
type Reaction struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji"`
}

// Location is a place.
type Location struct {
	Latitude  json.Number `json:"latitude"`
	Longitude json.Number `json:"longitude"`
	Name      string      `json:"name"`
	Address   string      `json:"address"`
}

// TemplateSend is a template that is sent, with its values.
type TemplateSend struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []sendComponent `json:"components"`
}

type sendComponent struct {
	Type       string          `json:"type"`
	SubType    string          `json:"sub_type"`
	Index      json.RawMessage `json:"index"` // a number, or one in quotes
	Parameters []parameter     `json:"parameters"`
}

type parameter struct {
	Type     string    `json:"type"`
	Name     string    `json:"parameter_name"`
	Text     string    `json:"text"`
	Payload  string    `json:"payload"`
	Code     string    `json:"coupon_code"`
	Image    *FileRef  `json:"image"`
	Video    *FileRef  `json:"video"`
	Document *FileRef  `json:"document"`
	Currency *fallback `json:"currency"`
	DateTime *fallback `json:"date_time"`
}

type fallback struct {
	Value string `json:"fallback_value"`
}

// text is what a parameter puts into the template.
func (p *parameter) text() string {
	switch {
	case p.Currency != nil:
		return p.Currency.Value
	case p.DateTime != nil:
		return p.DateTime.Value
	}
	return p.Text
}

// Interactive is a message with something to tap.
type Interactive struct {
	Type   string            `json:"type"`
	Header *InteractiveHead  `json:"header"`
	Body   *InteractiveText  `json:"body"`
	Footer *InteractiveText  `json:"footer"`
	Action InteractiveAction `json:"action"`
}

// InteractiveHead is what stands above: a text or a file.
type InteractiveHead struct {
	Type     string   `json:"type"`
	Text     string   `json:"text"`
	Image    *FileRef `json:"image"`
	Video    *FileRef `json:"video"`
	Document *FileRef `json:"document"`
}

// InteractiveText is a body or a footer.
type InteractiveText struct {
	Text string `json:"text"`
}

// InteractiveAction is what can be tapped.
type InteractiveAction struct {
	Button  string `json:"button"`
	Buttons []struct {
		Type  string `json:"type"`
		Reply struct {
			ID    string `json:"id"`
			Title string `json:"title"`
		} `json:"reply"`
	} `json:"buttons"`
	Sections   []screen.Section `json:"sections"`
	Name       string           `json:"name"`
	Parameters struct {
		DisplayText string `json:"display_text"`
		URL         string `json:"url"`
	} `json:"parameters"`
}
