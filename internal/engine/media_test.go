package engine_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/llm"
	"parley/internal/llm/llmtest"
	"parley/internal/llm/openai"
	"parley/internal/llm/scripted"
	"parley/internal/reading"
	"parley/internal/speech"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

const (
	png  = "\x89PNG\r\n\x1a\n and so on"
	opus = "OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x00\x00\x00\x00\x01\x02\x03\x04\x01\x13OpusHead\x01\x01"
)

// phone is a source that keeps the files of its messages.
type phone struct {
	mu      sync.Mutex
	fetched []channel.Media
	fetch   func(ctx context.Context, m channel.Media) (io.ReadCloser, error)
}

func (p *phone) Source() parley.Source { return parley.SourceWhatsApp }

func (p *phone) Fetch(ctx context.Context, _ *parley.Sender, m channel.Media, _ int64) (io.ReadCloser, error) {
	p.mu.Lock()
	p.fetched = append(p.fetched, m)
	p.mu.Unlock()
	return p.fetch(ctx, m)
}

func (p *phone) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.fetched)
}

// keeps is a phone whose files are all the same.
func keeps(content string) *phone {
	return &phone{fetch: func(context.Context, channel.Media) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// ears hear what they are told to.
type ears func(a speech.Audio) (*speech.Transcript, error)

func (e ears) Transcribe(_ context.Context, a speech.Audio) (*speech.Transcript, error) { return e(a) }

// withMedia is a setup whose contacts are on a phone.
func withMedia(t *testing.T, p *phone, hear ears, s setup) setup {
	t.Helper()
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	also := s.config
	s.config = func(c *engine.Config) {
		c.Blobs = blobs
		c.Channels = map[parley.Source]channel.Channel{parley.SourceWhatsApp: p}
		if hear != nil {
			c.Recognisers = map[string]reading.NewRecogniser{
				parley.SpeechCommand: func(*parley.Provider) (speech.Recogniser, error) { return hear, nil },
				"fake":               func(*parley.Provider) (speech.Recogniser, error) { return hear, nil },
			}
		}
		if also != nil {
			also(c)
		}
	}
	if hear != nil && s.settings == nil {
		s.settings = func(w *parley.WorkspaceSettings) { w.Speech.ProviderID = parley.SpeechCommand }
	}
	return s
}

// send sends a file from the phone.
func (w *world) send(conv string, kind parley.MessageType, m channel.Media) *parley.Message {
	w.t.Helper()
	got, err := w.engine.Receive(w.t.Context(), channel.Inbound{
		WorkspaceID: w.workspace.ID, ConversationID: conv, Type: kind, Media: []channel.Media{m},
	})
	w.must(err)
	return got.Message
}

func (w *world) onPhone() *parley.Conversation {
	w.t.Helper()
	return w.openWith(engine.OpenRequest{Source: parley.SourceWhatsApp, Identities: []parley.Identity{{Kind: parley.IdentityPhone, Value: "+4930123456"}}})
}

// settled waits until a message's file is fetched and read.
func (w *world) settled(m *parley.Message) parley.Attachment {
	w.t.Helper()
	var a parley.Attachment
	w.eventually("the file is read", func() bool {
		now, err := w.store.Message(w.t.Context(), w.workspace.ID, m.ConversationID, m.ID)
		w.must(err)
		a = now.Attachments[0]
		return !a.Unfinished()
	})
	if a.Pending != nil {
		w.t.Errorf("what is done keeps %+v", a.Pending)
	}
	return a
}

func TestAPhotoAndItsQuestionAreOneTurn(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, db *store.Store) {
		arrived := make(chan struct{})
		p := &phone{fetch: func(ctx context.Context, _ channel.Media) (io.ReadCloser, error) {
			select {
			case <-arrived:
			case <-ctx.Done():
			}
			return io.NopCloser(strings.NewReader(png)), nil
		}}
		model := scripted.Func(func(r *llm.Request) scripted.Reply {
			if r.Context.Purpose == parley.UsageVision {
				return scripted.Text("A red [parcel],\nnumber 4711.")
			}
			return scripted.Text("That is parcel 4711.")
		})
		w := newWorld(t, db, withMedia(t, p, nil, setup{model: model}))
		c := w.onPhone()
		photo := w.send(c.ID, parley.MessageImage, channel.Media{ID: "m1", URL: "https://lookaside.example/1", Name: "../IMG.jpg", MIMEType: "image/jpeg; x=y"})
		if a := photo.Attachments[0]; a.State != parley.AttachmentPending || a.Name != "IMG.jpg" || a.MIMEType != "image/jpeg" {
			t.Errorf("before it is fetched: %+v", a)
		}
		text := w.write(c.ID, "Which one is this?")
		w.eventually("the file is asked for", func() bool { return p.count() > 0 })
		close(arrived)
		replies, err := w.engine.WaitReplies(t.Context(), w.workspace.ID, c.ID, text.Message.Seq, time.Minute)
		w.must(err)
		if got := texts(replies); !slices.Equal(got, []string{"That is parcel 4711."}) {
			t.Errorf("answered %q", got)
		}
		a := w.settled(photo)
		if a.Reading != "A red [parcel],\nnumber 4711." || a.MIMEType != "image/png" || a.Declared != "image/jpeg" || a.Size != int64(len(png)) {
			t.Errorf("the file: %+v", a)
		}
		if m := p.fetched[0]; m.ID != "m1" || m.URL == "" {
			t.Errorf("fetched %+v", m)
		}
		equal(t, "turns", len(w.turns(c.ID)), 1)
		equal(t, "messages of the contact", len(w.messages(c.ID, parley.ByUser)), 2)
		req := model.Requests()[1]
		if got := req.Messages[0]; got.Text != "[Image: A red (parcel), number 4711.]" || len(got.Images) != 1 || req.Messages[1].Text != "Which one is this?" {
			t.Errorf("the model reads %+v", req.Messages)
		}
		rows := w.usage(c.ID)
		equal(t, "rows of the ledger", len(rows), 2)
		if rows[0].Kind != parley.UsageVision || !rows[0].Complete || rows[0].AssistantVersion != 1 {
			t.Errorf("the reading's row: %+v", rows[0])
		}
		row, err := w.store.Attachment(t.Context(), w.workspace.ID, a.ID)
		if err != nil || row.Size != a.Size || row.MIMEType != "image/png" {
			t.Errorf("the file's row: %+v, %v", row, err)
		}
	})
}

