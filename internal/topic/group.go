package topic

import (
	"cmp"
	"slices"
)

// What makes a topic. The similarities are cosines in a space.
const (
	fewestTexts = 3     // in the sample
	leastShare  = 0.003 // of the texts of its language
	leastFit    = 0.35  // of a text to its topic, as a part of what is usual
	stay        = 0.15  // how much better another topic must fit than the one that a text has
	alike       = 0.85  // between topics, from which on they are one
	gain        = 0.04  // how much clearer a grouping from scratch must be than the one that goes on
)

// grouping finds the topics of the points of one space.
type grouping struct {
	fewest  int
	breathe func() error
	points  [][]float32
	reach   []float32 // of the points
	floor   float32   // the least fit of a text to its topic
	old     []int     // the topic of each point, among ids; -1 for none
	ids     []string  // of the topics that there were
}

// groups are topics: which point belongs to which, -1 for none, the ids of
// those that there were before, and their centres.
type groups struct {
	of      []int
	ids     []string
	centres [][]float32
}

func (g *grouping) add(p point, id string) {
	at := -1
	if id != "" {
		if at = slices.Index(g.ids, id); at < 0 {
			at = len(g.ids)
			g.ids = append(g.ids, id)
		}
	}
	g.points, g.reach, g.old = append(g.points, p.at), append(g.reach, p.reach), append(g.old, at)
}

// find groups the points. The topics that there were go on, unless a grouping
// from scratch is clearly better; then those that are the same in it keep
// their ids.
func (g *grouping) find() (*groups, error) {
	if len(g.points) == 0 {
		return &groups{}, nil
	}
	fresh, err := g.scratch()
	if err != nil {
		return nil, err
	}
	if len(g.ids) == 0 {
		return g.finish(fresh), nil
	}
	on, err := g.goOn()
	if err != nil {
		return nil, err
	}
	if g.clarity(fresh) > g.clarity(on)+gain {
		g.recognise(fresh)
		return g.finish(fresh), nil
	}
	return g.finish(on), nil
}

// scratch groups the points as if there had been no topics.
func (g *grouping) scratch() (*groups, error) {
	of, err := consensus(g.points, g.breathe)
	if err != nil {
		return nil, err
	}
	out := &groups{of: of, ids: make([]string, slices.Max(of)+1)}
	out.drop(g.points, g.fewest)
	if g.floor == 0 {
		g.floor = leastFit * g.usualFit(out)
	}
	for range 2 {
		for i, p := range g.points {
			best, similarity := nearest(p, out.centres)
			out.of[i] = best
			if similarity*g.reach[i] < g.floor {
				out.of[i] = -1
			}
		}
		out.drop(g.points, g.fewest)
	}
	return out, nil
}

// usualFit is the median of how well the points fit the topics nearest to them.
func (g *grouping) usualFit(o *groups) float32 {
	fits := make([]float32, len(g.points))
	for i, p := range g.points {
		_, similarity := nearest(p, o.centres)
		fits[i] = max(0, similarity) * g.reach[i]
	}
	slices.Sort(fits)
	return fits[len(fits)/2]
}

// drop dissolves the topics that are too small and computes the centres of the
// others.
func (o *groups) drop(points [][]float32, fewest int) {
	size := make([]int, len(o.ids))
	for _, t := range o.of {
		if t >= 0 {
			size[t]++
		}
	}
	var ids []string
	renamed := make([]int, len(o.ids))
	for t, id := range o.ids {
		renamed[t] = -1
		if size[t] >= fewest {
			renamed[t] = len(ids)
			ids = append(ids, id)
		}
	}
	for i, t := range o.of {
		if t >= 0 {
			o.of[i] = renamed[t]
		}
	}
	o.ids = ids
	o.centres = centresOf(points, o.of, len(ids))
}

// goOn keeps the topics that there were: a text leaves its topic only for one
// that fits clearly better, topics that have become alike are joined, and what
// fits none is grouped from scratch.
func (g *grouping) goOn() (*groups, error) {
	out := &groups{of: slices.Clone(g.old), ids: slices.Clone(g.ids)}
	out.centres = centresOf(g.points, out.of, len(out.ids))
	for range 2 {
		if err := g.breathe(); err != nil {
			return nil, err
		}
		for i, p := range g.points {
			best, similarity := nearest(p, out.centres)
			if t := out.of[i]; t >= 0 {
				if own := dot(p, out.centres[t]); own*g.reach[i] >= g.floor && own >= similarity-stay {
					continue
				}
			}
			out.of[i] = best
			if similarity*g.reach[i] < g.floor {
				out.of[i] = -1
			}
		}
		out.centres = centresOf(g.points, out.of, len(out.ids))
	}
	out.join(g.points)
	return out, g.addNew(out)
}

