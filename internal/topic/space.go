package topic

import (
	"math"
	"math/rand/v2"
	"slices"
)

// The dimensions of a space rise with the root of the texts that it is made
// from, between bounds.
const (
	fewestDimensions = 8
	mostDimensions   = 80
	perRoot          = 3
	beyond           = 8 // directions that are followed beside those that are kept
	rounds           = 6 // of the iteration that finds them
)

// space places texts of one language so that those near each other share
// words, or words that occur together: latent semantic analysis of TF-IDF
// weights.
type space struct {
	dims  int
	terms map[string]int
	idf   []float32
	rare  float32   // the idf of a term that is not known
	basis []float32 // dims numbers for each term
}

// sparse is a text as its known terms and their weights, the length of which
// is 1 for all terms, known or not.
type sparse struct {
	terms   []int32
	weights []float32
}

// newSpace makes the space of some texts. A term that only one of them has
// connects nothing and is left out.
func newSpace(texts [][]feature, breathe func() error) (*space, error) {
	df := map[string]int{}
	for _, t := range texts {
		for _, f := range t {
			df[f.name]++
		}
	}
	s := &space{terms: map[string]int{}, rare: idf(1, len(texts))}
	var names []string
	for name, n := range df {
		if n > 1 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i, name := range names {
		s.terms[name] = i
		s.idf = append(s.idf, idf(df[name], len(texts)))
	}
	rows := make([]sparse, len(texts))
	for i, t := range texts {
		rows[i] = s.weigh(t)
	}
	s.dims = min(max(int(perRoot*math.Sqrt(float64(len(texts)))), fewestDimensions), mostDimensions, len(texts), len(names))
	if s.dims == 0 {
		return s, nil
	}
	return s, s.find(rows, breathe)
}

// idf is the weight of a term that df of n texts have.
func idf(df, n int) float32 { return float32(math.Log(float64(1+n)/float64(1+df)) + 1) }

// weigh returns the known terms of a text with their TF-IDF weights.
func (s *space) weigh(text []feature) sparse {
	var out sparse
	var sum float64
	for _, f := range text {
		t, ok := s.terms[f.name]
		weight := f.weight * s.rare
		if ok {
			weight = f.weight * s.idf[t]
			out.terms, out.weights = append(out.terms, int32(t)), append(out.weights, weight)
		}
		sum += float64(weight) * float64(weight)
	}
	for i := range out.weights {
		out.weights[i] /= float32(math.Sqrt(sum))
	}
	return out
}

// find computes the directions along which the rows differ most, by subspace
// iteration from a fixed start.
func (s *space) find(rows []sparse, breathe func() error) error {
	n, wide := len(rows), min(s.dims+beyond, len(rows))
	r := rand.New(rand.NewPCG(1, uint64(n)))
	left := make([]float32, n*wide)
	for i := range left {
		left[i] = float32(r.NormFloat64())
	}
	orthonormal(left, wide)
	right := make([]float32, len(s.terms)*wide)
	for range rounds {
		if err := breathe(); err != nil {
			return err
		}
		transposed(rows, left, right, wide)
		if err := breathe(); err != nil {
			return err
		}
		times(rows, right, left, wide)
		orthonormal(left, wide)
	}
	transposed(rows, left, right, wide)
	s.basis = s.turned(right, wide)
	return nil
}

// turned returns the directions of the columns of right, as long as 1: an
// orthonormal left gives columns of the lengths of the singular values.
func (s *space) turned(right []float32, wide int) []float32 {
	terms := len(s.terms)
	lengths := make([]float64, wide)
	for t := range terms {
		for j, v := range right[t*wide : (t+1)*wide] {
			lengths[j] += float64(v) * float64(v)
		}
	}
	order := make([]int, wide)
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case lengths[a] > lengths[b]:
			return -1
		case lengths[a] < lengths[b]:
			return 1
		}
		return 0
	})
	basis := make([]float32, terms*s.dims)
	for d, j := range order[:s.dims] {
		scale := float32(1)
		if lengths[j] > 1e-12 {
			scale = float32(1 / math.Sqrt(lengths[j]))
		}
		for t := range terms {
			basis[t*s.dims+d] = right[t*wide+j] * scale
		}
	}
	return basis
}

// point is a text in a space: its direction, and how much of what it says the
// space knows, from 0 to 1.
type point struct {
	at    []float32
	reach float32
}

// place returns where a text is; false for a text without a known term.
func (s *space) place(text []feature) (point, bool) {
	row := s.weigh(text)
	at := make([]float32, s.dims)
	for i, t := range row.terms {
		axpy(row.weights[i], s.basis[int(t)*s.dims:(int(t)+1)*s.dims], at)
	}
	reach := float32(math.Sqrt(float64(dot(at, at))))
	return point{at, reach}, normalise(at)
}

// transposed sets out to the transpose of rows times in, a matrix of wide
// columns.
func transposed(rows []sparse, in, out []float32, wide int) {
	clear(out)
	for i, row := range rows {
		from := in[i*wide : (i+1)*wide]
		for k, t := range row.terms {
			axpy(row.weights[k], from, out[int(t)*wide:(int(t)+1)*wide])
		}
	}
}

// times sets out to rows times in.
func times(rows []sparse, in, out []float32, wide int) {
	clear(out)
	for i, row := range rows {
		to := out[i*wide : (i+1)*wide]
		for k, t := range row.terms {
			axpy(row.weights[k], in[int(t)*wide:(int(t)+1)*wide], to)
		}
	}
}

// orthonormal makes the columns of m as long as 1 and perpendicular to each
// other. A column that depends on those before it becomes zero.
func orthonormal(m []float32, wide int) {
	n := len(m) / wide
	for j := range wide {
		for range 2 { // once is not exact enough
			for h := range j {
				dot := 0.0
				for i := range n {
					dot += float64(m[i*wide+j]) * float64(m[i*wide+h])
				}
				for i := range n {
					m[i*wide+j] -= float32(dot) * m[i*wide+h]
				}
			}
		}
		sum := 0.0
		for i := range n {
			sum += float64(m[i*wide+j]) * float64(m[i*wide+j])
		}
		scale := float32(0)
		if sum > 1e-12 {
			scale = float32(1 / math.Sqrt(sum))
		}
		for i := range n {
			m[i*wide+j] *= scale
		}
	}
}

// axpy adds a times x to y.
func axpy(a float32, x, y []float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var sum float32
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// normalise makes v as long as 1. It reports false for the zero vector.
func normalise(v []float32) bool {
	length := math.Sqrt(float64(dot(v, v)))
	if length < 1e-9 {
		return false
	}
	for i := range v {
		v[i] /= float32(length)
	}
	return true
}
