package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// lastWords is how long a program that was ended may still hold its output.
const lastWords = time.Second

// exitError says that a program ran and failed. code is -1 if it was killed.
type exitError struct {
	code  int
	words string // the end of what it complained
}

// Error implements error.
func (e *exitError) Error() string { return fmt.Sprintf("exit status %d: %s", e.code, e.words) }

// run runs a program in the folder, with its output to out. An error of out
// ends the program and is returned.
func run(ctx context.Context, folder string, args []string, out io.Writer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	complaints := &tail{limit: 2 << 10}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // chosen by who starts the server
	cmd.Dir, cmd.Env = folder, environment()
	cmd.Stdout, cmd.Stderr = &watched{out, cancel}, complaints
	cmd.WaitDelay = lastWords
	inOwnGroup(cmd)
	err := cmd.Run()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return &exitError{exit.ExitCode(), complaints.String()}
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		killGroup(cmd) // it is done, but something that it started holds its output
		return nil
	}
	return err
}

// environment is what programs are told: everything but Parley's own settings,
// among which are secrets.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PARLEY_") {
			env = append(env, v)
		}
	}
	return env
}

// watched ends a program whose output cannot be taken.
type watched struct {
	to   io.Writer
	stop context.CancelCauseFunc
}

// Write implements io.Writer.
func (w *watched) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err != nil {
		w.stop(err)
	}
	return n, err
}

// tail keeps the end of what is written.
type tail struct {
	kept  []byte
	limit int
}

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - t.limit; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.ToValidUTF8(strings.TrimSpace(string(t.kept)), "") }
