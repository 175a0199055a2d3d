package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testToken is what no error may ever hold.
const testToken = "EAAtestTokenZx81kQw7vTT0secret"

// meta answers requests by method and path, and writes down what it was asked.
type meta struct {
	*httptest.Server
	mu      sync.Mutex
	asked   []string
	bodies  []string
	answers map[string]string // by "GET /path"; what begins with a digit has a status before a space
}

func newMeta(t *testing.T, answers map[string]string) *meta {
	t.Helper()
	m := &meta{answers: answers}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	return m
}

// ServeHTTP implements http.Handler.
func (m *meta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	m.asked = append(m.asked, r.Method+" "+r.URL.RequestURI())
	m.bodies = append(m.bodies, string(body))
	m.mu.Unlock()
	scheme := "Bearer "
	if strings.Contains(r.URL.Path, "/upload:") {
		scheme = "OAuth "
	}
	if r.Header.Get("Authorization") != scheme+testToken {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"error":{"message":"Malformed access token","code":190}}`)
		return
	}
	answer, ok := m.answers[r.Method+" "+r.URL.RequestURI()]
	if !ok {
		answer, ok = m.answers[r.Method+" "+r.URL.Path]
	}
	if !ok {
		answer = `400 {"error":{"message":"(#100) Unsupported","code":100}}`
	}
	if answer[0] >= '0' && answer[0] <= '9' {
		var status int
		_, _ = fmt.Sscan(answer, &status)
		w.WriteHeader(status)
		_, answer, _ = strings.Cut(answer, " ")
	}
	_, _ = fmt.Fprint(w, answer)
}

func (m *meta) requests() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.asked...)
}

func (m *meta) sender() *parley.Sender {
	return &parley.Sender{ID: "s1", WorkspaceID: "w1", WABAID: "555", PhoneNumberID: "777", BaseURL: m.URL, Token: testToken}
}

func newClient(t *testing.T, now func() time.Time) *Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return NewClient(Config{Transport: transport, Timeout: 5 * time.Second, Now: now})
}

// wantFields checks the paths of what is wrong.
func wantFields(t *testing.T, name string, err error, paths ...string) {
	t.Helper()
	var got []string
	if e, ok := errors.AsType[*parley.Error](err); ok {
		if e.Code != parley.CodeInvalid {
			t.Errorf("%s: code %s", name, e.Code)
		}
		for _, f := range e.Fields {
			got = append(got, f.Path)
		}
	} else if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(paths)
	if string(a) != string(b) {
		t.Errorf("%s: %s, want %s: %v", name, a, b, err)
	}
}