// addNew groups the points of no topic.
func (g *grouping) addNew(out *groups) error {
	var rest []int
	for i, t := range out.of {
		if t < 0 {
			rest = append(rest, i)
		}
	}
	if len(rest) >= 2*g.fewest {
		left := &grouping{fewest: g.fewest, breathe: g.breathe, floor: g.floor}
		for _, n := range rest {
			left.points, left.reach = append(left.points, g.points[n]), append(left.reach, g.reach[n])
		}
		found, err := left.scratch()
		if err != nil {
			return err
		}
		for i, n := range rest {
			if found.of[i] >= 0 {
				out.of[n] = len(out.ids) + found.of[i]
			}
		}
		out.ids = append(out.ids, found.ids...)
	}
	out.drop(g.points, g.fewest)
	return nil
}

// join makes topics one that are alike; the larger one stays.
func (o *groups) join(points [][]float32) {
	for {
		size := make([]int, len(o.ids))
		for _, t := range o.of {
			if t >= 0 {
				size[t]++
			}
		}
		a, b, most := -1, -1, float32(alike)
		for i := range o.ids {
			for j := range i {
				if s := dot(o.centres[i], o.centres[j]); s > most && size[i] > 0 && size[j] > 0 {
					a, b, most = j, i, s
				}
			}
		}
		if a < 0 {
			return
		}
		if size[b] > size[a] {
			a, b = b, a
		}
		for i, t := range o.of {
			if t == b {
				o.of[i] = a
			}
		}
		o.centres = centresOf(points, o.of, len(o.ids))
	}
}

// clarity is how much nearer the points are to their own topic than to the
// next one, on average; a point of no topic counts nothing.
func (g *grouping) clarity(o *groups) float32 {
	var sum float32
	for i, p := range g.points {
		t := o.of[i]
		if t < 0 {
			continue
		}
		next := float32(-1)
		for c, centre := range o.centres {
			if c != t {
				next = max(next, dot(p, centre))
			}
		}
		sum += dot(p, o.centres[t]) - max(next, 0)
	}
	return sum / float32(len(g.points))
}

// same is which part of a topic, as it was or as it is found, must be in the
// other for the two to be the same.
const same = 0.3

// recognise gives topics that were found from scratch the ids of those that
// have most of the same texts.
func (g *grouping) recognise(o *groups) {
	type pair struct{ before, now, both int }
	both := map[[2]int]int{}
	before, now := make([]int, len(g.ids)), make([]int, len(o.ids))
	for i, t := range o.of {
		if g.old[i] >= 0 {
			before[g.old[i]]++
		}
		if t >= 0 && g.old[i] >= 0 {
			now[t]++
			both[[2]int{g.old[i], t}]++
		}
	}
	pairs := make([]pair, 0, len(both))
	for k, n := range both {
		if float64(n) >= same*float64(before[k[0]]) || float64(n) >= same*float64(now[k[1]]) {
			pairs = append(pairs, pair{k[0], k[1], n})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.both, a.both), cmp.Compare(a.before, b.before), cmp.Compare(a.now, b.now))
	})
	taken := make([]bool, len(g.ids))
	for _, p := range pairs {
		if o.ids[p.now] == "" && !taken[p.before] {
			o.ids[p.now], taken[p.before] = g.ids[p.before], true
		}
	}
}

// finish puts the largest topics first.
func (g *grouping) finish(o *groups) *groups {
	size := make([]int, len(o.ids))
	for _, t := range o.of {
		if t >= 0 {
			size[t]++
		}
	}
	order := make([]int, len(o.ids))
	for t := range order {
		order[t] = t
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size[b], size[a]) })
	out := &groups{of: make([]int, len(o.of))}
	place := make([]int, len(o.ids))
	for at, t := range order {
		place[t] = at
		out.ids, out.centres = append(out.ids, o.ids[t]), append(out.centres, o.centres[t])
	}
	for i, t := range o.of {
		out.of[i] = -1
		if t >= 0 {
			out.of[i] = place[t]
		}
	}
	return out
}
