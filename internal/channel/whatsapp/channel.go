package whatsapp

import (
	"context"
	"io"
	"net/http"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp/graph"
)

// Channel sends for every sender. It is safe for concurrent use, and there
// should be one in a process: it knows how fast each number may be used.
type Channel struct {
	graph *graph.API
	rates *limiter
}

// New returns a channel.
func New(c graph.Config) *Channel {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Channel{graph: graph.NewAPI(c), rates: newLimiter(c.Now)}
}

// Source implements channel.Channel.
func (c *Channel) Source() parley.Source { return parley.SourceWhatsApp }

// Send implements channel.Pusher. It sends the message as it is: a message that
// is too long has to be split before.
func (c *Channel) Send(ctx context.Context, out *channel.Outbound) (*channel.Receipt, error) {
	if out.Sender == nil {
		return nil, refuse("sender", "The conversation has no WhatsApp number: choose one that sends.")
	}
	person := recipientOf(out.Identities)
	if person.Value == "" {
		return nil, refuse("recipient", "Nothing is known of the person by which WhatsApp could reach them.")
	}
	receipt, e := c.send(ctx, out, person)
	if e != nil && e.Code == "131053" && len(out.Message.Attachments) > 0 {
		// Meta sometimes cannot take a file that it takes the next time.
		receipt, e = c.send(ctx, out, person)
	}
	if e != nil {
		e.RetryAfter = max(e.RetryAfter, c.rates.strike(out.Sender, person.Value, e))
		return nil, e
	}
	c.rates.accepted(out.Sender, person.Value)
	return receipt, nil
}

func (c *Channel) send(ctx context.Context, out *channel.Outbound, person parley.Identity) (*channel.Receipt, *channel.Error) {
	req, e := c.compose(ctx, out)
	if e != nil {
		return nil, e
	}
	req.MessagingProduct, req.RecipientType, req.OpaqueData = "whatsapp", "individual", graph.Cut(out.Key, 512)
	if person.Kind == parley.IdentityPhone {
		req.To = person.Value
	} else {
		req.Recipient = person.Value
	}
	if out.ReplyTo != "" {
		req.Context = &requestContext{MessageID: out.ReplyTo}
	}
	res, e := c.graph.Do(ctx, out.Sender, graph.Call{
		Method: http.MethodPost, Path: []string{out.Sender.PhoneNumberID, "messages"}, JSON: req, Sends: true,
	})
	if e != nil {
		return nil, e
	}
	id := ""
	if messages := res.List("messages"); len(messages) > 0 {
		id = graph.AsObject(messages[0]).Label("id", graph.MaxID)
	}
	if id == "" {
		return nil, &channel.Error{Action: channel.Ambiguous, Code: "answer",
			Message: "Meta took the message and gave it no id, so what became of it will not be known."}
	}
	return &channel.Receipt{ProviderID: id, Delivery: parley.DeliverySent}, nil
}

// recipientOf returns how WhatsApp reaches a person: by phone, else by the id
// that WhatsApp has for them.
func recipientOf(ids []parley.Identity) parley.Identity {
	for _, kind := range []parley.IdentityKind{parley.IdentityPhone, parley.IdentityBSUID, parley.IdentityBSUIDGroup} {
		for _, id := range ids {
			if id.Kind != kind {
				continue
			}
			if kind == parley.IdentityPhone {
				// Without the plus Meta puts its own country's code before it.
				id.Value = graph.Phone(id.Value)
			}
			if id.Value != "" {
				return id
			}
		}
	}
	return parley.Identity{}
}

// Pace implements channel.Pacer.
func (c *Channel) Pace(out *channel.Outbound) time.Duration {
	if out.Sender == nil {
		return 0
	}
	return c.rates.take(out.Sender, recipientOf(out.Identities).Value)
}

// NoteInbound counts n received messages: Meta's throughput is in and out
// together.
func (c *Channel) NoteInbound(sender *parley.Sender, n int) {
	if sender != nil && n > 0 {
		c.rates.receive(sender, n)
	}
}

// NoteError takes a failure that was reported later, by a status or outside of
// any message, into the rates, as Send does with its own. to are the
// recipient's identities, nil if it concerns no one in particular.
func (c *Channel) NoteError(sender *parley.Sender, to []parley.Identity, e *channel.Error) {
	if sender != nil && e != nil {
		c.rates.strike(sender, recipientOf(to).Value, e)
	}
}

// Signal implements channel.Signaller. WhatsApp shows the typing until the next
// message, at most 25 seconds.
func (c *Channel) Signal(ctx context.Context, sender *parley.Sender, providerID string, typing bool) error {
	if sender == nil || providerID == "" {
		return refuse("sender", "There is no message to mark as read.")
	}
	body := map[string]any{"messaging_product": "whatsapp", "status": "read", "message_id": providerID}
	if typing {
		body["typing_indicator"] = map[string]string{"type": "text"}
	}
	_, e := c.graph.Do(ctx, sender, graph.Call{
		Method: http.MethodPost, Path: []string{sender.PhoneNumberID, "messages"}, JSON: body,
	})
	return orNil(e)
}

// Fetch implements channel.Fetcher. The file is whole and is the right one when
// the reader has come to its end without an error.
func (c *Channel) Fetch(ctx context.Context, sender *parley.Sender, m channel.Media, limit int64) (io.ReadCloser, error) {
	if sender == nil {
		return nil, refuse("sender", "The file belongs to no WhatsApp number.")
	}
	r, e := c.fetch(ctx, sender, m, limit)
	if e != nil {
		return nil, e
	}
	return r, nil
}

// refuse is a message that cannot be sent as it is.
func refuse(code, message string) *channel.Error {
	return &channel.Error{Action: channel.Fail, Code: code, Message: message}
}

// orNil keeps a nil pointer from becoming an error that is not nil.
func orNil(e *channel.Error) error {
	if e == nil {
		return nil
	}
	return e
}
