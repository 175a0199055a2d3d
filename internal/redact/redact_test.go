package redact_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"parley/internal/redact"
)

func all() *redact.Redactor {
	return redact.New(redact.Kinds{Email: true, Phone: true, Card: true, IBAN: true})
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                  "",
		"nothing to see":                    "nothing to see",
		"write to ana.b+shop@example.co.uk": "write to [email]",
		"<Ana@Example.com>, or jo@x.de.":    "<[email]>, or [email].",
		"mailto:ana@example.com?subject=x":  "mailto:[email]?subject=x",
		"https://x.de/?a=1&email=ana%40example.com&b=2":         "https://x.de/?a=1&email=[email]&b=2",
		"https://x.de/u/ana%40example.com":                      "https://x.de/u/[email]",
		"100%40 off, 5%40":                                      "100%40 off, 5%40",
		"id 01935800-1234-7000-8000-012345678901 of 0123456789": "id 01935800-1234-7000-8000-012345678901 of [phone]",
		"/x/0193F5A0-7b1c-7000-8000-0123456789ab?n=1":           "/x/0193F5A0-7b1c-7000-8000-0123456789ab?n=1",
		"имя@почта.рф und jörg@müller.de":                       "[email] und [email]",
		"＠ and a＠example.com":                                   "＠ and [email]",
		"meet @ten or a@b, @ana":                                "meet @ten or a@b, @ana",
		"call +49 (0)30 1234567 now":                            "call [phone] now",
		"call +49-151-12345678":                                 "call [phone]",
		"0049 30 123456-78":                                     "[phone]",
		"Tel. 030/1234567, 0171 1234567":                        "Tel. [phone], [phone]",
		"(555) 123-4567 or 555.123.4567":                        "[phone] or [phone]",
		"06 12 34 56 78":                                        "[phone]",
		"wa 4915112345677":                                      "wa [phone]",
		"هاتف ٠٣٠١٢٣٤٥٦٧":                                       "هاتف [phone]",
		"móvil 612 345 678, 612345678":                          "móvil [phone], [phone]",
		"91 123 45 67, 912.345.678":                             "[phone], [phone]",
		"0171 1234567 / 030 1234567":                            "[phone]",
		"+49 30 1234567 / 0171 1234567 now":                     "[phone] now",
		"06 12 34 56 78 - 06 98 76 54 32":                       "[phone]",
		"030 1234567 / +49 171 1234567":                         "[phone] / [phone]",
		"030 1234567 0171 1234567 31.1.2026":                    "[phone] 31.1.2026",
		"555-123-4567 / 555-987-6543":                           "[phone]-[card]",
		"tel. 601-234-567":                                      "tel. [phone]",
		"22 33 44 55":                                           "[phone]",
		"9123 4567":                                             "[phone]",
		"9 1234 5678":                                           "[phone]",
		"00 351 912 345 678":                                    "[phone]",
		"2024 2025, 2000-3000, 100 200 300":                     "2024 2025, 2000-3000, 100 200 300",
		"10 11 12 13":                                           "10 11 12 13",
		"order 12345678, 20261128":                              "order 12345678, 20261128",
		"ORD-123456789 #123456789":                              "ORD-123456789 #123456789",
		"＋４９３０１２３４５６":                                           "[phone]",
		"card 4111 1111 1111 1111, 12/27":                       "card [card], 12/27",
		"4111-1111-1111-1111":                                   "[card]",
		"x5500005555555559x":                                    "x[card]x",
		"41111111111111112222":                                  "41111111111111112222",
		"378282246310005":                                       "[card]",
		"DE89 3704 0044 0532 0130 00 please":                    "[iban] please",
		"de89370400440532013000":                                "[iban]",
		"GB82 WEST 1234 5698 7654 32.":                          "[iban].",
		"NO9386011117947":                                       "[iban]",
		"DE88 3704 0044":                                        "DE88 3704 0044",
		"ORD-12345 and #4711":                                   "ORD-12345 and #4711",
		"ORD-1234567890 #1234567890":                            "ORD-1234567890 #1234567890",
		"on 2026-01-31 at 10:30:15":                             "on 2026-01-31 at 10:30:15",
		"31.01.2026, 1/2/2026":                                  "31.01.2026, 1/2/2026",
		"01.02.2026 to 05.02.2026":                              "01.02.2026 to 05.02.2026",
		"at 192.168.10.200":                                     "at 192.168.10.200",
		"12 345 678 901 pieces":                                 "12 345 678 901 pieces",
		"1.234.567,00 EUR":                                      "1.234.567,00 EUR",
	} {
		if got := all().Text(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestOnlyWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	const s = "ana@example.com +49 30 1234567, 4111111111111111 DE89370400440532013000"
	for want, k := range map[string]redact.Kinds{
		s: {},
		"[email] +49 30 1234567, 4111111111111111 DE89370400440532013000":  {Email: true},
		"ana@example.com +49 30 1234567, [card] DE89370400440532013000":    {Card: true},
		"ana@example.com +49 30 1234567, 4111111111111111 [iban]":          {IBAN: true},
		"ana@example.com [phone], 4111111111111111 DE89370400440532013000": {Phone: true},
	} {
		if got := redact.New(k).Text(s); got != want {
			t.Errorf("%+v: got %q, want %q", k, got, want)
		}
	}
}

func TestCardsBeginAsTheirNetworksSay(t *testing.T) {
	t.Parallel()
	cards := redact.New(redact.Kinds{Card: true})
	for in, hidden := range map[string]bool{
		"4111111111111111": true,
		"8171234567800009": true, // UnionPay, RuPay
		"8234567890123002": true, // RuPay
		"9792030123456709": true, // Troy
		"9791030123456007": false,
		"8323456789012306": false,
		"7000000000000005": false,
	} {
		if got := cards.Text(in); (got == "[card]") != hidden {
			t.Errorf("%s becomes %s", in, got)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		``:                                ``,
		`{"a":1,"b":["x"]}`:               `{"a":1,"b":["x"]}`,
		`"ana@example.com"`:               `"[email]"`,
		`4915112345677`:                   `"[phone]"`,
		`{"n":1.5e10,"score":0.12345678}`: `{"n":1.5e10,"score":0.12345678}`,
		`{"n":4111111111111111,"b":true}`: `{"b":true,"n":"[card]"}`,
		`"ana\u0040example.com"`:          `"[email]"`,
		`{"ana@example.com":[null,"+49301234567"]}`: `{"[email]":[null,"[phone]"]}`,
	} {
		if got := string(all().JSON(json.RawMessage(in))); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

// withCheck returns a card number of so many digits.
func withCheck(t *rapid.T) string {
	n := rapid.IntRange(12, 18).Draw(t, "digits")
	digits := []byte{byte('0' + rapid.IntRange(1, 6).Draw(t, "first"))}
	for len(digits) < n {
		digits = append(digits, byte('0'+rapid.IntRange(0, 9).Draw(t, "digit")))
	}
	for c := byte('0'); c <= '9'; c++ {
		sum := 0
		for i, d := range append(digits[:n:n], c) {
			v := int(d - '0')
			if (n-i)%2 == 1 {
				if v *= 2; v > 9 {
					v -= 9
				}
			}
			sum += v
		}
		if sum%10 == 0 {
			return string(append(digits, c))
		}
	}
	panic("no check digit")
}

// account returns an account number of a country of 20 to 24 signs.
func account(t *rapid.T) string {
	country := rapid.SampledFrom([]string{"DE18", "GB18", "AT16", "CH17", "ES20", "SE20"}).Draw(t, "country")
	var n int
	if _, err := fmt.Sscan(country[2:], &n); err != nil {
		panic(err)
	}
	bban := rapid.StringMatching(fmt.Sprintf(`[0-9A-Z]{%d}`, n)).Draw(t, "bban")
	rest := 0
	for _, c := range bban + country[:2] + "00" {
		if unicode.IsLetter(c) {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return fmt.Sprintf("%s%02d%s", country[:2], 98-rest, bban)
}

// spaced puts separators between groups of digits.
func spaced(t *rapid.T, s string) string {
	sep := rapid.SampledFrom([]string{"", " ", "-", ".", "\u00a0", "\u202f", " - "}).Draw(t, "separator")
	group := rapid.IntRange(2, 5).Draw(t, "group")
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%group == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// secret is personal data of some kind.
func secret(t *rapid.T) string {
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return rapid.StringMatching(`[a-z0-9]([a-z0-9._%+-]{0,20}[a-z0-9])?@([a-z0-9]{1,10}\.){1,3}[a-z]{2,6}`).Draw(t, "email")
	case 1:
		return "+" + spaced(t, rapid.StringMatching(`[1-9][0-9]{6,14}`).Draw(t, "phone"))
	case 2:
		return spaced(t, withCheck(t))
	default:
		return spaced(t, account(t))
	}
}

// TestNothingRemains puts personal data into text of all scripts: it is replaced,
// all of it and nothing else, and what comes out stays as it is.
func TestNothingRemains(t *testing.T) {
	t.Parallel()
	words := rapid.SampledFrom([]string{
		"hello", "my number is", "über", "где заказ", "我的订单", "สวัสดี", "طلبي", "🎉", "ok.", "(see below)", "a,", "\n",
	})
	r := all()
	rapid.Check(t, func(t *rapid.T) {
		secret, before, after := secret(t), words.Draw(t, "before"), words.Draw(t, "after")
		out := r.Text(before + " " + secret + " " + after)
		mark, began := strings.CutPrefix(out, before+" [")
		mark, ended := strings.CutSuffix(mark, "] "+after)
		if !began || !ended || strings.ContainsAny(mark, " []") {
			t.Fatalf("%q in %q leaves %q", secret, before+" "+secret+" "+after, out)
		}
		if again := r.Text(out); again != out {
			t.Fatalf("%q becomes %q when it is done again", out, again)
		}
		quoted, err := json.Marshal(map[string]any{"x": []string{secret}})
		if err != nil {
			t.Fatal(err)
		}
		if hidden := string(r.JSON(quoted)); !strings.HasPrefix(hidden, `{"x":["[`) || !strings.HasSuffix(hidden, `]"]}`) {
			t.Fatalf("%s leaves %s", quoted, hidden)
		}
	})
}

// digits are those of a text.
func digits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}

// TestNothingRemainsAmongNumbers puts numbers of persons among other numbers. What
// is hidden with them does not matter.
func TestNothingRemainsAmongNumbers(t *testing.T) {
	t.Parallel()
	words := rapid.SampledFrom([]string{"ORD-12345", "2026-01-31", "7", "10:30", "12,50", "#4711", "192.168.1.1", "a"})
	r := all()
	rapid.Check(t, func(t *rapid.T) {
		number := withCheck(t)
		if rapid.Bool().Draw(t, "phone") {
			number = rapid.StringMatching(`[1-9][0-9]{9,14}`).Draw(t, "number")
		}
		s := words.Draw(t, "before") + " " + number + " " + words.Draw(t, "after")
		if out := r.Text(s); strings.Contains(digits(out), number) {
			t.Fatalf("%q in %q leaves %q", number, s, out)
		}
	})
}

// TestAnyTextSurvives redacts arbitrary text: it does not fail, does no more when
// it is done again, and leaves text without digits and @ as it is.
func TestAnyTextSurvives(t *testing.T) {
	t.Parallel()
	r := all()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text") + rapid.StringMatching(`[-+@. 0-9a-zA-Z()/]{0,60}`).Draw(t, "more")
		out := r.Text(s)
		if again := r.Text(out); again != out {
			t.Fatalf("%q becomes %q, then %q", s, out, again)
		}
		if !strings.ContainsFunc(s, func(c rune) bool { return c == '@' || c == '＠' || unicode.IsDigit(c) }) && out != s {
			t.Fatalf("%q becomes %q", s, out)
		}
	})
}
