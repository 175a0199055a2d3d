package topic

import (
	"math"
	"math/rand/v2"
	"slices"
)

// The k-means differ by their start, by the share of the dimensions that they
// see, the most telling first, and by the number of clusters: a multiple of the
// root of the number of points.
const (
	starts     = 2
	mostSought = 64
)

var (
	seen   = []float64{0.4, 0.67, 1}
	sought = []float64{0.8, 1.1, 1.4, 1.7, 2}
)

// agreed is in how many of the k-means two points must be together, on
// average between the clusters that they are in, for these to be joined.
const agreed = 0.25

// consensus divides points into clusters by what many k-means agree on. One
// k-means depends on its start and on a number of clusters that nobody knows;
// what most of them find is there.
func consensus(points [][]float32, breathe func() error) ([]int, error) {
	n := len(points)
	if n < 2 {
		return make([]int, n), nil
	}
	together := newTriangle(n)
	runs := 0
	for i, share := range seen {
		view := shortened(points, share)
		for j, factor := range sought {
			k := min(int(math.Round(factor*math.Sqrt(float64(n)))), mostSought, n)
			for start := range starts {
				if err := breathe(); err != nil {
					return nil, err
				}
				r := rand.New(rand.NewPCG(uint64(i*len(sought)+j), uint64(start)))
				together.count(kmeans(view, max(k, 2), r))
				runs++
			}
		}
	}
	return averageLink(together, float32(agreed*float64(runs)), breathe)
}

// shortened returns the points in the first dimensions only.
func shortened(points [][]float32, share float64) [][]float32 {
	dims := max(1, int(math.Round(share*float64(len(points[0])))))
	if dims == len(points[0]) {
		return points
	}
	out := make([][]float32, len(points))
	for i, p := range points {
		out[i] = slices.Clone(p[:dims])
		normalise(out[i])
	}
	return out
}

// triangle holds a number for each pair of n things.
type triangle struct {
	n     int
	pairs []float32
}

func newTriangle(n int) *triangle { return &triangle{n, make([]float32, n*(n-1)/2)} }

func (t *triangle) at(i, j int) *float32 {
	if i < j {
		i, j = j, i
	}
	return &t.pairs[i*(i-1)/2+j]
}

// count adds 1 to each pair that is in one cluster.
func (t *triangle) count(of []int) {
	at := 0
	for i := range of {
		for j := range i {
			if of[i] == of[j] {
				t.pairs[at]++
			}
			at++
		}
	}
}

// joint is the union of two clusters, and how much they agreed.
type joint struct {
	a, b int
	by   float32
}

// averageLink joins clusters, at first one for each point, by the average of
// the pairs between them, as long as that is at least least. It uses t up. It
// follows chains of nearest neighbours, which finds the same joints as looking
// for the best pair each time, in the square of n steps.
func averageLink(t *triangle, least float32, breathe func() error) ([]int, error) {
	size := make([]int, t.n) // 0: joined into another one
	for i := range size {
		size[i] = 1
	}
	var joints []joint
	var chain []int
	for left := t.n; left > 1; {
		if len(chain) == 0 {
			chain = append(chain, slices.IndexFunc(size, func(s int) bool { return s > 0 }))
			if err := breathe(); err != nil {
				return nil, err
			}
		}
		top := chain[len(chain)-1]
		next, by := -1, float32(-1)
		if len(chain) > 1 { // of equals the one before, so that the chain ends
			next = chain[len(chain)-2]
			by = *t.at(top, next)
		}
		for i, s := range size {
			if s > 0 && i != top && *t.at(top, i) > by {
				next, by = i, *t.at(top, i)
			}
		}
		if len(chain) == 1 || next != chain[len(chain)-2] {
			chain = append(chain, next)
			continue
		}
		chain = chain[:len(chain)-2]
		joints = append(joints, joint{top, next, by})
		t.join(size, top, next)
		left--
	}
	return cut(t.n, joints, least), nil
}

// join makes b a part of a.
func (t *triangle) join(size []int, a, b int) {
	share := float32(size[a]) / float32(size[a]+size[b])
	for i, s := range size {
		if s > 0 && i != a && i != b {
			p := t.at(a, i)
			*p = share**p + (1-share)**t.at(b, i)
		}
	}
	size[a] += size[b]
	size[b] = 0
}

// cut returns the clusters that the joints with enough agreement make, in the
// order of their first points.
func cut(n int, joints []joint, least float32) []int {
	parent := make([]int, n)
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, j := range joints {
		if j.by >= least {
			parent[root(j.b)] = root(j.a)
		}
	}
	of, names := make([]int, n), map[int]int{}
	for i := range of {
		r := root(i)
		if _, ok := names[r]; !ok {
			names[r] = len(names)
		}
		of[i] = names[r]
	}
	return of
}
