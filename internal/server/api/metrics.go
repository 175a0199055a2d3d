package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts requests by route, never by path: a path holds ids.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// newMetrics registers the metrics of the routes; nil for no registry.
func newMetrics(r *prometheus.Registry) *metrics {
	if r == nil {
		return nil
	}
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_http_requests_total", Help: "Answered requests of the API, by route and status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parley_http_request_seconds", Help: "Time to answer, by route; streams are left out.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30, 120},
		}, []string{"method", "route"}),
	}
	r.MustRegister(m.requests, m.seconds)
	return m
}

// routeMetrics are those of one route, looked up once.
type routeMetrics struct {
	requests *prometheus.CounterVec
	seconds  prometheus.Observer // nil: the route does not end by itself
}

func (m *metrics) of(r *Route) *routeMetrics {
	if m == nil {
		return nil
	}
	of := &routeMetrics{requests: m.requests.MustCurryWith(prometheus.Labels{"method": r.Method, "route": r.Path})}
	if !strings.HasSuffix(r.Path, "/stream") {
		of.seconds = m.seconds.WithLabelValues(r.Method, r.Path)
	}
	return of
}

func (m *routeMetrics) answered(status int, begun time.Time) {
	m.requests.WithLabelValues(strconv.Itoa(status)).Inc()
	if m.seconds != nil {
		m.seconds.Observe(time.Since(begun).Seconds())
	}
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
