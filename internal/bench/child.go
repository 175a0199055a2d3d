package bench

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is a server that runs as a process of its own.
type child struct {
	Addr    string        // host:port
	Key     string        // of the API
	Healthy time.Duration // from its start to its first answer

	cmd  *exec.Cmd
	done chan error
	log  tail
	http http.Client
}

// startTimeout bounds the wait for a server to be healthy.
const startTimeout = 2 * time.Minute

// startParley starts the real server on loopback with its data in dir, or in
// the database db. The first start, which sets up the owner and hashes a
// password in 64 MB of memory, is not the one that is measured.
func startParley(ctx context.Context, dir, db string) (*child, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	const key = "pk_bench_0123456789abcdef0123456789abcdef"
	args := []string{"serve", "--listen", addr, "--data", filepath.Join(dir, "data")}
	env := append(os.Environ(),
		"PARLEY_ADMIN_EMAIL=bench@example.org", "PARLEY_ADMIN_PASSWORD=only-for-this-measurement",
		"PARLEY_ADMIN_API_KEY="+key, "PARLEY_LOG_LEVEL=warn",
		"PARLEY_TRUST_PROXY=true") // visitors come from many addresses
	if db != "" {
		args = append(args, "--db", db)
		env = append(env, "PARLEY_SECRET_KEY="+base64.StdEncoding.EncodeToString(make([]byte, 32)))
	}
	first, err := startChild(ctx, addr, key, "/healthz", env, args...)
	if err != nil {
		return nil, err
	}
	if err := first.stop(); err != nil {
		return nil, err
	}
	return startChild(ctx, addr, key, "/healthz", env, args...)
}

// startEcho starts the bare echo.
func startEcho(ctx context.Context, args ...string) (*child, error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	return startChild(ctx, addr, "", "/", os.Environ(), append([]string{"bench", "echo", "--listen", addr}, args...)...)
}

func startChild(ctx context.Context, addr, key, health string, env []string, args ...string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{Addr: addr, Key: key, done: make(chan error, 1)}
	// Not CommandContext: stop ends it in order.
	c.cmd = exec.Command(self, args...) //nolint:gosec,noctx // our own program, ended by stop
	c.cmd.Env, c.cmd.Stdout, c.cmd.Stderr = env, &c.log, &c.log
	started := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { c.done <- c.cmd.Wait() }()
	if err := c.waitHealthy(ctx, health); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	c.Healthy = time.Since(started)
	return c, nil
}

func (c *child) waitHealthy(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		status, err := c.status(ctx, path)
		if err == nil && status == http.StatusOK {
			return nil
		}
		select {
		case err := <-c.done:
			c.done <- err
			return fmt.Errorf("the server ended: %w\n%s", err, c.log.String())
		case <-ctx.Done():
			return fmt.Errorf("the server did not become healthy: %w\n%s", ctx.Err(), c.log.String())
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func (c *child) status(ctx context.Context, path string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Addr+path, nil)
	if err != nil {
		return 0, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// stop ends the server in order, and by force if it does not.
func (c *child) stop() error {
	c.http.CloseIdleConnections()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-c.done:
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Sys().(syscall.WaitStatus).Signaled() {
			return nil // an echo has nothing to put in order
		}
		return err
	case <-time.After(startTimeout):
		return errors.Join(errors.New("the server did not stop in order"), c.cmd.Process.Kill(), <-c.done)
	}
}

// memory returns the resident memory of the process in bytes, 0 if unknown.
func (c *child) memory() int64 {
	value := procValue("/proc/"+strconv.Itoa(c.cmd.Process.Pid)+"/status", "VmRSS")
	kb, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return kb << 10
}

// call sends a request to the API and reads the answer into out, if that is not
// nil.
func (c *child) call(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+c.Addr+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.Key)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode > 299 {
		return fmt.Errorf("%s %s: %s %.300s", method, path, res.Status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// freeAddress returns an address on loopback that nobody listens at.
func freeAddress(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// tail keeps the end of what a process printed, for the error message.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailBytes = 4 << 10

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if len(t.buf) > tailBytes {
		t.buf = append(t.buf[:0], t.buf[len(t.buf)-tailBytes:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}
