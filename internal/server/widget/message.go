package widget

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"parley"
	"parley/internal/channel/webchat"
	"parley/internal/live"
	"parley/internal/server/wire"
	"parley/internal/store"
)

// maxPage is how many messages are read at once.
const maxPage = 200

func (s *Visitors) messages(c *call) error {
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	after, limit := int64(0), maxPage
	q := c.r.URL.Query()
	if v := q.Get("after"); v != "" {
		if after, err = strconv.ParseInt(v, 10, 64); err != nil || after < 0 {
			return refuse(parley.CodeInvalid, "after", "after is a seq.")
		}
	}
	if v := q.Get("limit"); v != "" {
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > maxPage {
			return refuse(parley.CodeInvalid, "limit", "limit is from 1 to 200.")
		}
	}
	found, err := s.Store.Messages(c, row.WorkspaceID, row.ID, after, limit)
	if err != nil {
		return err
	}
	out := Messages{Data: []Message{}, LastSeq: after, Rev: row.Rev, More: len(found) == limit}
	html := s.html(c)
	for i := range found {
		out.LastSeq = found[i].Seq
		if m, ok := messageOf(&found[i], html, c.widget.Settings.ShowToolCalls); ok {
			out.Data = append(out.Data, m)
		}
	}
	return c.answer(http.StatusOK, out)
}

// send records a message of the visitor, once for its client id: also when the
// conversation has ended since the first try, or has become too long with it.
func (s *Visitors) send(c *call) error {
	var in Send
	if err := c.decode(&in); err != nil {
		return err
	}
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	if err := mayWrite(c); err != nil {
		return err
	}
	was, err := s.repeated(c, &in)
	if err != nil {
		return err
	}
	if was != nil {
		return c.answer(http.StatusOK, was)
	}
	if err := s.mayWriteNow(c, &in); err != nil {
		return err
	}
	if row.MessageCount >= c.widget.Settings.Limits.MessagesPerConversation {
		return refuse(parley.CodeConflict, "limit", "This conversation has become too long. Start a new one.")
	}
	files, err := s.files(c, row, in.Attachments)
	if err != nil {
		return err
	}
	if in.ReplyTo != "" {
		if _, err := s.Store.Message(c, row.WorkspaceID, row.ID, in.ReplyTo); err != nil {
			return refuse(parley.CodeInvalid, "reply_to", "The conversation has no such message.")
		}
	}
	msg, err := webchat.New(c.who.source()).Inbound(webchat.Origin{
		WorkspaceID: row.WorkspaceID, ConversationID: row.ID, Key: messageKey(c.widget.ID, in.ClientID),
	}, &webchat.Body{Content: in.Content, Attachments: in.Attachments, ReplyTo: in.ReplyTo}, files)
	if err != nil {
		return err
	}
	got, err := s.Engine.Receive(c, *msg)
	if err != nil {
		return err
	}
	out, _ := messageOf(got.Message, s.html(c), false)
	return c.answer(http.StatusCreated, Sent{ConversationID: got.Conversation.ID, Message: out, Duplicate: got.Duplicate})
}

// mayWriteNow refuses a message that is too long, or comes outside of the hours
// or too soon.
func (s *Visitors) mayWriteNow(c *call, in *Send) error {
	if utf8.RuneCountInString(in.Content) > c.widget.Settings.Limits.MessageChars {
		return refuse(parley.CodeTooLarge, "content", "The message is too long.")
	}
	if err := s.answered(c); err != nil {
		return err
	}
	return s.message(c)
}

// repeated returns the message that was sent with this client id before, nil if
// none was. Ids of other visitors' messages are a conflict and tell nothing.
func (s *Visitors) repeated(c *call, in *Send) (*Sent, error) {
	if !parley.ValidID(in.ClientID) {
		return nil, refuse(parley.CodeInvalid, "client_id", "client_id is a UUID in lower case.")
	}
	was, err := s.Store.MessageByProviderID(c, c.widget.WorkspaceID, "", "idem:"+messageKey(c.widget.ID, in.ClientID))
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	owns, err := s.Store.VisitorOwns(c, c.widget.WorkspaceID, c.widget.ID, c.who.ID, was.ConversationID)
	if err != nil {
		return nil, err
	}
	if !owns || was.Content != in.Content || len(was.Attachments) != len(in.Attachments) {
		return nil, refuse(parley.CodeConflict, "client_id", "Another message was sent with this client_id.")
	}
	out, _ := messageOf(was, s.html(c), false)
	return &Sent{ConversationID: was.ConversationID, Message: out, Duplicate: true}, nil
}

