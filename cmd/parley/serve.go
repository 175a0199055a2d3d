package main

import (
	"fmt"

	"parley/internal/app"
	"parley/internal/config"
	"parley/internal/server"
)

type serveCommand struct {
	config.Config `embed:""`
}

// Run serves until the program is interrupted.
func (c *serveCommand) Run(p *program) (err error) {
	if c.Secrets, err = p.secrets(); err != nil {
		return err
	}
	log := p.logger(&c.Config)
	a, err := app.New(p.ctx, &c.Config, app.Options{Version: version, Out: p.out, Log: log})
	if err != nil {
		return err
	}
	if p.getenv("GOGC") == "" {
		go steerCollector(p.ctx)
	}
	return a.Run(p.ctx)
}

type openAPICommand struct{}

// Run prints the OpenAPI document.
func (openAPICommand) Run(p *program) error {
	doc, err := server.OpenAPI()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, string(doc))
	return err
}
