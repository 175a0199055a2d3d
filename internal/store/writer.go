package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley"
)

const (
	// maxGroup bounds how many transactions share a commit, and with it how long
	// the first of them waits for the last.
	maxGroup = 256
	// So long a commit that somebody waits for lets patient transactions in. One
	// of them it takes in any case.
	patientTime = time.Millisecond
)

// writer is the one goroutine that writes to a SQLite database. It takes all
// transactions that wait, runs each in a savepoint and commits them together,
// because the cost of a commit is its fsync (group commit). Nobody is answered
// before COMMIT has returned. If the commit or the rollback of a savepoint
// fails, nobody was committed, and each is run again alone.
//
// Statements run in the writer's own context: a cancelled statement would roll
// back its neighbours. A caller's context is checked only before its turn.
type writer struct {
	s    *Store
	conn *sql.Conn
	log  *slog.Logger

	mu      sync.Mutex
	waiting []*job // somebody waits for them
	patient []*job // give way to those
	closed  bool
	between []func() // run between two commits, then are forgotten

	commits atomic.Int64  // how many there were
	wake    chan struct{} // capacity 1: something waits, or the writer is closed
	done    chan struct{} // closed when the goroutine has ended
	stmts   map[string]*sql.Stmt
	ctx     context.Context //nolint:containedctx // see above
}

// job is one waiting transaction.
type job struct {
	ctx     context.Context //nolint:containedctx // the caller's, until its turn
	fn      func(*tx) error
	answer  chan error
	patient bool
	// What running it in a savepoint gave.
	err       error
	workAdded bool
}

func newWriter(s *Store, conn *sql.Conn) *writer {
	w := &writer{
		s: s, conn: conn, log: s.log,
		wake: make(chan struct{}, 1), done: make(chan struct{}),
		stmts: map[string]*sql.Stmt{}, ctx: context.Background(),
	}
	go w.loop()
	return w
}

// do runs fn and returns when it is committed, or has failed.
func (w *writer) do(ctx context.Context, fn func(*tx) error) error {
	j := &job{ctx: ctx, fn: fn, answer: make(chan error, 1), patient: isPatient(ctx)}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return errClosed()
	}
	queue := &w.waiting
	if j.patient {
		queue = &w.patient
	}
	*queue = append(*queue, j)
	first := len(*queue) == 1
	w.mu.Unlock()
	if first {
		w.signal()
	}
	return <-j.answer
}

func errClosed() error {
	return parley.Errorf(parley.CodeUnavailable, "The server is shutting down.")
}

func (w *writer) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// close lets what runs finish, answers what waits and ends the goroutine.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.signal()
	<-w.done
	for _, stmt := range w.stmts {
		_ = stmt.Close()
	}
	return w.conn.Close()
}

func (w *writer) loop() {
	defer close(w.done)
	for range w.wake {
		for j := w.next(tally{}); j != nil; j = w.next(tally{}) {
			w.commit(j)
			w.rest()
		}
		w.rest()
		if w.refuse() {
			w.rest() // whoever asked for a pause waits for it
			return
		}
	}
}

// long runs fn as a transaction of its own without a savepoint, for one that
// touches very many rows: a savepoint copies every page before it changes.
func (w *writer) long(ctx context.Context, fn func(*tx) error) error {
	return w.pause(func() error {
		j := &job{ctx: ctx, fn: fn}
		err := w.alone(j)
		if err == nil && j.workAdded {
			w.s.workAdded()
		}
		w.commits.Add(1)
		return err
	})
}

// pause runs fn while the writer stands still between two commits.
func (w *writer) pause(fn func() error) error {
	done := make(chan error, 1)
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return errClosed()
	}
	w.between = append(w.between, func() { done <- fn() })
	w.mu.Unlock()
	w.signal()
	return <-done
}

func (w *writer) rest() {
	w.mu.Lock()
	fns := w.between
	w.between = nil
	w.mu.Unlock()
	for _, fn := range fns {
		fn()
	}
}

// tally counts what a group has run.
type tally struct {
	began           time.Time
	urgent, patient int
}

func (t *tally) add(j *job) {
	if j.patient {
		t.patient++
	} else {
		t.urgent++
	}
}

