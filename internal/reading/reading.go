// Package reading fetches the files that contacts send through a source that
// keeps them, and lets the assistant look at pictures and listen to recordings.
// What was understood stands beside the file; what failed is said in a sentence.
//
// A file never blocks its conversation: the turn waits a minute and goes on. The
// package never answers anybody. Whatever it does it may do again after a crash,
// with the same result; only a call of a model may then be paid for twice, and
// the ledger says so.
package reading

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/queue"
	"parley/internal/speech"
)

// MaxFile is the largest file that is fetched, in bytes: what WhatsApp allows a
// document to have.
const MaxFile = 100 << 20

// atOnce is how many files of one conversation are fetched and read at a time.
const atOnce = 4

// Store is what the readings need of the database.
type Store interface {
	Conversation(ctx context.Context, ws, id string) (*parley.Conversation, error)
	UnreadMessages(ctx context.Context, ws, conv string) ([]parley.Message, error)
	SaveFile(ctx context.Context, w parley.Work, m *parley.Message, a parley.Attachment) (*parley.Message, *parley.Conversation, error)
}

// Settings reads what is configured.
type Settings interface {
	Workspace(ctx context.Context, id string) (*parley.Workspace, error)
	Assistant(ctx context.Context, ws, id string) (*parley.Assistant, error)
	Provider(ctx context.Context, ws, id string) (*parley.Provider, error)
}

// Senders knows the numbers through which files are fetched: nil for "", and for
// one that was removed.
type Senders interface {
	Sender(ctx context.Context, ws, id string) (*parley.Sender, error)
}

// Blobs keeps the bytes of files.
type Blobs interface {
	Put(ctx context.Context, key string, r io.Reader, limit int64) (int64, error)
	Get(ctx context.Context, key string) (io.ReadSeekCloser, error)
	Delete(ctx context.Context, key string) error
}

// Models opens the models of providers. It returns CodeNotFound and CodeInvalid
// for what cannot be opened.
type Models interface {
	Open(ctx context.Context, ws, provider string) (llm.Model, *parley.Provider, error)
}

// Ledger books the calls of models: opened before they start, settled after,
// whatever becomes of the conversation meanwhile. Open returns CodeBudgetExhausted
// for a call that must not be made.
type Ledger interface {
	Open(ctx context.Context, u *parley.Usage, to Account) error
	Settle(ctx context.Context, u *parley.Usage, to Account, used *llm.Usage, failure error)
}

// Account says who pays for a call, and at whose prices.
type Account struct {
	Provider  *parley.Provider
	Workspace *parley.Workspace
	Source    parley.Source
}

// NewRecogniser opens what transcribes at a provider.
type NewRecogniser func(p *parley.Provider) (speech.Recogniser, error)

// Config is what a Reader is built from.
type Config struct {
	Store       Store
	Settings    Settings
	Senders     Senders
	Blobs       Blobs // nil: no file is fetched or read
	Channels    map[parley.Source]channel.Channel
	Models      Models
	Ledger      Ledger
	Recognisers map[string]NewRecogniser // by provider kind, and parley.SpeechCommand
	Hub         *live.Hub
	Now         func() time.Time
	Log         *slog.Logger
}

// Reader fetches and reads files. It is safe for concurrent use.
type Reader struct{ cfg Config }

// New returns a reader.
func New(cfg Config) *Reader { return &Reader{cfg} }

// file is one file to be worked on.
type file struct {
	work       parley.Work
	conv       *parley.Conversation
	message    *parley.Message
	attachment parley.Attachment
}

func (f *file) key() string { return blob.AttachmentKey(f.conv.WorkspaceID, f.attachment.ID) }

// Work fetches and reads what is unfinished in the conversation that w names.
func (r *Reader) Work(ctx context.Context, w parley.Work) error {
	for {
		conv, err := r.cfg.Store.Conversation(ctx, w.WorkspaceID, w.Key)
		if parley.ErrorCode(err) == parley.CodeNotFound {
			return queue.Cancel(err)
		}
		if err != nil {
			return err
		}
		msgs, err := r.cfg.Store.UnreadMessages(ctx, w.WorkspaceID, w.Key)
		if err != nil {
			return err
		}
		todo, later := r.due(w, conv, msgs)
		if len(todo) == 0 && later.IsZero() {
			return nil
		}
		if len(todo) == 0 {
			return queue.SnoozeUntil(later)
		}
		if err := r.each(ctx, todo); err != nil {
			return err
		}
	}
}

// due returns the files to work on now, and when the next of the others is.
func (r *Reader) due(w parley.Work, conv *parley.Conversation, msgs []parley.Message) (todo []file, later time.Time) {
	now := r.cfg.Now()
	for i := range msgs {
		for _, a := range msgs[i].Attachments {
			switch {
			case !a.Unfinished():
			case a.Pending != nil && a.Pending.RetryAt.After(now):
				if later.IsZero() || a.Pending.RetryAt.Before(later) {
					later = a.Pending.RetryAt
				}
			default:
				todo = append(todo, file{w, conv, &msgs[i], a})
			}
		}
	}
	return todo, later
}

// each works on files beside each other. It returns the first trouble that is
// the server's own.
func (r *Reader) each(ctx context.Context, todo []file) error {
	var (
		group sync.WaitGroup
		slots = make(chan struct{}, atOnce)
		once  sync.Once
		first error
	)
	for i := range todo {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if err := r.one(ctx, &todo[i]); err != nil {
				once.Do(func() { first = err })
			}
		})
	}
	group.Wait()
	return first
}

// one fetches a file, if it is not here, and reads it, if it is to be read.
func (r *Reader) one(ctx context.Context, f *file) error {
	if f.attachment.State == parley.AttachmentPending {
		if err := r.fetch(ctx, f); err != nil {
			return err
		}
		if err := r.save(ctx, f); err != nil {
			return err
		}
	}
	if f.attachment.State != parley.AttachmentReading || f.message == nil {
		return nil
	}
	if err := r.read(ctx, f); err != nil {
		return err
	}
	return r.save(ctx, f)
}

// save records what has become of a file. If its message is gone, the bytes go.
func (r *Reader) save(ctx context.Context, f *file) error {
	a := f.attachment
	if !a.Unfinished() {
		a.Pending = nil
	}
	m, conv, err := r.cfg.Store.SaveFile(ctx, f.work, f.message, a)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		f.message = nil
		if r.cfg.Blobs == nil {
			return nil
		}
		return r.cfg.Blobs.Delete(ctx, f.key())
	}
	if err != nil {
		return err
	}
	f.message = m
	r.cfg.Hub.Publish(live.Event{
		Type: live.MessageChanged, WorkspaceID: conv.WorkspaceID, ConversationID: conv.ID, Rev: m.Rev,
		MessageID: m.ID, Seq: m.Seq,
	})
	return nil
}

// read looks at or listens to a file that is here.
func (r *Reader) read(ctx context.Context, f *file) error {
	var text string
	var err error
	switch {
	case r.cfg.Blobs == nil:
		err = sentence("This server keeps no files, so nobody can read this one.")
	case isSound(f.attachment.MIMEType):
		text, err = r.listen(ctx, f)
	default:
		text, err = r.look(ctx, f)
	}
	return r.conclude(ctx, f, text, err)
}

// isSound reports whether a type is that of a recording.
func isSound(kind string) bool { return strings.HasPrefix(kind, "audio/") }
