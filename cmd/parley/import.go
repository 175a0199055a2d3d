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
	s, err := p.openStore(&c.Storage, app.StoreOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	w, err := chosenWorkspace(p.ctx, s, c.Workspace)
	if err != nil {
		return err
	}
	from, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := (&exports.Exports{Store: s}).NewImporter(p.ctx, w.ID)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	var bar *progress.Progress
	start, before := time.Now(), 0
	done, err := export.Import(p.ctx, to, from, func(n export.Imports) {
		if bar == nil {
			bar = progress.New(n.Total, 0, "conversations")
		}
		bar.Add(n.Read - before)
		before = n.Read
	})
	if bar != nil {
		bar.Finish()
	}
	_, said := fmt.Fprintf(p.out, "%d of %d conversations were read in %s. %d of them were written; the others were there.\n",
		done.Read, done.Total, time.Since(start).Round(time.Millisecond), done.Written)
	return errors.Join(err, said)
}

// open opens the file. The standard input, which can only be read once, is put
// into one.
func (c *importCommand) open() (*os.File, error) {
	if c.From != "-" {
		f, err := os.Open(c.From)
		if err != nil {
			return nil, parley.Errorf(parley.CodeNotFound, "The file cannot be opened: %w", err)
		}
		return f, nil
	}
	f, err := os.CreateTemp("", "parley-import-")
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(f, os.Stdin)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err = errors.Join(err, os.Remove(f.Name())); err != nil { // it goes when it is closed
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
