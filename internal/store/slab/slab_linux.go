package slab

import (
	"unsafe"

	"golang.org/x/sys/unix"
	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	pageSize = 4096
	mostMB   = 256 // of slots; a cache that is larger goes on as without them
)

var (
	pages slots
	// before is where all memory came from, and all but pages does.
	before struct {
		malloc  func(tls *libc.TLS, n int32) uintptr
		free    func(tls *libc.TLS, p uintptr)
		realloc func(tls *libc.TLS, p uintptr, n int32) uintptr
		size    func(tls *libc.TLS, p uintptr) int32
	}
	// What SQLite reads and writes at, where it does not move.
	methods sqlite3.Tsqlite3_mem_methods
	header  int32
	args    [1]uintptr
)

// SQLite takes its memory from one place for as long as a process lives, which
// has to be said before the first database is opened. A failure is none: all
// works without slots, too.
func init() {
	tls := libc.NewTLS()
	defer tls.Close()
	if !config(tls, sqlite3.SQLITE_CONFIG_PCACHE_HDRSZ, uintptr(unsafe.Pointer(&header))) ||
		!config(tls, sqlite3.SQLITE_CONFIG_GETMALLOC, uintptr(unsafe.Pointer(&methods))) {
		return
	}
	pages.size = (pageSize + uintptr(header) + 15) &^ 15
	pages.most = mostMB << 20 / pages.size
	space, err := unix.Mmap(-1, 0, int(pages.size*pages.most), unix.PROT_NONE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return
	}
	pages.base = uintptr(unsafe.Pointer(unsafe.SliceData(space)))
	pages.usable = func(from, to uintptr) bool {
		return unix.Mprotect(space[from*pages.size&^(pageSize-1):to*pages.size], unix.PROT_READ|unix.PROT_WRITE) == nil
	}
	swap(&methods.FxMalloc, &before.malloc, malloc)
	swap(&methods.FxFree, &before.free, free)
	swap(&methods.FxRealloc, &before.realloc, realloc)
	swap(&methods.FxSize, &before.size, size)
	config(tls, sqlite3.SQLITE_CONFIG_MALLOC, uintptr(unsafe.Pointer(&methods)))
}

// config sets or reads what SQLite has one of in a process.
func config(tls *libc.TLS, what int32, at uintptr) bool {
	return sqlite3.Xsqlite3_config(tls, what, libc.VaList(uintptr(unsafe.Pointer(&args)), at)) == sqlite3.SQLITE_OK
}

// swap replaces a function by another. SQLite names a function by what the value
// of one holds, a single word.
func swap[F any](method *uintptr, was *F, is F) {
	*was = *(*F)(unsafe.Pointer(method))
	*method = *(*uintptr)(unsafe.Pointer(&is))
}

func malloc(tls *libc.TLS, n int32) uintptr {
	if n > pageSize && uintptr(n) <= pages.size {
		if p := pages.take(); p != 0 {
			return p
		}
	}
	return before.malloc(tls, n)
}

func free(tls *libc.TLS, p uintptr) {
	if pages.holds(p) {
		pages.give(p)
	} else {
		before.free(tls, p)
	}
}

func size(tls *libc.TLS, p uintptr) int32 {
	if pages.holds(p) {
		return int32(pages.size)
	}
	return before.size(tls, p)
}

func realloc(tls *libc.TLS, p uintptr, n int32) uintptr {
	if !pages.holds(p) {
		return before.realloc(tls, p, n)
	}
	if uintptr(n) <= pages.size {
		return p
	}
	q := before.malloc(tls, n)
	if q != 0 {
		libc.Xmemcpy(tls, q, p, types.Size_t(pages.size))
		pages.give(p)
	}
	return q
}
