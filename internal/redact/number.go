package redact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// group is digits without anything between them.
type group struct {
	from, to int    // bytes of the text
	digits   string // as 0 to 9, in whatever script they were
}

// run is groups of digits with little between them.
type run struct {
	s      string
	groups []group
}

// between is the most bytes that may stand between two groups of a run.
const between = 6

// runs returns the runs of a text, without the digits of UUIDs.
func runs(s string) (all []run) {
	var current run
	for i := 0; i < len(s); {
		if (i == 0 || !alphanumeric(s[i-1])) && uuid(s[i:]) {
			i += len(uuidForm)
			if len(current.groups) > 0 {
				all, current = append(all, current), run{}
			}
			continue
		}
		value, size := digit(s[i:])
		if value < 0 {
			i += size
			continue
		}
		g := group{from: i}
		var digits []byte
		for value >= 0 {
			digits = append(digits, byte('0'+value))
			i += size
			value, size = digit(s[i:])
		}
		g.to, g.digits = i, string(digits)
		if n := len(current.groups); n > 0 && !joined(s[current.groups[n-1].to:g.from]) {
			all, current = append(all, current), run{}
		}
		current.s, current.groups = s, append(current.groups, g)
	}
	if len(current.groups) > 0 {
		all = append(all, current)
	}
	return all
}

// uuidForm is how an id is written that most machines understand.
const uuidForm = "00000000-0000-0000-0000-000000000000"

// uuid reports whether a text begins with such an id.
func uuid(s string) bool {
	if len(s) < len(uuidForm) || len(s) > len(uuidForm) && alphanumeric(s[len(uuidForm)]) {
		return false
	}
	for i := range len(uuidForm) {
		if c := upper(s[i]); uuidForm[i] == '-' && c != '-' || uuidForm[i] != '-' && (!alphanumeric(c) || c > 'F') {
			return false
		}
	}
	return true
}

// digit returns the value of the digit at the beginning of s, -1 if there is none,
// and its width.
func digit(s string) (value, size int) {
	if s == "" {
		return -1, 0
	}
	if c := s[0]; c < utf8.RuneSelf {
		if c >= '0' && c <= '9' {
			return int(c - '0'), 1
		}
		return -1, 1
	}
	r, size := utf8.DecodeRuneInString(s)
	if !unicode.Is(unicode.Nd, r) {
		return -1, size
	}
	// The digits of a script are ten in a row, and the rows begin where another
	// one may end.
	for _, x := range unicode.Nd.R16 {
		if lo := rune(x.Lo); r >= lo && r <= rune(x.Hi) {
			return int(r-lo) % 10, size
		}
	}
	for _, x := range unicode.Nd.R32 {
		if lo := rune(x.Lo); r >= lo && r <= rune(x.Hi) {
			return int(r-lo) % 10, size
		}
	}
	return -1, size
}

// joined reports whether what stands between two groups leaves them one number.
func joined(s string) bool {
	if len(s) > between {
		return false
	}
	for s != "" {
		width := separator(s)
		if width == 0 {
			return false
		}
		s = s[width:]
	}
	return true
}

// digits are those of the groups from i to j.
func (r *run) digits(i, j int) string {
	if i == j {
		return r.groups[i].digits
	}
	var b strings.Builder
	for _, g := range r.groups[i : j+1] {
		b.WriteString(g.digits)
	}
	return b.String()
}

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

// plus reports whether a group has a + before it.
func (r *run) plus(i int) bool {
	before := strings.TrimRight(r.s[:r.groups[i].from], "( \u00a0")
	return strings.HasSuffix(before, "+") || strings.HasSuffix(before, "＋")
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

// named reports whether the number is part of a name, as in ORD-12345 and #12345.
func (r *run) named(i int) bool {
	before := r.s[:r.groups[i].from]
	if strings.HasSuffix(before, "#") {
		return true
	}
	before = strings.TrimRight(before, "-_")
	if last, _ := utf8.DecodeLastRuneInString(before); !unicode.IsLetter(last) {
		return false
	}
	return i == 0 || r.groups[i-1].to < len(before)
}

// gap is what stands between a group and the next one.
func (r *run) gap(i int) string {
	if i < 0 || i+1 >= len(r.groups) {
		return ""
	}
	return r.s[r.groups[i].to:r.groups[i+1].from]
}

// last returns the last group from i on with the same between them.
func (r *run) last(i int) int {
	for sep := r.gap(i); sep != "" && r.gap(i) == sep; {
		i++
	}
	return i
}

// is reports whether a number of so many digits begins with group i: with the same
// between all groups, and neither before nor after them. Numbers of phones that are
// nothing else begin with no 0 or 1.
func (r *run) is(i int, lengths ...int) bool {
	if r.last(i) != i+len(lengths)-1 || i > 0 && r.gap(i-1) == r.gap(i) || r.groups[i].digits[0] < '2' {
		return false
	}
	for k, n := range lengths {
		if len(r.groups[i+k].digits) != n {
			return false
		}
	}
	return true
}

// year reports whether a group is a year of these centuries.
func (r *run) year(i int) bool {
	d := r.groups[i].digits
	return len(d) == 4 && (d[:2] == "19" || d[:2] == "20")
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

// other returns how many groups from i on are a date or the address of a machine,
// with nothing of their kind before or after them.
func (r *run) other(i int) int {
	n := func(k int) int { return len(r.groups[i+k].digits) }
	gap := func(k int) string { return r.gap(i + k) }
	sep := gap(0)
	if sep != "-" && sep != "." && sep != "/" || gap(1) != sep || gap(-1) == sep || r.plus(i) {
		return 0
	}
	if gap(2) == sep {
		if sep != "." || gap(3) == sep {
			return 0
		}
		for _, g := range r.groups[i : i+4] {
			if len(g.digits) > 3 || len(g.digits) == 3 && g.digits > "255" {
				return 0
			}
		}
		return 4
	}
	if r.year(i) && n(1) <= 2 && n(2) <= 2 || r.year(i+2) && n(0) <= 2 && n(1) <= 2 {
		return 3
	}
	return 0
}
