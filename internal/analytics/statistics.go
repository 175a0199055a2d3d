package analytics

import (
	"math"

	"parley/internal/store/rollup"
)

// z is the normal deviate of 95 %.
const z = 1.959964

// Bounds are a value with the ends of its 95 % interval.
type Bounds struct{ Value, Low, High float64 }

// Rate returns a share with its Wilson interval; ok is false of nothing.
func Rate(n, of int64) (b Bounds, ok bool) {
	if of == 0 {
		return Bounds{}, false
	}
	p, m := float64(n)/float64(of), float64(of)
	middle := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	scale := 1 + z*z/m
	return Bounds{p, max(0, (middle-half)/scale), min(1, (middle+half)/scale)}, true
}

// Mean returns a mean with its interval, from sums and sums of squares; ok is
// false for fewer than two values, which have no interval.
func Mean(s *rollup.Spread) (b Bounds, ok bool) {
	if s.N < 2 {
		return Bounds{}, false
	}
	m := s.Mean()
	half := student(s.N-1) * math.Sqrt(s.Variance()/float64(s.N))
	return Bounds{m, m - half, m + half}, true
}

// student approximates the 97.5 % quantile of Student's t by its expansion in
// the degrees of freedom (Fisher and Cornish), which is good from four on.
func student(freedom int64) float64 {
	switch freedom {
	case 1:
		return 12.7062
	case 2:
		return 4.3027
	case 3:
		return 3.1824
	}
	n := float64(freedom)
	const z3, z5, z7 = z * z * z, z * z * z * z * z, z * z * z * z * z * z * z
	return z + (z3+z)/(4*n) + (5*z5+16*z3+3*z)/(96*n*n) + (3*z7+19*z5+17*z3-15*z)/(384*n*n*n)
}

// Difference says how two values compare.
type Difference string

// The outcomes of a comparison. None means that the data does not tell which is
// greater.
const (
	Higher Difference = "higher"
	Lower  Difference = "lower"
	None   Difference = "none"
)

// What few values say is left unsaid: below fewMeans there is no comparison of
// means, and up to fewRates shares have to pass an exact test as well.
const (
	fewMeans = 10
	fewRates = 200
)

// CompareRates compares two shares by the 95 % interval of their difference,
// made of their Wilson intervals (Newcombe's hybrid score), and where there are
// few by Fisher's exact test too.
func CompareRates(n1, of1, n2, of2 int64) Difference {
	a, ok1 := Rate(n1, of1)
	b, ok2 := Rate(n2, of2)
	if !ok1 || !ok2 || min(of1, of2) <= fewRates && fisher(n1, of1, n2, of2) >= 0.05 {
		return None
	}
	d := a.Value - b.Value
	low := d - math.Hypot(a.Value-a.Low, b.High-b.Value)
	high := d + math.Hypot(a.High-a.Value, b.Value-b.Low)
	return sign(low, high)
}

// fisher returns how likely it is, if both shares are the same, that they come
// out at least as far apart as they did.
func fisher(n1, of1, n2, of2 int64) float64 {
	if of1 > of2 {
		n1, of1, n2, of2 = n2, of2, n1, of1
	}
	all := n1 + n2
	choose := func(n, k int64) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	chance := func(k int64) float64 { return choose(of1, k) + choose(of2, all-k) - choose(of1+of2, all) }
	limit, p := chance(n1)+1e-7, 0.0
	for k := max(0, all-of2); k <= min(of1, all); k++ {
		if c := chance(k); c <= limit {
			p += math.Exp(c)
		}
	}
	return p
}

// CompareMeans compares two means by the 95 % interval of their difference
// (Welch).
func CompareMeans(a, b *rollup.Spread) Difference {
	if a.N < fewMeans || b.N < fewMeans {
		return None
	}
	va, vb := a.Variance()/float64(a.N), b.Variance()/float64(b.N)
	if va+vb == 0 {
		return sign(a.Mean()-b.Mean(), a.Mean()-b.Mean())
	}
	freedom := (va + vb) * (va + vb) / (va*va/float64(a.N-1) + vb*vb/float64(b.N-1))
	half := student(max(1, int64(freedom))) * math.Sqrt(va+vb)
	d := a.Mean() - b.Mean()
	return sign(d-half, d+half)
}

func sign(low, high float64) Difference {
	switch {
	case low > 0:
		return Higher
	case high < 0:
		return Lower
	}
	return None
}
