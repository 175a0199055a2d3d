package redact

import "strings"

// phones adds the phone numbers of the run to spans.
func (r *run) phones(spans []span) []span {
	for i := 0; i < len(r.groups); {
		if n := r.other(i); n > 0 {
			i += n
			continue
		}
		j := r.phone(i)
		if j < 0 || r.hidden(spans, i) {
			i++
			continue
		}
		if from, to := r.start(i), r.groups[j].to; !overlaps(spans, from, to) {
			spans = append(spans, span{from, to, PhoneMark})
		} else { // a card that is none may have taken a part of it
			for k := i; k <= j; k++ {
				if !r.hidden(spans, k) {
					spans = append(spans, span{r.groups[k].from, r.groups[k].to, PhoneMark})
				}
			}
		}
		i = j + 1
	}
	return spans
}

// hidden reports whether a group is among spans already.
func (r *run) hidden(spans []span, i int) bool {
	return overlaps(spans, r.groups[i].from, r.groups[i].to)
}

// start is where a number begins with its group i: with its + and its bracket.
func (r *run) start(i int) int {
	from := r.groups[i].from
	if r.plus(i) {
		return max(strings.LastIndex(r.s[:from], "+"), strings.LastIndex(r.s[:from], "＋"))
	}
	if from > 0 && r.s[from-1] == '(' {
		return from - 1
	}
	return from
}

// The digits of a phone number: the most is that of E.164, and two for 00.
const (
	shortestPhone = 7
	longestPhone  = 15
	barePhone     = 9 // without anything that tells it
)

// phone returns the last group of the phone number that begins with group i, -1
// if there is none.
func (r *run) phone(i int) int {
	first := r.groups[i].digits
	least, most, bare := shortestPhone, longestPhone, false
	switch {
	case r.plus(i):
	case strings.HasPrefix(first, "00"):
		least, most = shortestPhone+2, longestPhone+2
	case r.named(i):
		return -1
	case first[0] != '0':
		least, bare = barePhone, true
	}
	if bare && (r.is(i, 2, 2, 2, 2) || r.is(i, 4, 4) && r.gap(i) == " " && !r.year(i)) {
		return r.last(i) // as eight digits are written in Oslo and in Singapore
	}
	last, total := -1, 0
	for j := i; j < len(r.groups); j++ {
		if j > i && (r.plus(j) || least != shortestPhone && r.other(j) > 0) {
			break
		}
		if total += len(r.groups[j].digits); total > most {
			break
		}
		if total >= least {
			last = j
		}
	}
	switch {
	case last < 0 || bare && r.amount(i, last):
		return -1
	case total > most: // another number follows, and nobody knows where it begins
		for last+1 < len(r.groups) && !r.plus(last+1) && r.other(last+1) == 0 {
			last++
		}
	}
	return last
}

// amount reports whether the groups are a number in groups of three, and no phone
// number of nine digits, as they are written in Madrid, Lisbon, Warsaw and Prague.
func (r *run) amount(i, j int) bool {
	if i == j || len(r.groups[i].digits) > 3 || r.is(i, 3, 3, 3) && r.groups[i].digits[0] >= '5' {
		return false
	}
	for _, g := range r.groups[i+1 : j+1] {
		if len(g.digits) != 3 {
			return false
		}
	}
	return true
}
