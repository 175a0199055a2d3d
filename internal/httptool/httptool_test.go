package httptool

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// loopback lets the tests reach their own servers.
var loopback = Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}

func client(t *testing.T, g Guard) *Client {
	t.Helper()
	c := New(g)
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, _ = fmt.Fprintf(w, "%s %s|%s|%s|%s|%s", r.Method, r.URL.RequestURI(), body,
		r.Header.Get("X-Key"), r.Header.Get("Idempotency-Key"), r.Header.Get("Content-Type"))
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := serve(t, echo)
	for name, c := range map[string]struct {
		method, path, args, want string
	}{
		"path and query": {"GET", "/orders/{id}?full={full}", `{"id":"A 1","full":true}`, "GET /orders/A%201?full=true||k|idem|"},
		"rest to query":  {"GET", "/o", `{"b":2,"a":"x&y"}`, "GET /o?a=x%26y&b=2||k|idem|"},
		"rest to body":   {"POST", "/o/{id}", `{"id":7,"note":"hi"}`, `POST /o/7|{"note":"hi"}|k|idem|application/json`},
		"slash escaped":  {"GET", "/o/{id}", `{"id":"../admin"}`, "GET /o/..%2Fadmin||k|idem|"},
		"query escaped":  {"GET", "/o?q={q}", `{"q":"a&b=c#d"}`, "GET /o?q=a%26b%3Dc%23d||k|idem|"},
		"delete":         {"DELETE", "/o/{id}", `{"id":1}`, "DELETE /o/1||k|idem|"},
		"no arguments":   {"PUT", "/o", ``, `PUT /o|{}|k|idem|application/json`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tool := parley.HTTPTool{Name: "t", Method: c.method, URL: s.URL + c.path,
				Headers: map[string]string{"X-Key": "k", "Host": "evil", "Idempotency-Key": "mine"}}
			res, err := client(t, loopback).Call(t.Context(), tool, json.RawMessage(c.args), "idem")
			if err != nil {
				t.Fatal(err)
			}
			if res.Text != c.want {
				t.Errorf("got  %s\nwant %s", res.Text, c.want)
			}
		})
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	s := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	schema := `{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"],"additionalProperties":false}`
	for args, want := range map[string]string{
		`{"id":"7"}`: "do not fit", `{}`: "do not fit", `{"id":7,"x":1}`: "do not fit",
		`[1]`: "JSON object", `{"id":`: "JSON object", `null`: "JSON object",
	} {
		tool := parley.HTTPTool{Method: "GET", URL: s.URL + "/{id}", Parameters: json.RawMessage(schema)}
		_, err := client(t, loopback).Call(t.Context(), tool, json.RawMessage(args), "")
		if parley.ErrorCode(err) != parley.CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	for _, args := range []string{`{"id":".."}`, `{"id":"."}`, `{}`} {
		tool := parley.HTTPTool{Method: "GET", URL: s.URL + "/a/{id}/b"}
		if _, err := client(t, loopback).Call(t.Context(), tool, json.RawMessage(args), ""); parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%s: %v", args, err)
		}
	}
	remote := parley.HTTPTool{Method: "GET", URL: s.URL, Parameters: json.RawMessage(`{"type":"object","$ref":"` + s.URL + `"}`)}
	if _, err := client(t, loopback).Call(t.Context(), remote, nil, ""); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("a schema that refers elsewhere: %v", err)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d calls were made all the same", n)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/binary":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte{1, 2, 3})
		case "/large":
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, strings.Repeat("ä", 1<<20))
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, "out of order")
		case "/slow":
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Second):
			}
		case "/trickle":
			_, _ = io.WriteString(w, "a")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}
	})
	for path, c := range map[string]struct {
		seconds   int
		text, err string
	}{
		"/empty":   {30, "(no content)", ""},
		"/binary":  {30, "3 bytes of image/png", ""},
		"/large":   {30, "… (cut)", ""},
		"/broken":  {30, "out of order", "answered 500 Internal Server Error: out of order"},
		"/slow":    {1, "", "did not answer within 1s"},
		"/trickle": {1, "", "did not answer within 1s"},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			tool := parley.HTTPTool{Method: "GET", URL: s.URL + path, TimeoutSeconds: c.seconds}
			res, err := client(t, loopback).Call(t.Context(), tool, nil, "")
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
			if !strings.Contains(res.Text, c.text) || len(res.Text) > maxResult+20 {
				t.Errorf("text %.80q (%d bytes), want %q", res.Text, len(res.Text), c.text)
			}
		})
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, err := client(t, loopback).Call(t.Context(), parley.HTTPTool{Method: "GET", URL: gone.URL}, nil, "")
	if parley.ErrorCode(err) != parley.CodeUnavailable {
		t.Errorf("a closed port: %v", err)
	}
}

