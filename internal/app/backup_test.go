package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
	"parley/internal/app"
	"parley/internal/config"
)

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	c := withAdmin(settings(t))
	r := serve(t, c)
	blob := filepath.Join(c.BlobFolder(), "ws", "file")
	if err := os.MkdirAll(filepath.Dir(blob), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(blob, []byte("bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	with, without := filepath.Join(t.TempDir(), "with"), filepath.Join(t.TempDir(), "without")
	none := &config.Secrets{}
	for to, key := range map[string]bool{with: true, without: false} {
		if err := app.Backup(t.Context(), &c.Storage, none, to, "test", key); err != nil {
			t.Fatal(err)
		}
		if err := app.Backup(t.Context(), &c.Storage, none, to, "test", key); parley.ErrorCode(err) != parley.CodeConflict {
			t.Errorf("over a backup: %v", err)
		}
	}
	r.stop()

	keyless := config.Storage{Data: filepath.Join(t.TempDir(), "keyless")}
	if err := app.Restore(t.Context(), &keyless, none, without); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("without its key: %v", err)
	}
	if err := app.Restore(t.Context(), &c.Storage, none, with); parley.ErrorCode(err) != parley.CodeConflict {
		t.Errorf("over a database: %v", err)
	}
	if err := app.Restore(t.Context(), &keyless, none, t.TempDir()); parley.ErrorCode(err) != parley.CodeNotFound {
		t.Errorf("from what is no backup: %v", err)
	}
	restored := settings(t)
	if err := app.Restore(t.Context(), &restored.Storage, none, with); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(restored.BlobFolder(), "ws", "file")); err != nil || string(b) != "bytes" {
		t.Errorf("the attachment: %q, %v", b, err)
	}
	again := serve(t, restored)
	if got := again.call(t, "GET", "/api/v1/me", nil, nil); got != http.StatusOK {
		t.Errorf("the API key after the restore: %d", got)
	}
	if !strings.Contains(again.out, "--resume") {
		t.Errorf("it does not say that sending waits: %q", again.out)
	}
	again.stop()
	restored.Resume = true
	if last := serve(t, restored); strings.Contains(last.out, "--resume") {
		t.Errorf("it still waits: %q", last.out)
	}
}
