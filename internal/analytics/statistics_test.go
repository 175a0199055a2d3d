package analytics

import (
	"math"
	"testing"

	"parley/internal/store/rollup"
)

func near(a, b, by float64) bool { return math.Abs(a-b) <= by }

// The intervals are those of the literature: Newcombe, "Interval estimation for
// the difference between independent proportions", 1998, and its companion.
func TestRate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, of     int64
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {20, 20, 0.8389, 1},
	} {
		b, ok := Rate(c.n, c.of)
		if !ok || !near(b.Low, c.low, 5e-5) || !near(b.High, c.high, 5e-5) {
			t.Errorf("%d of %d: %+v, want %v to %v", c.n, c.of, b, c.low, c.high)
		}
	}
	if _, ok := Rate(0, 0); ok {
		t.Error("there is a share of nothing")
	}
}

func spread(values ...int64) *rollup.Spread {
	s := &rollup.Spread{}
	for _, v := range values {
		s.Add(v)
	}
	return s
}

func TestMean(t *testing.T) {
	t.Parallel()
	// The mean is 5.5, the standard deviation 3.0277, t of 9 degrees 2.2622.
	b, ok := Mean(spread(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
	if !ok || !near(b.Value, 5.5, 1e-9) || !near(b.Low, 3.3341, 1e-3) || !near(b.High, 7.6659, 1e-3) {
		t.Errorf("got %+v", b)
	}
	if _, ok := Mean(spread(3)); ok {
		t.Error("one value has an interval")
	}
	for freedom, want := range map[int64]float64{1: 12.706, 2: 4.303, 3: 3.182, 5: 2.571, 10: 2.228, 30: 2.042, 1000: 1.962} {
		if got := student(freedom); !near(got, want, 0.012) {
			t.Errorf("t of %d is %v, want %v", freedom, got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n1, of1, n2, of2 int64
		want             Difference
	}{
		{56, 70, 48, 80, Higher}, // Newcombe's example: 0.2, 0.0524 to 0.3339
		{48, 80, 56, 70, Lower},
		{9, 10, 3, 10, Higher},
		{1, 2, 53, 57, None}, // two say nothing
		{5, 56, 0, 29, None},
		{500, 1000, 500, 1000, None},
		{560_000, 1_000_000, 550_000, 1_000_000, Higher},
		{0, 0, 5, 10, None},
	} {
		if got := CompareRates(c.n1, c.of1, c.n2, c.of2); got != c.want {
			t.Errorf("%d of %d and %d of %d: %s, want %s", c.n1, c.of1, c.n2, c.of2, got, c.want)
		}
	}
	if p := fisher(1, 2, 53, 57); !near(p, 0.164, 0.005) {
		t.Errorf("the exact test says %v", p)
	}
	low, high := &rollup.Spread{}, &rollup.Spread{}
	for i := range int64(40) {
		low.Add(100 + i%7)
		high.Add(103 + i%7)
	}
	if got := CompareMeans(high, low); got != Higher {
		t.Errorf("means apart: %s", got)
	}
	if got := CompareMeans(low, high); got != Lower {
		t.Errorf("the other way: %s", got)
	}
	if got := CompareMeans(low, low); got != None {
		t.Errorf("the same mean: %s", got)
	}
	if got := CompareMeans(spread(1, 1, 1), spread(9, 9, 9)); got != None {
		t.Errorf("of three values: %s", got)
	}
}
