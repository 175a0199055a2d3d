package whatsapp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
)

// files is Meta's side of media: ids are resolved at /v25.0/{id}, the bytes are
// at /bytes/…. Every request is written down.
type files struct {
	*httptest.Server
	mu      sync.Mutex
	asked   []string // "path token?"
	resolve func(n int, base string) string
	bytes   func(w http.ResponseWriter, r *http.Request)
}

const fileText = "the bytes of a picture"

func newFiles(t *testing.T) *files {
	t.Helper()
	f := &files{}
	f.resolve = func(int, string) string { return f.URL + "/bytes/1" }
	f.bytes = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, fileText) }
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

func (f *files) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	token := "without"
	if r.Header.Get("Authorization") != "" {
		token = "with"
	}
	f.asked = append(f.asked, r.URL.Path+" "+token)
	n := 0
	for _, a := range f.asked {
		if strings.HasPrefix(a, "/v25.0/") {
			n++
		}
	}
	f.mu.Unlock()
	if strings.HasPrefix(r.URL.Path, "/v25.0/") {
		_, _ = fmt.Fprintf(w, `{"url":%q,"mime_type":"image/jpeg","file_size":22,"id":"9"}`, f.resolve(n, f.URL))
		return
	}
	f.bytes(w, r)
}

func (f *files) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

func sumOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestFetch(t *testing.T) {
	t.Parallel()
	hexSum := sha256.Sum256([]byte(fileText))
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked for %s with %q", r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(elsewhere.Close)
	for name, c := range map[string]struct {
		media  channel.Media
		limit  int64
		change func(f *files)
		action channel.Action // "" for none
		code   string
		asked  []string
	}{
		"by id":          {channel.Media{ID: "9", SHA256: sumOf(fileText)}, 100, nil, "", "", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"hexadecimal":    {channel.Media{ID: "9", SHA256: hex.EncodeToString(hexSum[:])}, 100, nil, "", "", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"no digest":      {channel.Media{ID: "9", SHA256: "x"}, 22, nil, "", "", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"by address":     {channel.Media{ID: "9", URL: "OWN/bytes/2"}, 100, nil, "", "", []string{"/bytes/2 with"}},
		"strange host":   {channel.Media{ID: "9", URL: elsewhere.URL + "/x"}, 100, nil, "", "", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"private host":   {channel.Media{ID: "9", URL: "http://169.254.169.254/latest/meta-data/"}, 100, nil, "", "", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"no id":          {channel.Media{URL: "http://169.254.169.254/"}, 100, nil, channel.Fail, "file", nil},
		"an id as path":  {channel.Media{ID: ".."}, 100, nil, channel.Fail, "address", nil},
		"another digest": {channel.Media{ID: "9", SHA256: sumOf("other")}, 100, nil, channel.Retry, "file_sum", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"too large":      {channel.Media{ID: "9"}, 21, nil, channel.Fail, "file_size", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"too large, unsaid": {channel.Media{ID: "9"}, 21, func(f *files) {
			f.bytes = func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, fileText[:10])
				w.(http.Flusher).Flush()
				_, _ = io.WriteString(w, fileText[10:])
			}
		}, channel.Fail, "file_size", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"led elsewhere": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.resolve = func(int, string) string { return elsewhere.URL + "/x" }
		}, channel.Fail, "file_host", []string{"/v25.0/9 with"}},
		"the same host without TLS": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.resolve = func(int, string) string { return "http://lookaside.fbsbx.com/x" }
		}, channel.Fail, "file_host", []string{"/v25.0/9 with"}},
		"redirected elsewhere": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.bytes = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }
		}, channel.Fail, "file_host", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"redirected on the host": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.bytes = func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/bytes/1" {
					http.Redirect(w, r, "/bytes/3", http.StatusFound)
					return
				}
				_, _ = io.WriteString(w, fileText)
			}
		}, "", "", []string{"/v25.0/9 with", "/bytes/1 with", "/bytes/3 with"}},
		"redirected in circles": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.bytes = func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }
		}, channel.Fail, "file_host", slices.Concat([]string{"/v25.0/9 with"}, slices.Repeat([]string{"/bytes/1 with"}, 4))},
		"an address that is over": {channel.Media{ID: "9", URL: "OWN/old"}, 100, func(f *files) {
			f.bytes = func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/old" {
					http.NotFound(w, r)
					return
				}
				_, _ = io.WriteString(w, fileText)
			}
		}, "", "", []string{"/old with", "/v25.0/9 with", "/bytes/1 with"}},
		"resolved once more": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.resolve = func(n int, base string) string { return fmt.Sprintf("%s/bytes/%d", base, n) }
			f.bytes = func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/bytes/1" {
					http.NotFound(w, r)
					return
				}
				_, _ = io.WriteString(w, fileText)
			}
		}, "", "", []string{"/v25.0/9 with", "/bytes/1 with", "/v25.0/9 with", "/bytes/2 with"}},
		"never there": {channel.Media{ID: "9"}, 100, func(f *files) { f.bytes = http.NotFound }, channel.Retry, "gone",
			[]string{"/v25.0/9 with", "/bytes/1 with", "/v25.0/9 with", "/bytes/1 with"}},
		"not allowed": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.bytes = func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusUnauthorized) }
		}, channel.Fail, "190", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"broken": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.bytes = func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusBadGateway) }
		}, channel.Retry, "http_502", []string{"/v25.0/9 with", "/bytes/1 with"}},
		"breaks off": {channel.Media{ID: "9"}, 100, func(f *files) {
			f.bytes = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "22")
				_, _ = io.WriteString(w, "the")
			}
		}, channel.Retry, "connection", []string{"/v25.0/9 with", "/bytes/1 with"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFiles(t)
			if c.change != nil {
				c.change(f)
			}
			s := &parley.Sender{PhoneNumberID: "777", BaseURL: f.URL, Token: testToken}
			media := c.media
			media.URL = strings.Replace(media.URL, "OWN", f.URL, 1)
			var got []byte
			r, err := newChannel(t, nil).Fetch(t.Context(), s, media, c.limit)
			if err == nil {
				got, err = io.ReadAll(r)
				if e := r.Close(); e != nil {
					t.Error(e)
				}
			}
			if c.action == "" {
				if err != nil || string(got) != fileText {
					t.Errorf("%q, %v", got, err)
				}
			} else if e, ok := errors.AsType[*channel.Error](err); !ok || e.Action != c.action || e.Code != c.code {
				t.Errorf("got %v", err)
			}
			if !slices.Equal(f.requests(), c.asked) {
				t.Errorf("asked %q", f.requests())
			}
		})
	}
}

