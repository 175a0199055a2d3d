//go:build unix

package app

import "golang.org/x/sys/unix"

// freeSpace returns how many bytes a user may still write on the disk of a
// folder; false if that is not known.
func freeSpace(folder string) (uint64, bool) {
	var s unix.Statfs_t
	if unix.Statfs(folder, &s) != nil {
		return 0, false
	}
	return uint64(s.Bavail) * uint64(s.Bsize), true //nolint:unconvert // the types differ between systems
}
