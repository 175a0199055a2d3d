package search

import (
	"strings"
	"unicode/utf8"
)

// Term is a word that a text must have, or the beginning of one.
type Term struct {
	Text   string
	Prefix bool
}

// Query is what a person looks for: texts that satisfy every clause.
type Query struct {
	clauses []clause
}

// clause is satisfied by one of its alternatives.
type clause []alternative

// alternative is satisfied when all its parts are in the text.
type alternative []part

// part is a word of a query.
type part struct {
	class class
	phone bool // text is digits to be found inside a number
	text  string
}

// The limits of a query: what is longer is cut.
const (
	maxQuery   = 300 // runes
	maxClauses = 12
)

// prefixLength is from how many characters on a word is looked for as the
// beginning of words.
const prefixLength = 3

// Parse reads what a person typed.
func Parse(typed string) *Query {
	text := normal(clip(strings.ToValidUTF8(typed, " "), maxQuery))
	ps := pieces(text)
	numbers := phones(text, ps)
	q := &Query{}
	for i := 0; i < len(ps) && len(q.clauses) < maxClauses; i++ {
		if ps[i].class != digits {
			q.clauses = append(q.clauses, clause{{{class: ps[i].class, text: ps[i].text}}})
			continue
		}
		number := numbers[0]
		numbers = numbers[1:]
		var apart alternative
		for ; i <= number.last; i++ {
			apart = append(apart, part{class: digits, text: ps[i].text})
		}
		i--
		q.clauses = append(q.clauses, numberClause(apart, number.digits))
	}
	return q
}

// local is how many digits at the end of a telephone number are compared, so
// that +49 170 1234567 finds 0170 1234567.
const local = 9

// numberClause looks for numbers one by one, or for a part of a telephone
// number that has them together.
func numberClause(apart alternative, together string) clause {
	c := clause{apart}
	together = strings.TrimLeft(together, "0")
	if len(together) > local {
		together = together[len(together)-local:]
	}
	if len(together) >= minPart && (len(apart) > 1 || together != apart[0].text) {
		c = append(c, alternative{{class: digits, phone: true, text: together}})
	}
	return c
}

// Empty reports whether there is nothing to look for; then nothing is found.
func (q *Query) Empty() bool { return len(q.clauses) == 0 }

// Exact reports whether every text that has the words of Clauses matches.
func (q *Query) Exact() bool {
	for _, c := range q.clauses {
		for _, alt := range c {
			for _, p := range alt {
				if p.class != letters {
					return false
				}
			}
		}
	}
	return true
}

// Clauses returns what the words of a text must satisfy: of each clause one
// alternative, of which all terms. Matches may refuse a text that does.
func (q *Query) Clauses() [][][]Term {
	out := make([][][]Term, len(q.clauses))
	for i, c := range q.clauses {
		for _, alt := range c {
			var terms []Term
			for _, p := range alt {
				terms = append(terms, p.terms()...)
			}
			out[i] = append(out[i], terms)
		}
	}
	return out
}

func (p part) terms() []Term {
	if p.class != dense {
		return []Term{{Text: p.text, Prefix: p.isPrefix()}}
	}
	n := utf8.RuneCountInString(p.text)
	var terms []Term
	for _, w := range appendDense(nil, p.text) {
		if n == 1 || utf8.RuneCountInString(w) == 2 {
			terms = append(terms, Term{Text: w})
		}
	}
	return terms
}

func (p part) isPrefix() bool { return utf8.RuneCountInString(p.text) >= prefixLength }
