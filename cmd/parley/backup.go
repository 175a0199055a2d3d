package main

import (
	"fmt"

	"parley/internal/app"
	"parley/internal/config"
)

type backupCommand struct {
	To      string         `arg:"" help:"Folder to make." type:"path"`
	WithKey bool           `name:"with-key" help:"Put the key that decrypts secrets beside them."`
	Storage config.Storage `embed:""`
}

// Run copies the data.
func (c *backupCommand) Run(p *program) error {
	secrets, err := p.secrets()
	if err != nil {
		return err
	}
	if err := app.Backup(p.ctx, &c.Storage, &secrets, c.To, version, c.WithKey); err != nil {
		return err
	}
	said := "The backup is in %s. It has no key: keep %s in another place, without it the secrets are lost.\n"
	switch {
	case c.WithKey && secrets.SecretKey == "":
		said = "The backup is in %s, with its key (%s): keep it as safe as the key.\n"
	case secrets.SecretKey != "":
		said = "The backup is in %s. Keep PARLEY_SECRET_KEY in another place, without it the secrets are lost.%.0s\n"
	}
	_, err = fmt.Fprintf(p.out, said, c.To, c.Storage.KeyFile())
	return err
}

type restoreCommand struct {
	From    string         `arg:"" help:"Folder of the backup." type:"path"`
	Storage config.Storage `embed:""`
}

// Run puts the data back.
func (c *restoreCommand) Run(p *program) error {
	secrets, err := p.secrets()
	if err != nil {
		return err
	}
	if err := app.Restore(p.ctx, &c.Storage, &secrets, c.From); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "The data is in %s. Messages that waited to be sent are marked unknown, everybody is signed out,\n"+
		"and nothing is sent until you start with: parley serve --data %s --resume\n", c.Storage.Data, c.Storage.Data)
	return err
}
