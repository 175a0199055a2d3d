// Package hook tells addresses outside what happens in a workspace: it records
// events from the log, posts them with a signature, and tries again for a day.
//
// An event is told at least once, with the same id and the same bytes however
// often; those of one conversation are told in their order. It must never let an
// address that fails hold up another one, nor another conversation.
package hook

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"parley"
	"parley/internal/httptool"
	"parley/internal/queue"
	"parley/internal/store/hooks"
)

// Shape returns what an event tells, as the public API shows it: the value of
// data. It returns CodeNotFound for what has been erased.
type Shape func(ctx context.Context, e *hooks.Event) (json.RawMessage, error)

// Alerts raise and remove alerts.
type Alerts interface {
	RaiseAlert(ctx context.Context, ws, subject, code, message string) error
	ClearAlerts(ctx context.Context, ws, subject string) error
}

// Config is what a Service needs.
type Config struct {
	Store   *hooks.Hooks
	Alerts  Alerts
	Shape   Shape
	Allow   []netip.Prefix // networks that may be reached although they are not public
	Agent   string         // what is sent as User-Agent
	Timeout time.Duration  // of one posting; 0: 10 s
	Now     func() time.Time
	Log     *slog.Logger
}

// Service tells webhooks. It is safe for concurrent use.
type Service struct {
	Config
	guard httptool.Guard
	http  *http.Client

	mu   sync.Mutex
	busy map[string]int // postings under way, by hook
}

// New returns a service; Close releases its connections.
func New(c Config) *Service {
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	guard := httptool.Guard{Allow: c.Allow}
	return &Service{Config: c, guard: guard, busy: map[string]int{}, http: &http.Client{
		Transport:     guard.Transport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close releases idle connections.
func (s *Service) Close() { s.http.CloseIdleConnections() }

// workers is how many postings there may be at a time.
const workers = 12

// Pools are the work of the service that the queue gives out.
func (s *Service) Pools() []queue.Pool {
	return []queue.Pool{
		{
			Name: "events", Workers: 1, Poll: time.Second, Eager: true,
			Handlers: map[parley.WorkKind]queue.Handler{parley.WorkEvents: s.Record},
		}, {
			Name: "hooks", Workers: workers, Poll: time.Second, Eager: true,
			Handlers: map[parley.WorkKind]queue.Handler{parley.WorkHook: s.Deliver},
		},
	}
}

// EventsKey is the one key of the work that records events.
const EventsKey = "all"

// Every is how often to look whether there are events to record.
const Every = time.Second

// Due reports whether there are. It only reads, and little.
func (s *Service) Due(ctx context.Context) (bool, error) { return s.Store.Due(ctx) }

// Record records the events of what is new in the log.
func (s *Service) Record(ctx context.Context, _ parley.Work) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, left, err := s.Store.Next(ctx)
		if err != nil {
			return err
		}
		for i := range b.Events {
			if err := s.fill(ctx, &b.Events[i]); err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
				return err
			}
		}
		if err := s.Store.Record(ctx, b, s.Now()); err != nil {
			return err
		}
		more = left
	}
	return nil
}

// envelope is the body that is posted.
type envelope struct {
	ID          string          `json:"id"`
	Type        hooks.Type      `json:"type"`
	CreatedAt   time.Time       `json:"created_at"`
	WorkspaceID string          `json:"workspace_id"`
	Data        json.RawMessage `json:"data"`
}

// fill gives an event its body.
func (s *Service) fill(ctx context.Context, e *hooks.Event) error {
	data, err := s.Shape(ctx, e)
	if err != nil {
		return err
	}
	return enclose(e, data)
}

func enclose(e *hooks.Event, data json.RawMessage) error {
	body, err := json.Marshal(envelope{ID: e.ID, Type: e.Type, CreatedAt: e.CreatedAt.UTC(), WorkspaceID: e.WorkspaceID, Data: data})
	e.Body = string(body)
	return err
}

// keep is how long the log of deliveries is kept.
const keep = 7 * 24 * time.Hour

// Sweep removes what is old from the log.
func (s *Service) Sweep(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = s.Store.Forget(ctx, s.Now().Add(-keep)); err != nil {
			return err
		}
	}
	return nil
}