// files returns the uploaded files with these ids. Only those of the same
// conversation's visitor are found.
func (s *Visitors) files(c *call, row *store.VisitorRow, ids []string) ([]parley.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > webchat.MaxAttachments || slices.ContainsFunc(ids, func(id string) bool { return !parley.ValidID(id) }) {
		return nil, refuse(parley.CodeInvalid, "attachments", "These are not ids of files, or too many.")
	}
	found, err := s.Store.Attachments(c, row.WorkspaceID, ids)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(a store.StoredAttachment) bool { return a.CreatedBy != row.ID })
	return wire.Mapped(found, func(a *store.StoredAttachment) parley.Attachment { return a.Attachment }), nil
}

// typing tells those who watch that the visitor is writing. Too much of it is
// not worth an error.
func (s *Visitors) typing(c *call) error {
	if err := c.decode(&struct{}{}); err != nil {
		return err
	}
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	if err := mayWrite(c); err != nil {
		return err
	}
	if _, err := s.limits.typing.Take(c.widget.ID + c.who.ID); err == nil {
		s.Hub.Publish(live.Event{
			Type: live.Typing, WorkspaceID: row.WorkspaceID, ConversationID: row.ID, Typing: &live.Writer{Role: parley.ByUser},
		})
	}
	return c.done()
}

// leave keeps an e-mail address, and perhaps a message, for a person.
func (s *Visitors) leave(c *call) error {
	var in Leave
	if err := c.decode(&in); err != nil {
		return err
	}
	in.Email = tidy(in.Email)
	if in.Content == "" {
		in.Content = in.Email
	}
	send := &Send{ClientID: in.ClientID, Content: in.Content}
	switch err := mayWrite(c); {
	case err != nil:
		return err
	case !parley.CheckEmail(in.Email):
		return refuse(parley.CodeInvalid, "values.email", "field_email")
	case utf8.RuneCountInString(in.Content) > c.widget.Settings.Limits.MessageChars:
		return refuse(parley.CodeTooLarge, "content", "The message is too long.")
	}
	was, err := s.repeated(c, send)
	if err != nil {
		return err
	}
	if was != nil {
		return s.started(c, was.ConversationID, false)
	}
	if err := s.message(c); err != nil {
		return err
	}
	return s.leaveAnew(c, &in, send)
}

func (s *Visitors) leaveAnew(c *call, in *Leave, send *Send) error {
	row, err := s.active(c)
	if err != nil {
		return err
	}
	email, err := json.Marshal(in.Email)
	if err != nil {
		return err
	}
	conv, created, err := s.begin(c, row, &opening{
		name: cmp.Or(c.who.name(), tidy(in.Name), in.Email), email: in.Email, language: in.Language, page: in.Page,
		variables: []parley.Variable{{Name: "email", Source: parley.FromPreChat, Type: parley.TypeText, Value: email}},
	})
	if err != nil {
		return err
	}
	if conv, err = s.Store.LeaveEmail(c, conv.WorkspaceID, conv.ID, in.Email); err != nil {
		return err
	}
	msg, err := webchat.New(c.who.source()).Inbound(webchat.Origin{
		WorkspaceID: conv.WorkspaceID, ConversationID: conv.ID, Key: messageKey(c.widget.ID, in.ClientID),
	}, &webchat.Body{Content: send.Content}, nil)
	if err != nil {
		return err
	}
	msg.ForPerson = true
	got, err := s.Engine.Receive(c, *msg)
	if err != nil {
		return err
	}
	return s.started(c, got.Conversation.ID, created)
}

// started answers with a conversation of the visitor.
func (s *Visitors) started(c *call, id string, created bool) error {
	c.r.SetPathValue("id", id)
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return c.answer(status, Started{Conversation: conversationOf(row), Created: created})
}
