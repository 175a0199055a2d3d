// Package privacy forgets: it erases a person with everything about them,
// conversations that are older than a workspace keeps them, and single ones. What
// assistants were taught by a conversation goes with it.
//
// An erasure is a piece of work that may stop anywhere and goes on where it
// stopped. What it has removed it counts in a receipt; if it is cut off between
// removing and counting, the receipt counts a little less. It must never leave
// something behind because it was cut off.
package privacy

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"time"

	"parley"
	"parley/internal/queue"
	"parley/internal/store/privacy"
)

// Files removes files.
type Files interface {
	Delete(ctx context.Context, key string) error
}

// Exports cancels exports and removes their files.
type Exports interface {
	Cancel(ctx context.Context, ws, id string) error
}

// Conversations removes conversations, and their words from the search index.
type Conversations interface {
	DeleteConversation(ctx context.Context, ws, id string) error
	PurgeSearch(ctx context.Context) error
}

// Config is what a Service needs.
type Config struct {
	Store         *privacy.Privacy
	Conversations Conversations
	Files         Files
	Exports       Exports
	Gone          func(ws, conv string) // is told of each conversation that is gone
	Now           func() time.Time
	Log           *slog.Logger
}

// Service forgets. It is safe for concurrent use.
type Service struct{ Config }

// New returns a service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{c}
}

// Pool is the work of the service that the queue gives out.
func (s *Service) Pool() queue.Pool {
	return queue.Pool{
		Name: "erasures", Workers: 1, Poll: time.Second, Eager: true,
		Handlers: map[parley.WorkKind]queue.Handler{parley.WorkErase: s.Work},
	}
}

// Ask makes the erasure of a contact due and returns it; if one is under way,
// that. It returns CodeNotFound.
func (s *Service) Ask(ctx context.Context, ws, contact, by string) (*privacy.Erasure, error) {
	e := &privacy.Erasure{WorkspaceID: ws, ContactID: contact, AskedBy: by, CreatedAt: s.Now().UTC().Truncate(time.Microsecond)}
	return e, s.Store.Ask(ctx, e)
}

// waitForWebhooks is when to look again whether what WhatsApp has posted is
// processed: it may be of the person.
const waitForWebhooks = 2 * time.Second

// Work erases what an erasure names.
func (s *Service) Work(ctx context.Context, w parley.Work) error {
	e, err := s.Store.Erasure(ctx, w.WorkspaceID, w.Key)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil // the workspace is gone
	}
	if err != nil || e.State == privacy.Done {
		return err
	}
	e.State = privacy.Running
	if err := s.Store.Save(ctx, e, w); err != nil {
		return err
	}
	// The traces name the person by what the contact still knows.
	handles, err := s.handles(ctx, e)
	if err != nil {
		return err
	}
	for gone := false; !gone; {
		if err := s.eraseConversations(ctx, e, w); err != nil {
			return err
		}
		if err := s.eraseWebhooks(ctx, e, handles); err != nil {
			return err
		}
		if err := s.Store.Save(ctx, e, w); err != nil {
			return err
		}
		var n int64
		if n, gone, err = s.Store.ForgetContact(ctx, e.WorkspaceID, e.ContactID); err != nil {
			return err
		}
		e.Gone.Identities += n
	}
	if err := s.eraseExports(ctx, e); err != nil {
		return err
	}
	if err := s.Conversations.PurgeSearch(ctx); err != nil {
		return err
	}
	e.State, e.FinishedAt = privacy.Done, s.Now().UTC().Truncate(time.Microsecond)
	return s.Store.Save(ctx, e, w)
}

// handles are the ids and numbers by which others name the person.
func (s *Service) handles(ctx context.Context, e *privacy.Erasure) (handles [][]byte, err error) {
	c, err := s.Store.Contact(ctx, e.WorkspaceID, e.ContactID)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil, nil // a worker before has come as far as that
	}
	if err != nil {
		return nil, err
	}
	for _, i := range c.Identities {
		switch i.Kind {
		case parley.IdentityPhone, parley.IdentityBSUID, parley.IdentityBSUIDGroup:
			handles = append(handles, []byte(strings.TrimPrefix(i.Value, "+")))
		}
	}
	return handles, nil
}

// some is how many things are looked up together.
const some = 100

