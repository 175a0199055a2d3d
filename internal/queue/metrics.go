package queue

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley"
)

// outcome says how a piece of work went.
type outcome string

const (
	done     outcome = "done"
	deferred outcome = "deferred" // to be done later, without a failure
	failed   outcome = "failed"   // to be tried again
	gave     outcome = "given_up"
	lost     outcome = "lost" // to another worker
)

// Metrics counts what a runner did.
type Metrics struct {
	finished *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// NewMetrics registers the runner's metrics with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		finished: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_work_finished_total",
			Help: "Pieces of work that ended, by kind and outcome.",
		}, []string{"kind", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "parley_work_seconds",
			Help:    "How long pieces of work took, by kind.",
			Buckets: []float64{.005, .025, .1, .5, 1, 2.5, 5, 10, 30, 60, 120},
		}, []string{"kind"}),
	}
	reg.MustRegister(m.finished, m.seconds)
	return m
}

func (m *Metrics) observe(kind parley.WorkKind, how outcome, took time.Duration) {
	if m == nil {
		return
	}
	m.finished.WithLabelValues(string(kind), string(how)).Inc()
	m.seconds.WithLabelValues(string(kind)).Observe(took.Seconds())
}
