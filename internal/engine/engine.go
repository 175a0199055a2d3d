// Package engine is what Parley does with a conversation: it receives
// messages, lets the assistant answer them, delivers what has to be sent,
// hands conversations to people and back, and ends and judges them.
//
// Policy lives here and nowhere else: when to try again, whom to fall back to,
// what a contact reads when nothing helps. The package names no concrete
// channel, model provider or protocol, and it must never tell anybody that
// something happened before the store has it.
package engine

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley"
	"parley/internal/cache"
	"parley/internal/channel"
	"parley/internal/lane"
	"parley/internal/live"
	"parley/internal/llm"
	"parley/internal/outbox"
	"parley/internal/queue"
	"parley/internal/reading"
)

// NewModel opens the models of a provider as it is set up now.
type NewModel func(p *parley.Provider) (llm.Model, error)

// Config is what an engine is built from.
type Config struct {
	Store Store
	// Providers has a constructor per provider kind. The kind
	// parley.BuiltinProvider must be among them.
	Providers map[string]NewModel
	Channels  map[parley.Source]channel.Channel
	Budgets   Budgets       // nil: calls of a conversation never wait for each other
	Tools     ToolCaller    // nil: HTTP tools are answered with words
	Blobs     reading.Blobs // nil: models see no images, and no files are fetched
	// Recognisers has what transcribes per provider kind, and under
	// parley.SpeechCommand.
	Recognisers map[string]reading.NewRecogniser
	Hub         *live.Hub
	Sweeps      map[string]Sweep // by name
	Pools       []queue.Pool     // of others whose work is done beside the engine's
	Limits      Limits
	Metrics     *queue.Metrics   // nil: none
	Now         func() time.Time // nil: the real clock
	Log         *slog.Logger     // nil: none
}

// Sweep is housekeeping that one node at a time does.
type Sweep struct {
	Every time.Duration
	Run   func(ctx context.Context) error
}

// Limits bound what one turn may take. A zero field means its default.
type Limits struct {
	Steps        int           // model calls whose tools are run, per turn; 8
	Attempts     int           // of one step with one model; 3
	TurnAttempts int           // before a turn is given up, restarts included; 5
	TurnTime     time.Duration // for all of it, waiting included; 120 s
	RetryAfter   time.Duration // the longest wait inside a turn; 30 s
	Defer        time.Duration // the longest wait between two attempts at a turn; 5 min
	HistoryBytes int           // of history that a model sees; 48 KB
	Passages     int           // of knowledge per turn; 6
	Workers      int           // turns at a time; 64
	GraceTurn    time.Duration // for running turns at a stop; 20 s
}

func (l *Limits) setDefaults() {
	l.Steps = orDefault(l.Steps, 8)
	l.Attempts = orDefault(l.Attempts, 3)
	l.TurnAttempts = orDefault(l.TurnAttempts, 5)
	l.TurnTime = orDefault(l.TurnTime, 120*time.Second)
	l.RetryAfter = orDefault(l.RetryAfter, 30*time.Second)
	l.Defer = orDefault(l.Defer, 5*time.Minute)
	l.HistoryBytes = orDefault(l.HistoryBytes, 48<<10)
	l.Passages = orDefault(l.Passages, 6)
	l.Workers = orDefault(l.Workers, 64)
	l.GraceTurn = orDefault(l.GraceTurn, 20*time.Second)
}

