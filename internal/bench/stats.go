package bench

import (
	"slices"
	"time"
)

// latencies are the durations of one measurement.
type latencies []time.Duration

// summary says how durations are spread.
type summary struct {
	N                        int
	Mean, P50, P90, P99, Max time.Duration
}

// summary sorts l and returns its spread; zeros for no durations.
func (l latencies) summary() summary {
	if len(l) == 0 {
		return summary{}
	}
	slices.Sort(l)
	var sum time.Duration
	for _, d := range l {
		sum += d
	}
	return summary{
		N: len(l), Mean: sum / time.Duration(len(l)),
		P50: l.at(50), P90: l.at(90), P99: l.at(99), Max: l[len(l)-1],
	}
}

// at returns a percentile of sorted durations by the nearest rank: the least
// duration that percent of them do not exceed.
func (l latencies) at(percent int) time.Duration {
	rank := (len(l)*percent + 99) / 100
	return l[max(rank, 1)-1]
}

// perSecond returns a rate; 0 for no time.
func perSecond(n int, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}

// ratio returns a / b; 0 when there is nothing to compare with.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
