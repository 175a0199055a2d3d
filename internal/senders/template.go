package senders

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"parley"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/engine"
	pricing "parley/internal/price"
)

// SyncTemplates makes the stored templates of a sender's account those that
// Meta has.
func (s *Service) SyncTemplates(ctx context.Context, x *parley.Sender) error {
	all, err := s.Meta.Templates(ctx, x)
	if err != nil {
		return err
	}
	return s.Store.SyncTemplates(ctx, x.WorkspaceID, x.WABAID, all)
}

// CreateTemplate checks a template, uploads the sample of its header's file and
// asks Meta to approve it. It returns CodeInvalid with Fields for what Meta
// would refuse.
func (s *Service) CreateTemplate(ctx context.Context, x *parley.Sender, t *parley.Template) (*parley.Template, error) {
	t.WorkspaceID, t.WABAID = x.WorkspaceID, x.WABAID
	if t.Sample != "" {
		components, err := graph.WithSample(t.Components, sampleToCome)
		if err != nil {
			return nil, err
		}
		t.Components = components
	}
	if err := graph.CheckTemplate(t); err != nil {
		return nil, err
	}
	if t.Sample != "" {
		if err := s.uploadSample(ctx, x, t); err != nil {
			return nil, err
		}
	}
	got, err := s.Meta.CreateTemplate(ctx, x, t)
	if err != nil {
		return nil, err
	}
	s.readWords(ctx, x, got)
	return got, s.Store.SaveTemplate(ctx, got)
}

// readWords reads what Meta has written into the template of a one-time code, in
// its language. Without it the next synchronisation does.
func (s *Service) readWords(ctx context.Context, x *parley.Sender, t *parley.Template) {
	if graph.PriceCategory(t) != "authentication" {
		return
	}
	if read, err := s.Meta.Template(ctx, x, t.MetaID); err == nil && read.MetaID == t.MetaID {
		t.Components, t.Format = read.Components, read.Format
	}
}

// DeleteTemplate deletes a template at Meta and here. It returns CodeNotFound.
func (s *Service) DeleteTemplate(ctx context.Context, x *parley.Sender, id string) error {
	t, err := s.template(ctx, x, id)
	if err != nil {
		return err
	}
	if err := s.Meta.DeleteTemplate(ctx, x, t.Name, t.MetaID); err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
		return err
	}
	return s.Store.DeleteTemplate(ctx, x.WorkspaceID, id)
}

// template returns a template of the sender's account. It returns CodeNotFound.
func (s *Service) template(ctx context.Context, x *parley.Sender, id string) (*parley.Template, error) {
	t, err := s.Store.Template(ctx, x.WorkspaceID, id)
	if err == nil && t.WABAID != x.WABAID {
		err = parley.Errorf(parley.CodeNotFound, "The sender's account has no such template.")
	}
	return t, err
}

// Fill holds the values of a template's variables by name, and of buttons by
// index.
type Fill struct {
	Header, Body, Buttons map[string]string
	HeaderFile            string // the attachment that is the header, "" for none
}

// Message is a template with its values, as it is sent.
type Message struct {
	Template *parley.Template
	Values   parley.TemplateMessage
	Files    []parley.Attachment // the header's, or none
	Preview  graph.Preview
	Price    string // in words
	Blocked  string // why it cannot be sent now; "" if it can
}

// Compose fills a template. It returns CodeNotFound, and CodeInvalid with Fields
// for values that are missing or too long.
func (s *Service) Compose(ctx context.Context, x *parley.Sender, id string, fill Fill) (*Message, error) {
	t, err := s.template(ctx, x, id)
	if err != nil {
		return nil, err
	}
	m := &Message{Template: t, Values: values(t, fill), Price: price(t), Blocked: blocked(x, t)}
	if err := s.headerFile(ctx, m, fill.HeaderFile); err != nil {
		return nil, err
	}
	m.Preview, err = graph.RenderTemplate(t, &m.Values)
	return m, err
}

