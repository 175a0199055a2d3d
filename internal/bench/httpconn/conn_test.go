package httpconn

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestConn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 4000)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/chunks":
			_, _ = io.WriteString(w, "one ")
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, long)
		case "/teapot":
			w.WriteHeader(http.StatusTeapot)
		default:
			_, _ = io.WriteString(w, r.Method+" "+r.Header.Get("Authorization")+" "+string(body))
		}
	}))
	defer s.Close()
	addr := s.Listener.Addr().String()
	c, err := Dial(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	for range 2 { // the connection is kept
		for _, want := range []struct {
			path   string
			status int
			body   string
		}{
			{"/echo", 200, "POST Bearer k body"}, {"/chunks", 200, "one " + long}, {"/teapot", 418, ""},
		} {
			status, err := c.Do(Request("POST", addr, want.path, "k", []byte("body")))
			if err != nil || status != want.status || string(c.Body) != want.body {
				t.Fatalf("%s: %d %.40q, %v", want.path, status, c.Body, err)
			}
		}
	}
}
