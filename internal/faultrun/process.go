package faultrun

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startTimeout bounds the wait for a server to be ready, and to stop.
const startTimeout = 60 * time.Second

// apiKey is the key of the owner that the server sets up at its first start.
const apiKey = "pk_faultrun_0123456789abcdef0123456789abcd"

// process is the real server, which is killed and started again at the same
// address.
type process struct {
	addr string
	args []string
	env  []string
	http http.Client

	cmd  *exec.Cmd
	done chan error
	log  tail
}

// newProcess prepares a server on loopback with its data in dir, or in the
// database db.
func newProcess(ctx context.Context, binary, dir, db string) (*process, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &process{addr: l.Addr().String()}
	if err := l.Close(); err != nil {
		return nil, err
	}
	p.args = []string{binary, "serve", "--listen", p.addr, "--data", filepath.Join(dir, "data")}
	if db != "" {
		p.args = append(p.args, "--db", db)
	}
	p.env = append(os.Environ(),
		"PARLEY_ADMIN_EMAIL=faultrun@example.org", "PARLEY_ADMIN_PASSWORD=only-for-this-fault-run", "PARLEY_ADMIN_API_KEY="+apiKey,
		"PARLEY_SECRET_KEY="+strings.Repeat("c0ffee42", 8), "PARLEY_LOG_LEVEL=warn")
	return p, nil
}

// start starts the server and waits until it is ready.
func (p *process) start(ctx context.Context) error {
	p.done = make(chan error, 1)
	// Not CommandContext: kill and stop end it.
	p.cmd = exec.Command(p.args[0], p.args[1:]...) //nolint:gosec,noctx // the program that is tested
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = p.env, &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go func(cmd *exec.Cmd, done chan error) { done <- cmd.Wait() }(p.cmd, p.done)
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		if p.ready(ctx) {
			return nil
		}
		select {
		case err := <-p.done:
			p.done <- err
			return fmt.Errorf("the server ended: %w\n%s", err, p.log.String())
		case <-ctx.Done():
			return fmt.Errorf("the server did not become ready: %w\n%s", ctx.Err(), p.log.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (p *process) ready(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := p.http.Do(req)
	if err != nil {
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

// kill ends the server as a crash does.
func (p *process) kill() error {
	if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		return err
	}
	p.http.CloseIdleConnections()
	if err := <-p.done; err == nil {
		return errors.New("the server ended by itself, in order, while it was killed")
	}
	return nil
}

// stop ends the server in order, and by force if it does not; one that never
// started, or has ended, is stopped already.
func (p *process) stop() error {
	if p.cmd == nil || p.cmd.Process == nil {
		return nil
	}
	p.http.CloseIdleConnections()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		return nil
	} else if err != nil {
		return err
	}
	select {
	case err := <-p.done:
		return err
	case <-time.After(startTimeout):
		return errors.Join(errors.New("the server did not stop in order"), p.kill())
	}
}

// maxAnswer bounds an answer of the API.
const maxAnswer = 64 << 20

// call sends a request to the API and reads the answer into out, if that is not
// nil.
func (p *process) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+p.addr+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+apiKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := p.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return err
	}
	if res.StatusCode > 299 {
		return fmt.Errorf("%s %s: %s %.500s", method, path, res.Status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// tail keeps the end of what a process printed, for the error message.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailBytes = 16 << 10

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if len(t.buf) > 2*tailBytes {
		t.buf = append(t.buf[:0], t.buf[len(t.buf)-tailBytes:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}
