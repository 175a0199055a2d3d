package store

import (
	"context"
	"strconv"
	"strings"

	"parley"
	"parley/internal/search"
)

// workspacePrefix is the four characters with which the words of a workspace
// begin, so that workspaces never meet in the index.
func workspacePrefix(number int64) string {
	s := strconv.FormatInt(number, 36)
	return strings.Repeat("0", max(0, 4-len(s))) + s
}

// Words that are not of the text: no text has a middle dot in a word.
const (
	sourceMark    = "·s"
	assistantMark = "·a"
)

// searchWords returns the words of a message for the index.
func searchWords(prefix, source, assistant, content string) []string {
	words := search.Words(content)
	for i, w := range words {
		words[i] = prefix + w
	}
	return append(words, prefix+sourceMark+source, prefix+assistantWord(assistant))
}

// assistantWord is the word for an assistant; the index splits at hyphens.
func assistantWord(id string) string { return assistantMark + strings.ReplaceAll(id, "-", "") }

// maxExpanded is how many words a prefix is replaced by at most.
const maxExpanded = 200

// matchWords renders a query in the syntax of the index; "" finds nothing.
func (s *Store) matchWords(ctx context.Context, q *ListQuery, prefix string, query *search.Query) (string, error) {
	var all []string
	for _, clause := range query.Clauses() {
		var any []string
		for _, alternative := range clause {
			text, err := s.matchTerms(ctx, prefix, alternative)
			if err != nil {
				return "", err
			}
			if text != "" {
				any = append(any, text)
			}
		}
		if len(any) == 0 {
			return "", nil
		}
		all = append(all, s.dialect.matchAny(any))
	}
	if len(all) == 0 {
		return "", nil
	}
	if len(q.Source) > 0 {
		var any []string
		for _, v := range q.Source {
			any = append(any, s.dialect.matchWord(prefix+sourceMark+string(v), false))
		}
		all = append(all, s.dialect.matchAny(any))
	}
	if len(q.AssistantID) > 0 {
		var any []string
		for _, v := range q.AssistantID {
			if parley.ValidID(v) {
				any = append(any, s.dialect.matchWord(prefix+assistantWord(v), false))
			}
		}
		if len(any) == 0 {
			return "", nil
		}
		all = append(all, s.dialect.matchAny(any))
	}
	return s.dialect.matchAll(all), nil
}

// matchTerms renders the terms of an alternative; "" if one is in no text.
func (s *Store) matchTerms(ctx context.Context, prefix string, terms []search.Term) (string, error) {
	var all []string
	for _, t := range terms {
		text, err := s.matchTerm(ctx, prefix+t.Text, t.Prefix)
		if text == "" || err != nil {
			return "", err
		}
		all = append(all, text)
	}
	return s.dialect.matchAll(all), nil
}

// matchTerm renders one term. On SQLite the beginning of a word, if it is
// longer than those in the index for prefixes, is replaced by the words that
// begin with it: a native prefix query would read all of their messages before
// it gives the first.
func (s *Store) matchTerm(ctx context.Context, word string, prefix bool) (string, error) {
	if !prefix || s.dialect.postgres() || len([]rune(word)) == indexedPrefix {
		return s.dialect.matchWord(word, prefix), nil
	}
	r, err := s.read.query(ctx, `SELECT word FROM search_word WHERE word >= $1 AND word < $2 LIMIT $3`,
		word, word+lastRune, maxExpanded+1)
	words, err := collect(r, err, scanID)
	switch {
	case err != nil || len(words) == 0:
		return "", err
	case len(words) > maxExpanded:
		return s.dialect.matchWord(word, true), nil
	}
	for i, w := range words {
		words[i] = s.dialect.matchWord(w, false)
	}
	return s.dialect.matchAny(words), nil
}

// indexedPrefix is the length of the prefixes that the SQLite index holds.
const indexedPrefix = 7

// matchWord renders a word of the index, or its beginning.
func (d *dialect) matchWord(word string, prefix bool) string {
	if d.postgres() {
		if prefix {
			return `'` + word + `':*`
		}
		return `'` + word + `'`
	}
	if prefix {
		return `"` + word + `"*`
	}
	return `"` + word + `"`
}

// matchAll renders what all of must be.
func (d *dialect) matchAll(all []string) string {
	if d.postgres() {
		return strings.Join(all, " & ")
	}
	return strings.Join(all, " AND ")
}

// matchAny renders what one of must be.
func (d *dialect) matchAny(any []string) string {
	if d.postgres() {
		return "(" + strings.Join(any, " | ") + ")"
	}
	return "(" + strings.Join(any, " OR ") + ")"
}
