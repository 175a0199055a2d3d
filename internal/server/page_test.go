package server_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"parley"
	"parley/internal/server"
	"parley/internal/server/wire"
)

func TestDashboardPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	nonce := regexp.MustCompile(`nonce="([^"]+)"`)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/conversations", "/assistants/0190/edit", "/settings/members?x=1"} {
		a := w.send(request{method: "GET", path: path})
		m := nonce.FindSubmatch(a.body)
		if a.status != http.StatusOK || m == nil {
			t.Fatalf("%s: %s", path, a)
		}
		policy := a.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "'nonce-"+string(m[1])+"'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if seen[string(m[1])] || a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: a nonce twice, or headers missing: %v", path, a.header)
		}
		seen[string(m[1])] = true
	}
}

func TestDashboardFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for encoding, plain := range map[string]func([]byte) ([]byte, error){
		"":     func(b []byte) ([]byte, error) { return b, nil },
		"br":   func(b []byte) ([]byte, error) { return io.ReadAll(brotli.NewReader(bytes.NewReader(b))) },
		"gzip": ungzip,
	} {
		for range 2 {
			a := w.send(request{method: "GET", path: "/assets/app-1a2b.js", header: map[string]string{"Accept-Encoding": encoding}})
			body, err := plain(a.body)
			if err != nil || a.header.Get("Content-Encoding") != encoding || len(body) != 200*len("console.log('hello');\n") {
				t.Errorf("as %q: %v, %d bytes, %v", encoding, err, len(body), a.header)
			}
			if !strings.Contains(a.header.Get("Cache-Control"), "immutable") || a.header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("as %q: %v", encoding, a.header)
			}
		}
	}
}

func ungzip(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestServerWithoutDashboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite", func(c *server.Config) { c.UI = nil })
	if a := w.send(request{method: "GET", path: "/"}); a.status != http.StatusOK || !strings.Contains(string(a.body), "make build") {
		t.Errorf("answer %s", a)
	}
}

func TestDocsWorkOffline(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	a := w.send(request{method: "GET", path: "/docs"})
	page := string(a.body)
	for _, want := range []string{"List conversations", "/api/v1/conversations/{id}/takeover", "curl -X POST", "Idempotency-Key", "<label for=\"q\">", "conversations:write"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if found := regexp.MustCompile(`(src|href)="https?://[^"]*"`).FindString(page); found != "" {
		t.Errorf("the page loads from elsewhere: %s", found)
	}
	if policy := a.header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || strings.Count(policy, "sha256-") != 2 {
		t.Errorf("policy %q", policy)
	}
	spec := w.send(request{method: "GET", path: "/openapi.json"})
	if spec.status != http.StatusOK || !strings.HasPrefix(string(spec.body), "{") {
		t.Errorf("openapi.json: %s", spec)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		if a := w.send(request{method: "GET", path: path}); a.status != http.StatusOK {
			t.Errorf("%s: %s", path, a)
		}
	}
	w.must(w.store.Close())
	if a := w.send(request{method: "GET", path: "/readyz"}); a.code() != parley.CodeUnavailable {
		t.Errorf("ready without a database: %s", a)
	}
	if a := w.send(request{method: "GET", path: "/healthz"}); a.status != http.StatusOK {
		t.Errorf("healthz: %s", a)
	}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	upload := func(name string, content []byte) answer {
		body, kind := form(name, content)
		return w.send(request{method: "POST", path: "/api/v1/attachments", key: w.ours.key, body: body, header: map[string]string{"Content-Type": kind}})
	}
	png := []byte("\x89PNG\r\n\x1a\nrest of a picture")
	for _, c := range []struct {
		name, content, wantName, wantType, disposition string
	}{
		{"cat.png", string(png), "cat.png", "image/png", "inline"},
		{"page.html", "<html><script>alert(1)</script></html>", "page.html", "text/html", "attachment"},
		{"fake.png", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>", "fake.png", "text/plain", "attachment"},
		{`..\..\etc/pass"wd.txt`, "text", `pass"wd.txt`, "text/plain", "attachment"},
		{"Übersicht – 図.pdf", "%PDF-1.7 x", "Übersicht – 図.pdf", "application/pdf", "attachment"},
	} {
		a := read[parley.Attachment](t, upload(c.name, []byte(c.content)))
		if a.MIMEType != c.wantType || a.Size != int64(len(c.content)) || a.Name != c.wantName {
			t.Errorf("%q became %+v", c.name, a)
		}
		got := w.send(request{method: "GET", path: "/api/v1/attachments/" + a.ID, key: w.ours.key})
		if string(got.body) != c.content || got.header.Get("Content-Type") != c.wantType {
			t.Errorf("%q comes back as %s %q", c.name, got.header.Get("Content-Type"), got.body)
		}
		if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, c.disposition) {
			t.Errorf("%q: %s", c.name, d)
		}
		if p := got.header.Get("Content-Security-Policy"); !strings.Contains(p, "sandbox") || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q: policy %q", c.name, p)
		}
	}
	if a := upload("big.bin", make([]byte, 10<<20+1)); a.code() != parley.CodeTooLarge {
		t.Errorf("more than 10 MB: %s", a)
	}
	if a := upload("empty.txt", nil); a.code() != parley.CodeInvalid {
		t.Errorf("an empty file: %s", a)
	}
	file := read[parley.Attachment](t, upload("cat.png", png))
	sent := read[wire.Sent](t, w.send(request{method: "POST", path: w.ours.messages(), key: w.ours.key, body: wire.NewMessage{Attachments: []string{file.ID}}}))
	if len(sent.Message.Attachments) != 1 || sent.Message.Type != parley.MessageImage {
		t.Errorf("message %+v", sent.Message)
	}
}
