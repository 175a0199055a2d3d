package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// terminal collects what a command prints, also while it runs.
type terminal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *terminal) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *terminal) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// command runs a command line to its end.
func command(t *testing.T, env map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e terminal
	code = run(&program{ctx: t.Context(), out: &o, err: &e, getenv: func(k string) string { return env[k] }}, args)
	return code, o.String(), e.String()
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	tests := []struct {
		args string
		env  map[string]string
		code int
		out  string // a part of what is printed
		errs string // a part of the complaint
	}{
		{"version", nil, 0, "dev\n", ""},
		{"", nil, 0, "serve", ""},
		{"--help", nil, 0, "Usage: parley <command>", ""},
		{"serve --help", nil, 0, "--listen", ""},
		{"openapi", nil, 0, `"openapi": "3.1.0"`, ""},
		{"fly", nil, 2, "", "unexpected argument fly"},
		{"serve --port 1", nil, 2, "", "--port"},
		{"serve --nats nats://x", nil, 1, "", "not built yet"},
		{"serve --blob s3://x", nil, 1, "", "not built yet"},
		{"serve --db mysql://x", nil, 1, "", "PostgreSQL URL"},
		{"serve --listen 8080", nil, 1, "", "--listen must be"},
		{"serve --data " + data, map[string]string{"PARLEY_ADMIN_EMAIL": "a@example.com"}, 1, "", "PARLEY_ADMIN_PASSWORD"},
		{"serve --data " + data, map[string]string{"PARLEY_SECRET_KEY_FILE": "/does/not/exist"}, 1, "", "PARLEY_SECRET_KEY_FILE"},
		{"backup " + data + "/x --data " + data, nil, 1, "", "no database"},
		{"restore " + data + " --data " + data, nil, 1, "", "is no backup"},
		{"member reset-password a@example.com --data " + data, nil, 1, "", "no database"},
		{"metasim --listen 0.0.0.0:0", nil, 1, "", "must be an address on loopback"},
		{"metasim --duplicate 2", nil, 1, "", "0 to 1"},
		{"metasim --webhook ftp://127.0.0.1", nil, 1, "", "http or https"},
		{"doctor --offline --listen 127.0.0.1:0 --data " + data, nil, 1, "FAIL  data folder", "1 of the checks"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			code, out, errs := command(t, tt.env, strings.Fields(tt.args)...)
			if code != tt.code || !strings.Contains(out, tt.out) || !strings.Contains(errs, tt.errs) {
				t.Errorf("exit %d, want %d\nout: %.300q\nwant %q\nerr: %.300q\nwant %q", code, tt.code, out, tt.out, errs, tt.errs)
			}
		})
	}
}

// TestLifeOfAServer serves, backs up beside the server, stops it, resets a
// password and restores.
func TestLifeOfAServer(t *testing.T) {
	t.Parallel()
	data, backup := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "backup")
	env := map[string]string{"PARLEY_ADMIN_EMAIL": "ada@example.com", "PARLEY_ADMIN_PASSWORD": "correct horse battery"}
	url, stop := serve(t, env, data)
	if got := signIn(t, url, "correct horse battery"); got >= 300 {
		t.Errorf("sign in: %d", got)
	}
	if code, out, errs := command(t, nil, "backup", backup, "--with-key", "--data", data); code != 0 || !strings.Contains(out, "with its key") {
		t.Fatalf("backup: %d %s %s", code, out, errs)
	}
	code, out, errs := command(t, map[string]string{"PARLEY_NEW_PASSWORD": "another horse battery"}, "member", "reset-password", "Ada@example.com", "--data", data)
	if code != 0 || !strings.Contains(out, "new password") {
		t.Fatalf("reset: %d %s %s", code, out, errs)
	}
	if got := signIn(t, url, "another horse battery"); got >= 300 {
		t.Errorf("with the new password: %d", got)
	}
	if got := signIn(t, url, "correct horse battery"); got != http.StatusUnauthorized {
		t.Errorf("with the old password: %d", got)
	}
	code, out, _ = command(t, nil, "member", "reset-password", "ada@example.com", "--data", data, "--public-url", url)
	link := regexp.MustCompile(`/signin#token=(\w+)`).FindStringSubmatch(out)
	if code != 0 || link == nil {
		t.Fatalf("reset without a password: %d %s", code, out)
	}
	for i, want := range []int{http.StatusOK, http.StatusUnauthorized} {
		if got := post(t, url+"/api/v1/auth/link", map[string]string{"token": link[1]}); got != want {
			t.Errorf("use %d of the link: %d, want %d", i+1, got, want)
		}
	}
	if code, _, errs := command(t, nil, "member", "reset-password", "nobody@example.com", "--data", data); code != 1 || !strings.Contains(errs, "Nobody has") {
		t.Errorf("nobody: %d %s", code, errs)
	}
	stop()
	restored := filepath.Join(t.TempDir(), "restored")
	if code, out, errs := command(t, nil, "restore", backup, "--data", restored); code != 0 || !strings.Contains(out, "--resume") {
		t.Fatalf("restore: %d %s %s", code, out, errs)
	}
	url, _ = serve(t, nil, restored)
	if got := signIn(t, url, "correct horse battery"); got >= 300 {
		t.Errorf("after the restore: %d", got)
	}
}

// serve runs `parley serve` until the test ends or stop is called.
func serve(t *testing.T, env map[string]string, data string) (url string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var out, errs terminal
	done := make(chan int, 1)
	go func() {
		done <- run(&program{ctx: ctx, out: &out, err: &errs, getenv: func(k string) string { return env[k] }},
			[]string{"serve", "--listen", "127.0.0.1:0", "--data", data})
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if code := <-done; code != 0 {
			t.Errorf("serve ended with %d: %s", code, errs.String())
		}
	})
	t.Cleanup(stop)
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if url = address.FindString(out.String()); url != "" {
			return url, stop
		}
	}
	t.Fatalf("it does not listen: %s", errs.String())
	return "", stop
}

func signIn(t *testing.T, url, password string) int {
	t.Helper()
	return post(t, url+"/api/v1/auth/signin", map[string]string{"email": "ada@example.com", "password": password})
}

func post(t *testing.T, url string, body map[string]string) int {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(url, "application/json", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}
