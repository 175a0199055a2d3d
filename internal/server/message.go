package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/webchat"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store"
)

func (s *Server) listMessages(ctx context.Context, in *listMessages) (*api.Reply[wire.MessagePage], error) {
	ws := api.Who(ctx).Workspace
	if _, err := s.Store.Conversation(ctx, ws, in.ID); err != nil {
		return nil, err
	}
	found, err := s.Store.Messages(ctx, ws, in.ID, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.MessagePage{Data: wire.Mapped(found, s.message)}
	if len(found) == in.Limit {
		next := strconv.FormatInt(found[len(found)-1].Seq, 10)
		out.NextCursor = &next
	}
	return api.Answer(out), nil
}

func (s *Server) message(m *parley.Message) wire.Message { return wire.MessageOf(m, s.html) }

// settleMessage lets a person say what became of a message that may have been
// sent.
func (s *Server) settleMessage(ctx context.Context, in *settleMessage) (*api.Reply[wire.Message], error) {
	m, err := s.Engine.SettleUnknown(ctx, api.Who(ctx).Workspace, in.ID, in.MessageID, in.Body.Delivery)
	if err != nil {
		return nil, err
	}
	return api.Answer(s.message(m)), nil
}

// maxWait is the longest ?wait=.
const maxWait = 120 * time.Second

// postMessage is the hot path: it reads and writes its JSON itself.
func (s *Server) postMessage(c *api.Call) error {
	in, body, wait, err := readNewMessage(c)
	if err != nil {
		return err
	}
	msg, err := s.inbound(c, in)
	if err != nil {
		return err
	}
	switch in.Role {
	case parley.ByOperator:
		// The message's own id at its sender becomes the channel's, so that it
		// cannot tell a repeat.
		return s.api.Once(c, body, func(c *api.Call) error {
			got, err := s.Engine.OperatorMessage(c, msg.WorkspaceID, msg.ConversationID, c.Who.Actor(), &parley.Message{
				Type: msg.Type, Content: msg.Content, Attachments: msg.Attachments, ReplyTo: msg.ReplyTo,
			})
			if err != nil {
				return err
			}
			return s.answerMessage(c, got.Message, wait)
		})
	case "", parley.ByUser:
		got, err := s.Engine.Receive(c, *msg)
		if err != nil {
			return err
		}
		return s.answerMessage(c, got.Message, wait)
	}
	return parley.Errorf(parley.CodeInvalid, "role: a message can be written as user or operator.")
}

// answerMessage answers with a message, and the replies to it if they were asked
// for.
func (s *Server) answerMessage(c *api.Call, m *parley.Message, wait time.Duration) error {
	out := wire.Sent{ConversationID: m.ConversationID, Message: wire.MessageOf(m, s.html)}
	if wait > 0 {
		replies, err := s.Engine.WaitReplies(c, m.WorkspaceID, m.ConversationID, m.Seq, wait)
		if err != nil {
			return err
		}
		out.Replies = wire.Mapped(replies, s.message)
	}
	return api.WriteJSON(c, http.StatusCreated, out)
}

func readNewMessage(c *api.Call) (in *wire.NewMessage, body []byte, wait time.Duration, err error) {
	if q := c.R.URL.RawQuery; q != "" {
		if w := c.R.URL.Query().Get("wait"); w != "" {
			seconds, err := strconv.ParseFloat(w, 64)
			if err != nil || !(seconds >= 0 && seconds <= maxWait.Seconds()) {
				return nil, nil, 0, parley.Errorf(parley.CodeInvalid, "wait: give 0 to %.0f seconds.", maxWait.Seconds())
			}
			wait = time.Duration(seconds * float64(time.Second))
		}
	}
	body, err = api.ReadBody(c)
	if err != nil {
		return nil, nil, 0, err
	}
	in = new(wire.NewMessage)
	if err := wire.DecodeStrict(body, in); err != nil {
		return nil, nil, 0, err
	}
	return in, body, wait, nil
}

// inbound turns what was posted into a message. Its Idempotency-Key becomes the
// message's own id at its sender, so that the statement that records the message
// finds a repeat.
func (s *Server) inbound(c *api.Call, in *wire.NewMessage) (*channel.Inbound, error) {
	from := webchat.Origin{WorkspaceID: c.Who.Workspace, ConversationID: c.R.PathValue("id")}
	if key := c.R.Header.Get("Idempotency-Key"); key != "" {
		if err := api.CheckIdempotencyKey(key); err != nil {
			return nil, err
		}
		from.Key = c.Who.ID() + ":" + key
	}
	files, err := s.attachments(c, in.Attachments)
	if err != nil {
		return nil, err
	}
	body := &webchat.Body{Content: in.Content, Attachments: in.Attachments, ReplyTo: in.ReplyTo}
	msg, err := webchat.New(parley.SourceAPI).Inbound(from, body, files)
	if err != nil {
		return nil, err
	}
	return msg, s.checkReplyTo(c, from.ConversationID, in.ReplyTo)
}

// checkReplyTo refuses a reply to a message of another conversation.
func (s *Server) checkReplyTo(c *api.Call, conv, id string) error {
	if id == "" {
		return nil
	}
	_, err := s.Store.Message(c, c.Who.Workspace, conv, id)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return parley.Errorf(parley.CodeInvalid, "reply_to: the conversation has no such message.")
	}
	return err
}

// attachments returns the uploaded files with these ids that exist.
func (s *Server) attachments(c *api.Call, ids []string) ([]parley.Attachment, error) {
	if len(ids) == 0 || len(ids) > webchat.MaxAttachments {
		return nil, nil
	}
	for _, id := range ids {
		if !parley.ValidID(id) {
			return nil, parley.Errorf(parley.CodeInvalid, "attachments: %q is not an id.", id)
		}
	}
	stored, err := s.Store.Attachments(c, c.Who.Workspace, ids)
	return wire.Mapped(stored, func(a *store.StoredAttachment) parley.Attachment { return a.Attachment }), err
}
