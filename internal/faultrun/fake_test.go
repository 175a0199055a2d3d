package faultrun

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/internal/metasim"
)

// TestMain makes this program the server of its own tests: a small one that
// keeps its promises with nothing but a file, or breaks one of them.
func TestMain(m *testing.M) {
	if len(os.Args) > 5 && os.Args[1] == "serve" {
		if err := serveFake(os.Args[3], os.Args[5], os.Getenv("FAKE_BREAKS")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fakeLine is a line of the file: what happened.
type fakeLine struct {
	Sender               map[string]any `json:",omitempty"`
	In, Phone, PNID      string         `json:",omitempty"` // a message came
	Text                 string         `json:",omitempty"`
	Late                 bool           `json:",omitempty"` // nobody may answer
	Try, Sent, Key, WAID string         `json:",omitempty"` // a reply to a message is about to be sent, was sent
	Status               string         `json:",omitempty"`
}

type fakeReply struct{ key, wamid, delivery string }

type fake struct {
	breaks string
	mu     sync.Mutex
	file   *os.File
	sender map[string]map[string]any // by phone number id
	order  []fakeLine                // messages that came
	reply  map[string]*fakeReply     // by the wamid that it answers
}

// serveFake serves until it is killed or told to stop.
func serveFake(addr, dir, breaks string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f := &fake{breaks: breaks, sender: map[string]map[string]any{}, reply: map[string]*fakeReply{}}
	path := filepath.Join(dir, "log")
	if b, err := os.ReadFile(path); err == nil {
		for line := range strings.SplitSeq(string(b), "\n") {
			var l fakeLine
			if json.Unmarshal([]byte(line), &l) == nil {
				f.apply(l)
			}
		}
	}
	var err error
	if f.file, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return err
	}
	// What was being sent when the last process died may have left: only what was
	// not tried is sent.
	var again []fakeLine
	for _, in := range f.order {
		if f.reply[in.In] == nil && !in.Late {
			again = append(again, in)
		}
	}
	go func() {
		for _, in := range again {
			f.answer(in)
		}
	}()
	stopped := make(chan os.Signal, 1)
	signal.Notify(stopped, syscall.SIGTERM)
	srv := &http.Server{Addr: addr, Handler: http.HandlerFunc(f.serve)}
	go func() {
		<-stopped
		_ = srv.Close()
	}()
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// record makes a line durable before it takes effect.
func (f *fake) record(l fakeLine) {
	b, _ := json.Marshal(l)
	_, _ = f.file.Write(append(append([]byte("\n"), b...), '\n')) // a torn line stands alone
	f.apply(l)
}

func (f *fake) apply(l fakeLine) {
	switch {
	case l.Sender != nil:
		f.sender[l.Sender["phone_number_id"].(string)] = l.Sender
	case l.In != "":
		f.order = append(f.order, l)
	case l.Try != "":
		f.reply[l.Try] = &fakeReply{key: l.Key, delivery: "unknown"}
	case l.Sent != "":
		f.reply[l.Sent].wamid = l.WAID
		f.raise(f.reply[l.Sent], "sent")
	case l.Status != "":
		for _, r := range f.reply {
			if r.key == l.Key {
				r.wamid = l.WAID
				f.raise(r, l.Status)
			}
		}
	}
}

func (f *fake) raise(r *fakeReply, status string) {
	if status == "failed" || ranks[status] > ranks[r.delivery] && r.delivery != "failed" {
		r.delivery = status
	}
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch path := r.URL.Path; {
	case path == "/readyz":
	case strings.HasPrefix(path, "/webhooks/") && r.Method == http.MethodGet:
		fmt.Fprint(w, r.URL.Query().Get("hub.challenge"))
	case strings.HasPrefix(path, "/webhooks/"):
		f.webhook(w, r, body)
	case path == "/api/v1/assistants":
		fmt.Fprint(w, `{"id":"a1"}`)
	case path == "/api/v1/whatsapp/senders":
		var sender map[string]any
		_ = json.Unmarshal(body, &sender)
		f.mu.Lock()
		f.record(fakeLine{Sender: sender})
		f.mu.Unlock()
		fmt.Fprintf(w, `{"id":"s","app":{"webhook_path":"/webhooks/whatsapp/%s"}}`, sender["phone_number_id"])
	case path == "/api/v1/conversations":
		f.conversations(w)
	case strings.HasSuffix(path, "/messages"):
		f.messages(w, strings.Split(path, "/")[4])
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (f *fake) webhook(w http.ResponseWriter, r *http.Request, body []byte) {
	mac := hmac.New(sha256.New, []byte(metasim.DefaultAppSecret))
	mac.Write(body)
	if r.Header.Get("X-Hub-Signature-256") != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var in struct {
		Entry []struct {
			Changes []struct {
				Value struct {
					Metadata struct {
						ID string `json:"phone_number_id"`
					}
					Messages []struct {
						ID, From, Timestamp string
						Text                struct{ Body string }
					}
					Statuses []struct {
						ID, Status string
						Key        string `json:"biz_opaque_callback_data"`
					}
				}
			}
		}
	}
	_ = json.Unmarshal(body, &in)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range in.Entry {
		for _, c := range e.Changes {
			for _, m := range c.Value.Messages {
				sent, _ := strconv.ParseInt(m.Timestamp, 10, 64)
				l := fakeLine{In: m.ID, Phone: m.From, PNID: c.Value.Metadata.ID, Text: m.Text.Body}
				l.Late = time.Since(time.Unix(sent, 0)) > 24*time.Hour && f.breaks != "answers late"
				if f.known(m.ID) && f.breaks != "duplicates" || f.breaks == "loses" && len(f.order) == 7 && !f.known(m.ID) {
					if f.breaks == "loses" {
						f.breaks = "lost"
					}
					continue
				}
				first := !f.known(m.ID)
				f.record(l)
				if first && !l.Late {
					go f.answer(l)
				}
			}
			for _, s := range c.Value.Statuses {
				f.record(fakeLine{Status: s.Status, Key: s.Key, WAID: s.ID})
			}
		}
	}
}

func (f *fake) known(id string) bool {
	for _, l := range f.order {
		if l.In == id {
			return true
		}
	}
	return false
}

// answer sends one reply: the try is on disk before it, and only a clear refusal
// is tried again.
func (f *fake) answer(in fakeLine) {
	f.mu.Lock()
	sender := f.sender[in.PNID]
	key := "m-" + in.In
	if f.reply[in.In] == nil {
		f.record(fakeLine{Try: in.In, Key: key})
	}
	f.mu.Unlock()
	body, _ := json.Marshal(map[string]any{
		"messaging_product": "whatsapp", "to": "+" + in.Phone, "type": "text", "text": map[string]string{"body": "Fine"}, "biz_opaque_callback_data": key,
	})
	for {
		req, _ := http.NewRequest("POST", fmt.Sprint(sender["base_url"], "/", sender["graph_version"], "/", in.PNID, "/messages"), bytes.NewReader(body))
		req.Header.Set("Authorization", fmt.Sprint("Bearer ", sender["token"]))
		res, err := http.DefaultClient.Do(req)
		if err != nil && f.breaks != "resends" {
			return // it may have been accepted
		} else if err != nil {
			continue
		}
		var out struct{ Messages []struct{ ID string } }
		err = json.NewDecoder(res.Body).Decode(&out)
		_ = res.Body.Close()
		if err == nil && len(out.Messages) == 1 {
			f.mu.Lock()
			f.record(fakeLine{Sent: in.In, WAID: out.Messages[0].ID})
			f.mu.Unlock()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (f *fake) conversations(w http.ResponseWriter) {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen, data := map[string]bool{}, []any{}
	for _, l := range f.order {
		if id := l.PNID + "-" + l.Phone; !seen[id] {
			seen[id] = true
			data = append(data, map[string]any{"id": id, "started_at": time.Unix(0, 0), "contact": map[string]string{"phone": "+" + l.Phone}})
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"data": data, "next_cursor": nil})
}

func (f *fake) messages(w http.ResponseWriter, id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data := []any{}
	for _, l := range f.order {
		if l.PNID+"-"+l.Phone != id {
			continue
		}
		data = append(data, Message{ID: l.In, Role: "user", Content: l.Text, ProviderID: l.In})
		if r := f.reply[l.In]; r != nil {
			data = append(data, Message{ID: r.key, Role: "assistant", Content: "Fine", ProviderID: r.wamid, Delivery: r.delivery, TurnID: "t" + l.In})
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"data": data, "next_cursor": nil})
}

// A server that keeps its promises passes, with everything going wrong around
// it; one that breaks one is found out.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("kills real processes for some time")
	}
	t.Parallel()
	for breaks, want := range map[string]string{
		"":             "",
		"duplicates":   string(Doubled),
		"loses":        string(Lost),
		"resends":      string(SentTwice),
		"answers late": string(OutOfBound),
	} {
		t.Run(orName(breaks), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			c := &Command{Messages: 300, Contacts: 40, Kills: 2, Numbers: 3, Rate: 150, Seed: 4, Settle: 8 * time.Second, Dir: t.TempDir(),
				out: &out, env: []string{"FAKE_BREAKS=" + breaks}, still: 500 * time.Millisecond}
			err := c.Run(t.Context())
			if (err == nil) != (want == "") || err != nil && out.Len() == 0 {
				t.Fatalf("%v\n%s", err, &out)
			}
			for _, line := range []string{"inbound messages", "server killed", "duplicate", "pairs whose order was checked"} {
				if !strings.Contains(out.String(), line) {
					t.Errorf("it does not say %q:\n%s", line, &out)
				}
			}
			if want != "" && !strings.Contains(out.String(), "\n"+want+":\n") {
				t.Errorf("it does not find that %s:\n%s", want, &out)
			}
		})
	}
}

func orName(s string) string {
	if s == "" {
		return "keeps its promises"
	}
	return s
}
