package imports

import (
	"context"
	"slices"
	"time"

	"parley"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
)

// missing says of a file that only its name came along.
const missing = "Files are not part of an import."

// settle makes a conversation of another Parley the history that it is here. It
// returns CodeInvalid for what this one would not have written.
func (s *step) settle(ctx context.Context, c *exports.Imported) error {
	conv := &c.Conversation
	first, last := conv.StartedAt, conv.StartedAt
	for i := range c.Messages {
		m := &c.Messages[i]
		if err := known(m); err != nil {
			return err
		}
		if m.CreatedAt.After(last) {
			last = m.CreatedAt
		}
		if m.CreatedAt.Before(first) {
			first = m.CreatedAt
		}
		for k := range m.Attachments {
			a := &m.Attachments[k]
			a.ID, a.State, a.Error, a.Pending = key("file", conv.ID, a.ID), parley.AttachmentMissing, missing, nil
		}
		conv.HasAttachment = conv.HasAttachment || len(m.Attachments) > 0
	}
	if err := inTime(first, last, s.Now()); err != nil {
		return err
	}
	if err := s.deskInTime(&c.Furniture); err != nil {
		return err
	}
	if e := c.Evaluation; e != nil && !slices.Contains([]parley.Sentiment{"", parley.SentimentPositive, parley.SentimentNeutral, parley.SentimentNegative}, e.Sentiment) {
		return parley.Errorf(parley.CodeInvalid, "Its evaluation has a sentiment that is not known.")
	}
	if conv.Status == parley.ConversationActive {
		c.Messages = append(c.Messages, end(conv, parley.EndInactivity, last))
	}
	if !slices.Contains([]parley.EndReason{parley.EndInactivity, parley.EndAssistant, parley.EndOperator, parley.EndContact}, conv.EndReason) {
		conv.EndReason = parley.EndInactivity
	}
	if conv.EndedAt.IsZero() {
		conv.EndedAt = last
	}
	conv.Owner, conv.OperatorID, conv.Waiting, c.IdleAt = parley.OwnerAssistant, "", false, time.Time{}
	c.Usage = nil // it was not spent here
	if v := c.Visitor; v != nil {
		if _, err := s.Conversations.Widget(ctx, s.Workspace, v.WidgetID); parley.ErrorCode(err) == parley.CodeNotFound {
			c.Visitor = nil // of a website that is not here
		} else if err != nil {
			return err
		}
	}
	return nil
}

// deskInTime returns CodeInvalid if something stands on a conversation since a
// time that cannot be.
func (s *step) deskInTime(f *desk.Furniture) error {
	if r := f.Review; r != nil {
		if err := inTime(r.At, r.At, s.Now()); err != nil {
			return err
		}
	}
	for i := range f.Notes {
		o := &f.Notes[i]
		last := o.CreatedAt
		if !o.EditedAt.IsZero() {
			last = o.EditedAt
		}
		if err := inTime(o.CreatedAt, last, s.Now()); err != nil {
			return err
		}
	}
	return nil
}

// known returns CodeInvalid for a message of a kind that there is not.
func known(m *parley.Message) error {
	types := []parley.MessageType{
		"", parley.MessageText, parley.MessageImage, parley.MessageAudio, parley.MessageVideo, parley.MessageSticker, parley.MessageFile,
		parley.MessageLocation, parley.MessageContacts, parley.MessageChoice, parley.MessageReaction, parley.MessageOrder,
		parley.MessageTemplate, parley.MessageUnsupported, parley.MessageEvent,
	}
	deliveries := []parley.Delivery{
		"", parley.DeliveryUnknown, parley.DeliverySent, parley.DeliveryDelivered, parley.DeliveryRead, parley.DeliveryPlayed,
		parley.DeliveryFailed, parley.DeliveryCanceled,
	}
	if !slices.Contains(types, m.Type) || !slices.Contains(deliveries, m.Delivery) {
		return parley.Errorf(parley.CodeInvalid, "A message has a type or a delivery that is not known.")
	}
	return nil
}

// end ends a conversation and returns what its log says of that.
func end(conv *parley.Conversation, reason parley.EndReason, at time.Time) parley.Message {
	conv.Status, conv.EndReason, conv.EndedAt = parley.ConversationEnded, reason, at
	text := "Ended, because nobody wrote any more."
	if reason == parley.EndOperator {
		text = "Ended by an operator."
	}
	return parley.Message{
		ID: key("end", conv.ID), Role: parley.BySystem, Type: parley.MessageEvent, Event: parley.EventEnd + parley.Event(reason), Content: text, CreatedAt: at,
	}
}
