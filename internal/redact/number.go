package redact

import (
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

// plus reports whether a group has a + before it.
func (r *run) plus(i int) bool {
	before := strings.TrimRight(r.s[:r.groups[i].from], "( \u00a0")
	return strings.HasSuffix(before, "+") || strings.HasSuffix(before, "＋")
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
