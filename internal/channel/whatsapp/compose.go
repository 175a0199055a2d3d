package whatsapp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp/graph"
)

// Meta's bounds of one message, in characters (Cloud API, "Messages").
const (
	maxText        = 4096
	maxCaption     = 1024
	maxInteractive = 1024 // text above buttons or a list
	maxButtons     = 3
	maxButtonTitle = 20
	maxRows        = 10
	maxRowTitle    = 24
	maxRowText     = 72
	maxOptionID    = 256
)

// request is the body of a message, in Meta's words.
type request struct {
	MessagingProduct string          `json:"messaging_product"`
	RecipientType    string          `json:"recipient_type"`
	To               string          `json:"to,omitempty"`
	Recipient        string          `json:"recipient,omitempty"`
	Type             string          `json:"type"`
	Text             *textBody       `json:"text,omitempty"`
	Image            *mediaBody      `json:"image,omitempty"`
	Audio            *mediaBody      `json:"audio,omitempty"`
	Video            *mediaBody      `json:"video,omitempty"`
	Document         *mediaBody      `json:"document,omitempty"`
	Sticker          *mediaBody      `json:"sticker,omitempty"`
	Interactive      *interactive    `json:"interactive,omitempty"`
	Template         *templateBody   `json:"template,omitempty"`
	Context          *requestContext `json:"context,omitempty"`
	OpaqueData       string          `json:"biz_opaque_callback_data,omitempty"`
}

type requestContext struct {
	MessageID string `json:"message_id"`
}

type textBody struct {
	Body       string `json:"body"`
	PreviewURL bool   `json:"preview_url,omitempty"`
}

