package whatsapp

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/channel/channeltest"
	"parley/internal/channel/whatsapp/graph"
)

const testToken = "EAAtestTokenZx81kQw7vTT0secret"

// meta is a server that speaks as Meta's does and behaves as it is told.
type meta struct {
	t      testing.TB
	server *httptest.Server
	done   chan struct{}

	mu        sync.Mutex
	behaviour channeltest.Behaviour
	fault     []string // answers of Meta's, each for one message
	sent      []json.RawMessage
	uploads   []upload
}

type upload struct{ name, mimeType, content string }

func newMeta(t testing.TB) *meta {
	t.Helper()
	m := &meta{t: t, done: make(chan struct{}), behaviour: channeltest.Accepts}
	m.server = httptest.NewServer(m)
	t.Cleanup(func() {
		close(m.done)
		m.server.Close()
	})
	return m
}

// Sender implements channeltest.WithSender.
func (m *meta) Sender() *parley.Sender {
	return &parley.Sender{
		ID: "s1", WorkspaceID: "w1", WABAID: "555", PhoneNumberID: "777", DisplayPhone: "+15550783881",
		BaseURL: m.server.URL, GraphVersion: "v25.0", Token: testToken,
	}
}

// Behave implements channeltest.Peer.
func (m *meta) Behave(b channeltest.Behaviour) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.behaviour = b
	if b == channeltest.IsAbsent {
		m.server.CloseClientConnections()
		_ = m.server.Listener.Close()
	}
}

// Taken implements channeltest.Peer.
func (m *meta) Taken() []string {
	var keys []string
	for _, raw := range m.messages() {
		var r request
		if err := json.Unmarshal(raw, &r); err == nil && r.OpaqueData != "" {
			keys = append(keys, r.OpaqueData)
		}
	}
	return keys
}

func (m *meta) messages() []json.RawMessage {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sent)
}

// ServeHTTP implements http.Handler.
func (m *meta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+testToken {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"error":{"message":"Invalid OAuth access token","code":190}}`)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "POST /v25.0/777/messages":
		m.message(w, r)
	case "POST /v25.0/777/media":
		m.media(w, r)
	default:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, `{"error":{"message":"(#100) Unsupported","code":100}}`)
	}
}

func (m *meta) message(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || !json.Valid(body) {
		m.t.Errorf("this is no message: %s", body)
	}
	m.mu.Lock()
	m.sent = append(m.sent, body)
	n, behaviour, fault := len(m.sent), m.behaviour, ""
	if len(m.fault) > 0 {
		fault, m.fault = m.fault[0], m.fault[1:]
	}
	m.mu.Unlock()
	if fault != "" {
		status, body, _ := strings.Cut(fault, " ")
		code, _ := strconv.Atoi(status)
		w.WriteHeader(code)
		_, _ = fmt.Fprint(w, body)
		return
	}
	switch behaviour {
	case channeltest.Rejects:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, `{"error":{"message":"(#131026) Message undeliverable","type":"OAuthException","code":131026}}`)
	case channeltest.IsBusy:
		w.Header().Set("Retry-After", strconv.Itoa(int(channeltest.BusyFor.Seconds())))
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, `{"error":{"message":"(#130429) Rate limit hit","code":130429}}`)
	case channeltest.Breaks:
		http.Error(w, "<html>Something went wrong</html>", http.StatusInternalServerError)
	case channeltest.HangsUp:
		panic(http.ErrAbortHandler)
	case channeltest.Hangs:
		select {
		case <-r.Context().Done():
		case <-m.done:
		}
	default:
		_, _ = fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[{"input":"x"}],"messages":[{"id":"wamid.%d"}],"success":true}`, n)
	}
}

func (m *meta) media(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 20); err != nil || r.FormValue("messaging_product") != "whatsapp" {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, `{"error":{"message":"(#100) no product","code":100}}`)
		return
	}
	file, header, err := r.FormFile("file")
	if err != nil {
		m.t.Error(err)
		return
	}
	content, _ := io.ReadAll(file)
	m.mu.Lock()
	m.uploads = append(m.uploads, upload{header.Filename, r.FormValue("type"), string(content)})
	n := len(m.uploads)
	m.mu.Unlock()
	if header.Header.Get("Content-Type") != r.FormValue("type") {
		m.t.Errorf("the file is %s, the form says %s", header.Header.Get("Content-Type"), r.FormValue("type"))
	}
	_, _ = fmt.Fprintf(w, `{"id":"media-%d"}`, n)
}

// newChannel returns a channel whose connections end with the test.
func newChannel(t testing.TB, now func() time.Time) *Channel {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return New(graph.Config{Transport: transport, Timeout: 5 * time.Second, Now: now})
}
