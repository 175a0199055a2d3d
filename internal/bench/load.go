package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley/internal/bench/httpconn"
)

// load is a measurement of requests over a number of connections.
type load struct {
	latencies latencies
	sent      int    // requests, with those that are not counted
	failed    int    // answers that are no success
	failure   string // one of them
	took      time.Duration
}

// warmUp is driven before the time is taken.
const warmUp = time.Second

// drive sends requests over conns connections for a time, each connection one
// after the other. next returns the n-th request of a connection. What is sent
// in the first second is not counted.
func drive(ctx context.Context, addr string, conns int, d time.Duration, next func(conn, n int) []byte) (*load, error) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		all   load
		errs  []error
		start = time.Now().Add(warmUp)
		end   = start.Add(d)
	)
	for conn := range conns {
		c, err := httpconn.Dial(ctx, addr)
		if err != nil {
			return nil, errors.Join(append(errs, err)...)
		}
		wg.Go(func() {
			one, err := driveOne(ctx, c, start, end, func(n int) []byte { return next(conn, n) })
			err = errors.Join(err, c.Close())
			mu.Lock()
			defer mu.Unlock()
			all.add(one)
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	all.took = d
	return &all, errors.Join(errs...)
}

func (l *load) add(one *load) {
	l.latencies = append(l.latencies, one.latencies...)
	l.sent += one.sent
	l.failed += one.failed
	if one.failure != "" {
		l.failure = one.failure
	}
}

// driveOne sends over one connection until end; what is answered before start is
// not counted.
func driveOne(ctx context.Context, c *httpconn.Conn, start, end time.Time, next func(n int) []byte) (*load, error) {
	l := &load{}
	for n := 0; ; n++ {
		req := next(n)
		before := time.Now()
		if before.After(end) || ctx.Err() != nil {
			return l, ctx.Err()
		}
		status, err := c.Do(req)
		if err != nil {
			return l, err
		}
		l.sent++
		if status < 200 || status > 299 {
			l.failed++
			l.failure = fmt.Sprintf("%d %.200s", status, c.Body)
		}
		if before.After(start) {
			l.latencies = append(l.latencies, time.Since(before))
		}
	}
}