// A model that speaks the protocol is shown the picture, and asked what it shows.
func TestAPhotoIsSeenOverTheWire(t *testing.T) {
	wire := llmtest.New(t, llmtest.Text("A red parcel."), llmtest.Text("Thank you."))
	w := quick(t, withMedia(t, keeps(png), nil, setup{model: openai.New(openai.Config{BaseURL: wire.BaseURL(), APIKey: "key"})}))
	c := w.onPhone()
	m := w.send(c.ID, parley.MessageImage, channel.Media{ID: "m", MIMEType: "image/png"})
	if a := w.settled(m); a.Reading != "A red parcel." || a.Error != "" {
		t.Errorf("the file: %+v", a)
	}
	w.eventually("answered", func() bool { return w.conversation(c.ID).AnsweredSeq >= m.Seq })
	asked := wire.Requests()
	if len(asked) != 2 || !bytes.Contains(asked[0].Body, []byte("data:image/png;base64,"+base64.StdEncoding.EncodeToString([]byte(png)))) ||
		!bytes.Contains(asked[1].Body, []byte("[Image: A red parcel.]")) {
		t.Errorf("%d requests, the first %s", len(asked), asked[0].Body)
	}
	row := w.usage(c.ID)[0]
	if row.Kind != parley.UsageVision || row.InputTokens == nil || len(row.Raw) == 0 {
		t.Errorf("the row: %+v", row)
	}
}

func TestAVoiceNoteIsAnswered(t *testing.T) {
	in, out := int64(12), int64(3)
	for name, c := range map[string]struct {
		provider bool
		usage    *speech.Usage
		raw      string
		unknown  int
	}{
		"the server's own program":       {false, nil, `{"seconds":2.5}`, 1},
		"a provider that counts":         {true, &speech.Usage{InputTokens: &in, OutputTokens: &out, Raw: []byte(`{"input_tokens":12}`)}, `{"input_tokens":12}`, 2},
		"a provider that does not say":   {true, nil, `{"seconds":2.5}`, 2},
		"a provider that counts nothing": {true, &speech.Usage{Raw: []byte(`{"type":"duration"}`)}, `{"type":"duration"}`, 2},
	} {
		t.Run(name, func(t *testing.T) {
			hear := func(a speech.Audio) (*speech.Transcript, error) {
				sound, err := io.ReadAll(a.Content)
				if err != nil || string(sound) != opus || a.Language != "de" || a.MIMEType != "audio/ogg" || a.Size != int64(len(opus)) {
					t.Errorf("listened to %+v, %q, %v", a, sound, err)
				}
				return &speech.Transcript{Text: "How long does delivery take?", Seconds: 2.5, Usage: c.usage}, nil
			}
			model := scripted.New(scripted.Text("Three days."))
			w := quick(t, withMedia(t, keeps(opus), hear, setup{
				model:     model,
				assistant: func(a *parley.AssistantConfig) { a.Languages = []string{"de-AT"} },
			}))
			if c.provider {
				w.workspace.Settings.Speech = parley.SpeechChoice{ProviderID: w.provider.ID, Model: "whisper-1"}
				w.must(w.store.UpdateWorkspace(t.Context(), w.workspace))
			}
			doc := &parley.Document{WorkspaceID: w.workspace.ID, AssistantID: w.assistant.ID, Title: "Delivery", Format: parley.FormatMarkdown,
				Content: "# Times\n\nDelivery takes three days.", State: parley.DocumentReady}
			w.must(w.store.CreateDocument(t.Context(), doc, ""))
			conv := w.onPhone()
			m := w.send(conv.ID, parley.MessageAudio, channel.Media{ID: "m2", MIMEType: "audio/ogg; codecs=opus", Voice: true})
			w.eventually("answered", func() bool { return w.conversation(conv.ID).AnsweredSeq >= m.Seq })
			a := w.settled(m)
			if a.Reading != "How long does delivery take?" || !a.Voice || a.Declared != "" || a.Name != "audio.ogg" {
				t.Errorf("the file: %+v", a)
			}
			req := model.Requests()[0]
			if got := req.Messages[0].Text; got != "[Voice note] How long does delivery take?" {
				t.Errorf("the model reads %q", got)
			}
			if len(req.Context.Passages) == 0 {
				t.Error("nothing was looked up for what was said")
			}
			row := w.usage(conv.ID)[0]
			if row.Kind != parley.UsageTranscription || !row.Complete || string(row.Raw) != c.raw || row.Error != "" {
				t.Errorf("the row: %+v, %s", row, row.Raw)
			}
			if free := row.Credits != nil && *row.Credits == 0; free == c.provider {
				t.Errorf("credits %v", row.Credits)
			}
			equal(t, "calls of unknown cost, the reply's among them", w.conversation(conv.ID).UnknownCalls, c.unknown)
		})
	}
}

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
