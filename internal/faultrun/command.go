package faultrun

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"parley/internal/metasim/world"
)

// Command is `parley bench faults`.
type Command struct {
	Messages   int           `help:"How many messages are written." default:"10000"`
	Contacts   int           `help:"By how many contacts." default:"500"`
	Kills      int           `help:"How often the server is killed." default:"10"`
	Numbers    int           `help:"To how many numbers." default:"4"`
	Rate       float64       `help:"Messages a second; 0: as fast as they are taken." default:"100"`
	ReplyDelay int           `help:"Reply delay of the senders in seconds." default:"0"`
	Seed       uint64        `help:"Decides what goes wrong, and when." default:"1"`
	Calm       bool          `help:"Nothing goes wrong but the kills."`
	Settle     time.Duration `help:"How long everything may take to settle." default:"5m"`
	Dir        string        `help:"Folder for the data; a folder is made in it and removed again." default:"." type:"existingdir"`
	DB         string        `help:"postgres:// URL of an empty database to use instead of SQLite." env:"PARLEY_BENCH_DB"`
	Binary     string        `help:"The program to run; without it, this one." type:"path"`
	JSON       bool          `help:"Print JSON."`

	out   io.Writer     // nil: os.Stdout
	env   []string      // more of the server's environment
	still time.Duration // how long nothing may happen before the server counts as quiet; 0: quietFor
}

// faults are what goes wrong beside the kills.
func (c *Command) faults() world.Faults {
	if c.Calm {
		return world.Faults{}
	}
	return world.Faults{
		Duplicate: 0.05, Reorder: 0.10, LostAck: 0.02, Batch: 20,
		Shuffle: 0.20, Skip: 0.10, FailedStatus: 0.01,
		LostSend: 0.01, CutSend: 0.01, Hang: 0.003, HangMillis: 3000, Slow: 0.01, SlowMillis: 500,
		RateNumber: 0.02, RatePair: 0.01, RateAccount: 0.0005, ServerError: 0.01,
	}
}

// late is the share of contacts whose messages come after their window.
func (c *Command) late() float64 {
	if c.Calm {
		return 0
	}
	return 0.04
}

// Run carries out the run and prints its report. It returns an error if
// anything was violated.
func (c *Command) Run(ctx context.Context) (err error) {
	switch {
	case c.Messages < 1 || c.Contacts < 1 || c.Numbers < 1 || c.Kills < 0 || c.Rate < 0:
		return errors.New("messages, contacts and numbers are at least 1, and nothing is negative")
	case c.Numbers > 1000:
		return errors.New("there are at most 1,000 numbers")
	}
	dir, err := os.MkdirTemp(c.Dir, "parley-faults-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	binary := c.Binary
	if binary == "" {
		if binary, err = os.Executable(); err != nil {
			return err
		}
	}
	r := &run{Command: c, sim: c.newSim()}
	r.report = &report{Seed: c.Seed, Database: "SQLite", Messages: c.Messages, Contacts: c.Contacts}
	if c.DB != "" {
		r.report.Database = "PostgreSQL"
	}
	if r.server, err = newProcess(ctx, binary, dir, c.DB); err != nil {
		return err
	}
	r.server.env = append(r.server.env, c.env...)
	if err := r.do(ctx); err != nil {
		return fmt.Errorf("the run did not get to its end: %w\nThe server's last words:\n%s", err, r.server.log.String())
	}
	r.report.Webhooks = attempts(r.sim.Report())
	out := c.out
	if out == nil {
		out = os.Stdout
	}
	if err := r.report.write(out, c.JSON); err != nil {
		return err
	}
	if v := r.report.Verdict; !v.OK() {
		return fmt.Errorf("%d kinds of violation were found", len(v.Violations))
	}
	return nil
}