// values puts what was filled in into the order of the template's variables.
func values(t *parley.Template, fill Fill) parley.TemplateMessage {
	needs := graph.TemplateVariables(t)
	m := parley.TemplateMessage{Name: t.Name, Language: t.Language, Category: t.Category}
	named := func(all []graph.Variable, from map[string]string) []parley.TemplateValue {
		var out []parley.TemplateValue
		for _, v := range all {
			value := parley.TemplateValue{Text: strings.TrimSpace(from[v.Name])}
			if t.Format == "named" {
				value.Name = v.Name
			}
			out = append(out, value)
		}
		return out
	}
	m.Header, m.Body = named(needs.Header, fill.Header), named(needs.Body, fill.Body)
	for _, v := range needs.Buttons {
		if v.Kind == graph.OneTimeCode {
			continue
		}
		m.Buttons = append(m.Buttons, parley.ButtonValue{
			Index: v.Button, Kind: v.Kind, Text: strings.TrimSpace(fill.Buttons[strconv.Itoa(v.Button)]),
		})
	}
	graph.FillCodes(&needs, &m)
	return m
}

// blocked says why a template cannot be sent now.
func blocked(x *parley.Sender, t *parley.Template) string {
	if t.Status != parley.TemplateApproved {
		return "Meta has not approved this template: it is " + strings.ToLower(t.Status) + "."
	}
	return Blocked(x)
}

// Quote puts what Meta charges for a message to somebody into its price, as far
// as the price table knows it. It returns what Compose returns.
func (s *Service) Quote(ctx context.Context, m *Message, to To) error {
	category := graph.PriceCategory(m.Template)
	p, err := s.Store.MessagePrice(ctx, m.Template.WorkspaceID, category, to.ConversationID, graph.Phone(to.Phone))
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if p.Input != nil {
		m.Price = "Meta charges " + pricing.FormatUSD(*p.Input) + " USD for this message: its " + category +
			" rate as the price table has it for " + p.Model + ", read on " + p.ReadOn + "."
	}
	return nil
}

// price says what Meta charges where the price table does not. Its rates differ
// by country and are not published in a form that a program could read.
func price(t *parley.Template) string {
	switch graph.PriceCategory(t) {
	case "marketing":
		return "Meta charges its marketing rate of the recipient's country for this message, also within the 24 hours."
	case "utility":
		return "Meta charges its utility rate of the recipient's country for this message, also within the 24 hours."
	case "authentication":
		return "Meta charges its authentication rate of the recipient's country for this message."
	}
	return "The price is not known: the template's category is " + t.Category + "."
}

// To says whom a template goes to: into a conversation, or to a phone number.
type To struct{ ConversationID, Phone string }

// Send sends a template to one person. To a phone number it continues or opens
// the conversation with it. It returns what Compose returns, CodeConflict with
// the reason while it cannot be sent, CodeInvalid for what is no phone number,
// and CodeNotFound for a conversation with another number.
func (s *Service) Send(ctx context.Context, x *parley.Sender, id string, fill Fill, to To, by engine.Actor) (*engine.Received, error) {
	m, err := s.Compose(ctx, x, id, fill)
	if err != nil {
		return nil, err
	}
	if m.Blocked != "" {
		return nil, parley.Errorf(parley.CodeConflict, "%s", m.Blocked)
	}
	conv, err := s.conversation(ctx, x, to)
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(m.Values)
	if err != nil {
		return nil, err
	}
	return s.Engine.SendTemplate(ctx, x.WorkspaceID, conv.ID, by, &parley.Message{
		Content: m.Preview.Text(), Payload: payload, Attachments: m.Files,
	})
}

// conversation returns where a template goes: the conversation, which has to be
// with the sender whose template it is, or the one with a phone number.
func (s *Service) conversation(ctx context.Context, x *parley.Sender, to To) (*parley.Conversation, error) {
	if to.ConversationID != "" {
		conv, err := s.Store.Conversation(ctx, x.WorkspaceID, to.ConversationID)
		if err == nil && conv.SenderID != x.ID {
			err = parley.Errorf(parley.CodeNotFound, "The conversation is not with this number: choose the one that it is with.")
		}
		return conv, err
	}
	phone := graph.Phone(to.Phone)
	if len(phone) < 8 {
		return nil, parley.Errorf(parley.CodeInvalid, "to: give a phone number with its country code, such as +49 30 23125000.")
	}
	conv, _, err := s.Engine.Open(ctx, engine.OpenRequest{
		WorkspaceID: x.WorkspaceID, AssistantID: x.AssistantID, Source: parley.SourceWhatsApp, SenderID: x.ID,
		Identities: []parley.Identity{{Kind: parley.IdentityPhone, Value: phone}}, Silent: true,
	})
	return conv, err
}
