package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/webchat"
	"parley/internal/engine"
	"parley/internal/server/wire"
	"parley/internal/store"
)

func (s *Server) listMessages(ctx context.Context, in *listMessages) (*reply[wire.MessagePage], error) {
	ws := who(ctx).Workspace
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
	return &reply[wire.MessagePage]{out}, nil
}

func (s *Server) message(m *parley.Message) wire.Message { return wire.MessageOf(m, s.html) }

// maxWait is the longest ?wait=.
const maxWait = 120 * time.Second

// postMessage is the hot path: it reads and writes its JSON itself.
func (s *Server) postMessage(c *call) error {
	in, wait, err := readNewMessage(c)
	if err != nil {
		return err
	}
	msg, err := s.inbound(c, in)
	if err != nil {
		return err
	}
	var got *engine.Received
	switch in.Role {
	case parley.ByOperator:
		got, err = s.Engine.OperatorMessage(c, msg.WorkspaceID, msg.ConversationID, c.who.Actor(), &parley.Message{
			Type: msg.Type, Content: msg.Content, Attachments: msg.Attachments, ReplyTo: msg.ReplyTo, ProviderID: msg.ProviderID,
		})
	case "", parley.ByUser:
		got, err = s.Engine.Receive(c, *msg)
	default:
		err = parley.Errorf(parley.CodeInvalid, "role: a message can be written as user or operator.")
	}
	if err != nil {
		return err
	}
	m := got.Message
	out := wire.Sent{ConversationID: m.ConversationID, Message: wire.MessageOf(m, s.html)}
	if wait > 0 {
		replies, err := s.Engine.WaitReplies(c, m.WorkspaceID, m.ConversationID, m.Seq, wait)
		if err != nil {
			return err
		}
		out.Replies = wire.Mapped(replies, s.message)
	}
	return writeJSON(c, http.StatusCreated, out)
}

func readNewMessage(c *call) (in *wire.NewMessage, wait time.Duration, err error) {
	if q := c.r.URL.RawQuery; q != "" {
		if w := c.r.URL.Query().Get("wait"); w != "" {
			seconds, err := strconv.ParseFloat(w, 64)
			if err != nil || !(seconds >= 0 && seconds <= maxWait.Seconds()) {
				return nil, 0, parley.Errorf(parley.CodeInvalid, "wait: give 0 to %.0f seconds.", maxWait.Seconds())
			}
			wait = time.Duration(seconds * float64(time.Second))
		}
	}
	data, err := readBody(c)
	if err != nil {
		return nil, 0, err
	}
	in = new(wire.NewMessage)
	if err := wire.DecodeStrict(data, in); err != nil {
		return nil, 0, err
	}
	return in, wait, nil
}

// maxJSON is the largest JSON body.
const maxJSON = 1 << 20

// readBody reads a JSON body. It returns CodeTooLarge and CodeInvalid.
func readBody(c *call) ([]byte, error) {
	if kind, _, _ := strings.Cut(c.r.Header.Get("Content-Type"), ";"); kind != "" && kind != "application/json" {
		return nil, parley.Errorf(parley.CodeInvalid, "The body must be JSON, with Content-Type: application/json.")
	}
	if c.r.ContentLength > maxJSON {
		return nil, parley.Errorf(parley.CodeTooLarge, "The body is too large: at most 1 MB are taken.")
	}
	var data []byte
	var err error
	if n := c.r.ContentLength; n >= 0 {
		data = make([]byte, n)
		_, err = io.ReadFull(c.body, data)
	} else {
		data, err = io.ReadAll(io.LimitReader(c.body, maxJSON+1))
	}
	switch {
	case err != nil:
		return nil, parley.Errorf(parley.CodeInvalid, "The body could not be read: %w", err)
	case len(data) > maxJSON:
		return nil, parley.Errorf(parley.CodeTooLarge, "The body is too large: at most 1 MB are taken.")
	}
	return data, nil
}

// inbound turns what was posted into a message. Its Idempotency-Key becomes the
// message's own id at its sender, so that the statement that records the message
// finds a repeat.
func (s *Server) inbound(c *call, in *wire.NewMessage) (*channel.Inbound, error) {
	from := webchat.Origin{WorkspaceID: c.who.Workspace, ConversationID: c.r.PathValue("id")}
	if key := c.r.Header.Get("Idempotency-Key"); key != "" {
		if err := checkIdempotencyKey(key); err != nil {
			return nil, err
		}
		from.Key = c.who.ID() + ":" + key
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
func (s *Server) checkReplyTo(c *call, conv, id string) error {
	if id == "" {
		return nil
	}
	_, err := s.Store.Message(c, c.who.Workspace, conv, id)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return parley.Errorf(parley.CodeInvalid, "reply_to: the conversation has no such message.")
	}
	return err
}

// attachments returns the uploaded files with these ids that exist.
func (s *Server) attachments(c *call, ids []string) ([]parley.Attachment, error) {
	if len(ids) == 0 || len(ids) > webchat.MaxAttachments {
		return nil, nil
	}
	for _, id := range ids {
		if !parley.ValidID(id) {
			return nil, parley.Errorf(parley.CodeInvalid, "attachments: %q is not an id.", id)
		}
	}
	stored, err := s.Store.Attachments(c, c.who.Workspace, ids)
	return wire.Mapped(stored, func(a *store.StoredAttachment) parley.Attachment { return a.Attachment }), err
}

// writeJSON answers with v.
func writeJSON(c *call, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h["Content-Type"] = jsonType
	h.Set("Content-Length", strconv.Itoa(len(b)+1))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(append(b, '\n')) // the reader may have gone
	return nil
}
