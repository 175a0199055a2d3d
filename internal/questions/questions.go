// Package questions finds what people ask: the first question of each
// conversation and the one that seems to have had no answer. It groups them by
// topic in the background, and counts the conversations of each.
//
// What it knows follows from the log and can be made again at any time. It must
// never hold anybody up: it reads and writes little at a time, and rests half
// as long as it has worked.
package questions

import (
	"context"
	"log/slog"
	"time"

	"parley"
	"parley/internal/queue"
	"parley/internal/store/topics"
)

// Window is how many conversations of a workspace, the newest, have topics.
const Window = 100_000

// every is how old topics may become before they are made again.
const every = 24 * time.Hour

// Config is what the service is built from.
type Config struct {
	Store *topics.Topics
	Now   func() time.Time // nil: the real clock
	Log   *slog.Logger     // nil: none
	// Eager does not rest: for measurements of the work itself.
	Eager bool
}

// Service is safe for concurrent use.
type Service struct {
	store *topics.Topics
	now   func() time.Time
	log   *slog.Logger
	eager bool
}

// New returns a service.
func New(c Config) *Service {
	s := &Service{store: c.Store, now: c.Now, log: c.Log, eager: c.Eager}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Pool is the work of the service that the queue gives out: one workspace at a
// time, as it uses a whole processor when it works.
func (s *Service) Pool() queue.Pool {
	return queue.Pool{
		Name: "topics", Workers: 1, Poll: time.Second,
		Handlers: map[parley.WorkKind]queue.Handler{parley.WorkTopics: s.Work},
	}
}

// Plan makes the work due of the workspaces whose topics are old.
func (s *Service) Plan(ctx context.Context) error {
	stale, err := s.store.Stale(ctx, s.now().Add(-every))
	if err != nil {
		return err
	}
	for _, ws := range stale {
		if err := s.store.Request(ctx, ws, s.now()); err != nil {
			return err
		}
	}
	return nil
}

// Request makes the topics of a workspace due now.
func (s *Service) Request(ctx context.Context, ws string) (*topics.Run, error) {
	if err := s.store.Request(ctx, ws, s.now()); err != nil {
		return nil, err
	}
	return s.store.Run(ctx, ws)
}
