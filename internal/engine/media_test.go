package engine_test

import (
	"bytes"
	"context"
	"encoding/base64"
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
