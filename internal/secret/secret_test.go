package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley"
	"parley/internal/secret"
)

func parse(t *testing.T, text string) *secret.Keyring {
	t.Helper()
	k, err := secret.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealedTextOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	k := parse(t, secret.NewKey())
	sealed := k.Seal([]byte("sk-very-secret"), "provider 1")
	if strings.Contains(sealed, "very") || sealed == k.Seal([]byte("sk-very-secret"), "provider 1") {
		t.Errorf("sealed text shows what it holds: %s", sealed)
	}
	plain, err := k.Open(sealed, "provider 1")
	if err != nil || string(plain) != "sk-very-secret" {
		t.Fatalf("got %q, %v", plain, err)
	}
	flipped := []byte(sealed)
	flipped[len(flipped)-5] ^= 1
	for name, c := range map[string]struct{ sealed, where string }{
		"elsewhere":  {sealed, "provider 2"},
		"changed":    {string(flipped), "provider 1"},
		"cut":        {sealed[:20], "provider 1"},
		"plain":      {"sk-very-secret", "provider 1"},
		"empty":      {"", "provider 1"},
		"other key":  {parse(t, secret.NewKey()).Seal([]byte("x"), "provider 1"), "provider 1"},
		"not base64": {sealed[:12] + "!!!!", "provider 1"},
	} {
		if _, err := k.Open(c.sealed, c.where); parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%s: got %v, want invalid", name, err)
		} else if strings.Contains(err.Error(), "very") {
			t.Errorf("%s: the error tells the secret: %v", name, err)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	oldKey, newKey := secret.NewKey(), secret.NewKey()
	before, after := parse(t, oldKey), parse(t, newKey+","+oldKey)
	sealed := before.Seal([]byte("x"), "here")
	if plain, err := after.Open(sealed, "here"); err != nil || string(plain) != "x" {
		t.Fatalf("the old key does not open any more: %v", err)
	}
	if after.Fresh(sealed) || !before.Fresh(sealed) {
		t.Error("Fresh must say which key encrypted")
	}
	again := after.Seal([]byte("x"), "here")
	if !after.Fresh(again) {
		t.Error("what was sealed again must be fresh")
	}
	if _, err := before.Open(again, "here"); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("the old key alone opened it: %v", err)
	}
}

func TestParseForms(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{0xfb, 0xff, 7, 9}, 8)
	std := base64.StdEncoding.EncodeToString(raw)
	want := parse(t, std).ID()
	for _, form := range []string{
		std, base64.RawStdEncoding.EncodeToString(raw), base64.URLEncoding.EncodeToString(raw),
		hex.EncodeToString(raw), " " + std + "\n", std + "," + secret.NewKey(), std + "\n" + secret.NewKey() + "\n",
	} {
		if got := parse(t, form).ID(); got != want {
			t.Errorf("%q: key %s, want %s", form, got, want)
		}
	}
	for _, bad := range []string{"", " , ", "hunter2", std[:20], hex.EncodeToString(raw[:16]), std + ",hunter2"} {
		_, err := secret.Parse(bad)
		if parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%q: got %v, want invalid", bad, err)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error tells the key: %v", err)
		}
	}
}

func TestKeysAreNotPrinted(t *testing.T) {
	t.Parallel()
	key := secret.NewKey()
	k := parse(t, key)
	raw, _ := base64.StdEncoding.DecodeString(key)
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "keys", k)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "keys", k)
	_, _ = fmt.Fprintf(&out, "%v %+v %#v %s %v", k, k, k, k, struct{ K *secret.Keyring }{k})
	for _, bad := range []string{key, hex.EncodeToString(raw), fmt.Sprintf("%d", raw)} {
		if strings.Contains(out.String(), bad) {
			t.Errorf("printed: %s", out.String())
		}
	}
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret.key")
	var wg sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		wg.Go(func() {
			if k, err := secret.LoadFile(path); err != nil {
				t.Error(err)
			} else {
				ids[i] = k.ID()
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("two keys were made: %v", ids)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v; want 0600", info.Mode(), err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.LoadFile(path); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("a key that others may read: got %v, want invalid", err)
	}
	if _, err := secret.LoadFile(filepath.Join(t.TempDir(), "no", "folder")); err == nil {
		t.Error("a missing folder must be an error")
	}
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	one, two := secret.NewKey(), secret.NewKey()
	old, err := secret.Parse(one)
	if err != nil {
		t.Fatal(err)
	}
	both, err := secret.Parse(two + "," + one)
	if err != nil {
		t.Fatal(err)
	}
	other, err := secret.Parse(two)
	if err != nil {
		t.Fatal(err)
	}
	signed := old.Sign([]byte("hello"), "greeting")
	if !old.Verify([]byte("hello"), "greeting", signed) || !both.Verify([]byte("hello"), "greeting", signed) {
		t.Error("a signature does not hold, or not after a rotation")
	}
	for name, ok := range map[string]bool{
		"other data":    old.Verify([]byte("hello!"), "greeting", signed),
		"other kind":    old.Verify([]byte("hello"), "goodbye", signed),
		"other keys":    other.Verify([]byte("hello"), "greeting", signed),
		"moved border":  old.Verify([]byte("g\x00hello"), "greetin", signed),
		"cut":           old.Verify([]byte("hello"), "greeting", signed[:len(signed)-1]),
		"no key":        old.Verify([]byte("hello"), "greeting", "."+signed),
		"empty":         old.Verify([]byte("hello"), "greeting", ""),
		"unknown key":   old.Verify([]byte("hello"), "greeting", "00000000."+signed[9:]),
		"key id of two": old.Verify([]byte("hello"), "greeting", other.ID()+"."+signed[9:]),
	} {
		if ok {
			t.Errorf("%s: the signature holds", name)
		}
	}
}
