package knowledge

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"parley"
	"parley/internal/lang"
)

// BM25's constants, as in Robertson and Zaragoza (2009): saturation of repeated
// words and the weight of a passage's length.
const (
	k1 = 1.2
	b  = 0.6
)

// The weights of a word by the place where it stands.
const (
	inText    = 1.0
	inHeading = 1.6 // the nearest one above the text
	inAbove   = 0.5 // the document's title and the outer headings
)

// Index finds passages. It does not change after New and may be shared.
type Index struct {
	passages  []parley.Passage
	languages []string   // of the passages, parallel to them
	headings  [][]string // the words of the nearest heading, parallel to the passages
	distinct  []string   // the languages that occur
	length    []float64
	average   float64
	postings  map[string][]posting
	vocab     []string // the keys of postings, sorted
}

// posting is one passage that has a term; weight is how often, weighted by place.
type posting struct {
	passage int
	weight  float64
}

// New builds the index of the documents that are ready.
func New(docs []parley.Document) *Index {
	x := &Index{postings: map[string][]posting{}}
	for _, d := range docs {
		if d.State == parley.DocumentFailed {
			continue
		}
		x.add(d)
	}
	total := 0.0
	for _, n := range x.length {
		total += n
	}
	x.average = max(total/float64(max(len(x.length), 1)), 1)
	for term := range x.postings {
		x.vocab = append(x.vocab, term)
	}
	slices.Sort(x.vocab)
	return x
}

// Len returns the number of passages.
func (x *Index) Len() int { return len(x.passages) }

func (x *Index) add(d parley.Document) {
	documentLanguage := lang.Detect(d.Content)
	for _, p := range passages(d) {
		language := cmp.Or(documentLanguage, lang.Detect(p.Text))
		if !slices.Contains(x.distinct, language) {
			x.distinct = append(x.distinct, language)
		}
		n := len(x.passages)
		x.passages = append(x.passages, p)
		x.languages = append(x.languages, language)
		weights := map[string]float64{}
		length := addTerms(weights, p.Text, language, inText)
		above, nearest := cutHeading(p.Heading)
		addTerms(weights, nearest, language, inHeading)
		addTerms(weights, p.Title+" "+above, language, inAbove)
		x.length = append(x.length, length)
		x.headings = append(x.headings, lang.Words(nearest))
		for term, w := range weights {
			x.postings[term] = append(x.postings[term], posting{n, w})
		}
	}
}

// cutHeading splits the headings of a passage before the nearest one.
func cutHeading(heading string) (above, nearest string) {
	if i := strings.LastIndex(heading, headingSeparator); i >= 0 {
		return heading[:i], heading[i+len(headingSeparator):]
	}
	return "", heading
}

// addTerms adds the terms of a text to weights and returns how many words it has.
func addTerms(weights map[string]float64, text, language string, weight float64) float64 {
	count := 0.0
	for _, w := range lang.Words(text) {
		if lang.Stop(w, language) {
			continue
		}
		count++
		for _, f := range forms(w, language) {
			weights[f] += weight
		}
	}
	return count
}

// forms returns the terms under which a word is found: its stem, and the stem
// of what is left when it is typed without diacritics.
func forms(word, language string) []string {
	stem := lang.Stem(word, language)
	folded := lang.Fold(word)
	if folded == word {
		return []string{stem}
	}
	if bare := lang.Stem(folded, language); bare != stem {
		return []string{stem, bare}
	}
	return []string{stem}
}

// Search returns at most n passages for a question, best first, each with its
// score and coverage. A question without a word that matters finds nothing. Of
// several sentences each is a question of its own, and a passage has the
// coverage of the one that it covers best.
func (x *Index) Search(question string, n int) []parley.Passage {
	scores := make([]float64, len(x.passages))
	coverage := make([]float64, len(x.passages))
	bonus := make([]float64, len(x.passages))
	language := lang.Detect(question)
	for _, q := range questions(question) {
		words := x.questionWords(q)
		x.likeHeading(q, bonus)
		covered := make([]float64, len(x.passages))
		total := 0.0
		for _, w := range words {
			total += x.addWord(w, scores, covered)
		}
		for i, c := range covered {
			coverage[i] = max(coverage[i], c/max(total, 1e-9))
		}
	}
	var found []parley.Passage
	for i, s := range scores {
		if s > 0 {
			p := x.passages[i]
			s *= 1 + bonus[i]
			if language != "" && x.languages[i] == language {
				s *= sameLanguage
			}
			p.Score = math.Round(s*1000) / 1000
			p.Coverage = math.Round(min(coverage[i], 1)*1000) / 1000
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b parley.Passage) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Coverage, a.Coverage))
	})
	return found[:max(0, min(n, len(found)))]
}

