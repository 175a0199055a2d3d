package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/store"
)

// scrapeTime bounds what a scrape asks the database.
const scrapeTime = 2 * time.Second

var (
	dueWork = prometheus.NewDesc("parley_work_due", "Pieces of work that are due, by kind.", []string{"kind"}, nil)
	lateFor = prometheus.NewDesc("parley_work_oldest_seconds", "How long the oldest due piece of work has waited, by kind.", []string{"kind"}, nil)
	build   = prometheus.NewDesc("parley_build_info", "1, with the version of the program and the database that it uses.", []string{"version", "database"}, nil)
)

// gauges are read from the store when somebody asks.
type gauges struct {
	store   *store.Store
	version string
	now     func() time.Time
}

// Describe implements prometheus.Collector.
func (g *gauges) Describe(descs chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{dueWork, lateFor, build} {
		descs <- d
	}
}

// Collect implements prometheus.Collector. A database that does not answer
// leaves its gauges out, which an alert can see.
func (g *gauges) Collect(metrics chan<- prometheus.Metric) {
	metrics <- prometheus.MustNewConstMetric(build, prometheus.GaugeValue, 1, g.version, g.store.Engine())
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	stats, err := g.store.WorkStats(ctx)
	if err != nil {
		return
	}
	for _, k := range stats {
		late := time.Duration(0)
		if !k.Oldest.IsZero() {
			late = max(0, g.now().Sub(k.Oldest))
		}
		metrics <- prometheus.MustNewConstMetric(dueWork, prometheus.GaugeValue, float64(k.Due), string(k.Kind))
		metrics <- prometheus.MustNewConstMetric(lateFor, prometheus.GaugeValue, late.Seconds(), string(k.Kind))
	}
}
