package main

import (
	"parley/internal/app"
	"parley/internal/config"
)

type doctorCommand struct {
	config.Config `embed:""`

	Offline bool `help:"Call no model provider."`
}

// Run prints what is well and what is not.
func (c *doctorCommand) Run(p *program) (err error) {
	if c.Secrets, err = p.secrets(); err != nil {
		return err
	}
	d := app.Doctor{Config: &c.Config, Out: p.out, Offline: c.Offline}
	return d.Run(p.ctx)
}