func (s *Service) eraseConversations(ctx context.Context, e *privacy.Erasure, w parley.Work) error {
	for {
		ids, err := s.Store.Conversations(ctx, e.WorkspaceID, e.ContactID, some)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.eraseAnswers(ctx, e, ids); err != nil {
			return err
		}
		err = s.withExamples(ctx, e.WorkspaceID, ids, &e.Gone.Examples, func() error {
			for _, id := range ids {
				gone, err := s.eraseConversation(ctx, e.WorkspaceID, id)
				if err != nil {
					return err
				}
				e.Gone.Conversations += gone.Conversations
				e.Gone.Messages += gone.Messages
				e.Gone.Variables += gone.Variables
				e.Gone.Files += gone.Files
				e.Gone.FileBytes += gone.FileBytes
				if err := s.Store.Save(ctx, e, w); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// withExamples removes the examples that were taken from conversations, then, by
// fn, the conversations, and at last the examples that somebody has taken from
// them meanwhile. It adds to gone how many examples went.
func (s *Service) withExamples(ctx context.Context, ws string, conversations []string, gone *int64, fn func() error) error {
	forget := func() error {
		n, err := s.Store.ForgetExamples(ctx, ws, conversations)
		*gone += n
		return err
	}
	if err := forget(); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	return forget()
}

// Delete removes one conversation, and the examples that were taken from it. It
// returns CodeNotFound.
func (s *Service) Delete(ctx context.Context, ws, id string) error {
	var examples int64
	return s.withExamples(ctx, ws, []string{id}, &examples, func() error {
		err := s.Conversations.DeleteConversation(ctx, ws, id)
		if err == nil {
			s.Gone(ws, id)
		}
		return err
	})
}

// eraseConversation removes a conversation with its files, the bytes first: what
// is left if it stops in between is known and removed the next time.
func (s *Service) eraseConversation(ctx context.Context, ws, id string) (privacy.Gone, error) {
	gone, files, err := s.Store.Holds(ctx, ws, id)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return privacy.Gone{}, nil // somebody has deleted it
	}
	if err != nil {
		return gone, err
	}
	for _, f := range files {
		if f.Key != "" {
			if err := s.Files.Delete(ctx, f.Key); err != nil {
				return gone, err
			}
		}
		if err := s.Store.ForgetFile(ctx, ws, f.ID); err != nil {
			return gone, err
		}
	}
	err = s.Conversations.DeleteConversation(ctx, ws, id)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		err = nil
	}
	if err == nil {
		s.Gone(ws, id)
	}
	return gone, err
}

// eraseAnswers removes what the API keeps for repeated requests that names one of
// the conversations or the contact.
func (s *Service) eraseAnswers(ctx context.Context, e *privacy.Erasure, conversations []string) error {
	names := append([]string{e.ContactID}, conversations...)
	after := privacy.Answer{}
	for {
		all, err := s.Store.Answers(ctx, e.WorkspaceID, after, some)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, a := range all {
			if !containsAny(a.Body, names) {
				continue
			}
			if err := s.Store.ForgetAnswer(ctx, e.WorkspaceID, a); err != nil {
				return err
			}
			e.Gone.Answers++
		}
		after = all[len(all)-1]
	}
}

func containsAny(text string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// eraseWebhooks removes posted bodies that name the person, when all of them are
// processed.
func (s *Service) eraseWebhooks(ctx context.Context, e *privacy.Erasure, handles [][]byte) error {
	if len(handles) == 0 {
		return nil
	}
	wait, err := s.Store.WebhooksWait(ctx, e.WorkspaceID)
	if err != nil {
		return err
	}
	if wait {
		return queue.SnoozeUntil(s.Now().Add(waitForWebhooks))
	}
	for n := int64(0); ; {
		all, err := s.Store.Webhooks(ctx, e.WorkspaceID, n, some)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, h := range all {
			for _, handle := range handles {
				if !bytes.Contains(h.Body, handle) {
					continue
				}
				if err := s.Store.ForgetWebhook(ctx, e.WorkspaceID, h.N); err != nil {
					return err
				}
				e.Gone.Webhooks++
				break
			}
		}
		n = all[len(all)-1].N
	}
}

// eraseExports removes all exports of the workspace: each may hold something of
// the person, and can be made again.
func (s *Service) eraseExports(ctx context.Context, e *privacy.Erasure) error {
	ids, err := s.Store.ExportIDs(ctx, e.WorkspaceID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := s.Exports.Cancel(ctx, e.WorkspaceID, id)
		if parley.ErrorCode(err) == parley.CodeNotFound {
			continue
		}
		if err != nil {
			return err
		}
		e.Gone.Exports++
	}
	return nil
}
