package foreign

import (
	"cmp"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"parley"
)

// What Dify's API and its console answer with, and what its exports hold, as far
// as it is read.
type (
	difyConv struct {
		ID           id              `json:"id"`
		AppID        id              `json:"app_id"`
		Introduction string          `json:"introduction"`
		Inputs       cwDetails       `json:"inputs"`
		EndUserID    id              `json:"from_end_user_id"`
		SessionID    id              `json:"from_end_user_session_id"`
		AccountName  string          `json:"from_account_name"`
		CreatedAt    stamp           `json:"created_at"`
		Messages     json.RawMessage `json:"messages"`
	}
	difyMsg struct {
		ID          id             `json:"id"`
		MessageID   id             `json:"message_id"`
		AppID       id             `json:"app_id"`
		Inputs      cwDetails      `json:"inputs"`
		Query       string         `json:"query"`
		UserQuery   string         `json:"user_query"`
		Answer      string         `json:"answer"`
		AIResponse  string         `json:"ai_response"`
		Error       string         `json:"error"`
		EndUserID   id             `json:"from_end_user_id"`
		SessionID   id             `json:"from_end_user_session_id"`
		EndUser     id             `json:"end_user_id"`
		Files       []difyFile     `json:"message_files"`
		Feedback    *difyFeedback  `json:"feedback"`
		Feedbacks   []difyFeedback `json:"feedbacks"`
		CreatedAt   stamp          `json:"created_at"`
		MessageDate stamp          `json:"message_date"`
	}
	difyFile struct {
		ID        id     `json:"id"`
		Name      string `json:"filename"`
		Kind      string `json:"type"`
		MIMEType  string `json:"mime_type"`
		URL       string `json:"url"`
		BelongsTo string `json:"belongs_to"`
	}
	difyFeedback struct {
		Rating  string `json:"rating"` // like or dislike
		Content string `json:"content"`
		Source  string `json:"from_source"` // user or admin
	}
)

// dify puts the parts of a conversation of Dify together.
func (x *Index) dify(e *Entry, all []piece) (*Conversation, error) {
	c := &Conversation{System: Dify, ID: e.Key, Source: parley.SourceAPI}
	for _, p := range all {
		var conv difyConv
		var messages []difyMsg
		var err error
		switch p.kind {
		case difyMessage:
			messages = make([]difyMsg, 1)
			err = json.Unmarshal(p.b, &messages[0])
		case difyRow:
			messages = make([]difyMsg, 1)
			messages[0], err = x.row(p.b)
		case wrapped:
			var w struct {
				Conversation difyConv        `json:"conversation"`
				Messages     json.RawMessage `json:"messages"`
			}
			if err = json.Unmarshal(p.b, &w); err == nil {
				conv = w.Conversation
				messages, err = difyMessages(w.Messages)
			}
		default:
			if err = json.Unmarshal(p.b, &conv); err == nil {
				messages, err = difyMessages(conv.Messages)
			}
		}
		if err != nil {
			return nil, notOf(Dify, err)
		}
		c.open(&conv)
		for i := range messages {
			if err := c.exchange(&messages[i]); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// difyMessages reads a list of messages, or a page of one.
func difyMessages(b []byte) (all []difyMsg, err error) {
	if o := members(b); o.is("data", '[') {
		b = o.raw("data")
	}
	if len(b) == 0 {
		return nil, nil
	}
	return all, json.Unmarshal(b, &all)
}

// open notes what is known of a conversation apart from its messages.
func (c *Conversation) open(v *difyConv) {
	if c.StartedAt.IsZero() {
		c.StartedAt = v.CreatedAt.Time
	}
	if v.Introduction != "" && !v.CreatedAt.IsZero() {
		c.Messages = append(c.Messages, Message{
			ID: "introduction", Role: parley.ByAssistant, Type: parley.MessageText, Text: v.Introduction, At: v.CreatedAt.Time,
		})
	}
	c.meet(v.EndUserID, v.SessionID, v.AccountName)
	if len(c.Variables) == 0 {
		c.Variables = values(v.Inputs)
	}
}

// meet notes who wrote.
func (c *Conversation) meet(user, session id, name string) {
	c.Contact.ID = cmp.Or(c.Contact.ID, string(user))
	c.Contact.External = cmp.Or(c.Contact.External, line(string(session), 200))
	c.Contact.Name = cmp.Or(c.Contact.Name, line(name, 200))
}

// exchange adds a question and its answer.
func (c *Conversation) exchange(v *difyMsg) error {
	at := v.CreatedAt.Time
	if at.IsZero() {
		at = v.MessageDate.Time
	}
	key := cmp.Or(string(v.MessageID), string(v.ID))
	if key == "" || at.IsZero() {
		return invalid("A message has no id or no time.")
	}
	c.meet(cmp.Or(v.EndUserID, v.EndUser), v.SessionID, "")
	if len(c.Variables) == 0 {
		c.Variables = values(v.Inputs)
	}
	asked := Message{ID: key + " query", Role: parley.ByUser, Type: parley.MessageText, Text: cmp.Or(v.Query, v.UserQuery), At: at}
	told := Message{ID: key + " answer", Role: parley.ByAssistant, Type: parley.MessageText, Text: cmp.Or(v.Answer, v.AIResponse), At: at}
	for _, f := range v.Files {
		one := File{ID: string(f.ID), Name: cmp.Or(line(f.Name, 100), fileName(f.URL, f.Kind)), MIMEType: cmp.Or(line(f.MIMEType, 100), "application/octet-stream"), URL: link(f.URL)}
		if f.BelongsTo == "assistant" {
			told.Files = append(told.Files, one)
		} else {
			asked.Files = append(asked.Files, one)
		}
	}
	for _, m := range []Message{asked, told} {
		if m.Text != "" || len(m.Files) > 0 {
			c.Messages = append(c.Messages, m)
		}
	}
	if v.Error != "" {
		c.Messages = append(c.Messages, Message{ID: key + " error", Role: parley.BySystem, Type: parley.MessageEvent, Text: "The answer failed in Dify.", At: at})
	}
	feedbacks := v.Feedbacks
	if v.Feedback != nil {
		feedbacks = append(feedbacks, *v.Feedback)
	}
	for i, f := range feedbacks {
		c.judge(key, i, &f, told.Text, at)
	}
	return nil
}

// judge keeps what was said of an answer as a note.
func (c *Conversation) judge(key string, i int, f *difyFeedback, answer string, at time.Time) {
	who := "The contact"
	if f.Source == "admin" {
		who = "A colleague"
	}
	verb := map[string]string{"like": "liked", "dislike": "did not like"}[f.Rating]
	if verb == "" {
		return
	}
	text := who + " " + verb + " the answer “" + line(answer, 120) + "”."
	if said := strings.TrimSpace(f.Content); said != "" {
		text += " " + said
	}
	c.Notes = append(c.Notes, Note{ID: key + " feedback " + string(rune('0'+i%10)), Author: Dify.Name(), Text: text, At: at})
}

// notOf says what is wrong with a part that a system would not write.
func notOf(s System, err error) error {
	if _, ours := errors.AsType[*parley.Error](err); ours {
		return err
	}
	if wrong, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		return invalid("%s holds a %s where %s has another type.", lineOf(wrong.Field), wrong.Value, s.Name())
	}
	return invalid("It is not what %s writes.", s.Name())
}
