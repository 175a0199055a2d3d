package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"parley"
)

func open(t *testing.T) (*Dir, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "blobs")
	d, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d, folder
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	var names []string
	err := filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			names = append(names, strings.TrimPrefix(path, folder+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestPutGetDelete(t *testing.T) {
	t.Parallel()
	d, folder := open(t)
	ctx := t.Context()
	key := AttachmentKey("w1", "a1")
	want := bytes.Repeat([]byte("parley"), 10_000)

	size, err := d.Put(ctx, key, bytes.NewReader(want), 1<<20)
	if err != nil || size != int64(len(want)) {
		t.Fatalf("Put: %d, %v", size, err)
	}
	f, err := d.Get(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("read %d bytes back, %v", len(got), err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := d.Put(ctx, key, strings.NewReader("other"), 1<<20); parley.ErrorCode(err) != parley.CodeConflict {
		t.Errorf("a key was written twice: %v", err)
	}
	if names := files(t, folder); len(names) != 1 || names[0] != key {
		t.Errorf("the folder holds %q", names)
	}
	for range 2 {
		if err := d.Delete(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Get(ctx, key); parley.ErrorCode(err) != parley.CodeNotFound {
		t.Errorf("after Delete, Get gives %v", err)
	}
}

// A file that is not wholly there is not there at all.
func TestNothingIsLeftOfAFailedPut(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		code parley.Code
	}{
		"reader fails": {t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), parley.CodeInternal},
		"too large":    {t.Context(), bytes.NewReader(make([]byte, 1001)), parley.CodeTooLarge},
		"canceled":     {canceled, strings.NewReader("x"), parley.CodeInternal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, folder := open(t)
			if _, err := d.Put(c.ctx, "a/b", c.r, 1000); parley.ErrorCode(err) != c.code {
				t.Errorf("Put gives %v, want %s", err, c.code)
			}
			if names := files(t, folder); len(names) != 0 {
				t.Errorf("left behind: %q", names)
			}
		})
	}
}

func TestKeysStayInTheFolder(t *testing.T) {
	t.Parallel()
	d, folder := open(t)
	for _, key := range []string{
		"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", ".hidden", "a/.tmp", "a/", `a\b`, "a b", "ä", "a\x00b",
		strings.Repeat("a", maxKey+1),
	} {
		if err := CheckKey(key); parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("CheckKey(%q) = %v", key, err)
		}
		if _, err := d.Put(t.Context(), key, strings.NewReader("x"), 10); err == nil {
			t.Errorf("Put(%q) was accepted", key)
		}
	}
	if names := files(t, folder); len(names) != 0 {
		t.Errorf("written: %q", names)
	}
	// A link out of the folder is not followed either.
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	if f, err := d.Get(t.Context(), "link"); err == nil {
		_ = f.Close()
		t.Error("a link led out of the folder")
	}
}

func TestOnlyOneOfManyWritersWins(t *testing.T) {
	t.Parallel()
	d, folder := open(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 16 {
		wg.Go(func() {
			_, err := d.Put(t.Context(), "w/one", strings.NewReader("x"), 10)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case parley.ErrorCode(err) != parley.CodeConflict:
				t.Errorf("Put: %v", err)
			}
		})
	}
	wg.Wait()
	if names := files(t, folder); won != 1 || len(names) != 1 {
		t.Errorf("%d writers won, files %q", won, names)
	}
}
