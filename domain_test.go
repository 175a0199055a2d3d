package parley

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNewIDSortsByTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := time.UnixMicro(rapid.Int64Range(0, 1<<47).Draw(t, "a"))
		b := a.Add(time.Duration(rapid.Int64Range(1, 1<<40).Draw(t, "gap")) * time.Microsecond)
		x, y := NewID(a), NewID(b)
		if !ValidID(x) || !ValidID(y) || x >= y {
			t.Fatalf("ids %s (%v) and %s (%v) do not sort by time", x, a, y, b)
		}
		if x[14] != '7' || !strings.ContainsRune("89ab", rune(x[19])) {
			t.Fatalf("%s is not a UUIDv7", x)
		}
	})
}

func TestValidID(t *testing.T) {
	t.Parallel()
	id := NewID(time.Now())
	for _, bad := range []string{"", "x", strings.ToUpper(id), id[:35], id + "0", id[:8] + "0" + id[9:], "zzzzzzzz" + id[8:]} {
		if bad != id && ValidID(bad) {
			t.Errorf("ValidID(%q) = true", bad)
		}
	}
}

func TestErrorCode(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk")
	err := Errorf(CodeUnavailable, "The file cannot be read: %w", cause)
	if ErrorCode(err) != CodeUnavailable || !errors.Is(err, cause) {
		t.Errorf("got code %q of %v", ErrorCode(err), err)
	}
	if ErrorCode(cause) != CodeInternal || ErrorCode(nil) != "" {
		t.Error("an unknown error must be internal, and nil no error")
	}
}

func TestCreditsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := Credits(rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "credits"))
		got, err := ParseCredits(c.String())
		if err != nil || got != c {
			t.Fatalf("%d became %q became %d, %v", c, c.String(), got, err)
		}
	})
	for in, want := range map[string]string{"1": "1", "0.5": "0.5", "0.000001": "0.000001", "-2.50": "-2.5", "10": "10"} {
		c, err := ParseCredits(in)
		if err != nil || c.String() != want {
			t.Errorf("ParseCredits(%q) = %s, %v; want %s", in, c, err, want)
		}
	}
	for _, bad := range []string{"", ".", "1.", ".5", "1e3", "1.0000001", "--1", "9223372036854775808", "٣"} {
		if c, err := ParseCredits(bad); ErrorCode(err) != CodeInvalid {
			t.Errorf("ParseCredits(%q) = %s, %v; want invalid", bad, c, err)
		}
	}
	b, err := json.Marshal(map[string]Credits{"c": 1500})
	if err != nil || string(b) != `{"c":"0.0015"}` {
		t.Errorf("JSON is %s, %v", b, err)
	}
}

func TestCost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tokens, perMillion, credit int64
		want                       Credits
	}{
		{1_000_000, 150_000, 10_000, 15 * CreditUnit}, // 0.15 USD at a cent a credit
		{1, 150_000, 10_000, 15},
		{1, 1, 10_000, 1}, // a part of a micro-credit is rounded up
		{0, 150_000, 10_000, 0},
		{5, 0, 10_000, 0},
		{math.MaxInt64, math.MaxInt64, 1, math.MaxInt64},
	} {
		if got := Cost(c.tokens, c.perMillion, c.credit); got != c.want {
			t.Errorf("Cost(%d, %d, %d) = %d, want %d", c.tokens, c.perMillion, c.credit, got, c.want)
		}
	}
}

// TestDeliveryOnlyRises is law 5: the table of transitions has no way down.
func TestDeliveryOnlyRises(t *testing.T) {
	t.Parallel()
	rank := map[Delivery]int{
		DeliveryQueued: 0, DeliverySending: 1, DeliveryUnknown: 2, DeliverySent: 3,
		DeliveryDelivered: 4, DeliveryRead: 5, DeliveryPlayed: 6,
	}
	for from := range rank {
		for to := range rank {
			if from.CanBecome(to) && rank[to] <= rank[from] {
				t.Errorf("%s may become %s", from, to)
			}
		}
		if from != DeliveryQueued && from.CanBecome(DeliveryCanceled) {
			t.Errorf("%s may have left and can be canceled", from)
		}
		// A failure may be reported of what arrives all the same.
		arrived := rank[from] >= rank[DeliveryDelivered]
		if DeliveryCanceled.CanBecome(from) || DeliveryFailed.CanBecome(from) != arrived {
			t.Errorf("canceled or failed may become %s, or should", from)
		}
	}
	if DeliveryQueued.CanBecome(DeliverySent) {
		t.Error("a message may be sent without having been recorded as sending")
	}
}

func TestPreviewText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		p := PreviewText(s)
		if utf8.RuneCountInString(p) > PreviewRunes || strings.ContainsAny(p, "\n\t\x00") {
			t.Fatalf("PreviewText(%q) = %q", s, p)
		}
	})
	if got := PreviewText("  Hello\n\n  there\t! "); got != "Hello there !" {
		t.Errorf("got %q", got)
	}
	if got := PreviewText(strings.Repeat("é", 500)); utf8.RuneCountInString(got) != PreviewRunes || !strings.HasSuffix(got, "…") {
		t.Errorf("got %d runes: %q", utf8.RuneCountInString(got), got)
	}
}

func TestCheckContent(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Code{
		"":                                     "",
		strings.Repeat("a", MaxContentBytes):   "",
		strings.Repeat("a", MaxContentBytes+1): CodeTooLarge,
		"a\x00b":                               CodeInvalid,
		"\xff":                                 CodeInvalid,
	} {
		if got := ErrorCode(CheckContent(s)); got != want {
			t.Errorf("CheckContent of %d bytes: %q, want %q", len(s), got, want)
		}
	}
}

func TestRolesNarrow(t *testing.T) {
	t.Parallel()
	roles := Roles()
	for i, r := range roles[1:] {
		for _, p := range r.Permissions() {
			if !roles[i].Allows(p) {
				t.Errorf("%s allows %s and %s does not", r, p, roles[i])
			}
		}
	}
	if Role("").Allows(PermConversationsRead) || RoleViewer.Allows(PermConversationsWrite) ||
		RoleOperator.Allows(PermAssistantsWrite) || RoleEditor.Allows(PermMembersManage) {
		t.Error("a role allows too much")
	}
}
