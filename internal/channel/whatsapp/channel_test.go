package whatsapp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/channeltest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(t *testing.T) (channel.Pusher, channeltest.Peer) {
		return newChannel(t, nil), newMeta(t)
	})
	for name, ok := range map[string]bool{
		"Splitter": is[channel.Splitter](), "Pacer": is[channel.Pacer](), "Signaller": is[channel.Signaller](), "Fetcher": is[channel.Fetcher](),
	} {
		if !ok {
			t.Errorf("the channel is no %s", name)
		}
	}
}

func is[T any]() bool {
	_, ok := any(&Channel{}).(T)
	return ok
}

// outbound returns a message to send through m.
func outbound(m *meta, change func(*channel.Outbound)) *channel.Outbound {
	out := channeltest.Message(parley.SourceWhatsApp, "key-1", "Hello")
	out.Sender = m.Sender()
	out.Open = func(_ context.Context, id string) (io.ReadSeekCloser, error) {
		return nopCloser{bytes.NewReader([]byte("content of " + id))}, nil
	}
	if change != nil {
		change(out)
	}
	return out
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// bodies are messages and what Meta has to be sent for them.
var bodies = map[string]func(*channel.Outbound){
	"text": func(*channel.Outbound) {},
	"markdown": func(o *channel.Outbound) {
		o.Message.Content = "# Title\n\n**Bold** and *italic* with [a link](https://shop.example/a_b_c).\n\n* one\n* two\n\n`a * b * c`"
	},
	"operator": func(o *channel.Outbound) {
		o.Message.Role, o.Message.Content = parley.ByOperator, "2 * 3 * 4 and **not bold**"
	},
	"reply": func(o *channel.Outbound) { o.ReplyTo = "wamid.before" },
	"bsuid": func(o *channel.Outbound) {
		o.Identities = []parley.Identity{{Kind: parley.IdentityBSUIDGroup, Value: "US.ENT.1"}, {Kind: parley.IdentityBSUID, Value: "US.13"}}
	},
	"phone and bsuid": func(o *channel.Outbound) {
		o.Identities = []parley.Identity{{Kind: parley.IdentityBSUID, Value: "US.13"}, {Kind: parley.IdentityPhone, Value: "49 170 0000000"}}
	},
	"buttons": func(o *channel.Outbound) { o.Message.Choices = []string{"Yes", "No", "A bit of both of it"} },
	"list": func(o *channel.Outbound) {
		o.Message.Choices = []string{"Opening hours", "Prices", "Directions", "I would like to speak to a person, please"}
	},
	"numbered": func(o *channel.Outbound) {
		o.Message.Choices = []string{"One", "Two", strings.Repeat("long ", 20)}
	},
	"choices alone": func(o *channel.Outbound) { o.Message.Content, o.Message.Choices = "", []string{"Yes"} },
	"image": func(o *channel.Outbound) {
		o.Message.Type, o.Message.Content = parley.MessageImage, "**Look**"
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "../a.png", MIMEType: "image/png", Size: 5}}
	},
	"voice": func(o *channel.Outbound) {
		o.Message.Type, o.Message.Content = parley.MessageAudio, ""
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "v.ogg", MIMEType: "audio/ogg; codecs=opus", Size: 5, Voice: true}}
	},
	"audio with text": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageAudio
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "v.ogg", MIMEType: "audio/ogg", Size: 5}}
	},
	"sticker": func(o *channel.Outbound) {
		o.Message.Type, o.Message.Content = parley.MessageSticker, ""
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "s.webp", MIMEType: "image/webp", Size: 5}}
	},
	"document": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageFile
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "prices.pdf", MIMEType: "application/pdf", Size: 5}}
	},
	"large image": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageImage
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "big.png", MIMEType: "image/png", Size: 6 << 20}}
	},
	"template": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageTemplate
		o.Message.Payload = marshal(parley.TemplateMessage{Name: "hello", Language: "en_US",
			Header: []parley.TemplateValue{{Text: "A-17"}}, Body: []parley.TemplateValue{{Name: "who", Text: "Ada"}},
			Buttons: []parley.ButtonValue{{Index: 1, Kind: "url", Text: "A-17"}, {Index: 2, Kind: "quick_reply", Text: "stop"}}})
	},
	"template with a code": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageTemplate
		o.Message.Payload = marshal(parley.TemplateMessage{Name: "hello", Language: "en_US",
			Body:    []parley.TemplateValue{{Name: "who", Text: "Ada"}},
			Buttons: []parley.ButtonValue{{Index: 0, Kind: "copy_code", Text: "SAVE10"}}})
	},
	"template with a one-time code": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageTemplate
		o.Message.Payload = marshal(parley.TemplateMessage{Name: "login_code", Language: "en_US",
			Body:    []parley.TemplateValue{{Text: "4711"}},
			Buttons: []parley.ButtonValue{{Index: 0, Kind: "one_time_code", Text: "4711"}}})
	},
	"template with a picture as document": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageTemplate
		o.Message.Payload = marshal(parley.TemplateMessage{Name: "hello", Language: "en_US", HeaderMedia: "document"})
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "a.png", MIMEType: "image/png", Size: 5}}
	},
	"template with a picture": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageTemplate
		o.Message.Payload = marshal(parley.TemplateMessage{Name: "hello", Language: "en_US", HeaderMedia: "image"})
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "a.png", MIMEType: "image/png", Size: 5}}
	},
	"template with a file": func(o *channel.Outbound) {
		o.Message.Type = parley.MessageTemplate
		o.Message.Payload = marshal(parley.TemplateMessage{Name: "hello", Language: "en_US"})
		o.Message.Attachments = []parley.Attachment{{ID: "f1", Name: "a.pdf", MIMEType: "application/pdf", Size: 5}}
	},
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for name, change := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMeta(t)
			receipt, err := newChannel(t, nil).Send(t.Context(), outbound(m, change))
			if err != nil || receipt.ProviderID != "wamid.1" {
				t.Fatalf("%+v, %v", receipt, err)
			}
			var got bytes.Buffer
			if err := json.Indent(&got, m.messages()[0], "", "  "); err != nil {
				t.Fatal(err)
			}
			for _, u := range m.uploads {
				got.WriteString("\n" + u.name + " " + u.mimeType + " " + u.content)
			}
			golden(t, "sent/"+strings.ReplaceAll(name, " ", "_")+".golden", append(got.Bytes(), '\n'))
		})
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	m := newMeta(t)
	c := newChannel(t, nil)
	for name, change := range map[string]func(*channel.Outbound){
		"no sender": func(o *channel.Outbound) { o.Sender = nil },
		"no contact": func(o *channel.Outbound) {
			o.Identities = []parley.Identity{{Kind: parley.IdentityEmail, Value: "a@b.example"}}
		},
		"empty":    func(o *channel.Outbound) { o.Message.Content = " \n" },
		"too long": func(o *channel.Outbound) { o.Message.Content = strings.Repeat("x", 4097) },
		"two files": func(o *channel.Outbound) {
			o.Message.Attachments = []parley.Attachment{{ID: "1"}, {ID: "2"}}
		},
		"long caption": func(o *channel.Outbound) {
			o.Message.Content = strings.Repeat("x", 1025)
			o.Message.Attachments = []parley.Attachment{{ID: "1", MIMEType: "image/png"}}
		},
		"huge file":   func(o *channel.Outbound) { o.Message.Attachments = []parley.Attachment{{ID: "1", Size: 101 << 20}} },
		"no template": func(o *channel.Outbound) { o.Message.Type = parley.MessageTemplate },
		"no token":    func(o *channel.Outbound) { o.Sender.Token = "" },
	} {
		_, err := c.Send(t.Context(), outbound(m, change))
		if e, ok := errors.AsType[*channel.Error](err); !ok || e.Action != channel.Fail || e.Message == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	unread := outbound(m, func(o *channel.Outbound) {
		o.Message.Attachments = []parley.Attachment{{ID: "1"}}
		o.Open = func(context.Context, string) (io.ReadSeekCloser, error) { return nil, errors.New("disk") }
	})
	if _, err := c.Send(t.Context(), unread); channel.ActionOf(err) != channel.Retry {
		t.Errorf("a file that cannot be read: %v", err)
	}
	if sent := m.messages(); len(sent) > 0 {
		t.Errorf("Meta was sent %s", sent)
	}
}