func TestWhoMayHaveTheToken(t *testing.T) {
	t.Parallel()
	c := newChannel(t, nil)
	for address, want := range map[string][3]bool{ // a sender at Meta, one with a base URL, a simulated one
		"https://lookaside.fbsbx.com/x":       {true, true, false},
		"https://LOOKASIDE.fbsbx.com:443/x":   {true, true, false},
		"https://media.fra3-1.whatsapp.net/x": {true, true, false},
		"https://scontent.xx.fbcdn.net/x":     {true, true, false},
		"https://graph.facebook.com/v25.0/x":  {true, true, false},
		"http://127.0.0.1:9/x":                {false, true, true},
		"http://lookaside.fbsbx.com/x":        {},
		"https://lookaside.fbsbx.com:8443/x":  {},
		"https://evil.example/x":              {},
		"https://whatsapp.net.evil.example/x": {},
		"https://evilwhatsapp.net/x":          {},
		"https://lookaside.fbsbx.com@evil/x":  {},
		"https://u:p@lookaside.fbsbx.com/x":   {},
		"http://127.0.0.1:10/x":               {},
		"https://127.0.0.1:9/x":               {},
		"http://169.254.169.254/x":            {},
		"file:///etc/passwd":                  {},
		"//lookaside.fbsbx.com/x":             {},
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		got := [3]bool{
			c.mayHaveToken(&parley.Sender{}, u),
			c.mayHaveToken(&parley.Sender{BaseURL: "http://127.0.0.1:9"}, u),
			c.mayHaveToken(&parley.Sender{BaseURL: "http://127.0.0.1:9/graph", Simulated: true}, u),
		}
		if got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

// A download that nobody closes ends by itself.
func TestFetchIsBoundedInTime(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	f.bytes = func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "the")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	c := newChannel(t, nil)
	c.graph.MediaTimeout = 100 * time.Millisecond
	r, err := c.Fetch(t.Context(), &parley.Sender{PhoneNumberID: "777", BaseURL: f.URL, Token: testToken}, channel.Media{ID: "9"}, 100)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if _, err := io.ReadAll(r); channel.ActionOf(err) != channel.Retry {
		t.Errorf("got %v", err)
	}
}