func orDefault[T int | time.Duration](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

// Engine is safe for concurrent use.
type Engine struct {
	cfg       Config
	store     Store
	hub       *live.Hub
	log       *slog.Logger
	runner    *queue.Runner
	running   running
	models    models
	indexes   indexes
	newest    cache.Cache[assistantKey, *parley.Assistant]
	settings  cache.Cache[string, *parley.Workspace]
	placeOf   cache.Cache[assistantKey, place]
	prices    cache.Cache[string, []parley.Price]
	limited   cache.Cache[assistantKey, bool]
	calls     lane.Lanes // of conversations whose calls are under a budget
	outbox    *outbox.Outbox
	evaluator sync.Map // conversation id → struct{}: evaluations on demand in progress
}

// New returns an engine. Nothing runs before Run.
func New(cfg Config) *Engine {
	cfg.Limits.setDefaults()
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Hub == nil {
		cfg.Hub = live.NewHub()
	}
	e := &Engine{
		cfg: cfg, store: cfg.Store, hub: cfg.Hub, log: cfg.Log,
		newest:   cache.New[assistantKey, *parley.Assistant](1024, time.Second),
		settings: cache.New[string, *parley.Workspace](1024, time.Second),
		placeOf:  cache.New[assistantKey, place](16<<10, time.Hour),
		prices:   cache.New[string, []parley.Price](256, time.Second),
		limited:  cache.New[assistantKey, bool](1024, time.Second),
	}
	e.models.makers = cfg.Providers
	e.outbox = outbox.New(outbox.Config{
		Store: cfg.Store, Channels: cfg.Channels, Blobs: cfg.Blobs, Hub: cfg.Hub,
		WakeAt: func(t time.Time) { e.runner.WakeAt(t) }, Now: cfg.Now, Log: cfg.Log,
	})
	e.runner = queue.New(queue.Config{
		Store: cfg.Store, Grace: cfg.Limits.GraceTurn, Now: cfg.Now, Log: cfg.Log, Metrics: cfg.Metrics,
		Pools: append([]queue.Pool{
			{
				Name: "replies", Workers: cfg.Limits.Workers, Poll: time.Second, Eager: true,
				Handlers: map[parley.WorkKind]queue.Handler{
					parley.WorkTurn:    e.turn,
					parley.WorkDeliver: e.outbox.Deliver,
				},
			},
			{
				Name: "media", Workers: 8, Poll: time.Second, Eager: true,
				Handlers: map[parley.WorkKind]queue.Handler{parley.WorkMedia: e.newReader().Work},
			},
			{
				Name: "evaluations", Workers: 8, Poll: time.Second,
				Handlers: map[parley.WorkKind]queue.Handler{parley.WorkEvaluate: e.evaluateWork},
			},
			{
				Name: "housekeeping", Workers: 4, Poll: time.Second,
				Handlers: map[parley.WorkKind]queue.Handler{
					parley.WorkIdle:  e.idle,
					parley.WorkSweep: e.sweep,
				},
			},
		}, cfg.Pools...),
	})
	return e
}

// Run does due work until ctx ends. Then it claims no more, lets running turns
// finish within Limits.GraceTurn, hands back the rest and returns.
func (e *Engine) Run(ctx context.Context) error {
	e.store.OnWork(e.runner.Wake)
	defer e.store.OnWork(func() {})
	for name := range e.cfg.Sweeps {
		if err := e.store.AddWork(ctx, parley.Work{Kind: parley.WorkSweep, Key: name, Due: e.cfg.Now()}); err != nil {
			return err
		}
	}
	e.runner.Run(ctx)
	return nil
}

// Snapshot returns the text so far of the conversation's running turn; false
// if none runs here.
func (e *Engine) Snapshot(workspaceID, conversationID string) (turnID, text string, ok bool) {
	return e.hub.Snapshot(workspaceID, conversationID)
}

// sweep runs one of the configured sweeps and plans its next run.
func (e *Engine) sweep(ctx context.Context, w parley.Work) error {
	s, ok := e.cfg.Sweeps[w.Key]
	if !ok {
		return nil // of another version of Parley
	}
	if err := s.Run(ctx); err != nil {
		return err
	}
	return queue.SnoozeUntil(e.cfg.Now().Add(s.Every))
}

// unlessErased gives up work whose conversation does not exist any more.
func unlessErased(err error) error {
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return queue.Cancel(err)
	}
	return err
}

// answers reports whether an assistant of this status answers on a source.
func answers(status parley.AssistantStatus, source parley.Source) bool {
	return status == parley.AssistantActive || status == parley.AssistantDraft && source == parley.SourceTest
}

// pushes reports whether messages of the source have to be sent out.
func (e *Engine) pushes(source parley.Source) bool {
	_, ok := e.cfg.Channels[source].(channel.Pusher)
	return ok
}

// assistantKey names a thing of a workspace.
type assistantKey struct{ workspace, id string }
