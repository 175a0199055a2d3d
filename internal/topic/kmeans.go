package topic

import "math/rand/v2"

// mostRounds bounds the rounds of one k-means; they hardly change anything
// after that.
const mostRounds = 12

// kmeans divides points on the sphere into at most k clusters, from a start
// that k-means++ chooses by r, and returns the cluster of each.
func kmeans(points [][]float32, k int, r *rand.Rand) []int {
	centres := seeds(points, k, r)
	of := make([]int, len(points))
	for round := range mostRounds {
		changed := round == 0
		for i, p := range points {
			best, _ := nearest(p, centres)
			changed = changed || of[i] != best
			of[i] = best
		}
		if !changed {
			break
		}
		centres = centresOf(points, of, len(centres))
	}
	return of
}

// seeds chooses k points, each with a probability that rises with the square
// of its distance from those before.
func seeds(points [][]float32, k int, r *rand.Rand) [][]float32 {
	chosen := [][]float32{points[r.IntN(len(points))]}
	far := make([]float64, len(points))
	for i := range far {
		far[i] = 4
	}
	for len(chosen) < k {
		sum := 0.0
		for i, p := range points {
			far[i] = min(far[i], max(0, 2-2*float64(dot(p, chosen[len(chosen)-1]))))
			sum += far[i]
		}
		if sum < 1e-9 {
			break // there are not so many different points
		}
		at, left := 0, r.Float64()*sum
		for at < len(points)-1 && left > far[at] {
			left -= far[at]
			at++
		}
		chosen = append(chosen, points[at])
	}
	return chosen
}

// centresOf returns the direction of the mean of each of k clusters; a point
// in none is of cluster -1. An empty cluster has a zero centre, which nothing
// is near to.
func centresOf(points [][]float32, of []int, k int) [][]float32 {
	centres := make([][]float32, k)
	for c := range centres {
		centres[c] = make([]float32, len(points[0]))
	}
	for i, p := range points {
		if of[i] >= 0 {
			axpy(1, p, centres[of[i]])
		}
	}
	for _, c := range centres {
		normalise(c)
	}
	return centres
}

// nearest returns the centre that is most similar to p, by cosine; -1 if there
// is no centre.
func nearest(p []float32, centres [][]float32) (best int, similarity float32) {
	best, similarity = -1, -2
	for c, centre := range centres {
		if s := dot(p, centre); s > similarity {
			best, similarity = c, s
		}
	}
	return best, similarity
}
