package control_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/metasim"
	"parley/internal/metasim/control"
	"parley/internal/metasim/ledger"
	"parley/internal/metasim/screen"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const number = "106540352242922"

// api is the control API of a simulator whose webhooks are taken.
type api struct {
	t   *testing.T
	url string
}

func newAPI(t *testing.T) *api {
	t.Helper()
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	}))
	sim := metasim.New(metasim.Config{Seed: 3, StatusDelay: time.Millisecond})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- sim.Run(ctx) }()
	srv := httptest.NewServer(control.New(sim))
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		srv.Close()
		hook.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	a := &api{t: t, url: srv.URL}
	a.must("PUT", "/webhook", `{"url":"`+hook.URL+`"}`, nil)
	return a
}

// do makes a request and returns the status and the body.
func (a *api) do(method, path, body string, header ...string) (*http.Response, []byte) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return res, b
}

func (a *api) must(method, path, body string, into any) {
	a.t.Helper()
	res, b := a.do(method, path, body)
	if res.StatusCode > 299 {
		a.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, b)
	}
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			a.t.Fatalf("%s %s: %v in %s", method, path, err, b)
		}
	}
}

// A phone is made, writes, sends a file both ways that are offered, and sees
// its messages; the ledger and the events tell of it.
func TestPhoneScreen(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.must("POST", "/phones", `{"id":"lea","name":"Léa","phone":"+33 6 55 50 11 22"}`, nil)
	var m screen.Message
	a.must("POST", "/phones/lea/messages", `{"number_id":"`+number+`","kind":"text","text":"Bonjour"}`, &m)
	page := "<script>alert(1)</script>"
	data := base64.StdEncoding.EncodeToString([]byte(page))
	var file screen.Message
	a.must("POST", "/phones/lea/messages", `{"number_id":"`+number+`","kind":"document","upload":{"name":"a.html","mime_type":"text/html","data":"`+data+`"}}`, &file)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	w.WriteField("number_id", number)
	w.WriteField("kind", "voice")
	part, _ := w.CreateFormFile("file", "note.ogg")
	part.Write([]byte("OggS"))
	w.Close()
	res, b := a.do("POST", "/phones/lea/messages", form.String(), "Content-Type", w.FormDataContentType())
	if res.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", res.StatusCode, b)
	}
	var chat screen.Chat
	a.must("GET", "/phones/lea/chat?number_id="+number, "", &chat)
	if len(chat.Messages) != 3 || chat.Messages[0].Text != "Bonjour" || !chat.Messages[2].File.Voice || !chat.WindowOpen {
		t.Errorf("%+v", chat)
	}
	res, b = a.do("GET", "/media/"+file.File.ID, "")
	if string(b) != page || res.Header.Get("Content-Type") != "application/octet-stream" || res.Header.Get("Content-Disposition") != "attachment" || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", res.Header)
	}
	a.must("POST", "/phones/lea/read", `{"number_id":"`+number+`"}`, nil)
	a.must("POST", "/age", `{"seconds":86400}`, nil)
	a.must("GET", "/phones/lea/chat?number_id="+number+"&after="+m.ID, "", &chat)
	if len(chat.Messages) != 2 || chat.WindowOpen {
		t.Errorf("a day later: %+v", chat)
	}
	var all, first, rest ledger.Ledger
	a.must("GET", "/ledger", "", &all)
	a.must("GET", "/ledger?limit=1", "", &first)
	if len(all.Inbound) != 3 || len(first.Inbound) != 1 || first.Next >= all.Next {
		t.Fatalf("%d %d", len(all.Inbound), len(first.Inbound))
	}
	for seen := 1; seen < 3; {
		a.must("GET", "/ledger?limit=1&after="+jsonNumber(first.Next), "", &rest)
		seen += len(rest.Inbound)
		if rest.Next <= first.Next {
			t.Fatalf("no progress after %d", first.Next)
		}
		first = rest
	}
	var events screen.Events
	a.must("GET", "/events?after=0&wait=1", "", &events)
	kinds := map[string]int{}
	for _, e := range events.Data {
		kinds[e.Type]++
	}
	if kinds["person"] != 1 || kinds["message"] < 3 || kinds["aged"] != 1 {
		t.Errorf("%v", kinds)
	}
	a.must("GET", "/events?after="+jsonNumber(events.Next+1000), "", &events)
	if !events.Resync {
		t.Error("events of another run are not told to be unknown")
	}
}

