package faultrun

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"parley/internal/metasim"
	"parley/internal/metasim/burst"
	"parley/internal/metasim/ledger"
	"parley/internal/metasim/world"
)

const graphVersion = "v25.0"

// run is one fault run.
type run struct {
	*Command
	server *process
	sim    *metasim.Sim
	graph  string // where the simulator's Graph routes are

	report *report
}

// newSim makes the simulator: an account for each number, so that each sender
// has a webhook of its own.
func (c *Command) newSim() *metasim.Sim {
	accounts := make([]world.Account, c.Numbers)
	for i := range accounts {
		accounts[i] = world.Account{
			ID: fmt.Sprintf("70229012934%04d", i+1), Name: fmt.Sprintf("Fault run %d", i+1),
			Numbers: []world.Number{{
				ID: fmt.Sprintf("70654035224%04d", i+1), Phone: fmt.Sprintf("1555078%04d", 4000+i), CountryCode: "1",
				VerifiedName: fmt.Sprintf("Fault run %d", i+1),
			}},
		}
	}
	return metasim.New(metasim.Config{
		Seed: c.Seed, Accounts: accounts, People: []world.Person{}, Faults: c.faults(), Concurrency: 16,
		RetryFirst: 100 * time.Millisecond, RetryMax: 2 * time.Second, StatusDelay: 200 * time.Millisecond,
		KeepLedger: 1_000_000, KeepMessages: 10_000,
	})
}

// do carries out the run. What it returns is trouble with the run itself; the
// verdict is in the report.
func (r *run) do(ctx context.Context) (err error) {
	stop, err := r.serveSim(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	defer func() { err = errors.Join(err, r.server.stop()) }()
	if err := r.server.start(ctx); err != nil {
		return err
	}
	if err := r.setUp(ctx); err != nil {
		return err
	}
	started := time.Now()
	if err := r.attack(ctx); err != nil {
		return err
	}
	r.report.Wrote = time.Since(started)
	if err := r.settle(ctx); err != nil {
		return err
	}
	r.report.Took = time.Since(started)
	r.report.Counts = r.sim.Counts()
	return nil
}

// serveSim serves the simulator on loopback until stop is called.
func (r *run) serveSim(ctx context.Context) (stop func() error, err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r.graph = "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(ctx)
	srv := &http.Server{Handler: r.sim, ReadHeaderTimeout: 10 * time.Second}
	served, ran := make(chan error, 1), make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	go func() { ran <- r.sim.Run(ctx) }()
	return func() error {
		cancel()
		err := errors.Join(srv.Close(), <-ran)
		if e := <-served; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
		return err
	}, nil
}

// attack lets the people write and kills the server at moments spread over it.
func (r *run) attack(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wrote := make(chan error, 1)
	go func() {
		err := burst.Run(ctx, r.sim, burst.Plan{Messages: r.Messages, People: r.Contacts, Rate: r.Rate, Late: r.late(), Prefix: "fault"})
		if err != nil {
			cancel() // nobody waits for messages that will not come
		}
		wrote <- err
	}()
	dice := rand.New(rand.NewPCG(r.Seed, 1))
	for kill := range r.Kills {
		at := int64(r.Messages) * int64(kill+1) / int64(r.Kills+1)
		if err := r.waitFor(ctx, at); err != nil {
			return errors.Join(err, cancelled(cancel, wrote))
		}
		time.Sleep(time.Duration(dice.IntN(200)) * time.Millisecond)
		if err := r.server.kill(); err != nil {
			return errors.Join(err, cancelled(cancel, wrote))
		}
		r.report.Kills++
		time.Sleep(time.Duration(dice.IntN(1000)) * time.Millisecond)
		if err := r.server.start(ctx); err != nil {
			return errors.Join(err, cancelled(cancel, wrote))
		}
	}
	return <-wrote
}

// cancelled ends the writing and waits for its end.
func cancelled(cancel func(), wrote <-chan error) error {
	cancel()
	if err := <-wrote; !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// waitFor waits until so many messages were written.
func (r *run) waitFor(ctx context.Context, messages int64) error {
	for r.sim.Counts()["messages_in"] < messages {
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// settle waits until the simulator has nothing left to tell and the server sends
// nothing more, and judges. What time may heal gets the time that is left.
func (r *run) settle(ctx context.Context) error {
	deadline := time.Now().Add(r.Settle)
	for {
		if err := r.quiet(ctx, deadline); err != nil {
			return err
		}
		conversations, err := r.conversations(ctx)
		if err != nil {
			return err
		}
		v := Judge(r.sim.Report(), conversations)
		r.report.Verdict = v
		// The server may have gone on while its conversations were read.
		n := r.sim.Pending()
		if time.Now().After(deadline) || n == 0 && (v.OK() || !v.Waiting()) {
			if n > 0 {
				v.add(Incomplete, "the simulator still had %d things to tell", n)
			}
			return nil
		}
		if err := pause(ctx, 2*time.Second); err != nil {
			return err
		}
	}
}

// quietFor is how long nothing may happen before the server counts as quiet. A
// server that waits longer, to try again, is found out by what is not settled.
const quietFor = 3 * time.Second

// quiet waits until nothing has happened for a while, until the deadline.
func (r *run) quiet(ctx context.Context, deadline time.Time) error {
	last, since := r.sim.Counts(), time.Now()
	for time.Since(since) < cmp.Or(r.still, quietFor) && time.Now().Before(deadline) {
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
		if now := r.sim.Counts(); r.sim.Pending() > 0 || !maps.Equal(now, last) {
			last, since = now, time.Now()
		}
	}
	return nil
}

// pause waits. It returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// attempts counts the webhooks by how they were answered.
func attempts(l ledger.Ledger) map[string]int {
	n := map[string]int{}
	for _, w := range l.Webhooks {
		for _, a := range w.Attempts {
			switch {
			case a.Status == 0:
				n["not answered"]++
			case a.Lost:
				n["answered 200, answer lost"]++
			default:
				n[fmt.Sprintf("answered %d", a.Status)]++
			}
		}
	}
	return n
}