type mediaBody struct {
	ID       string `json:"id"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	Voice    bool   `json:"voice,omitempty"`
}

type interactive struct {
	Type   string   `json:"type"`
	Body   textOnly `json:"body"`
	Action action   `json:"action"`
}

type textOnly struct {
	Text string `json:"text"`
}

type action struct {
	Buttons  []button  `json:"buttons,omitempty"`
	Button   string    `json:"button,omitempty"`
	Sections []section `json:"sections,omitempty"`
}

type button struct {
	Type  string `json:"type"`
	Reply option `json:"reply"`
}

type section struct {
	Title string   `json:"title,omitempty"`
	Rows  []option `json:"rows"`
}

type option struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// compose writes a message in Meta's words. Files are uploaded on the way.
func (c *Channel) compose(ctx context.Context, out *channel.Outbound) (*request, *channel.Error) {
	m := out.Message
	switch {
	case m.Type == parley.MessageTemplate:
		return c.composeTemplate(ctx, out)
	case len(m.Attachments) > 1:
		return nil, refuse("split", "WhatsApp takes one file in a message.")
	case len(m.Attachments) == 1:
		return c.composeMedia(ctx, out)
	}
	text := textOf(m)
	form := formOf(m.Choices)
	if form == inNumbers {
		text = strings.TrimSpace(text + "\n\n" + numbered(m.Choices))
	}
	switch {
	case strings.TrimSpace(text) == "" && form != inButtons && form != inList:
		return nil, refuse("empty", "The message is empty.")
	case form == inButtons || form == inList:
		if graph.Length(text) > maxInteractive {
			return nil, tooLong(text, maxInteractive)
		}
		return &request{Type: "interactive", Interactive: choices(text, m.Choices, form)}, nil
	case graph.Length(text) > maxText:
		return nil, tooLong(text, maxText)
	}
	return &request{Type: "text", Text: &textBody{
		Body: text, PreviewURL: strings.Contains(text, "https://") || strings.Contains(text, "http://"),
	}}, nil
}

func tooLong(text string, most int) *channel.Error {
	return refuse("too_long", fmt.Sprintf("WhatsApp takes %d characters here; the message has %d.", most, graph.Length(text)))
}

// textOf is the content as WhatsApp formats it. Only assistants write Markdown.
func textOf(m *parley.Message) string {
	if m.Role == parley.ByAssistant {
		return formatted(m.Content)
	}
	return graph.Clean(m.Content)
}

// composeMedia uploads the file of a message and writes its text beneath it.
func (c *Channel) composeMedia(ctx context.Context, out *channel.Outbound) (*request, *channel.Error) {
	a, caption := &out.Message.Attachments[0], textOf(out.Message)
	if graph.Length(caption) > maxCaption {
		return nil, tooLong(caption, maxCaption)
	}
	if len(out.Message.Choices) > 0 {
		return nil, refuse("split", "WhatsApp takes no choices beneath a file.")
	}
	kind := uploadKind(a, out.Message.Type)
	if caption != "" && !takesCaption(kind) {
		kind = "document" // rather than lose the text
	}
	id, e := c.upload(ctx, out, a, kind)
	if e != nil {
		return nil, e
	}
	body := &mediaBody{ID: id, Caption: caption}
	req := &request{Type: kind}
	switch kind {
	case "image":
		req.Image = body
	case "audio":
		body.Voice = a.Voice
		req.Audio = body
	case "video":
		req.Video = body
	case "sticker":
		req.Sticker = body
	default:
		body.Filename = fileName(a.Name, "document", a.MIMEType)
		req.Document = body
	}
	return req, nil
}

func takesCaption(kind string) bool { return kind == "image" || kind == "video" || kind == "document" }

// templateBody names an approved template and its values.
type templateBody struct {
	Name       string              `json:"name"`
	Language   languageCode        `json:"language"`
	Components []templateComponent `json:"components,omitempty"`
}

type languageCode struct {
	Code string `json:"code"`
}

type templateComponent struct {
	Type       string              `json:"type"`
	SubType    string              `json:"sub_type,omitempty"`
	Index      string              `json:"index,omitempty"`
	Parameters []templateParameter `json:"parameters"`
}

type templateParameter struct {
	Type     string     `json:"type"`
	Name     string     `json:"parameter_name,omitempty"`
	Text     string     `json:"text,omitempty"`
	Payload  string     `json:"payload,omitempty"`
	Code     string     `json:"coupon_code,omitempty"`
	Image    *mediaBody `json:"image,omitempty"`
	Video    *mediaBody `json:"video,omitempty"`
	Document *mediaBody `json:"document,omitempty"`
}

// composeTemplate writes a template with its values; a file of the message is
// its header.
func (c *Channel) composeTemplate(ctx context.Context, out *channel.Outbound) (*request, *channel.Error) {
	var t parley.TemplateMessage
	if err := json.Unmarshal(out.Message.Payload, &t); err != nil || t.Name == "" || t.Language == "" {
		e := refuse("template", "The message does not say which template it is.")
		e.Err = err
		return nil, e
	}
	body := &templateBody{Name: t.Name, Language: languageCode{t.Language}}
	if header := values(t.Header); len(header) > 0 {
		body.Components = append(body.Components, templateComponent{Type: "header", Parameters: header})
	} else if len(out.Message.Attachments) > 0 {
		p, e := c.headerFile(ctx, out, t.HeaderMedia)
		if e != nil {
			return nil, e
		}
		body.Components = append(body.Components, templateComponent{Type: "header", Parameters: []templateParameter{p}})
	}
	if v := values(t.Body); len(v) > 0 {
		body.Components = append(body.Components, templateComponent{Type: "body", Parameters: v})
	}
	for _, b := range t.Buttons {
		p, subType := templateParameter{Type: "text", Text: b.Text}, b.Kind
		switch b.Kind {
		case graph.OneTimeCode:
			subType = "url" // Meta keeps the button as an address that ends in the code
		case "quick_reply":
			p = templateParameter{Type: "payload", Payload: b.Text}
		case "copy_code":
			p = templateParameter{Type: "coupon_code", Code: b.Text}
		}
		body.Components = append(body.Components, templateComponent{
			Type: "button", SubType: subType, Index: fmt.Sprint(b.Index), Parameters: []templateParameter{p},
		})
	}
	return &request{Type: "template", Template: body}, nil
}

func values(of []parley.TemplateValue) []templateParameter {
	var out []templateParameter
	for _, v := range of {
		out = append(out, templateParameter{Type: "text", Name: v.Name, Text: v.Text})
	}
	return out
}

// headerFile uploads the file of a header, of the kind that the template has.
func (c *Channel) headerFile(ctx context.Context, out *channel.Outbound, kind string) (templateParameter, *channel.Error) {
	a := &out.Message.Attachments[0]
	kind = cmp.Or(kind, uploadKind(a, ""))
	if kind != "image" && kind != "video" {
		kind = "document"
	}
	id, e := c.upload(ctx, out, a, kind)
	if e != nil {
		return templateParameter{}, e
	}
	p, file := templateParameter{Type: kind}, &mediaBody{ID: id}
	switch kind {
	case "image":
		p.Image = file
	case "video":
		p.Video = file
	default:
		file.Filename = fileName(a.Name, "document", a.MIMEType)
		p.Document = file
	}
	return p, nil
}
