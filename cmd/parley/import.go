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
	"parley/internal/foreign"
	"parley/internal/imports"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
	kept "parley/internal/store/imports"
)

type importCommand struct {
	From      string         `arg:"" help:"File that was exported as JSON Lines, or one of Chatwoot or Dify; - is the standard input."`
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
	x, err := foreign.Look(p.ctx, from)
	if err != nil {
		return err
	}
	if x.System != foreign.Parley {
		return c.take(p, &imports.Taking{Conversations: &exports.Exports{Store: s}, Workspace: w.ID, File: from, Index: x, Step: takeStep, Now: time.Now})
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
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
	if done.Tags > 0 {
		_, more := fmt.Fprintf(p.out, "%d tags were left out: a workspace has at most %d, and a conversation %d.\n", done.Tags, desk.MaxTags, desk.MaxTagged)
		said = errors.Join(said, more)
	}
	return errors.Join(err, said)
}

// takeStep is how many conversations of another system are written together.
const takeStep = 100

// take takes the conversations of another system, and says what it could not.
func (c *importCommand) take(p *program, t *imports.Taking) error {
	start, total := time.Now(), len(t.Index.Entries)
	bar := progress.New(total, 0, "conversations")
	begin := kept.Progress{Problems: t.Index.Problems}
	last := begin
	t.Save = func(done kept.Progress, _ *kept.Progress) error {
		bar.Add(done.Position - last.Position)
		last = done
		return nil
	}
	err := t.Run(p.ctx, begin, nil)
	bar.Finish()
	_, said := fmt.Fprintf(p.out, "%d of %d conversations of %s were read in %s. %d of them were written, with %d messages; %d were there.\n",
		last.Position, total, t.Index.System.Name(), time.Since(start).Round(time.Millisecond), last.Taken, last.Messages, last.Present)
	for _, one := range last.Problems.First {
		_, more := fmt.Fprintf(p.out, "line %d, conversation %q: %s\n", one.Line, one.Conversation, one.Reason)
		said = errors.Join(said, more)
	}
	if n := last.Problems.Count - len(last.Problems.First); n > 0 {
		_, more := fmt.Fprintf(p.out, "and %d more problems\n", n)
		said = errors.Join(said, more)
	}
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
