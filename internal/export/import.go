package export

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/internal/store"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
)

// importer writes what Import reads.
type importer interface {
	Import(ctx context.Context, convs []exports.Imported) (written int, err error)
}

// Imports says how an import goes.
type Imports struct {
	Total   int // conversations in the file
	Read    int // of them
	Written int // of them: were not there yet
	Tags    int // that were left out, because a workspace or a conversation has too many
}

// How many conversations, and messages in all, are written together.
const (
	importConversations = 100
	importMessages      = 1000
)

// Source is what Import reads, twice: at first it looks whether all of it can be
// read, then it writes the conversations in the order in which they began, as the
// search expects of what is written.
type Source interface {
	io.Reader
	io.ReaderAt
}

// Import reads conversations in JSON Lines and writes them, and tells progress
// after each step. It returns CodeInvalid, and has written nothing, if one of them
// cannot be read.
func Import(ctx context.Context, to importer, from Source, progress func(Imports)) (Imports, error) {
	all, err := look(ctx, from)
	if err != nil {
		return Imports{}, err
	}
	done := Imports{Total: len(all)}
	for len(all) > 0 {
		var convs []exports.Imported
		for messages := 0; len(all) > 0 && len(convs) < importConversations && messages < importMessages; all = all[1:] {
			var l importLine
			if err := json.NewDecoder(io.NewSectionReader(from, all[0].from, all[0].to-all[0].from)).Decode(&l); err != nil {
				return done, err
			}
			convs, messages = append(convs, *l.conversation()), messages+len(l.Messages)
		}
		n, err := to.Import(ctx, convs)
		if err != nil {
			return done, err
		}
		for i := range convs {
			done.Tags += convs[i].TagsLeft
		}
		done.Read, done.Written = done.Read+len(convs), done.Written+n
		progress(done)
	}
	return done, nil
}

// place is where a conversation is in a file, and when it began.
type place struct {
	from, to int64
	began    int64 // microseconds
}

// look finds the conversations of a file, the oldest first. It returns CodeInvalid
// with the number of the first one that cannot be read.
func look(ctx context.Context, from io.Reader) (all []place, _ error) {
	d := json.NewDecoder(bufio.NewReaderSize(from, 1<<20))
	for {
		var l importLine
		p := place{from: d.InputOffset()}
		err := d.Decode(&l)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = l.check()
		}
		if err != nil {
			return nil, invalidLine(len(all)+1, err)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p.to, p.began = d.InputOffset(), l.StartedAt.UnixMicro()
		all = append(all, p)
	}
	slices.Reverse(all) // of those that began at once, an export has the last one first
	slices.SortStableFunc(all, func(a, b place) int { return cmp.Compare(a.began, b.began) })
	return all, nil
}

