// Package app builds Parley from its parts, once, and runs it: store, engine,
// server and what works in the background. The maps of channels and of model
// providers are here, in full view.
//
// It decides how things are put together and nothing else; what a message or a
// request leads to is decided below it.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"parley"
	"parley/internal/blob"
	"parley/internal/bulk"
	"parley/internal/channel"
	"parley/internal/channel/webchat"
	"parley/internal/config"
	"parley/internal/demo"
	"parley/internal/engine"
	"parley/internal/export"
	"parley/internal/hook"
	"parley/internal/httptool"
	"parley/internal/imports"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/llm/anthropic"
	"parley/internal/llm/builtin"
	"parley/internal/llm/openai"
	"parley/internal/price"
	"parley/internal/privacy"
	"parley/internal/questions"
	"parley/internal/queue"
	"parley/internal/reading"
	"parley/internal/server"
	manifold "parley/internal/server/bulk"
	exporting "parley/internal/server/export"
	hooking "parley/internal/server/hook"
	importing "parley/internal/server/imports"
	spending "parley/internal/server/money"
	forgetting "parley/internal/server/privacy"
	"parley/internal/speech"
	"parley/internal/speech/command"
	transcribe "parley/internal/speech/openai"
	"parley/internal/store"
	"parley/internal/store/budgets"
	"parley/internal/store/bulks"
	"parley/internal/store/desk"
	"parley/internal/store/exports"
	"parley/internal/store/hooks"
	importstore "parley/internal/store/imports"
	privacystore "parley/internal/store/privacy"
	"parley/internal/store/rollup"
	"parley/internal/store/topics"
	"parley/internal/watch"
	"parley/ui"
)

// Options are what the program's surroundings decide, not its settings. The
// zero value is ready to use.
type Options struct {
	Version   string
	Out       io.Writer                  // gets what a person should read: addresses and links; nil: nobody
	Log       *slog.Logger               // nil: discarded
	Now       func() time.Time           // nil: the real clock
	Providers map[string]engine.NewModel // added to the built-in kinds, for tests and measurements
	Limits    *server.Limits             // nil: server.DefaultLimits
}

// App is a Parley that listens and does not serve yet.
type App struct {
	cfg      *config.Config
	log      *slog.Logger
	store    *store.Store
	blobs    *blob.Dir
	tools    *httptool.Client
	numbers  *numbers
	rollups  *rollup.Rollups
	exports  *export.Service
	hooks    *hook.Service
	privacy  *privacy.Service
	bulk     *bulk.Service
	topics   *questions.Service
	watch    *watch.Watch
	engine   *engine.Engine
	server   *server.Server
	listener net.Listener

	simulator *simulator // of WhatsApp; nil: there is none
}

// channels speak the sources whose readers come to us; WhatsApp has a channel of
// its own.
func channels() map[parley.Source]channel.Channel {
	return map[parley.Source]channel.Channel{
		parley.SourceTest:   webchat.New(parley.SourceTest),
		parley.SourceWidget: webchat.New(parley.SourceWidget),
		parley.SourceAPI:    webchat.New(parley.SourceAPI),
	}
}

// builtinPace lets the built-in answerer's replies appear as they are written
// rather than at a stroke.
const builtinPace = 8 * time.Millisecond

// providers open the models of each kind of provider.
func providers(now func() time.Time) map[string]engine.NewModel {
	return map[string]engine.NewModel{
		parley.BuiltinProvider: func(*parley.Provider) (llm.Model, error) {
			return &builtin.Model{Now: now, Pace: builtinPace}, nil
		},
		"openai": func(p *parley.Provider) (llm.Model, error) {
			return openai.New(openai.Config{BaseURL: p.BaseURL, APIKey: p.APIKey}), nil
		},
		"anthropic": func(p *parley.Provider) (llm.Model, error) {
			return anthropic.New(anthropic.Config{BaseURL: p.BaseURL, APIKey: p.APIKey}), nil
		},
	}
}

// recognisers open what transcribes at each kind of provider; local is the
// server's own program, nil for none.
func recognisers(local *command.Recogniser) map[string]reading.NewRecogniser {
	all := map[string]reading.NewRecogniser{
		"openai": func(p *parley.Provider) (speech.Recogniser, error) {
			return transcribe.New(transcribe.Config{BaseURL: p.BaseURL, APIKey: p.APIKey}), nil
		},
	}
	if local != nil {
		all[parley.SpeechCommand] = func(*parley.Provider) (speech.Recogniser, error) { return local, nil }
	}
	return all
}

