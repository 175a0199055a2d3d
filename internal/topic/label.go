package topic

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"parley/internal/lang"
)

// mostTerms is how many terms describe a topic.
const mostTerms = 6

// used is how often a term is used in a topic, and in how many of its texts.
type used struct{ times, texts int }

// counter counts the terms of the topics of one language: stems, and pairs of
// them that stand side by side.
type counter struct {
	language string
	topics   []map[string]*used
	total    []int          // terms by topic
	times    map[string]int // in all topics
	spelled  map[string]map[string]int
}

// label returns the terms that tell each topic from the others: class-based
// TF-IDF, as the word is spelled most often.
func label(language string, texts [][]string, g *groups) [][]string {
	c := &counter{
		language: language, topics: make([]map[string]*used, len(g.ids)), total: make([]int, len(g.ids)),
		times: map[string]int{}, spelled: map[string]map[string]int{},
	}
	for t := range c.topics {
		c.topics[t] = map[string]*used{}
	}
	size := make([]int, len(g.ids))
	for i, t := range g.of {
		if t >= 0 {
			c.count(t, texts[i])
			size[t]++
		}
	}
	labels := make([][]string, len(g.ids))
	for t := range labels {
		labels[t] = c.best(t, size[t])
	}
	return labels
}

// count counts the terms of a text of a topic.
func (c *counter) count(t int, words []string) {
	seen := map[string]bool{}
	add := func(term, spelling string) {
		u := c.topics[t][term]
		if u == nil {
			u = &used{}
			c.topics[t][term] = u
		}
		u.times++
		if !seen[term] {
			seen[term] = true
			u.texts++
		}
		c.total[t]++
		c.times[term]++
		if c.spelled[term] == nil {
			c.spelled[term] = map[string]int{}
		}
		c.spelled[term][spelling]++
	}
	before, spelling := "", ""
	for _, w := range words {
		if lang.Stop(w, c.language) || len([]rune(w)) < 2 {
			before = ""
			continue
		}
		stem := lang.Stem(w, c.language)
		add(stem, w)
		if before != "" && !lang.Dense(w) {
			add(before+" "+stem, spelling+" "+w)
		}
		before, spelling = stem, w
	}
}

// best returns the terms of a topic with the greatest weight.
func (c *counter) best(t, size int) []string {
	average := 0.0
	for _, n := range c.total {
		average += float64(n) / float64(len(c.total))
	}
	type weighed struct {
		term   string
		weight float64
	}
	var all []weighed
	for term, u := range c.topics[t] {
		if u.texts < 2 || float64(u.texts) < 0.04*float64(size) {
			continue // what one person said names nobody else's question
		}
		weight := float64(u.times) * math.Log(1+average/float64(c.times[term]))
		if lang.Weak(c.spelling(term), c.language) {
			weight *= ofWeak
		}
		if strings.Contains(term, " ") {
			weight *= 1.3 // "gift card" says more than either
		}
		all = append(all, weighed{term, weight})
	}
	slices.SortFunc(all, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term))
	})
	var terms, out []string
	for _, w := range all {
		if len(out) < mostTerms && !covered(terms, w.term) {
			terms, out = append(terms, w.term), append(out, c.spelling(w.term))
		}
	}
	return out
}

// covered reports whether a chosen term has a word of this one.
func covered(terms []string, term string) bool {
	return slices.ContainsFunc(strings.Fields(term), func(w string) bool {
		return slices.ContainsFunc(terms, func(t string) bool { return slices.Contains(strings.Fields(t), w) })
	})
}

// spelling returns the commonest spelling of a term.
func (c *counter) spelling(term string) string {
	best, most := "", 0
	for s, n := range c.spelled[term] {
		if n > most || n == most && s < best {
			best, most = s, n
		}
	}
	return best
}
