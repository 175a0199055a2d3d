package madeup

import (
	_ "embed"

	"fmt"
	"math/rand/v2"
	"strings"
)

// wordsFile holds the common words of each language, the most common first.
//
//go:embed words.txt
var wordsFile string

// Words that searches look for.
const (
	CommonWord = "Aurora"    // the shop's product: in one of eight messages, in every language
	RareWord   = "quokka"    // in one of fifty thousand messages
	RareOther  = "igloo"     // in one of a thousand messages, in part beside the rare one
	Phrase     = "next week" // in one of forty messages
)

// language is one language of the made-up conversations.
type language struct {
	code   string
	share  int      // of a hundred conversations
	words  []string // common words, or phrases where no spaces are written
	spaces bool     // whether spaces stand between words
}

// Vocabulary is what messages are made of: common words by language, and a long
// tail of rare ones.
type Vocabulary struct {
	languages []language
	pick      []int    // language by a draw of 0 to 99
	tail      []string // made-up words; a later one is rarer
}

const tailWords = 40_000

// NewVocabulary reads the words and makes up the tail, the same every time.
func NewVocabulary() *Vocabulary {
	v := &Vocabulary{}
	for line := range strings.Lines(wordsFile) {
		head, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(head, "#") {
			continue
		}
		l := language{spaces: true}
		var joined string
		_, _ = fmt.Sscanf(head, "%s %d %s", &l.code, &l.share, &joined) // a test reads the file
		l.spaces = joined != "joined"
		l.words = strings.Fields(words)
		for range l.share {
			v.pick = append(v.pick, len(v.languages))
		}
		v.languages = append(v.languages, l)
	}
	r := random(1, 2)
	syllables := strings.Fields("ba be bi bo bu da de di do du fa fe fi ga ge gi go ka ke ki ko ku la le li lo lu " +
		"ma me mi mo mu na ne ni no nu pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo za zo " +
		"ster lin berg mann tion ment ling wick ton ford")
	for range tailWords {
		var b strings.Builder
		for range 2 + r.IntN(3) {
			b.WriteString(syllables[r.IntN(len(syllables))])
		}
		v.tail = append(v.tail, b.String())
	}
	return v
}

// writer makes up the messages of one conversation.
type writer struct {
	v    *Vocabulary
	r    *rand.Rand
	lang *language
	b    strings.Builder
}

// zipf draws an index below n; small ones far more often.
func zipf(r *rand.Rand, n int) int {
	f := r.Float64()
	return int(f * f * f * float64(n))
}

// sentence adds words and ends with a mark.
func (w *writer) sentence(words int) {
	if w.b.Len() > 0 && w.lang.spaces {
		w.b.WriteByte(' ')
	}
	for i := range words {
		if i > 0 && w.lang.spaces {
			w.b.WriteByte(' ')
		}
		switch d := w.r.IntN(100); {
		case d < 12 && w.lang.spaces:
			w.b.WriteString(w.v.tail[zipf(w.r, len(w.v.tail))])
		default:
			w.b.WriteString(w.lang.words[zipf(w.r, len(w.lang.words))])
		}
	}
	w.b.WriteByte('.')
}

// add puts something of its own behind the text.
func (w *writer) add(s string) {
	if w.b.Len() > 0 {
		w.b.WriteByte(' ')
	}
	w.b.WriteString(s)
}

// message makes up one message of about so many words.
func (w *writer) message(words int) string {
	w.b.Reset()
	for words > 0 {
		n := min(words, 4+w.r.IntN(10))
		w.sentence(n)
		words -= n
	}
	if w.r.IntN(8) == 0 {
		w.add(CommonWord)
	}
	if w.r.IntN(40) == 0 {
		w.add("See you " + Phrase + ".")
	}
	if w.r.IntN(1000) == 0 {
		w.add(RareOther)
	}
	if w.r.IntN(50_000) == 0 {
		w.add(RareWord + " " + RareOther)
	}
	switch w.r.IntN(60) {
	case 0:
		w.add(OrderNumber(w.r.IntN(1_000_000)))
	case 1:
		w.add(PhoneNumber(w.r.IntN(10_000_000)))
	}
	return w.b.String()
}

// OrderNumber is what messages call order n.
func OrderNumber(n int) string { return fmt.Sprintf("ORD-%06d", n) }

// PhoneNumber is the number of contact n.
func PhoneNumber(n int) string { return fmt.Sprintf("+49170%07d", n) }