// New opens what the settings name, prepares what a first start needs, and
// listens. The caller must call Run, which also closes it, or Close. Its errors
// say in words what to change.
func New(ctx context.Context, cfg *config.Config, o Options) (_ *App, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, log: o.Log}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	// The port first: a server that runs already is the likeliest trouble.
	if a.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen); err != nil {
		return nil, parley.Errorf(parley.CodeUnavailable,
			"Cannot listen on %s: %w. Is Parley running already? Choose another address with --listen.", cfg.Listen, err)
	}
	clock := &clock{real: o.Now}
	if a.store, err = OpenStore(ctx, &cfg.Storage, &cfg.Secrets, StoreOptions{Now: clock.Now, Log: o.Log}); err != nil {
		return nil, err
	}
	if a.blobs, err = blob.Open(cfg.BlobFolder()); err != nil {
		return nil, err
	}
	if err := a.resume(ctx, o.Out); err != nil {
		return nil, err
	}
	links, err := a.prepare(ctx, clock, o)
	if err != nil {
		return nil, err
	}
	if cfg.Demo {
		if err := a.startSimulator(ctx); err != nil {
			return nil, err
		}
	}
	if err := a.build(o); err != nil {
		return nil, err
	}
	a.announce(o.Out, o.Version, links)
	return a, nil
}

// build puts the running parts together.
func (a *App) build(o Options) error {
	allowed, err := a.cfg.Networks()
	if err != nil {
		return err
	}
	keys, err := Keyring(&a.cfg.Storage, &a.cfg.Secrets)
	if err != nil {
		return err
	}
	shown := ""
	if a.cfg.Demo {
		shown = demo.WidgetID
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&gauges{store: a.store, version: o.Version, now: o.Now})
	makers := providers(o.Now)
	for kind, maker := range o.Providers {
		makers[kind] = maker
	}
	local, err := a.cfg.Recogniser()
	if err != nil {
		return err
	}
	ears := recognisers(local)
	hub := live.NewHub()
	a.rollups = rollup.New(a.store, o.Now)
	a.exports = export.New(export.Config{Store: &exports.Exports{Store: a.store}, Files: a.blobs, Now: o.Now, Log: o.Log})
	brought := &importstore.Imports{Tables: a.store.Tables()}
	taken := imports.New(imports.Config{Store: brought, Conversations: &exports.Exports{Store: a.store}, Files: a.blobs, Now: o.Now, Log: o.Log})
	a.numbers = newNumbers(o.Now)
	a.topics = questions.New(questions.Config{Store: &topics.Topics{Tables: a.store.Tables()}, Now: o.Now, Log: o.Log})
	a.tools = httptool.New(httptool.Guard{Allow: allowed})
	money := &budgets.Budgets{Tables: a.store.Tables()}
	told := &hooks.Hooks{Tables: a.store.Tables()}
	a.hooks = hook.New(hook.Config{
		Store: told, Alerts: a.store, Shape: hooking.Shape(a.store, o.Now), Allow: allowed, Agent: "Parley/" + o.Version, Now: o.Now, Log: o.Log,
	})
	changed := func(ws, conv string) {
		hub.Publish(live.Event{Type: live.ConversationChanged, WorkspaceID: ws, ConversationID: conv})
	}
	forgotten := privacystore.New(a.store)
	a.privacy = privacy.New(privacy.Config{
		Store: forgotten, Conversations: a.store, Files: a.blobs, Exports: a.exports, Now: o.Now, Log: o.Log,
		Gone: changed,
	})
	a.watch = watch.New(watch.Config{
		Store: a.store, Free: func() (uint64, bool) { return freeSpace(a.cfg.BlobFolder()) }, Now: o.Now, Log: o.Log,
	})
	a.engine = engine.New(engine.Config{
		Store: a.store, Budgets: money, Providers: watching(makers, a.watch), Channels: withWhatsApp(channels(), a.numbers.channel), Tools: a.tools, Blobs: a.blobs, Hub: hub,
		Recognisers: ears,
		Sweeps:      a.sweeps(o.Now), Pools: slices.Concat(a.numbers.pools(), a.hooks.Pools(), []queue.Pool{a.rollupPool(), a.exportPool(), a.topics.Pool(), a.privacy.Pool(), a.bulkPool(), taken.Pool()}), Metrics: queue.NewMetrics(registry), Now: o.Now, Log: o.Log,
	})
	runs := &bulks.Bulks{Tables: a.store.Tables()}
	a.bulk = bulk.New(bulk.Config{
		Runs: runs, Walks: &exports.Exports{Store: a.store}, Desk: &desk.Desk{Tables: a.store.Tables(), Now: o.Now}, Engine: a.engine,
		Changed: changed, Now: o.Now,
	})
	a.numbers.join(a.engine, a.store, a.blobs, o.Now, o.Log)
	limits := server.DefaultLimits()
	if o.Limits != nil {
		limits = *o.Limits
	}
	a.server, err = server.New(server.Config{
		Store: a.store, Engine: a.engine, Hub: hub, Blobs: a.blobs, Providers: makers,
		Pages: a.tools, Keys: keys, DemoWidget: shown,
		SpeechKinds: slices.Sorted(maps.Keys(ears)),
		Senders:     a.numbers.senders, Rollups: a.rollups, Questions: a.topics,
		Webhooks:  &hooking.Handlers{Store: told, Hooks: a.hooks, Now: o.Now},
		Money:     &spending.Handlers{Budgets: money, Now: o.Now},
		Bulk:      &manifold.Handlers{Workspaces: a.store, Runs: runs, Bulk: a.bulk, Now: o.Now},
		Privacy:   &forgetting.Handlers{Store: forgotten, Privacy: a.privacy},
		Exports:   &exporting.Handlers{Store: &exports.Exports{Store: a.store}, Exports: a.exports},
		Imports:   &importing.Handlers{Members: a.store, Kept: brought, Imports: taken, Files: a.blobs, Now: o.Now},
		Simulator: a.simulator.handler(), SimulatorWorkspace: demo.WorkspaceID,
		UI: ui.Dist(), PublicURL: a.cfg.PublicURL, Demo: a.cfg.Demo, Version: o.Version, TrustProxy: a.cfg.TrustProxy,
		Limits: limits, Metrics: registry, Now: o.Now, Log: o.Log,
	})
	return err
}

