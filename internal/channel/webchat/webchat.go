// Package webchat is the protocol of the sources whose readers fetch their
// messages from Parley itself: Test Chat, the Web Widget and the API.
//
// It turns a JSON body into an inbound message and Markdown into HTML that is
// safe to show. Nothing is sent out, so it is no channel.Pusher. It must never
// let a byte of what somebody wrote become markup that can act.
package webchat

import (
	"slices"
	"strings"

	"parley"
	"parley/internal/channel"
)

// Channel serves one of the sources that speak the protocol.
type Channel struct{ source parley.Source }

// New returns the channel of a source.
func New(source parley.Source) *Channel { return &Channel{source: source} }

// Source implements channel.Channel.
func (c *Channel) Source() parley.Source { return c.source }

// MaxAttachments is the largest number of files with one message.
const MaxAttachments = 10

// Body is the JSON that a client posts.
type Body struct {
	Content     string   `json:"content"`
	Attachments []string `json:"attachments,omitempty"` // ids of uploaded files
	ReplyTo     string   `json:"reply_to,omitempty"`
}

// Origin is what the server knows about who posted.
type Origin struct {
	WorkspaceID    string
	ConversationID string
	Identities     []parley.Identity
	ContactName    string
	// Key is the idempotency key of the request, "" if it has none. It must
	// hold the principal, so that the keys of two callers never meet.
	Key string
}

// Inbound turns a body into a message. files are the attachments that it
// names, as the store knows them. It returns CodeInvalid for an empty message,
// a bad id or too many files, and what parley.CheckContent returns.
func (c *Channel) Inbound(from Origin, body *Body, files []parley.Attachment) (*channel.Inbound, error) {
	if err := parley.CheckContent(body.Content); err != nil {
		return nil, err
	}
	switch {
	case strings.TrimSpace(body.Content) == "" && len(body.Attachments) == 0:
		return nil, parley.Errorf(parley.CodeInvalid, "The message is empty.")
	case len(body.Attachments) > MaxAttachments:
		return nil, parley.Errorf(parley.CodeInvalid, "A message holds at most %d files.", MaxAttachments)
	case body.ReplyTo != "" && !parley.ValidID(body.ReplyTo):
		return nil, parley.Errorf(parley.CodeInvalid, "reply_to is not the id of a message.")
	}
	in := &channel.Inbound{
		WorkspaceID:    from.WorkspaceID,
		ConversationID: from.ConversationID,
		Source:         c.source,
		Identities:     from.Identities,
		ContactName:    from.ContactName,
		Type:           parley.MessageText,
		Content:        body.Content,
		ReplyTo:        body.ReplyTo,
	}
	if from.Key != "" {
		in.ProviderID = "idem:" + from.Key
	}
	for _, id := range body.Attachments {
		i := slices.IndexFunc(files, func(a parley.Attachment) bool { return a.ID == id })
		if i < 0 {
			return nil, parley.Errorf(parley.CodeInvalid, "The file %q does not exist.", id)
		}
		in.Attachments = append(in.Attachments, files[i])
	}
	if len(in.Attachments) > 0 {
		in.Type = TypeOf(in.Attachments[0])
	}
	return in, nil
}

// TypeOf returns the type of a message that begins with a.
func TypeOf(a parley.Attachment) parley.MessageType {
	kind, _, _ := strings.Cut(a.MIMEType, "/")
	switch kind {
	case "image":
		return parley.MessageImage
	case "audio":
		return parley.MessageAudio
	case "video":
		return parley.MessageVideo
	}
	return parley.MessageFile
}
