package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"parley"
	"parley/internal/app"
	"parley/internal/bench/progress"
	"parley/internal/config"
	"parley/internal/export"
	"parley/internal/store/exports"
)

type importCommand struct {
	From      string         `arg:"" help:"File that was exported as JSON Lines; - is the standard input."`
	Workspace string         `help:"Name or id of the workspace; needed if there are several."`
	Storage   config.Storage `embed:""`
}

// Run writes the conversations of the file that are not there yet.
func (c *importCommand) Run(p *program) (err error) {
	secrets, err := p.secrets()
	if err != nil {
		return err
	}
	if err := c.Storage.Check(); err != nil {
		return err
	}
	s, err := app.OpenStore(p.ctx, &c.Storage, &secrets, app.StoreOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	w, err := chosenWorkspace(p.ctx, s, c.Workspace)
	if err != nil {
		return err
	}
	from := io.NopCloser(io.Reader(os.Stdin))
	if c.From != "-" {
		if from, err = os.Open(c.From); err != nil {
			return parley.Errorf(parley.CodeNotFound, "The file cannot be opened: %w", err)
		}
	}
	defer func() { _ = from.Close() }()
	to, err := (&exports.Exports{Store: s}).NewImporter(p.ctx, w.ID)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	bar, start, before := progress.New(-1, 0, "conversations"), time.Now(), 0
	done, err := export.Import(p.ctx, to, from, func(n export.Imports) {
		bar.Add(n.Read - before)
		before = n.Read
	})
	bar.Finish()
	_, said := fmt.Fprintf(p.out, "%d conversations were read and %d of them written in %s; the others were there.\n",
		done.Read, done.Written, time.Since(start).Round(time.Millisecond))
	return errors.Join(err, said)
}
