// Package e2e tests the built program from outside: over HTTP, with real
// databases, killed without warning, and in a real browser (*.spec.ts).
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const apiKey = "pk_e2e_0123456789abcdefghijklmnopqrstuvwxyz"

// patience bounds each wait for the program. It is long because the machine may
// be slow; nothing waits for all of it unless something is broken.
const patience = 2 * time.Minute

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "parley-e2e")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "parley")
	build := exec.Command("go", "build", "-o", binary, "parley/cmd/parley")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// server is a running parley process.
type server struct {
	url  string
	cmd  *exec.Cmd
	log  *lockedBuffer
	dead chan struct{}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start runs `parley serve` on a free port and waits until it is healthy.
func start(t *testing.T, args ...string) *server {
	t.Helper()
	cmd := exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(),
		"PARLEY_ADMIN_EMAIL=owner@example.com", "PARLEY_ADMIN_PASSWORD=correct horse battery",
		"PARLEY_ADMIN_API_KEY="+apiKey, "PARLEY_SECRET_KEY="+strings.Repeat("c0ffee42", 8))
	s := &server{cmd: cmd, log: &lockedBuffer{}, dead: make(chan struct{})}
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = cmd.Wait()
		_ = w.Close()
		close(s.dead)
	}()
	found := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(r); lines.Scan(); {
			fmt.Fprintln(s.log, lines.Text())
			if a := address.FindString(lines.Text()); a != "" {
				select {
				case found <- a:
				default:
				}
			}
		}
	}()
	t.Cleanup(func() { s.kill() })
	select {
	case s.url = <-found:
	case <-s.dead:
		t.Fatalf("parley ended at once:\n%s", s.log)
	case <-time.After(patience):
		t.Fatalf("parley did not print its address:\n%s", s.log)
	}
	deadline := time.Now().Add(patience)
	for {
		if res, err := http.Get(s.url + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return s
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("parley is not ready:\n%s", s.log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// kill ends the process as a power cut of the program would: SIGKILL.
func (s *server) kill() {
	_ = s.cmd.Process.Signal(syscall.SIGKILL)
	<-s.dead
}

// stop asks the process to end and waits for it.
func (s *server) stop(t *testing.T) {
	t.Helper()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.dead:
	case <-time.After(patience):
		t.Fatalf("parley did not stop:\n%s", s.log)
	}
}

// call sends one API request. It returns an error for anything but 2xx.
func (s *server) call(ctx context.Context, method, path string, body, into any, header ...string) error {
	var buf bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&buf).Encode(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, &buf)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+apiKey)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, b)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(b, into)
}

// must is call for requests that have to succeed.
func (s *server) must(t *testing.T, method, path string, body, into any) {
	t.Helper()
	if err := s.call(t.Context(), method, path, body, into); err != nil {
		t.Fatalf("%v\n%s", err, s.log)
	}
}