// Addr returns the address that it listens on, with the port that was taken.
func (a *App) Addr() net.Addr { return a.listener.Addr() }

// URL returns how a browser reaches it: the public URL, else the address.
func (a *App) URL() string {
	if a.cfg.PublicURL != "" {
		return strings.TrimRight(a.cfg.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(a.Addr().String())
	if err != nil {
		return "http://" + a.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// How long a stop waits for requests that are being answered. Turns have their
// own grace, in the engine.
const graceRequests = 10 * time.Second

// Run serves until ctx ends. Then it takes no more work, lets requests and
// turns finish, closes everything and returns. It may be called once.
func (a *App) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var work sync.WaitGroup
	background := store.Patient(ctx)
	work.Go(func() {
		if err := a.engine.Run(background); err != nil && ctx.Err() == nil {
			cancel(fmt.Errorf("engine: %w", err))
		}
	})
	work.Go(func() { a.indexSearch(background) })
	work.Go(func() {
		a.plan(background, rollup.Every, parley.Work{Kind: parley.WorkRollup, Key: rollup.WorkKey}, a.rollups.Due)
	})
	work.Go(func() {
		a.plan(background, hook.Every, parley.Work{Kind: parley.WorkEvents, Key: hook.EventsKey}, a.hooks.Due)
	})
	if a.simulator != nil {
		work.Go(func() {
			if err := a.simulator.run(ctx); err != nil {
				cancel(fmt.Errorf("simulator: %w", err))
			}
		})
	}

	srv := &http.Server{
		Handler: a.server, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(a.listener) }()
	var err error
	select {
	case err = <-served:
		cancel(err)
	case <-ctx.Done():
		a.log.InfoContext(ctx, "stopping: requests and turns that are under way may finish")
		err = a.shutdown(ctx, srv)
	}
	work.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = errors.Join(err, cause)
	}
	return errors.Join(err, a.Close())
}

// shutdown ends streams and waits for the other requests.
func (a *App) shutdown(ctx context.Context, srv *http.Server) error {
	a.server.EndStreams()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceRequests)
	defer cancel()
	defer a.server.WaitStreams(grace)
	if err := srv.Shutdown(grace); err != nil {
		a.log.WarnContext(ctx, "some requests were cut off", "error", err)
		return srv.Close()
	}
	return nil
}

// Close releases what New opened. It may be called twice.
func (a *App) Close() error {
	var errs []error
	if a.tools != nil {
		a.tools.Close()
	}
	if a.hooks != nil {
		a.hooks.Close()
	}
	if a.listener != nil {
		if err := a.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if a.simulator != nil {
		if err := a.simulator.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	if a.blobs != nil {
		errs = append(errs, a.blobs.Close())
		a.blobs = nil
	}
	return errors.Join(errs...)
}

// prepare brings the database to where a server can start: delivered prices,
// the first owner, the demo. It returns the links to print.
func (a *App) prepare(ctx context.Context, c *clock, o Options) ([]link, error) {
	prices, err := price.Seed()
	if err != nil {
		return nil, err
	}
	if err := a.store.SeedPrices(ctx, prices); err != nil {
		return nil, err
	}
	f := firstStart{store: a.store, blobs: a.blobs, secrets: &a.cfg.Secrets, now: o.Now, log: o.Log}
	if a.cfg.Demo {
		return f.demo(ctx, c, o)
	}
	return f.owner(ctx)
}
