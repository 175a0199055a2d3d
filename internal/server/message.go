package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/markup"
	"parley/internal/store"
)

func (s *Server) listMessages(ctx context.Context, in *listMessages) (*reply[MessagePage], error) {
	ws := who(ctx).workspace
	if _, err := s.Store.Conversation(ctx, ws, in.ID); err != nil {
		return nil, err
	}
	found, err := s.Store.Messages(ctx, ws, in.ID, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := MessagePage{Data: mapped(found, s.messageJSON)}
	if len(found) == in.Limit {
		next := strconv.FormatInt(found[len(found)-1].Seq, 10)
		out.NextCursor = &next
	}
	return &reply[MessagePage]{out}, nil
}

func (s *Server) messageJSON(m *parley.Message) Message {
	out := Message{
		ID: m.ID, Seq: m.Seq, Rev: m.Rev, Role: m.Role, Type: m.Type, Content: m.Content,
		Attachments: notNil(m.Attachments), ToolCalls: notNil(m.ToolCalls), Choices: notNil(m.Choices),
		ReplyTo: orNull(m.ReplyTo), Delivery: orNull(m.Delivery), Error: m.Error, TurnID: orNull(m.TurnID),
		CreatedAt: m.CreatedAt.UTC(), EditedAt: timeOrNull(m.EditedAt), DeletedAt: timeOrNull(m.DeletedAt),
	}
	if m.AuthorID != "" {
		out.Author = &Ref{ID: m.AuthorID, Name: m.AuthorName}
	}
	if m.Role == parley.ByAssistant {
		out.HTML = s.markup.Markdown(m.Content)
	} else {
		out.HTML = markup.Text(m.Content)
	}
	return out
}

// maxWait is the longest ?wait=.
const maxWait = 120 * time.Second

// postMessage is the hot path: it reads and writes its JSON itself.
func (s *Server) postMessage(c *call) error {
	in, wait, err := readNewMessage(c)
	if err != nil {
		return err
	}
	id := c.r.PathValue("id")
	var m *parley.Message
	switch in.Role {
	case parley.ByOperator:
		m, err = s.writeAsOperator(c, id, in)
	case "", parley.ByUser:
		m, err = s.writeAsContact(c, id, in)
	default:
		err = parley.Errorf(parley.CodeInvalid, "role: a message can be written as user or operator.")
	}
	if err != nil {
		return err
	}
	out := Sent{Message: s.messageJSON(m)}
	if wait > 0 {
		replies, err := s.Engine.WaitReplies(c, m.WorkspaceID, m.ConversationID, m.Seq, wait)
		if err != nil {
			return err
		}
		out.Replies = mapped(replies, s.messageJSON)
	}
	return writeJSON(c, http.StatusCreated, out)
}

func readNewMessage(c *call) (in *NewMessage, wait time.Duration, err error) {
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
	in = new(NewMessage)
	if err := decodeStrict(data, in); err != nil {
		return nil, 0, err
	}
	if err := parley.CheckContent(in.Content); err != nil {
		return nil, 0, err
	}
	switch {
	case len(in.Attachments) > 10:
		err = parley.Errorf(parley.CodeInvalid, "attachments: a message has at most ten.")
	case strings.TrimSpace(in.Content) == "" && len(in.Attachments) == 0:
		err = parley.Errorf(parley.CodeInvalid, "content: the message is empty.")
	case in.ReplyTo != "" && !parley.ValidID(in.ReplyTo):
		err = parley.Errorf(parley.CodeInvalid, "reply_to: %q is not a message's id.", in.ReplyTo)
	}
	return in, wait, err
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
		_, err = io.ReadFull(c.r.Body, data)
	} else {
		data, err = io.ReadAll(io.LimitReader(c.r.Body, maxJSON+1))
	}
	switch {
	case err != nil:
		return nil, parley.Errorf(parley.CodeInvalid, "The body could not be read: %w", err)
	case len(data) > maxJSON:
		return nil, parley.Errorf(parley.CodeTooLarge, "The body is too large: at most 1 MB are taken.")
	}
	return data, nil
}

func (s *Server) writeAsContact(c *call, id string, in *NewMessage) (*parley.Message, error) {
	files, err := s.attachments(c, in.Attachments)
	if err != nil {
		return nil, err
	}
	key, err := messageKey(c)
	if err != nil {
		return nil, err
	}
	if err := s.checkReplyTo(c, id, in.ReplyTo); err != nil {
		return nil, err
	}
	got, err := s.Engine.Receive(c, channel.Inbound{
		WorkspaceID: c.who.workspace, ConversationID: id, ProviderID: key, Type: typeOf(files),
		Content: in.Content, Attachments: files, ReplyTo: in.ReplyTo,
	})
	if err != nil {
		return nil, err
	}
	return got.Message, nil
}

func (s *Server) writeAsOperator(c *call, id string, in *NewMessage) (*parley.Message, error) {
	files, err := s.attachments(c, in.Attachments)
	if err != nil {
		return nil, err
	}
	key, err := messageKey(c)
	if err != nil {
		return nil, err
	}
	if err := s.checkReplyTo(c, id, in.ReplyTo); err != nil {
		return nil, err
	}
	got, err := s.Engine.OperatorMessage(c, c.who.workspace, id, c.who.actor(), &parley.Message{
		Type: typeOf(files), Content: in.Content, Attachments: files, ReplyTo: in.ReplyTo, ProviderID: key,
	})
	if err != nil {
		return nil, err
	}
	return got.Message, nil
}

// messageKey maps an Idempotency-Key to the message's own id at its sender, so
// that a repeat is found by the statement that records the message.
func messageKey(c *call) (string, error) {
	key := c.r.Header.Get("Idempotency-Key")
	if key == "" {
		return "", nil
	}
	if err := checkIdempotencyKey(key); err != nil {
		return "", err
	}
	return "idem:" + c.who.id() + ":" + key, nil
}

// checkReplyTo refuses a reply to a message of another conversation.
func (s *Server) checkReplyTo(c *call, conv, id string) error {
	if id == "" {
		return nil
	}
	_, err := s.Store.Message(c, c.who.workspace, conv, id)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return parley.Errorf(parley.CodeInvalid, "reply_to: the conversation has no such message.")
	}
	return err
}

// attachments returns the uploaded files of a message, in its order.
func (s *Server) attachments(c *call, ids []string) ([]parley.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	stored, err := s.Store.Attachments(c, c.who.workspace, ids)
	if err != nil {
		return nil, err
	}
	files := make([]parley.Attachment, len(ids))
	for i, id := range ids {
		at := slices.IndexFunc(stored, func(a store.StoredAttachment) bool { return a.ID == id })
		if at < 0 {
			return nil, parley.Errorf(parley.CodeInvalid, "attachments: there is no file %q.", id)
		}
		files[i] = stored[at].Attachment
	}
	return files, nil
}

func typeOf(files []parley.Attachment) parley.MessageType {
	switch {
	case len(files) == 0:
		return parley.MessageText
	case strings.HasPrefix(files[0].MIMEType, "image/"):
		return parley.MessageImage
	}
	return parley.MessageFile
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