func jsonNumber(n uint64) string { b, _ := json.Marshal(n); return string(b) }

// The stream sends what happens as it happens.
func TestEventStream(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	var state metasim.State
	a.must("GET", "/state", "", &state)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", a.url+"/events?after="+jsonNumber(state.LastEvent), nil)
	req.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(req)
	if err == nil {
		defer res.Body.Close()
	} else {
		t.Fatal(err)
	}
	a.must("POST", "/phones/sheena/messages", `{"number_id":"`+number+`","kind":"text","text":"live"}`, nil)
	buf := make([]byte, 0, 4096)
	for !strings.Contains(string(buf), `"text":"live"`) {
		part := make([]byte, 1024)
		n, err := res.Body.Read(part)
		if err != nil {
			t.Fatalf("%v after %s", err, buf)
		}
		buf = append(buf, part[:n]...)
	}
	if !strings.Contains(string(buf), "event: message\n") {
		t.Errorf("%s", buf)
	}
}

// What is wrong is said with Parley's codes.
func TestProblems(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, tt := range []struct {
		method, path, body, code string
		status                   int
	}{
		{"GET", "/nothing", "", "not_found", 404},
		{"PUT", "/faults", `{"duplicate":2}`, "invalid", 400},
		{"PUT", "/faults", `{"dupe":1}`, "invalid", 400},
		{"POST", "/age", `{"seconds":-5}`, "invalid", 400},
		{"POST", "/phones", `{"phone":"12"}`, "invalid", 400},
		{"POST", "/phones", `{"phone":"+16505551234"}`, "conflict", 409},
		{"PATCH", "/phones/none", `{}`, "not_found", 404},
		{"GET", "/phones/none/chat?number_id=" + number, "", "not_found", 404},
		{"POST", "/phones/sheena/messages", `{"number_id":"1","kind":"text","text":"x"}`, "not_found", 404},
		{"GET", "/media/1", "", "not_found", 404},
		{"PUT", "/webhook", `{"url":"http://192.0.2.1/"}`, "unavailable", 503},
		{"POST", "/templates/1/review", `{"status":"APPROVED"}`, "not_found", 404},
		{"POST", "/numbers/" + number, `{"quality":"BLUE"}`, "invalid", 400},
		{"POST", "/numbers/" + number, `{"limit":"TIER_7"}`, "invalid", 400},
		{"GET", "/ledger?limit=x", "", "invalid", 400},
		{"POST", "/burst", `{"messages":0,"people":1}`, "invalid", 400},
	} {
		res, b := a.do(tt.method, tt.path, tt.body)
		var p struct{ Code, Detail string }
		if err := json.Unmarshal(b, &p); err != nil || res.StatusCode != tt.status || p.Code != tt.code || p.Detail == "" || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s %s: %d %s", tt.method, tt.path, tt.body, res.StatusCode, b)
		}
	}
	if res, _ := a.do("POST", "/age", `{"seconds":5}`, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %d", res.StatusCode)
	}
}

// The switches do what they say, and the state shows it.
func TestSwitches(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.must("PUT", "/faults", `{"duplicate":0.5,"batch":10}`, nil)
	a.must("POST", "/numbers/"+number, `{"quality":"RED","throughput":1000}`, nil)
	a.must("PUT", "/token", `{"valid":false,"scopes":[]}`, nil)
	a.must("PATCH", "/phones/sheena", `{"identity":"user_id"}`, nil)
	a.must("POST", "/burst", `{"messages":20,"people":4}`, nil)
	var raw struct {
		Status int
	}
	a.must("POST", "/webhooks/raw", `{"any":"thing"}`, &raw)
	var s metasim.State
	a.must("GET", "/state", "", &s)
	if s.Faults.Duplicate != 0.5 || s.Faults.Batch != 10 || s.Numbers[0].Quality != "RED" || s.Token.Valid || s.People[0].Identity != "user_id" || s.Counts["messages_in"] != 20 || raw.Status != 200 {
		t.Errorf("%+v", s)
	}
	a.must("POST", "/templates/"+s.Templates[0].ID+"/review", `{"status":"REJECTED","reason":"SCAM"}`, nil)
	a.must("GET", "/state", "", &s)
	if s.Templates[0].Status != "REJECTED" || s.Templates[0].Reason != "SCAM" {
		t.Errorf("%+v", s.Templates[0])
	}
}
