package token_test

import (
	"strings"
	"testing"

	"parley/internal/token"
)

func TestNew(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		tok := token.New(token.KeyPrefix)
		if !strings.HasPrefix(tok, token.KeyPrefix) || len(tok) != len(token.KeyPrefix)+28 {
			t.Fatalf("token %q has another form", tok)
		}
		if seen[tok] {
			t.Fatalf("token %q came twice", tok)
		}
		seen[tok] = true
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	a, b := token.Hash("a"), token.Hash("b")
	if a == b || a != token.Hash("a") || len(a) != 64 || strings.Contains(a, "a_") {
		t.Errorf("Hash is no stable digest: %q, %q", a, b)
	}
}
