package server_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/server/widget"
)

// guest is a visitor's browser.
type guest struct {
	w      *world
	widget string
	origin string // "": none is sent
	site   string // Sec-Fetch-Site
	token  string
}

func (w *world) guest(of *parley.Widget) *guest {
	return &guest{w: w, widget: of.ID, origin: "https://shop.example"}
}

// visitor is a guest with a token.
func (w *world) visitor(of *parley.Widget) *guest {
	w.t.Helper()
	g := w.guest(of)
	g.token = read[widget.Session](w.t, g.post("/visitor", struct{}{})).Token
	return g
}

func (g *guest) request(method, path string, body any) request {
	r := request{method: method, path: "/widget/v1/" + g.widget + path, body: body, key: g.token, header: map[string]string{}}
	if g.origin != "" {
		r.header["Origin"] = g.origin
	}
	if g.site != "" {
		r.header["Sec-Fetch-Site"] = g.site
	}
	return r
}

func (g *guest) get(path string) answer { g.w.t.Helper(); return g.w.send(g.request("GET", path, nil)) }
func (g *guest) post(path string, body any) answer {
	g.w.t.Helper()
	return g.w.send(g.request("POST", path, body))
}

func (g *guest) uploads(conv, name, declared string, content []byte) answer {
	g.w.t.Helper()
	body, kind := form(name, content)
	if declared != "" {
		body = []byte(strings.Replace(string(body), "application/octet-stream", declared, 1))
	}
	r := g.request("POST", "/conversations/"+conv+"/attachments", body)
	r.header["Content-Type"] = kind
	return g.w.send(r)
}

// begins starts a conversation.
func (g *guest) begins() widget.Conversation {
	g.w.t.Helper()
	return read[widget.Started](g.w.t, g.post("/conversations", widget.Start{Language: "de", Page: "https://shop.example/a?secret=1#x"})).Conversation
}

func (g *guest) says(conv, text string) widget.Sent {
	g.w.t.Helper()
	return read[widget.Sent](g.w.t, g.post("/conversations/"+conv+"/messages", widget.Send{ClientID: uuid(), Content: text}))
}

// log waits until the conversation has n messages and returns them.
func (g *guest) log(conv string, n int) []widget.Message {
	g.w.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		all := read[widget.Messages](g.w.t, g.get("/conversations/"+conv+"/messages")).Data
		if len(all) >= n {
			return all
		}
		if time.Now().After(deadline) {
			g.w.t.Fatalf("only %d messages: %+v", len(all), all)
		}
	}
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// settings changes the settings of a widget.
func (w *world) settings(of *parley.Widget, change func(*parley.WidgetSettings)) {
	w.t.Helper()
	got, err := w.store.Widget(context.Background(), of.WorkspaceID, of.ID)
	w.must(err)
	change(&got.Settings)
	w.must(got.Settings.Validate())
	w.must(w.store.UpdateWidget(context.Background(), got))
}

// word is the word of a problem by which clients choose their text.
func (a answer) word() string {
	var p struct {
		Errors []parley.FieldError `json:"errors"`
	}
	if json.Unmarshal(a.body, &p) != nil || len(p.Errors) == 0 {
		return ""
	}
	return p.Errors[0].Path
}

// told is one event of a visitor's stream.
type told struct {
	name string
	id   string
	data json.RawMessage
}

func as[T any](t testing.TB, e told) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(e.data, &v); err != nil {
		t.Fatalf("%v in %s", err, e.data)
	}
	return v
}

// ear reads a visitor's stream.
type ear struct {
	t      testing.TB
	events chan told
	ended  chan struct{}
	stop   context.CancelFunc
}

func (g *guest) listens(conv, query string) *ear {
	g.w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.w.http.URL+"/widget/v1/"+g.widget+"/conversations/"+conv+"/stream"+query, nil)
	g.w.must(err)
	req.Header.Set("Authorization", "Bearer "+g.token)
	req.Header.Set("Origin", g.origin)
	res, err := g.w.http.Client().Do(req)
	g.w.must(err)
	if res.StatusCode != http.StatusOK || res.Header.Get("Access-Control-Allow-Origin") != g.origin {
		g.w.t.Fatalf("stream: %d, %v", res.StatusCode, res.Header)
	}
	l := &ear{t: g.w.t, events: make(chan told, 1000), ended: make(chan struct{}), stop: cancel}
	go func() {
		defer close(l.ended)
		defer func() { _ = res.Body.Close() }()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		var e told
		for lines.Scan() {
			switch line := lines.Text(); {
			case strings.HasPrefix(line, "id: "):
				e.id = line[4:]
			case strings.HasPrefix(line, "event: "):
				e.name = line[7:]
			case strings.HasPrefix(line, "data: "):
				e.data = json.RawMessage(line[6:])
			case line == "" && e.name != "":
				l.events <- e
				e = told{}
			}
		}
	}()
	g.w.t.Cleanup(func() {
		cancel()
		<-l.ended
	})
	return l
}

// until collects events until one fits.
func (l *ear) until(what string, fits func(told) bool) []told {
	l.t.Helper()
	var seen []told
	patience := time.After(15 * time.Second)
	for {
		select {
		case e := <-l.events:
			seen = append(seen, e)
			if fits(e) {
				return seen
			}
		case <-l.ended:
			l.t.Fatalf("the stream ended before %s; seen %s", what, names(seen))
		case <-patience:
			l.t.Fatalf("no %s; seen %s", what, names(seen))
		}
	}
}

func names(seen []told) string {
	var b strings.Builder
	for _, e := range seen {
		fmt.Fprintf(&b, "%s %s\n", e.name, e.data)
	}
	return b.String()
}
