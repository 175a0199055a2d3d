package variable

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/lang"
)

var (
	isoDate     = regexp.MustCompile(`\b(\d{4})-(\d{1,2})-(\d{1,2})\b`)
	numericDate = regexp.MustCompile(`\b(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})\b`)
	dayMonth    = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|\.|er|º|°)?(?: de| of| di)? ([a-z]{3,12})\.?,?(?: de| del)?(?: (\d{4}))?\b`)
	monthDay    = regexp.MustCompile(`\b([a-z]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?\b,?(?: (\d{4}))?`)
)

// months are the folded beginnings that tell the months apart, in English,
// German, French, Spanish, Portuguese, Italian and Dutch.
var months = [12][]string{
	{"jan", "ene", "gen", "jän"}, {"feb", "fev"}, {"mar", "mars", "maart", "mrt"}, {"apr", "avr", "abr"},
	{"may", "mai", "mei", "mag"}, {"jun", "juin", "giu"}, {"jul", "juil", "lug"}, {"aug", "aou", "ago"},
	{"sep", "set"}, {"oct", "okt", "out", "ott"}, {"nov"}, {"dec", "dez", "dic"},
}

// notMonths begin like a month and are none.
var notMonths = words(`maybe mark marks mary setting settle seat sepia order out outside outro august' decide decaf general gentle
	march' apricot april' november' marzipan`)

func month(word string) (time.Month, bool) {
	if notMonths[word] {
		return 0, false
	}
	for i, starts := range months {
		if slices.ContainsFunc(starts, func(s string) bool { return strings.HasPrefix(word, s) }) {
			return time.Month(i + 1), true
		}
	}
	return 0, false
}

// relativeDays are the words for a day near now.
var relativeDays = map[string]int{
	"today": 0, "heute": 0, "aujourd'hui": 0, "hoy": 0, "hoje": 0, "oggi": 0, "vandaag": 0,
	"tomorrow": 1, "morgen": 1, "demain": 1, "manana": 1, "amanha": 1, "domani": 1,
	"ubermorgen": 2, "apres-demain": 2,
	"yesterday": -1, "gestern": -1, "hier": -1, "ayer": -1, "ontem": -1, "ieri": -1, "gisteren": -1,
}

// readDate finds the one date in the text and returns it as YYYY-MM-DD.
func (r Reader) readDate(text string) (string, bool) {
	text = lang.Fold(text)
	found := map[string]bool{}
	add := func(year int, m time.Month, day int) {
		if t := time.Date(year, m, day, 0, 0, 0, 0, time.UTC); t.Month() == m && t.Day() == day {
			found[t.Format(time.DateOnly)] = true
		}
	}
	for _, m := range isoDate.FindAllStringSubmatch(text, -1) {
		add(number(m[1]), time.Month(number(m[2])), number(m[3]))
	}
	text = isoDate.ReplaceAllString(text, " ")
	for _, m := range numericDate.FindAllStringSubmatch(text, -1) {
		day, mon, ok := r.dayAndMonth(number(m[1]), number(m[3]), m[2])
		if !ok {
			return "", false
		}
		add(year(m[4]), mon, day)
	}
	text = numericDate.ReplaceAllString(text, " ")
	for _, m := range dayMonth.FindAllStringSubmatch(text, -1) {
		r.addNamed(add, m[2], m[1], m[3])
	}
	if len(found) == 0 {
		for _, m := range monthDay.FindAllStringSubmatch(text, -1) {
			r.addNamed(add, m[1], m[2], m[3])
		}
	}
	if len(found) == 0 {
		r.addRelative(add, text)
	}
	for d := range found {
		return d, len(found) == 1
	}
	return "", false
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // the patterns let only digits through
	return n
}

func year(s string) int {
	if n := number(s); n >= 100 {
		return n
	}
	return 2000 + number(s)
}

// dayAndMonth orders the first two numbers of a date. Slashes mean day first
// everywhere but in English, where only a number above 12 tells.
func (r Reader) dayAndMonth(a, b int, separator string) (day int, m time.Month, ok bool) {
	switch base := lang.Base(r.Language); {
	case a == b, a > 12 && b <= 12, separator == ".":
		return a, time.Month(b), true
	case b > 12 && a <= 12:
		return b, time.Month(a), true
	case base != lang.English && base != "":
		return a, time.Month(b), true
	}
	return 0, 0, false
}

// addNamed adds a date with the month in letters; without a year it is the next
// such day.
func (r Reader) addNamed(add func(int, time.Month, int), name, day, inYear string) {
	m, ok := month(name)
	if !ok {
		return
	}
	if inYear != "" {
		add(number(inYear), m, number(day))
		return
	}
	if r.Now.IsZero() {
		return
	}
	y := r.Now.Year()
	if time.Date(y, m, number(day), 23, 59, 0, 0, r.Now.Location()).Before(r.Now) {
		y++
	}
	add(y, m, number(day))
}

func (r Reader) addRelative(add func(int, time.Month, int), text string) {
	if r.Now.IsZero() {
		return
	}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" \n,.!?", r) }) {
		if days, ok := relativeDays[w]; ok {
			add(r.Now.AddDate(0, 0, days).Date())
		}
	}
}
