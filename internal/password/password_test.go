package password_test

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/password"
)

// cheap keeps the tests fast; the costs are part of each hash.
func cheap() password.Params { return password.Params{MemoryKiB: 64, Passes: 1, Threads: 1} }

func TestHashMatchesOnlyItsPassword(t *testing.T) {
	t.Parallel()
	h := password.NewHasher(cheap(), 2)
	hash, err := h.Hash(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.Hash(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if hash == again {
		t.Error("two hashes of one password are equal: there is no salt")
	}
	for pw, want := range map[string]bool{
		"correct horse battery":  true,
		"correct horse batterz":  false,
		"":                       false,
		strings.Repeat("x", 300): false,
	} {
		if got, err := h.Matches(t.Context(), hash, pw); err != nil || got != want {
			t.Errorf("Matches(%.20q) = %v, %v; want %v", pw, got, err, want)
		}
	}
}

func TestHashOfOtherCostsStaysValid(t *testing.T) {
	t.Parallel()
	old := password.NewHasher(password.Params{MemoryKiB: 32, Passes: 2, Threads: 1}, 1)
	hash, err := old.Hash(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := password.NewHasher(cheap(), 1).Matches(t.Context(), hash, "correct horse battery"); !ok || err != nil {
		t.Errorf("Matches = %v, %v; want true", ok, err)
	}
}

func TestDamagedHashMatchesNothing(t *testing.T) {
	t.Parallel()
	h := password.NewHasher(cheap(), 1)
	for _, hash := range []string{
		"", "plain", "$argon2id$v=19$m=64,t=1,p=1$$", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5", "$argon2id$v=19$m=0,t=0,p=0$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5a2V5",
	} {
		if ok, err := h.Matches(t.Context(), hash, ""); ok || err != nil {
			t.Errorf("Matches(%q) = %v, %v; want false", hash, ok, err)
		}
	}
}

// An unknown member costs as much work as a known one, seen by the memory that
// argon2 takes for it. Not parallel: it reads the allocations of the process.
func TestUnknownMemberCostsAsMuch(t *testing.T) {
	const memory = 8 << 20 // bytes
	h := password.NewHasher(password.Params{MemoryKiB: memory >> 10, Passes: 1, Threads: 1}, 1)
	hash, err := h.Hash(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	for name, stored := range map[string]string{"a known": hash, "an unknown": ""} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := h.Matches(t.Context(), stored, "a wrong password"); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took < memory {
			t.Errorf("%s member took %d bytes, less than the hash of a password needs", name, took)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for pw, ok := range map[string]bool{
		"short": false, "ten chars!": true, strings.Repeat("ü", 10): true, strings.Repeat("x", 201): false,
		"with a NUL\x00 in it": false, "not utf-8 \xff at all": false,
	} {
		if err := password.Check(pw); (err == nil) != ok {
			t.Errorf("Check(%.20q) = %v", pw, err)
		} else if !ok && parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("Check(%.20q) has code %s", pw, parley.ErrorCode(err))
		}
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	h := password.NewHasher(password.Params{MemoryKiB: 64 << 10, Passes: 8, Threads: 1}, 1)
	busy, stop := context.WithCancel(t.Context())
	var others sync.WaitGroup
	for range 2 { // at every moment one is at work
		others.Go(func() {
			for busy.Err() == nil {
				_, _ = h.Hash(busy, "correct horse battery")
			}
		})
	}
	var err error
	for deadline := time.Now().Add(time.Minute); err == nil && time.Now().Before(deadline); {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, err = h.Hash(ctx, "correct horse battery")
		cancel()
	}
	if parley.ErrorCode(err) != parley.CodeUnavailable {
		t.Errorf("Hash while busy = %v; want unavailable", err)
	}
	stop()
	others.Wait()
}