// next removes the job whose turn it is; nil if there is none, or the group has
// had its share, or the writer is closed.
func (w *writer) next(t tally) *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || t.urgent+t.patient >= maxGroup {
		return nil
	}
	owed := len(w.patient) > 0 && t.patient == 0
	if len(w.waiting) > 0 && (!owed || t.urgent < maxGroup-1) {
		return pop(&w.waiting)
	}
	if owed || len(w.patient) > 0 && (t.urgent == 0 || time.Since(t.began) < patientTime) {
		return pop(&w.patient)
	}
	return nil
}

// nextAfterYield is next, and gives those who were answered last the time to
// come back.
func (w *writer) nextAfterYield(t tally) *job {
	if j := w.next(t); j != nil {
		return j
	}
	runtime.Gosched()
	return w.next(t)
}

func pop(queue *[]*job) *job {
	j := (*queue)[0]
	(*queue)[0] = nil
	*queue = (*queue)[1:]
	return j
}

// refuse answers all that wait if the writer is closed, and reports whether it
// is.
func (w *writer) refuse() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		return false
	}
	for _, j := range slices.Concat(w.waiting, w.patient) {
		j.answer <- errClosed()
	}
	return true
}

// commit runs a job, and what waits or comes to wait meanwhile, as one
// transaction, and answers them.
func (w *writer) commit(first *job) {
	jobs, err := w.group(first)
	if err != nil {
		w.log.Warn("a group of transactions could not be committed; each runs again alone",
			"transactions", len(jobs), "error", err)
		for _, j := range jobs {
			j.err = w.alone(j)
		}
	}
	for _, j := range jobs {
		if j.err == nil && j.workAdded {
			w.s.workAdded()
			break
		}
	}
	w.commits.Add(1)
	for _, j := range jobs {
		j.answer <- j.err
	}
}

// group runs jobs, each in a savepoint, and commits. It returns all the jobs
// that it has run. An error means that nothing was committed; what became of a
// job is in the job.
func (w *writer) group(first *job) (jobs []*job, err error) {
	if err := w.control(`BEGIN IMMEDIATE`); err != nil {
		return []*job{first}, err
	}
	defer func() {
		if err != nil {
			_ = w.control(`ROLLBACK`) // fails when SQLite has rolled back by itself
		}
	}()
	t := tally{began: time.Now()}
	for j := first; j != nil; j = w.nextAfterYield(t) {
		jobs = append(jobs, j)
		if err := w.savepoint(j); err != nil {
			return jobs, err
		}
		t.add(j)
	}
	return jobs, w.control(`COMMIT`)
}

// savepoint runs one job of a group. An error means that the group has failed.
func (w *writer) savepoint(j *job) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil //nolint:nilerr // the caller has gone, which is not the group's failure
	}
	if err := w.control(`SAVEPOINT job`); err != nil {
		return err
	}
	if j.err = w.call(j); j.err != nil {
		if err := w.control(`ROLLBACK TO job`); err != nil {
			return errors.Join(err, j.err)
		}
	}
	return w.control(`RELEASE job`)
}

// alone runs a job as a transaction of its own.
func (w *writer) alone(j *job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	if err := w.control(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	err := w.call(j)
	if err == nil {
		err = w.control(`COMMIT`)
	}
	if err != nil {
		_ = w.control(`ROLLBACK`) // fails when SQLite has rolled back by itself
	}
	return err
}

// call runs the job's function and contains its panic.
func (w *writer) call(j *job) (err error) {
	t := &tx{s: w.s, run: w}
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("a transaction panicked", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("a transaction panicked: %v", p)
		}
	}()
	err = j.fn(t)
	if err == nil && t.err != nil {
		err = t.err
	}
	j.workAdded = t.workAdded
	return err
}

// control runs a statement that steers transactions.
func (w *writer) control(query string) error {
	_, err := w.ExecContext(w.ctx, query)
	return err
}

// ExecContext runs a cached statement. The context is not used, see writer.
func (w *writer) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := w.stmt(query) //nolint:sqlclosecheck // it is kept
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(w.ctx, args...)
}

// QueryContext runs a cached statement. The context is not used, see writer.
func (w *writer) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := w.stmt(query) //nolint:sqlclosecheck // it is kept
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(w.ctx, args...)
}

func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if stmt := w.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := w.conn.PrepareContext(w.ctx, query)
	if err != nil {
		return nil, err
	}
	if len(w.stmts) >= maxCached { // one at a time is not worth the bookkeeping
		for _, old := range w.stmts {
			_ = old.Close()
		}
		clear(w.stmts)
	}
	w.stmts[query] = stmt
	return stmt, nil
}
