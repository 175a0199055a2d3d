package access

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"parley"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	l := NewLimiter(time.Second, 3, func() time.Time { return now })
	for i := range 3 {
		if _, err := l.Take("a"); err != nil {
			t.Fatalf("event %d of a burst of 3: %v", i, err)
		}
	}
	_, err := l.Take("a")
	if e, ok := err.(*parley.Error); !ok || e.Code != parley.CodeRateLimited || e.RetryAfter <= 0 || e.RetryAfter > time.Second { //nolint:errorlint // it is returned as it is
		t.Errorf("the fourth: %v", err)
	}
	if _, err := l.Take("b"); err != nil {
		t.Errorf("another key: %v", err)
	}
	now = now.Add(time.Second)
	undo, err := l.Take("a")
	if err != nil {
		t.Fatalf("a second later: %v", err)
	}
	undo()
	if _, err := l.Take("a"); err != nil {
		t.Errorf("an event that was given back: %v", err)
	}
}

func TestLimiterForgetsIdleKeys(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	l := NewLimiter(time.Second, 1, func() time.Time { return now })
	for i := range maxBuckets + 10 {
		_, _ = l.Take(fmt.Sprint(i))
	}
	if len(l.buckets) > maxBuckets+1 {
		t.Errorf("%d keys are kept", len(l.buckets))
	}
	now = now.Add(fullEvery)
	if _, err := l.Take("new"); err != nil || len(l.buckets) > 2 {
		t.Errorf("after a pause %d keys are kept: %v", len(l.buckets), err)
	}
	now = now.Add(forgetEvery)
	if _, err := l.Take("newer"); err != nil || len(l.buckets) != 1 {
		t.Errorf("with room for more %d keys are kept: %v", len(l.buckets), err)
	}
}

func TestNoLimit(t *testing.T) {
	t.Parallel()
	l := NewLimiter(0, 0, time.Now)
	for range 100 {
		if _, err := l.Take("a"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeyCache(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	k := newKeyCache(func() time.Time { return now })
	p := keyPrincipal(&parley.APIKey{ID: "1", Hash: "h"})
	k.put("h", p, k.revision())
	if k.get("h") != p {
		t.Error("a fresh key is not remembered")
	}
	now = now.Add(keyCacheTTL)
	if k.get("h") != nil {
		t.Error("an old key is trusted")
	}
	asked := k.revision()
	k.drop("1") // revoked while the database was asked
	k.put("h", p, asked)
	if k.get("h") != nil {
		t.Error("a key that was revoked meanwhile is trusted")
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		trust     bool
		forwarded []string
		want      string
	}{
		{false, []string{"203.0.113.9"}, "192.0.2.1"},
		{true, nil, "192.0.2.1"},
		{true, []string{"203.0.113.9"}, "203.0.113.9"},
		{true, []string{"10.0.0.1, 203.0.113.9"}, "203.0.113.9"}, // the proxy adds the last one
		{true, []string{"203.0.113.9", "not an address"}, "192.0.2.1"},
		{true, []string{"2001:db8::1"}, "2001:db8::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := (&Gate{trustProxy: c.trust}).Address(r); got != c.want {
			t.Errorf("trust %v, %q: %s, want %s", c.trust, c.forwarded, got, c.want)
		}
	}
}

func TestPublicURLMustBeOne(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"parley.example", "ftp://parley.example", "://", "https://"} {
		if err := (&Gate{}).trust(bad); parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