// The HTTP status decides nothing where Meta gives a code.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer string
		action channel.Action // "" for none
		code   string
		sends  int
	}{
		"limit as 200":           {`200 {"error":{"code":130429,"message":"x"}}`, channel.Retry, "130429", 1},
		"window as 500":          {`500 {"error":{"code":131047,"message":"x"}}`, channel.Fail, "131047", 1},
		"fault of Meta as 400":   {`400 {"error":{"code":131000,"message":"x"}}`, channel.Retry, "131000", 1},
		"token":                  {`401 {"error":{"code":190,"message":"Malformed ` + testToken + `"}}`, channel.Fail, "190", 1},
		"no code":                {`400 {"error":{"message":"x"}}`, channel.Fail, "unknown", 1},
		"error as text":          {`400 {"error":"broken"}`, channel.Fail, "http_400", 1},
		"no id":                  {`200 {"messages":[]}`, channel.Ambiguous, "answer", 1},
		"messages is no list":    {`200 {"messages":{}}`, channel.Ambiguous, "answer", 1},
		"empty":                  {`200 `, channel.Ambiguous, "http_200", 1},
		"half":                   {`200 {"messages":[{"id":"wam`, channel.Ambiguous, "http_200", 1},
		"a gateway":              {`504 <html>timeout</html>`, channel.Ambiguous, "http_504", 1},
		"a gateway that refuses": {`429 slow down`, channel.Retry, "http_429", 1},
		"not found":              {`404 <html>no</html>`, channel.Fail, "http_404", 1},
		"a redirect":             {`302 `, channel.Fail, "http_302", 1},
		"huge":                   {`200 {"messages":[{"id":"x"}],"pad":"` + strings.Repeat("x", 5<<20) + `"}`, channel.Ambiguous, "http_200", 1},
		"a file that is refused": {`400 {"error":{"code":131053,"message":"x"}}`, "", "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMeta(t)
			m.fault = []string{c.answer}
			_, err := newChannel(t, nil).Send(t.Context(), outbound(m, func(o *channel.Outbound) {
				if c.sends == 2 {
					o.Message.Type, o.Message.Attachments = parley.MessageImage, []parley.Attachment{{ID: "1", MIMEType: "image/png"}}
				}
			}))
			if n := len(m.messages()); n != c.sends {
				t.Errorf("it was sent %d times", n)
			}
			if c.action == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e, ok := errors.AsType[*channel.Error](err)
			if !ok || e.Action != c.action || e.Code != c.code || e.Message == "" {
				t.Errorf("got %v", err)
			}
			if strings.Contains(err.Error(), testToken) {
				t.Errorf("the error holds the token: %v", err)
			}
		})
	}
}

