//go:build unix

package app

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What is free is what df says that a user may still write, give or take what
// others write meanwhile.
func TestFreeSpace(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	df := func() uint64 {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), "df", "-P", "-k", folder).Output()
		if err != nil {
			t.Skipf("there is no df: %v", err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		blocks, err := strconv.ParseUint(strings.Fields(lines[len(lines)-1])[3], 10, 64)
		if err != nil {
			t.Fatalf("df says %q", out)
		}
		return blocks << 10
	}
	const others = 256 << 20
	before := df()
	free, known := freeSpace(folder)
	after := df()
	if !known || free+others < min(before, after) || free > max(before, after)+others {
		t.Errorf("%d bytes, %t; df says %d and %d", free, known, before, after)
	}
	if free, known := freeSpace(filepath.Join(folder, "missing")); known {
		t.Errorf("of a folder that is not there: %d bytes", free)
	}
}
