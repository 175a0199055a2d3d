// Package api is how routes are served: from a table, behind the gate, with one
// description, one writer of errors and one rule for repeated requests. What a
// route does is in the packages that fill the table.
package api

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/server/access"
	"parley/internal/store"
)

// AnswerStore keeps the first answers of requests with an Idempotency-Key.
type AnswerStore interface {
	BeginIdempotent(ctx context.Context, key store.IdempotencyKey) (*store.Answer, error)
	SaveAnswer(ctx context.Context, key store.IdempotencyKey, a store.Answer) error
}

// Config is what a Mux needs.
type Config struct {
	Gate    *access.Gate
	Answers AnswerStore
	Metrics *prometheus.Registry // nil: nothing is counted
	Log     *slog.Logger
}

// Mux serves routes. It is safe for concurrent use.
type Mux struct {
	Config
	metrics *metrics
}

// New returns a Mux. One that only describes routes needs no configuration.
func New(c Config) *Mux { return &Mux{Config: c, metrics: newMetrics(c.Metrics)} }

// The values of headers that never change, shared by all answers.
var (
	noStore  = []string{"no-store"}
	jsonType = []string{"application/json"}
)