func TestSignal(t *testing.T) {
	t.Parallel()
	m := newMeta(t)
	c := newChannel(t, nil)
	for typing, want := range map[bool]string{
		false: `{"message_id":"wamid.7","messaging_product":"whatsapp","status":"read"}`,
		true:  `{"message_id":"wamid.7","messaging_product":"whatsapp","status":"read","typing_indicator":{"type":"text"}}`,
	} {
		if err := c.Signal(t.Context(), m.Sender(), "wamid.7", typing); err != nil {
			t.Error(err)
		}
		sent := m.messages()
		if got := string(sent[len(sent)-1]); got != want {
			t.Errorf("got %s", got)
		}
	}
	if err := c.Signal(t.Context(), nil, "wamid.7", true); err == nil {
		t.Error("there is no sender")
	}
}

// A time-out while the file goes up has sent nothing.
func TestUploadThatHangs(t *testing.T) {
	t.Parallel()
	m := newMeta(t)
	out := outbound(m, func(o *channel.Outbound) {
		o.Message.Type, o.Message.Attachments = parley.MessageImage, []parley.Attachment{{ID: "1", MIMEType: "image/png"}}
		o.Open = func(ctx context.Context, _ string) (io.ReadSeekCloser, error) {
			return nopCloser{&stuck{ctx: ctx}}, nil
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := newChannel(t, nil).Send(ctx, out); channel.ActionOf(err) != channel.Retry {
		t.Errorf("got %v", err)
	}
}

// stuck is a file that stops in the middle.
type stuck struct {
	ctx  context.Context
	read bool
}

func (s *stuck) Read(p []byte) (int, error) {
	if !s.read {
		s.read = true
		return copy(p, "half"), nil
	}
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

func (s *stuck) Seek(_ int64, whence int) (int64, error) {
	if whence == io.SeekEnd {
		return 1000, nil
	}
	return 0, nil
}
