package redact

import (
	"slices"
	"strings"
)

// cards adds the card numbers of the run to spans: 13 to 19 digits that pass
// Luhn's check. Where several groups in a row may be one in more than one way, all
// of them are hidden.
func (r *run) cards(spans []span) []span {
	from, to := -1, -1 // groups
	add := func() {
		if from >= 0 && !overlaps(spans, r.groups[from].from, r.groups[to].to) {
			spans = append(spans, span{r.groups[from].from, r.groups[to].to, CardMark})
		}
	}
	for i := 0; i < len(r.groups); i++ {
		if n := r.other(i); n > 0 {
			i += n - 1
			continue
		}
		if j := r.phone(i); j >= 0 && r.plus(i) { // a phone number says that it is one
			i = j
			continue
		}
		total := 0
		for j := i; j < len(r.groups) && (j == i || !r.plus(j)) && r.other(j) == 0; j++ {
			if total += len(r.groups[j].digits); total > 19 {
				break
			}
			if total < 13 || !luhn(r.digits(i, j)) {
				continue
			}
			if i > to {
				add()
				from = i
			}
			to = max(to, j)
		}
	}
	add()
	return spans
}

// otherCards are how cards begin that begin with none of 1 to 6: those of UnionPay
// and RuPay, and of Troy.
var otherCards = []string{"81", "82", "9792"}

// luhn reports whether the last digit is the check digit of the others (ISO/IEC
// 7812-1, annex B), and the first ones those of a card.
func luhn(digits string) bool {
	begins := func(prefix string) bool { return strings.HasPrefix(digits, prefix) }
	if c := digits[0]; (c < '1' || c > '6') && !slices.ContainsFunc(otherCards, begins) {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
