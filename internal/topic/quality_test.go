package topic

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"parley/internal/lang"
)

// question is a row of the questions in testdata. The half that is marked tune
// was looked at while the constants of this package were chosen; the half that
// is marked held was not.
type question struct{ split, intent, text string }

func readTSV(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// held returns the questions that nothing was tuned on.
func held(t *testing.T, language string) []question {
	t.Helper()
	var out []question
	for _, row := range readTSV(t, "questions."+language+".tsv") {
		if row[0] == "held" {
			out = append(out, question{row[0], row[1], row[2]})
		}
	}
	return out
}

func textsOf(qs []question) []Text {
	out := make([]Text, len(qs))
	for i, q := range qs {
		out[i].Content = q.text
	}
	return out
}

func intentsOf(qs []question) []string {
	out := make([]string, len(qs))
	for i, q := range qs {
		out[i] = q.intent
	}
	return out
}

// nmi is the mutual information of two divisions of the same things as a part
// of their mean entropy.
func nmi(a, b []string) float64 {
	pa, pb, pab := shares(a), shares(b), map[[2]string]float64{}
	for i := range a {
		pab[[2]string{a[i], b[i]}] += 1 / float64(len(a))
	}
	mutual := 0.0
	for k, p := range pab {
		mutual += p * math.Log(p/(pa[k[0]]*pb[k[1]]))
	}
	return 2 * mutual / (entropy(pa) + entropy(pb))
}

func shares(a []string) map[string]float64 {
	out := map[string]float64{}
	for _, x := range a {
		out[x] += 1 / float64(len(a))
	}
	return out
}

func entropy(p map[string]float64) float64 {
	h := 0.0
	for _, x := range p {
		h -= x * math.Log(x)
	}
	return h
}

// grouped learns from texts and returns the topic of each as text; those that
// fit none are one more topic.
func grouped(t *testing.T, texts []Text) (*Model, []string) {
	t.Helper()
	m, err := Learn(texts, Breathe(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Topics {
		if m.Topics[i].ID == "" {
			m.Name(i, "new "+strconv.Itoa(len(texts))+"/"+strconv.Itoa(i))
		}
	}
	of := make([]string, len(texts))
	for i, x := range texts {
		if p := m.Assign(x); p.Topic >= 0 {
			of[i] = m.Topics[p.Topic].ID
		}
	}
	return m, of
}

// TestBetterThanKMeans compares with k-means on plain TF-IDF, which is told the
// number of intents; the topics are not. As the measure is kind to many small
// groups, k-means may also make as many as there are topics. Four plain ways to
// count words are tried, and of twenty starts the mean and the one that k-means
// itself would choose: the topics must be better than the best of all these.
func TestBetterThanKMeans(t *testing.T) {
	t.Parallel()
	for _, language := range []string{lang.English, lang.German} {
		qs := held(t, language)
		intents := intentsOf(qs)
		if n := len(shares(intents)); n != 12 || len(qs) < 200 {
			t.Fatalf("%d questions of %d intents", len(qs), n)
		}
		m, of := grouped(t, textsOf(qs))
		got := nmi(of, intents)
		best := 0.0
		for _, k := range []int{12, len(m.Topics)} {
			for _, way := range []plain{{false, false}, {false, true}, {true, false}, {true, true}} {
				mean, chosen := way.score(qs, language, k)
				t.Logf("%s: k-means on TF-IDF, k=%d, %+v: mean %.3f, with the least inertia %.3f", language, k, way, mean, chosen)
				best = max(best, mean, chosen)
			}
		}
		t.Logf("%s: %d topics, normalised mutual information %.3f", language, len(m.Topics), got)
		if got < best+0.05 {
			t.Errorf("%s: %.3f is not 0.05 more than %.3f", language, got, best)
		}
		if len(m.Topics) > 36 {
			t.Errorf("%s: %d topics for 12 intents", language, len(m.Topics))
		}
	}
}

// plain is a way to count words: with or without stop words, as they are or
// stemmed.
type plain struct{ withoutStops, stemmed bool }

// score returns the mean over twenty starts, and that of the start with the
// least inertia.
func (w plain) score(qs []question, language string, k int) (mean, chosen float64) {
	points, intents := w.vectors(qs, language), intentsOf(qs)
	const starts = 20
	least := math.Inf(1)
	for seed := range uint64(starts) {
		of, inertia := lloyd(points, k, seed)
		names := make([]string, len(of))
		for i, k := range of {
			names[i] = strconv.Itoa(k)
		}
		score := nmi(names, intents)
		mean += score / starts
		if inertia < least {
			least, chosen = inertia, score
		}
	}
	return mean, chosen
}

// vectors are the words' counts times log((1+n)/(1+df))+1, of length 1.
func (w plain) vectors(qs []question, language string) [][]float64 {
	counts, df := make([]map[string]float64, len(qs)), map[string]float64{}
	for i, q := range qs {
		counts[i] = map[string]float64{}
		for _, word := range lang.Words(q.text) {
			if w.withoutStops && lang.Stop(word, language) {
				continue
			}
			if w.stemmed {
				word = lang.Stem(word, language)
			}
			counts[i][word]++
		}
		for word := range counts[i] {
			df[word]++
		}
	}
	var vocabulary []string
	for word := range df {
		vocabulary = append(vocabulary, word)
	}
	slices.Sort(vocabulary)
	points := make([][]float64, len(qs))
	for i := range points {
		points[i] = make([]float64, len(vocabulary))
		sum := 0.0
		for k, word := range vocabulary {
			points[i][k] = counts[i][word] * (math.Log(float64(1+len(qs))/(1+df[word])) + 1)
			sum += points[i][k] * points[i][k]
		}
		for k := range points[i] {
			points[i][k] /= max(math.Sqrt(sum), 1e-9)
		}
	}
	return points
}

// lloyd is k-means with the start of k-means++.
func lloyd(points [][]float64, k int, seed uint64) (of []int, inertia float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	centres := [][]float64{slices.Clone(points[r.IntN(len(points))])}
	far := make([]float64, len(points))
	for len(centres) < k {
		sum := 0.0
		for i, p := range points {
			_, far[i] = closest(p, centres)
			sum += far[i]
		}
		at, left := 0, r.Float64()*sum
		for at < len(points)-1 && left > far[at] {
			left -= far[at]
			at++
		}
		centres = append(centres, slices.Clone(points[at]))
	}
	of = make([]int, len(points))
	for range 100 {
		inertia = 0
		changed := false
		for i, p := range points {
			c, d := closest(p, centres)
			changed = changed || c != of[i]
			of[i], inertia = c, inertia+d
		}
		if !changed {
			break
		}
		size := make([]float64, k)
		for i := range points {
			size[of[i]]++
		}
		for c := range centres {
			if size[c] > 0 {
				clear(centres[c])
			}
		}
		for i, p := range points {
			for j, v := range p {
				centres[of[i]][j] += v / size[of[i]]
			}
		}
	}
	return of, inertia
}

func closest(p []float64, centres [][]float64) (best int, distance float64) {
	distance = math.Inf(1)
	for c, centre := range centres {
		d := 0.0
		for j, v := range p {
			d += (v - centre[j]) * (v - centre[j])
		}
		if d < distance {
			best, distance = c, d
		}
	}
	return best, distance
}

// TestTopicsStay adds the questions in steps of 5 %, in an order that knows
// nothing of intents. In each step most of those that had a topic keep it, and
// in the end the topics are about as good as those found at once.
func TestTopicsStay(t *testing.T) {
	t.Parallel()
	for _, language := range []string{lang.English, lang.German} {
		qs := held(t, language)
		rand.New(rand.NewPCG(3, 4)).Shuffle(len(qs), func(i, j int) { qs[i], qs[j] = qs[j], qs[i] })
		texts := textsOf(qs)
		least := 1.0
		var of []string
		for n := len(texts) / 2; ; n = min(len(texts), n+n/20) {
			before := of
			_, of = grouped(t, texts[:n])
			if kept := keptShare(before, of); before != nil {
				least = min(least, kept)
				if kept < 0.9 {
					t.Errorf("%s: at %d questions %.3f kept their topic", language, n, kept)
				}
			}
			for i := range of {
				texts[i].Topic = of[i]
			}
			if n == len(texts) {
				break
			}
		}
		_, atOnce := grouped(t, textsOf(qs))
		grown, fresh := nmi(of, intentsOf(qs)), nmi(atOnce, intentsOf(qs))
		t.Logf("%s: in the worst step %.3f kept their topic; normalised mutual information %.3f, at once %.3f",
			language, least, grown, fresh)
		if grown < fresh-0.05 {
			t.Errorf("%s: topics that grew are worse: %.3f, at once %.3f", language, grown, fresh)
		}
	}
}

// keptShare is the part of the texts that have the topic that they had; one
// that had none and has none counts too.
func keptShare(before, after []string) float64 {
	same := 0
	for i := range before {
		if before[i] == after[i] {
			same++
		}
	}
	return float64(same) / float64(max(1, len(before)))
}
