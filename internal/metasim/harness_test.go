package metasim_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/metasim"
	"parley/internal/metasim/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret = "an app secret of this test"
	number = "106540352242922" // the first default number
	second = "206540352242931" // in the Business app too
	waba   = "102290129340398"
)

// receiver is a business's server, written from Meta's pages: it checks the
// signature over the bytes that came and answers the handshake.
type receiver struct {
	*httptest.Server

	mu     sync.Mutex
	bodies [][]byte
	refuse int // so many POSTs are answered 500
	forged int
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	rc := &receiver{}
	rc.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if q := r.URL.Query(); r.Method == http.MethodGet {
			if q.Get("hub.mode") != "subscribe" || q.Get("hub.verify_token") != metasim.DefaultVerifyToken {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			fmt.Fprint(w, q.Get("hub.challenge"))
			return
		}
		body, _ := io.ReadAll(r.Body)
		given, _ := hex.DecodeString(strings.TrimPrefix(r.Header.Get("X-Hub-Signature-256"), "sha256="))
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		rc.mu.Lock()
		defer rc.mu.Unlock()
		if !hmac.Equal(given, mac.Sum(nil)) {
			rc.forged++
		}
		if rc.refuse > 0 {
			rc.refuse--
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		rc.bodies = append(rc.bodies, body)
	}))
	t.Cleanup(rc.Close)
	return rc
}

// envelope is a webhook as far as these tests look.
type envelope struct {
	Object string
	Entry  []struct {
		ID      string
		Changes []struct {
			Field string
			Value struct {
				Product  string `json:"messaging_product"`
				Metadata struct {
					ID string `json:"phone_number_id"`
				}
				Contacts []map[string]any
				Messages []map[string]any
				Statuses []map[string]any
				Calls    []map[string]any
				Echoes   []map[string]any `json:"message_echoes"`
				Event    string
				Reason   string
			}
		}
	}
}

// received decodes what came so far.
func (rc *receiver) received(t *testing.T) (all []envelope) {
	t.Helper()
	rc.mu.Lock()
	defer rc.mu.Unlock()
	if rc.forged > 0 {
		t.Fatalf("%d webhooks had a wrong signature", rc.forged)
	}
	for _, b := range rc.bodies {
		var e envelope
		if err := json.Unmarshal(b, &e); err != nil {
			t.Fatalf("%v in %s", err, b)
		}
		all = append(all, e)
	}
	return all
}

func (rc *receiver) messages(t *testing.T) (all []map[string]any) {
	t.Helper()
	for _, e := range rc.received(t) {
		for _, en := range e.Entry {
			for _, c := range en.Changes {
				all = append(all, c.Value.Messages...)
			}
		}
	}
	return all
}

// statuses returns the statuses of a message, in the order in which they came.
func (rc *receiver) statuses(t *testing.T, id string) (names []string, all []map[string]any) {
	t.Helper()
	for _, e := range rc.received(t) {
		for _, en := range e.Entry {
			for _, c := range en.Changes {
				for _, s := range c.Value.Statuses {
					if s["id"] == id {
						names, all = append(names, s["status"].(string)), append(all, s)
					}
				}
			}
		}
	}
	return names, all
}

// scene is a simulator that runs, with a receiver and a business that calls it.
type scene struct {
	*metasim.Sim
	hook *receiver
	url  string
	t    *testing.T
}

func newScene(t *testing.T, change ...func(*metasim.Config)) *scene {
	t.Helper()
	hook := newReceiver(t)
	cfg := metasim.Config{
		Seed: 7, AppSecret: secret, WebhookURL: hook.URL, StatusDelay: 2 * time.Millisecond, ReviewDelay: time.Millisecond,
		RetryFirst: time.Millisecond, RetryMax: 5 * time.Millisecond,
	}
	for _, c := range change {
		c(&cfg)
	}
	s := metasim.New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	srv := httptest.NewServer(s)
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		srv.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return &scene{Sim: s, hook: hook, url: srv.URL, t: t}
}

// answer is a Graph answer as far as these tests look.
type answer struct {
	status   int
	Messages []struct{ ID string }
	Contacts []map[string]string
	Success  bool
	ID       string
	Status   string
	URL      string
	Data     []map[string]any
	Paging   struct{ Cursors struct{ After string } }
	Error    struct {
		Code    int
		Message string
		Subcode int                      `json:"error_subcode"`
		Data    struct{ Details string } `json:"error_data"`
	}
	Raw map[string]any `json:"-"`
}

// call makes a Graph request with the token.
func (s *scene) call(method, path, body string, header ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+metasim.DefaultToken)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{} // status 0: no answer
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}
	}
	a := answer{status: res.StatusCode}
	_ = json.Unmarshal(b, &a) // what has another shape is in Raw
	if json.Unmarshal(b, &a.Raw) != nil {
		a.Raw = map[string]any{"text": string(b)}
	}
	return a
}

// send sends a message to sheena's number, with rest as the body's rest.
func (s *scene) send(rest string) answer {
	s.t.Helper()
	return s.sendTo(`"to":"+16505551234"`, rest)
}

func (s *scene) sendTo(to, rest string) answer {
	s.t.Helper()
	return s.call("POST", "/v25.0/"+number+"/messages", `{"messaging_product":"whatsapp",`+to+`,`+rest+`}`)
}

func (s *scene) text(person, text string) string {
	s.t.Helper()
	m, err := s.SendText(person, number, text)
	if err != nil {
		s.t.Fatal(err)
	}
	return m.ID
}

func (s *scene) act(person string, a metasim.Action) string {
	s.t.Helper()
	m, err := s.Act(person, number, a)
	if err != nil {
		s.t.Fatal(err)
	}
	if m == nil {
		return ""
	}
	return m.ID
}

// quiet waits until everything is delivered.
func (s *scene) quiet() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	if err := s.Quiet(ctx); err != nil {
		s.t.Fatalf("%v: %d things are pending; %v", err, s.Pending(), s.Counts())
	}
}

func faults(f world.Faults) func(*metasim.Config) {
	return func(c *metasim.Config) { c.Faults = f }
}