// ReadLine reads one conversation as the export writes it. It returns CodeInvalid
// for what is none.
func ReadLine(b []byte) (*exports.Imported, error) {
	var l importLine
	if err := json.Unmarshal(b, &l); err != nil {
		return nil, &parley.Error{Code: parley.CodeInvalid, Message: "It is not JSON as the export writes it.", Err: err}
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	return l.conversation(), nil
}

func invalidLine(n int, err error) error {
	why := "it is not JSON as the export writes it"
	if fault, ours := errors.AsType[*parley.Error](err); ours {
		why = fault.Message
	}
	return &parley.Error{Code: parley.CodeInvalid, Message: parley.Errorf(parley.CodeInvalid, "Conversation %d cannot be read: %s", n, why).Message, Err: err}
}

// importLine is a Line with its messages.
type importLine struct {
	Line
	Messages []LineMessage `json:"messages"`
}

// check returns CodeInvalid for what no conversation can be.
func (l *importLine) check() error {
	for _, id := range []string{l.ID, l.Assistant.ID, l.Contact.ID} {
		if !parley.ValidID(id) {
			return parley.Errorf(parley.CodeInvalid, "%.100q is not an id.", id)
		}
	}
	switch {
	case !l.Source.Valid():
		return parley.Errorf(parley.CodeInvalid, "%.100q is not a source.", string(l.Source))
	case l.Status != parley.ConversationActive && l.Status != parley.ConversationEnded:
		return parley.Errorf(parley.CodeInvalid, "%.100q is not a status.", string(l.Status))
	case l.Owner != parley.OwnerAssistant && l.Owner != parley.OwnerOperator:
		return parley.Errorf(parley.CodeInvalid, "%.100q is not an owner.", string(l.Owner))
	case l.StartedAt.IsZero():
		return parley.Errorf(parley.CodeInvalid, "started_at is missing.")
	case l.Visitor != nil && l.Visitor.Rating != nil && (l.Visitor.Rating.Score < 1 || l.Visitor.Rating.Score > 5):
		return parley.Errorf(parley.CodeInvalid, "A rating is between 1 and 5.")
	case l.Sender != nil && !parley.ValidID(l.Sender.ID):
		return parley.Errorf(parley.CodeInvalid, "%.100q is not an id.", l.Sender.ID)
	}
	roles := []parley.MessageRole{parley.ByUser, parley.ByAssistant, parley.ByOperator, parley.BySystem, parley.ByTool}
	for i := range l.Messages {
		m := &l.Messages[i]
		switch {
		case !parley.ValidID(m.ID):
			return parley.Errorf(parley.CodeInvalid, "%.100q is not an id.", m.ID)
		case !slices.Contains(roles, m.Role):
			return parley.Errorf(parley.CodeInvalid, "%.100q is not a role.", string(m.Role))
		case m.CreatedAt.IsZero():
			return parley.Errorf(parley.CodeInvalid, "created_at of a message is missing.")
		}
		if err := parley.CheckContent(m.Content); err != nil {
			return err
		}
	}
	stands := l.furniture()
	if err := stands.Check(); err != nil {
		return err
	}
	for i := range l.Usage {
		if !parley.ValidID(l.Usage[i].ID) {
			return parley.Errorf(parley.CodeInvalid, "%.100q is not an id.", l.Usage[i].ID)
		}
	}
	for i := range l.Variables {
		v := &l.Variables[i]
		if v.Name == "" || !utf8.ValidString(v.Name) || strings.ContainsRune(v.Name, 0) || len(v.Value) == 0 {
			return parley.Errorf(parley.CodeInvalid, "%.100q is not a variable.", v.Name)
		}
	}
	return nil
}

// furniture is what stands on the conversation.
func (l *importLine) furniture() desk.Furniture {
	f := desk.Furniture{Tags: l.Tags}
	if r := l.Reviewed; r != nil {
		f.Review = &desk.Review{By: desk.Author(r.By), At: r.At.UTC()}
	}
	for i := range l.Notes {
		o := &l.Notes[i]
		f.Notes = append(f.Notes, desk.Note{Author: desk.Author(o.Author), Text: o.Text, CreatedAt: o.CreatedAt.UTC(), EditedAt: o.EditedAt.UTC()})
	}
	return f
}

// idleAfter is when an active conversation is first looked at whether it is to
// end. What its assistant says of it is asked then.
const idleAfter = time.Minute

// conversation is the line as the store takes it.
func (l *importLine) conversation() *exports.Imported {
	c := &exports.Imported{AssistantName: l.Assistant.Name, Furniture: l.furniture(), FillConversation: store.FillConversation{
		Conversation: parley.Conversation{
			ID: l.ID, Source: l.Source, Status: l.Status, EndReason: l.EndReason, AssistantID: l.Assistant.ID,
			AssistantVersion: l.Assistant.Version, ExternalID: l.ExternalID, Owner: l.Owner, Waiting: l.Waiting,
			HandedOver: l.HandedOver, HasError: l.HasError, Resolved: l.Resolved, Reviewed: l.Reviewed != nil, StartedAt: l.StartedAt.UTC(), EndedAt: l.EndedAt.UTC(),
			WindowExpiresAt: l.WindowExpires.UTC(),
		},
		Contact: parley.Contact{ID: l.Contact.ID, Name: l.Contact.Name, Phone: l.Contact.Phone, Identifier: l.Contact.Identifier, CreatedAt: l.StartedAt.UTC()},
	}}
	if c.AssistantName == "" {
		c.AssistantName = "Imported"
	}
	if l.Operator != nil {
		c.Conversation.OperatorID = l.Operator.ID
	}
	if l.Sender != nil {
		c.Conversation.SenderID, c.SenderName, c.SenderPhone = l.Sender.ID, l.Sender.Name, l.Sender.DisplayPhone
	}
	if l.Status == parley.ConversationActive {
		c.IdleAt = l.LastActivityAt.UTC().Add(idleAfter)
	}
	for _, i := range l.Contact.Identities {
		c.Identities = append(c.Identities, parley.Identity(i))
	}
	if e := l.Evaluation; e != nil {
		c.Evaluation = &parley.Evaluation{
			Resolved: e.Resolved, Summary: e.Summary, Topic: e.Topic, Sentiment: e.Sentiment, Model: e.Model, Error: e.Error, EvaluatedAt: e.EvaluatedAt.UTC(),
		}
	}
	if v := l.Visitor; v != nil {
		c.Visitor = &parley.VisitorConversation{
			WidgetID: v.WidgetID, VisitorID: v.VisitorID, Language: v.Language, Page: v.Page, Email: v.Email, ReadSeq: v.ReadSeq, Consents: v.Consents,
		}
		if v.Rating != nil {
			c.Visitor.Rating = parley.Rating{Score: v.Rating.Score, Comment: v.Rating.Comment, At: v.Rating.At.UTC()}
		}
	}
	for i := range l.Variables {
		v := &l.Variables[i]
		c.Variables = append(c.Variables, parley.Variable{
			Name: v.Name, Type: v.Type, Source: v.Source, Value: v.Value, MessageID: v.MessageID, Model: v.Model,
			AssistantVersion: v.AssistantVersion, SetAt: v.SetAt.UTC(),
		})
	}
	for i := range l.Usage {
		u := &l.Usage[i]
		c.Usage = append(c.Usage, parley.Usage{
			ID: u.ID, TurnID: u.TurnID, Kind: u.Kind, ProviderID: u.ProviderID, Model: u.Model, AssistantID: u.AssistantID,
			AssistantVersion: u.AssistantVersion, Complete: u.Complete, InputTokens: u.InputTokens, OutputTokens: u.OutputTokens,
			CachedTokens: u.CachedTokens, CacheWriteTokens: u.CacheWriteTokens, ReasoningTokens: u.ReasoningTokens,
			AudioInTokens: u.AudioInTokens, AudioOutTokens: u.AudioOutTokens, Raw: u.Raw, PriceID: u.PriceID, Credits: u.Credits,
			Error: u.Error, StartedAt: u.StartedAt.UTC(), SettledAt: u.SettledAt.UTC(),
		})
	}
	for i := range l.Messages {
		c.Messages = append(c.Messages, l.Messages[i].message())
	}
	return c
}

func (l *LineMessage) message() parley.Message {
	m := parley.Message{
		ID: l.ID, Role: l.Role, Type: l.Type, Event: l.Event, Content: l.Content, Payload: l.Payload,
		ToolCalls: l.ToolCalls, Choices: l.Choices, ReplyTo: l.ReplyTo, Delivery: settled(l.Delivery), Error: l.Error, TurnID: l.TurnID,
		CreatedAt: l.CreatedAt.UTC(), EditedAt: l.EditedAt.UTC(), DeletedAt: l.DeletedAt.UTC(),
	}
	if l.Author != nil {
		m.AuthorID, m.AuthorName = l.Author.ID, l.Author.Name
	}
	for i := range l.Attachments {
		m.Attachments = append(m.Attachments, l.Attachments[i].Attachment)
		if a := &m.Attachments[i]; a.Unfinished() {
			a.State, a.Error = parley.AttachmentMissing, "The file was not here yet when the conversation was exported."
		}
	}
	return m
}

// settled is the delivery of a message that nobody sends any more.
func settled(d parley.Delivery) parley.Delivery {
	switch d {
	case parley.DeliveryQueued:
		return parley.DeliveryCanceled
	case parley.DeliverySending:
		return parley.DeliveryUnknown
	default:
		return d
	}
}
