package topic

import (
	"context"
	"slices"
	"strings"
)

// Text is the question of a conversation.
type Text struct {
	Content string
	// Topic is the id of the topic that it has; "" for none yet.
	Topic string
}

// Topic is a group of texts of one language.
type Topic struct {
	// ID is that of the topic it was before; "" for a new one, until whoever
	// keeps topics gives it one.
	ID       string
	Language string   // BCP 47; "" if unknown
	Label    string   // its terms in a few words
	Terms    []string // the most telling first

	centre []float32
}

// Model knows topics and finds the one of a text. Once its
// topics are named it does not change and may be shared.
type Model struct {
	Topics []Topic

	byID    map[string]int
	spoken  *guesser
	regions map[string]*region // by language
}

// region is what is known of one language.
type region struct {
	describer *describer
	space     *space
	floor     float32
	topics    []int // of the model
	centres   [][]float32
}

// SampleSize is how many texts a model is learned from at most. What a topic
// is does not change with more, and the work rises with the square.
const SampleSize = 3000

// Learn groups the texts of a sample, of which it takes the first SampleSize.
// Texts that have a topic keep it where it still fits. breathe is called every
// few milliseconds of work: it may pause, and its error ends the work.
func Learn(sample []Text, breathe func() error) (*Model, error) {
	sample = sample[:min(len(sample), SampleSize)]
	m := &Model{byID: map[string]int{}, regions: map[string]*region{}}
	words := make([][]string, len(sample))
	for i, t := range sample {
		words[i] = wordsOf(t.Content)
	}
	m.spoken = newGuesser(sample, words)
	byLanguage := map[string][]int{}
	for i, t := range sample {
		l := m.spoken.language(t.Content, words[i])
		byLanguage[l] = append(byLanguage[l], i)
	}
	languages := make([]string, 0, len(byLanguage))
	for l := range byLanguage {
		languages = append(languages, l)
	}
	slices.Sort(languages)
	for _, l := range languages {
		in := byLanguage[l]
		texts, ws := make([]Text, len(in)), make([][]string, len(in))
		for i, n := range in {
			texts[i], ws[i] = sample[n], words[n]
		}
		if err := m.learn(l, texts, ws, breathe); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// learn adds the topics of one language.
func (m *Model) learn(language string, texts []Text, words [][]string, breathe func() error) error {
	r := &region{describer: newDescriber(language, words)}
	features := make([][]feature, len(texts))
	for i, t := range texts {
		if i%200 == 0 {
			if err := breathe(); err != nil {
				return err
			}
		}
		features[i] = r.describer.describe(t.Content, words[i])
	}
	var err error
	if r.space, err = newSpace(features, breathe); err != nil {
		return err
	}
	g := &grouping{fewest: max(fewestTexts, int(leastShare*float64(len(texts)))), breathe: breathe}
	var placed [][]string
	for i := range texts {
		if p, ok := r.space.place(features[i]); ok {
			g.add(p, texts[i].Topic)
			placed = append(placed, words[i])
		}
	}
	groups, err := g.find()
	if err != nil {
		return err
	}
	r.floor = g.floor
	m.regions[language] = r
	labels := label(language, placed, groups)
	for i := range groups.ids {
		if groups.ids[i] != "" {
			m.byID[groups.ids[i]] = len(m.Topics)
		}
		r.topics = append(r.topics, len(m.Topics))
		r.centres = append(r.centres, groups.centres[i])
		m.Topics = append(m.Topics, Topic{
			ID: groups.ids[i], Language: language, Label: strings.Join(labels[i][:min(3, len(labels[i]))], ", "),
			Terms: labels[i], centre: groups.centres[i],
		})
	}
	return nil
}

// Name gives a new topic its id.
func (m *Model) Name(topic int, id string) {
	m.Topics[topic].ID = id
	m.byID[id] = topic
}

// Place is where a text belongs.
type Place struct {
	Topic    int     // in Model.Topics; -1: none of them fits
	Fit      float32 // how well, up to 1
	Language string  // "" if unknown
}

// Assign finds the topic of a text. One that has a topic keeps it unless
// another fits clearly better.
func (m *Model) Assign(t Text) Place {
	words := wordsOf(t.Content)
	language := m.spoken.language(t.Content, words)
	none := Place{Topic: -1, Language: language}
	r := m.regions[language]
	if r == nil || len(r.centres) == 0 {
		return none
	}
	p, ok := r.space.place(r.describer.describe(t.Content, words))
	if !ok {
		return none
	}
	best, similarity := nearest(p.at, r.centres)
	best = r.topics[best]
	if before, had := m.byID[t.Topic]; had && m.Topics[before].Language == language {
		if s := dot(p.at, m.Topics[before].centre); s >= similarity-stay {
			best, similarity = before, s
		}
	}
	fit := similarity * p.reach
	if fit < r.floor {
		return none
	}
	return Place{best, fit, language}
}

// Breathe returns a function for Learn that does not pause and ends with ctx.
func Breathe(ctx context.Context) func() error { return ctx.Err }
