package engine_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/reading"
	"parley/internal/speech"
	"parley/internal/store"
)

// What cannot be fetched or read is said in a sentence, and answered all the
// same.
func TestFilesThatGoWrong(t *testing.T) {
	sum := func(s string) string {
		h := sha256.Sum256([]byte(s))
		return base64.StdEncoding.EncodeToString(h[:])
	}
	soon := time.Millisecond
	type outcome struct {
		state  parley.AttachmentState
		words  string
		text   string // what the model reads
		fetchs int
	}
	silent := ears(func(speech.Audio) (*speech.Transcript, error) { return &speech.Transcript{Text: " "}, nil })
	deaf := func(err *speech.Error) ears {
		return func(speech.Audio) (*speech.Transcript, error) { return nil, err }
	}
	broken := func(err error) *phone {
		return &phone{fetch: func(context.Context, channel.Media) (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader("half"), failing{err})), nil
		}}
	}
	refuses := func(errs ...error) *phone {
		p := &phone{}
		p.fetch = func(context.Context, channel.Media) (io.ReadCloser, error) {
			if n := p.count(); n <= len(errs) {
				return nil, errs[n-1]
			}
			return io.NopCloser(strings.NewReader(png)), nil
		}
		return p
	}
	image := channel.Media{ID: "m", MIMEType: "image/png"}
	voice := channel.Media{ID: "m", MIMEType: "audio/ogg"}
	for name, c := range map[string]struct {
		phone *phone
		hear  ears
		kind  parley.MessageType
		media channel.Media
		model parley.ModelChoice
		want  outcome
	}{
		"gone": {refuses(&channel.Error{Action: channel.Fail, Message: "Meta has deleted it."}), nil, parley.MessageImage, image, parley.ModelChoice{},
			outcome{parley.AttachmentMissing, "Meta has deleted it.", "[File: image.png, image/png; it could not be fetched]", 1}},
		"back after a while": {refuses(&channel.Error{Action: channel.Retry, RetryAfter: soon, Message: "Busy."}), nil, parley.MessageImage, image, parley.ModelChoice{},
			outcome{"", "", "[Image: A cat.]", 2}},
		"too large": {&phone{fetch: func(context.Context, channel.Media) (io.ReadCloser, error) {
			return io.NopCloser(io.LimitReader(endless{}, reading.MaxFile+1)), nil
		}}, nil, parley.MessageFile, channel.Media{ID: "m", Name: "film.bin"}, parley.ModelChoice{},
			outcome{parley.AttachmentMissing, "larger than 100 MB", "[File: film.bin, application/octet-stream; it could not be fetched]", 1}},
		"another than announced": {keeps(png), nil, parley.MessageImage, channel.Media{ID: "m", MIMEType: "image/png", SHA256: sum("other")}, parley.ModelChoice{},
			outcome{parley.AttachmentPending, "", "[File: image.png, image/png; it has not arrived yet]", 1}},
		"breaks off": {broken(errors.New("reset")), nil, parley.MessageImage, image, parley.ModelChoice{},
			outcome{parley.AttachmentPending, "", "", 1}},
		"as announced": {keeps(png), nil, parley.MessageImage, channel.Media{ID: "m", MIMEType: "image/png", SHA256: sum(png)}, parley.ModelChoice{},
			outcome{"", "", "[Image: A cat.]", 1}},
		"a sticker": {keeps(png), nil, parley.MessageSticker, image, parley.ModelChoice{},
			outcome{"", "", "[File: image.png, image/png]", 1}},
		"a document": {keeps("%PDF-1.7"), nil, parley.MessageFile, channel.Media{ID: "m", Name: "bill.pdf", MIMEType: "application/pdf"}, parley.ModelChoice{},
			outcome{"", "", "[File: bill.pdf, application/pdf]", 1}},
		"a page that says it is a picture": {keeps("<html><script>"), nil, parley.MessageImage, image, parley.ModelChoice{},
			outcome{"", "", "[File: file, text/html]", 1}},
		"the built-in answerer": {keeps(png), nil, parley.MessageImage, image, parley.ModelChoice{ProviderID: parley.BuiltinProvider},
			outcome{"", "The built-in answerer cannot look at pictures", "", 1}},
		"a model that cannot see": {keeps(png), nil, parley.MessageImage, image, parley.ModelChoice{Model: "blind"},
			outcome{"", "No images, please.", "[File: image.png, image/png]", 1}},
		"nobody to listen": {keeps(opus), nil, parley.MessageAudio, voice, parley.ModelChoice{},
			outcome{"", "Nothing transcribes recordings in this workspace", "[File: audio.ogg, audio/ogg; nobody could listen to it]", 1}},
		"silence": {keeps(opus), silent, parley.MessageAudio, voice, parley.ModelChoice{},
			outcome{"", "No words were understood", "[File: audio.ogg, audio/ogg; nobody could listen to it]", 1}},
		"an ear that fails": {keeps(opus), deaf(&speech.Error{Class: speech.Auth, Message: "The key is wrong."}), parley.MessageAudio, voice, parley.ModelChoice{},
			outcome{"", "The key is wrong.", "", 1}},
		"an ear that fails again and again": {keeps(opus), deaf(&speech.Error{Class: speech.Overloaded, Message: "Busy.", RetryAfter: soon}), parley.MessageAudio, voice, parley.ModelChoice{},
			outcome{"", "Busy.", "", 1}},
	} {
		t.Run(name, func(t *testing.T) {
			model := scripted.Func(func(r *llm.Request) scripted.Reply {
				switch {
				case r.Context.Purpose != parley.UsageVision:
					return scripted.Text("I see.")
				case r.Model == "blind":
					return scripted.Fails(llm.BadRequest, "No images, please.")
				}
				return scripted.Text("A cat.")
			})
			w := quick(t, withMedia(t, c.phone, c.hear, setup{model: model, config: func(ec *engine.Config) {
				ec.Providers[parley.BuiltinProvider] = func(*parley.Provider) (llm.Model, error) { return model, nil }
			}, assistant: func(a *parley.AssistantConfig) {
				if c.model.ProviderID != "" {
					a.Model.ProviderID = c.model.ProviderID
				}
				if c.model.Model != "" {
					a.Model.Model = c.model.Model
				}
			}}))
			conv := w.onPhone()
			m := w.send(conv.ID, c.kind, c.media)
			var a parley.Attachment
			if c.want.state == parley.AttachmentPending {
				w.eventually("it was tried", func() bool {
					now, err := w.store.Message(t.Context(), w.workspace.ID, m.ConversationID, m.ID)
					w.must(err)
					a = now.Attachments[0]
					return a.Pending.Tries > 0
				})
				if a.Pending.RetryAt.IsZero() {
					t.Errorf("nobody will try again: %+v", a.Pending)
				}
			} else {
				a = w.settled(m)
				w.eventually("answered", func() bool { return w.conversation(conv.ID).AnsweredSeq >= m.Seq })
			}
			if a.State != c.want.state || !strings.Contains(a.Error, c.want.words) || c.want.words == "" && a.Error != "" {
				t.Errorf("the file: %+v", a)
			}
			equal(t, "fetched", c.phone.count(), c.want.fetchs)
			if got := reading.Mark(&a); c.want.text != "" && got != c.want.text {
				t.Errorf("a model would read %q", got)
			}
			for _, u := range w.usage(conv.ID) {
				if !u.Complete {
					t.Errorf("an open row: %+v", u)
				}
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// forgetful loses the first results that it is to save, as a process does that
// dies after a fetch or a call.
type forgetful struct {
	*store.Store
	mu   sync.Mutex
	lost int
}

func (f *forgetful) SaveFile(
	ctx context.Context, w parley.Work, m *parley.Message, a parley.Attachment,
) (*parley.Message, *parley.Conversation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lost < 2 {
		f.lost++
		return nil, nil, errors.New("the process died")
	}
	return f.Store.SaveFile(ctx, w, m, a)
}

// A crash in the middle repeats what is needed and doubles nothing.
func TestAFileSurvivesACrash(t *testing.T) {
	p := keeps(png)
	model := scripted.Func(func(*llm.Request) scripted.Reply { return scripted.Text("A cat.") })
	w := quick(t, withMedia(t, p, nil, setup{model: model, config: func(c *engine.Config) {
		c.Store = &forgetful{Store: c.Store.(*store.Store)}
	}}))
	c := w.onPhone()
	m := w.send(c.ID, parley.MessageImage, channel.Media{ID: "m", MIMEType: "image/png"})
	a := w.settled(m)
	if a.Reading != "A cat." || a.Size != int64(len(png)) {
		t.Errorf("the file: %+v", a)
	}
	w.eventually("answered", func() bool { return w.conversation(c.ID).AnsweredSeq >= m.Seq })
	equal(t, "messages", len(w.messages(c.ID, parley.ByUser)), 1)
	equal(t, "turns", len(w.turns(c.ID)), 1)
	equal(t, "fetched", p.count(), 1) // it was on disk by then
	got, err := w.store.Attachments(t.Context(), w.workspace.ID, []string{a.ID})
	if err != nil || len(got) != 1 {
		t.Errorf("files: %+v, %v", got, err)
	}
}

// The bytes of a file whose conversation was erased meanwhile do not stay.
func TestAFileOfAnErasedConversationGoes(t *testing.T) {
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	erased := make(chan struct{})
	p := &phone{fetch: func(ctx context.Context, _ channel.Media) (io.ReadCloser, error) {
		select {
		case <-erased:
		case <-ctx.Done():
		}
		return io.NopCloser(bytes.NewReader([]byte(png))), nil
	}}
	w := quick(t, withMedia(t, p, nil, setup{model: scripted.New(), config: func(c *engine.Config) { c.Blobs = blobs }}))
	c := w.onPhone()
	m := w.send(c.ID, parley.MessageImage, channel.Media{ID: "m", MIMEType: "image/png"})
	w.eventually("it is being fetched", func() bool { return p.count() > 0 })
	w.must(w.store.DeleteConversation(t.Context(), w.workspace.ID, c.ID))
	close(erased)
	w.stop()
	if _, err := blobs.Get(t.Context(), blob.AttachmentKey(w.workspace.ID, m.Attachments[0].ID)); parley.ErrorCode(err) != parley.CodeNotFound {
		t.Errorf("the bytes stay: %v", err)
	}
}

// Files of what is never answered are kept, and no model sees them.
func TestNobodyLooksUnasked(t *testing.T) {
	for name, c := range map[string]struct {
		aiOn, answered bool
		words          string
		calls          int
	}{
		"answered":             {true, true, "", 2},
		"a copy for the files": {true, false, "", 0},
		"the AI is off":        {false, true, "switched off for this number", 0},
	} {
		t.Run(name, func(t *testing.T) {
			model := scripted.Func(func(*llm.Request) scripted.Reply { return scripted.Text("A cat.") })
			w := quick(t, withMedia(t, keeps(png), nil, setup{model: model}))
			s := &parley.Sender{WorkspaceID: w.workspace.ID, Name: "Shop", Kind: parley.SenderCloud, PhoneNumberID: "1", DisplayPhone: "+49301",
				AssistantID: w.assistant.ID, AIOn: c.aiOn}
			w.must(w.store.CreateSender(t.Context(), s))
			got, err := w.engine.ReceiveFrom(t.Context(), s, channel.Inbound{
				WorkspaceID: w.workspace.ID, Source: parley.SourceWhatsApp, SenderID: s.ID, Type: parley.MessageImage, ProviderID: "wamid.1",
				Identities: []parley.Identity{{Kind: parley.IdentityPhone, Value: "+4930123456"}},
				Media:      []channel.Media{{ID: "m", MIMEType: "image/png"}},
			}, c.answered)
			w.must(err)
			a := w.settled(got.Message)
			if a.State != "" || a.Size == 0 || !strings.Contains(a.Error, c.words) || c.words == "" && a.Error != "" || (a.Reading != "") != (c.calls > 0) {
				t.Errorf("the file: %+v", a)
			}
			if c.calls > 0 {
				w.eventually("answered", func() bool { return w.conversation(got.Conversation.ID).AnsweredSeq >= got.Message.Seq })
			}
			equal(t, "calls of the model", len(model.Requests()), c.calls)
		})
	}
}
