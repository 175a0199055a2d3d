package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// giveBackProgram gives back the memory that holds the program's own file, of
// which the start reads much that serving does not. What is needed after all
// comes from the system's cache of the file again, some microseconds a piece.
func giveBackProgram() {
	path, err := os.Executable()
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer func() { _ = maps.Close() }()
	var from, to uintptr // of the mapping whose lines these are; nothing: of another file, or writable
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		line := lines.Text()
		var f, t uintptr
		var can string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &f, &t, &can); n == 3 {
			if from, to = f, t; strings.Contains(can, "w") || !strings.HasSuffix(line, " "+path) {
				to = from
			}
		}
		// What differs from the file, as it may where a program is moved when it
		// is loaded, could not be had again.
		if kept, ok := strings.CutPrefix(line, "Anonymous:"); ok && strings.TrimSpace(kept) == "0 kB" && from < to {
			_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_DONTNEED) // no harm if it fails
		}
	}
}