// The guard holds where the connection is made: for addresses, for names that
// resolve to them, and at every redirect.
func TestPrivateAddressesAreNotReached(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	inside := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	_, port, _ := strings.Cut(strings.TrimPrefix(inside.URL, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "2130706433", "127.1"} {
		tool := parley.HTTPTool{Method: "GET", URL: "http://" + host + ":" + port}
		if _, err := client(t, Guard{}).Call(t.Context(), tool, nil, ""); err == nil {
			t.Errorf("%s was reached", host)
		} else if host == "127.0.0.1" && parley.ErrorCode(err) != parley.CodeForbidden {
			t.Errorf("%s: %v", host, err)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the server inside was asked %d times", n)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var keys atomic.Int32
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") != "" {
			keys.Add(1)
		}
		_, _ = io.WriteString(w, "other")
	})
	here := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/same":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/end":
			_, _ = io.WriteString(w, "end "+r.Header.Get("X-Key"))
		case "/other":
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/link-local":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		}
	})
	for _, c := range []struct {
		method, path, want, err string
	}{
		{"GET", "/same", "end k", ""},
		{"GET", "/other", "other", ""},
		{"POST", "/other", "", "another host"},
		{"GET", "/loop", "", "too often"},
		{"GET", "/file", "", ""},
		{"GET", "/link-local", "", "not a public address"},
	} {
		tool := parley.HTTPTool{Method: c.method, URL: here.URL + c.path, Headers: map[string]string{"X-Key": "k"}, TimeoutSeconds: 5}
		res, err := client(t, loopback).Call(t.Context(), tool, nil, "")
		if c.want != "" && (err != nil || res.Text != c.want) {
			t.Errorf("%s %s: %q, %v", c.method, c.path, res.Text, err)
		}
		if c.want == "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s %s: %v, want %q", c.method, c.path, err, c.err)
		}
	}
	if keys.Load() != 0 {
		t.Error("the tool's headers went to another host")
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	h := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			http.Redirect(w, r, "/shop", http.StatusFound)
		case "/shop":
			_, _ = io.WriteString(w, "<p>A shop")
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/link-local":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		case "/pdf":
			w.Header().Set("Content-Type", "application/pdf")
		default:
			http.NotFound(w, r)
		}
	}
	here, secured := serve(t, h), httptest.NewTLSServer(http.HandlerFunc(h))
	t.Cleanup(secured.Close)
	secured.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it does not like to be distrusted
	for url, want := range map[string]string{
		here.URL + "/loop":       "redirects too often",
		here.URL + "/link-local": "not a public address",
		here.URL + "/pdf":        "application/pdf",
		here.URL + "/gone":       "answers 404",
		secured.URL + "/shop":    "certificate of the site is not valid",
		"http://shop.invalid/":   "host shop.invalid is not known",
		"http://127.0.0.1:1/":    "does not answer",
		here.URL + "/":           "",
	} {
		address, text, err := client(t, loopback).Page(t.Context(), url)
		if want == "" && (err != nil || address != here.URL+"/shop" || text != "<p>A shop") {
			t.Errorf("%s: %q, %q, %v", url, address, text, err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
	}
}
