package rollup

import (
	"math"
	"sort"
)

// Spread is how a measure spreads: enough for its mean, the error of that, and
// percentiles. Values are not negative.
type Spread struct {
	N, Sum  int64
	Squares float64
	Buckets []int64 // of the histogram, nil while empty
}

// Percentiles come from a histogram whose buckets grow by a fixed factor; what
// it says is off by at most PercentileError of the true value, above a
// millisecond.
const (
	bucketGrowth    = 1.05
	PercentileError = 0.025
	longestBucket   = int64(90 * 24 * 3600 * 1e6) // microseconds; all above are one bucket
)

// bucketBounds are the upper bounds of the buckets in microseconds.
var bucketBounds = func() []int64 {
	bounds := []int64{1000}
	for b := 1000 * bucketGrowth; ; b *= bucketGrowth {
		bounds = append(bounds, int64(math.Round(b)))
		if int64(b) >= longestBucket {
			return bounds
		}
	}
}()

func bucketOf(v int64) int {
	return min(sort.Search(len(bucketBounds), func(i int) bool { return v <= bucketBounds[i] }), len(bucketBounds)-1)
}

// Add adds a value.
func (s *Spread) Add(v int64) {
	s.count(v)
	s.addBucket(bucketOf(v), 1)
}

// count is Add without the histogram.
func (s *Spread) count(v int64) {
	s.N++
	s.Sum += v
	s.Squares += float64(v) * float64(v)
}

func (s *Spread) addBucket(i int, n int64) {
	if s.Buckets == nil {
		s.Buckets = make([]int64, len(bucketBounds))
	}
	s.Buckets[min(i, len(s.Buckets)-1)] += n
}

// Merge adds all values of o.
func (s *Spread) Merge(o *Spread) {
	s.N += o.N
	s.Sum += o.Sum
	s.Squares += o.Squares
	for i, n := range o.Buckets {
		if n != 0 {
			s.addBucket(i, n)
		}
	}
}

// Mean returns the mean; 0 of nothing.
func (s *Spread) Mean() float64 {
	if s.N == 0 {
		return 0
	}
	return float64(s.Sum) / float64(s.N)
}

// Variance returns the variance of a value, estimated without bias; 0 of fewer
// than two.
func (s *Spread) Variance() float64 {
	if s.N < 2 {
		return 0
	}
	n := float64(s.N)
	return max(0, s.Squares-float64(s.Sum)*float64(s.Sum)/n) / (n - 1)
}

// Percentile returns the value at a rank between 0 and 1, within
// PercentileError; 0 of nothing.
func (s *Spread) Percentile(rank float64) float64 {
	at := int64(math.Ceil(rank * float64(s.N)))
	for i, n := range s.Buckets {
		if at -= n; n > 0 && at <= 0 {
			if i == 0 {
				return 0 // what a conversation of one message lasts
			}
			low, high := float64(bucketBounds[i-1]), float64(bucketBounds[i])
			return 2 * low * high / (low + high) // errs by the same share on both sides
		}
	}
	return 0
}