// sameLanguage prefers the passage in the language of the question to its
// translation.
const sameLanguage = 1.6

// likeHeading raises the bonus of passages whose heading is worded like the
// question, up to 1 for the same words: "Where is my parcel?" is asked just so.
func (x *Index) likeHeading(question string, bonus []float64) {
	asked := map[string]bool{}
	for _, w := range lang.Words(question) {
		asked[w] = true
	}
	for i, heading := range x.headings {
		common := 0
		for _, w := range heading {
			if asked[w] {
				common++
			}
		}
		if n := len(heading) + len(asked) - common; len(heading) > 1 && common > 1 {
			bonus[i] = max(bonus[i], float64(common)/float64(n))
		}
	}
}

// mostQuestions bounds the work for a very long message.
const mostQuestions = 20

// questions returns the sentences of a message that ask, or all of them where
// none does.
func questions(message string) []string {
	var all, asking []string
	for line := range strings.SplitSeq(message, "\n") {
		for _, s := range lang.Sentences(line) {
			all = append(all, s)
			if strings.ContainsAny(s, "?？¿") {
				asking = append(asking, s)
			}
		}
	}
	if len(asking) > 0 {
		all = asking
	}
	return all[:min(len(all), mostQuestions)]
}

// match is how a passage has a word of the question.
type match struct {
	weight  float64 // of the word in the passage
	quality float64 // 1: the word itself; less: something like it
}

// addWord adds what one word of the question contributes to each passage, and
// returns the word's weight.
func (x *Index) addWord(word string, scores, covered []float64) float64 {
	found := map[int]match{}
	exact := x.terms(word)
	x.collect(found, exact, 1)
	x.collect(found, x.relatives(exact), asRelative)
	for _, l := range x.distinct {
		for _, other := range lang.Synonyms(word, l) {
			x.collect(found, forms(other, l), asSynonym)
		}
	}
	if len(found) == 0 {
		near, quality := x.near(exact)
		x.collect(found, near, quality)
	}
	idf := x.idf(len(found)) * importance(word, x.distinct, len(found) > 0)
	for i, m := range found {
		norm := k1 * (1 - b + b*x.length[i]/x.average)
		scores[i] += m.quality * idf * m.weight * (k1 + 1) / (m.weight + norm)
		covered[i] += m.quality * idf
	}
	return idf
}

// collect adds the passages that have one of the terms and were not found yet.
func (x *Index) collect(found map[int]match, terms []string, quality float64) {
	for _, term := range terms {
		for _, p := range x.postings[term] {
			if m, ok := found[p.passage]; !ok || m.quality == quality && p.weight > m.weight {
				found[p.passage] = match{p.weight, quality}
			}
		}
	}
}

// idf is the weight of a word that df passages have.
func (x *Index) idf(df int) float64 {
	return math.Log(1 + (float64(len(x.passages)-df)+0.5)/(float64(df)+0.5))
}

// importance weighs a word of a question. A pair of characters that nothing has
// is often no word at all but the seam of two.
func importance(word string, languages []string, found bool) float64 {
	switch {
	case slices.ContainsFunc(languages, func(l string) bool { return lang.Weak(word, l) }):
		return 0.1
	case !found && lang.Dense(word):
		return 0.4
	}
	return 1
}

// address is an e-mail address or a link, which says nothing about the subject.
var address = regexp.MustCompile(`\S+@\S+|https?://\S+`)

// code is an order number or the like, with the letters before it.
var code = regexp.MustCompile(`(?:\b[\p{L}]{1,6}[-_]?)?\d{3,}\b`)

// withoutCodes takes the numbers out of a question that no document has: an
// order number says nothing about the subject.
func (x *Index) withoutCodes(question string) string {
	return code.ReplaceAllStringFunc(question, func(c string) string {
		for _, w := range lang.Words(c) {
			if isNumeric(w) && len(x.postings[w]) > 0 {
				return c
			}
		}
		return " "
	})
}

// questionWords returns the different words of a question that matter.
func (x *Index) questionWords(question string) []string {
	languages := []string{lang.Detect(question)}
	if languages[0] == "" {
		languages = x.distinct
	}
	var words []string
	for _, w := range lang.Words(x.withoutCodes(address.ReplaceAllString(question, " "))) {
		stop := slices.ContainsFunc(languages, func(l string) bool { return lang.Stop(w, l) })
		if !stop && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	for _, l := range languages {
		for _, w := range lang.Implied(question, l) {
			if !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words
}

// terms returns the terms of a question's word in every language of the index.
func (x *Index) terms(word string) []string {
	var terms []string
	for _, l := range x.distinct {
		for _, f := range forms(word, l) {
			if !slices.Contains(terms, f) {
				terms = append(terms, f)
			}
		}
	}
	return terms
}
