// Command parley serves Parley and looks after its data.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"parley"
	"parley/internal/app"
	"parley/internal/bench"
	"parley/internal/config"
	"parley/internal/metasim"
	"parley/internal/store"
)

// version is set when the program is built.
var version = "dev"

// commands are all that the program can do.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the dashboard and the API."`
	Doctor  doctorCommand  `cmd:"" help:"Look for trouble and say what to do about it."`
	Backup  backupCommand  `cmd:"" help:"Copy the data of a server that may be running."`
	Restore restoreCommand `cmd:"" help:"Put a backup into a data folder that has no database."`
	Member  memberCommand  `cmd:"" help:"Help members who cannot sign in."`
	Export  exportCommand  `cmd:"" help:"Write conversations to a file."`
	Import  importCommand  `cmd:"" help:"Read conversations that were exported as JSON Lines, or those of Chatwoot or Dify."`
	Bench   bench.Command  `cmd:"" help:"Fill with made-up data and measure."`
	MetaSim metasimCommand `cmd:"" name:"metasim" help:"Simulate Meta's WhatsApp Cloud API on this machine."`
	OpenAPI openAPICommand `cmd:"" name:"openapi" help:"Print the description of the API (OpenAPI 3.1)."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// program is the world that a command runs in.
type program struct {
	ctx      context.Context //nolint:containedctx // a command line has one, and kong passes values
	out, err io.Writer
	getenv   func(string) string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second interrupt ends the program at once.
	context.AfterFunc(ctx, stop)
	code := run(&program{ctx: ctx, out: os.Stdout, err: os.Stderr, getenv: os.Getenv}, os.Args[1:])
	stop()
	os.Exit(code)
}

// run carries out a command line and returns the exit code: 0, 1 for what went
// wrong, 2 for a command line that makes no sense.
func run(p *program, args []string) int {
	code := -1
	parser, err := kong.New(new(commands), kong.Name("parley"),
		kong.Description("Conversations that assistants and people hold together."),
		kong.Writers(p.out, p.err), kong.Exit(func(c int) { code = c }),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"app_secret": metasim.DefaultAppSecret, "verify_token": metasim.DefaultVerifyToken, "token": metasim.DefaultToken},
		kong.Bind(p), kong.BindTo(p.ctx, (*context.Context)(nil)))
	if err != nil {
		p.complain(err.Error())
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if code >= 0 {
		return code // help was printed
	}
	if err != nil {
		p.complain(err.Error())
		return 2
	}
	if err := parsed.Run(); err != nil {
		p.complain(explain(err))
		return 1
	}
	return 0
}

// complain says what went wrong.
func (p *program) complain(what string) { _, _ = fmt.Fprintln(p.err, "parley:", what) }

// explain returns what a person should read of an error: the sentence and its
// cause, without the code.
func explain(err error) string {
	fault, ok := errors.AsType[*parley.Error](err)
	if !ok {
		return err.Error()
	}
	s := fault.Message
	for _, f := range fault.Fields {
		s += fmt.Sprintf("\n  %s %s", f.Path, f.Message)
	}
	return s
}

// secrets reads the secrets from the environment.
func (p *program) secrets() (config.Secrets, error) {
	var s config.Secrets
	err := s.ReadSecrets(p.getenv)
	return s, err
}

// openStore opens the database of a command that works on the data itself.
func (p *program) openStore(c *config.Storage, o app.StoreOptions) (*store.Store, error) {
	secrets, err := p.secrets()
	if err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	return app.OpenStore(p.ctx, c, &secrets, o)
}

// logger writes the log to the standard error, as the settings say.
func (p *program) logger(c *config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(p.err, o))
	}
	return slog.New(slog.NewTextHandler(p.err, o))
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.out, version)
	return err
}
