package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// disk is a SQLite VFS over the default one that watches what happens to the
// write-ahead log, and can fail as a disk does.
type disk struct {
	name   string
	writes atomic.Int64 // to the log
	syncs  atomic.Int64 // of the log
	full   atomic.Bool  // writes find no space
	broken atomic.Bool  // syncs fail
}

// C calls plain functions, so they find the disk by the address of the VFS or
// of the file.
var (
	disks    sync.Map // of VFS to *disk
	logs     sync.Map // of log file to *watched
	diskTLS  = sync.OnceValue(libc.NewTLS)
	diskSeq  atomic.Int64
	diskLock sync.Mutex // registering is not safe for concurrent use of diskTLS
)

// watched is an open log file.
type watched struct {
	disk    *disk
	methods uintptr // the default ones
}

// newDisk registers a VFS; it stays until the process ends.
func newDisk(t testing.TB) *disk {
	t.Helper()
	diskLock.Lock()
	defer diskLock.Unlock()
	tls := diskTLS()
	d := &disk{name: fmt.Sprintf("disk%d", diskSeq.Add(1))}
	if rc := sqlite3.Xsqlite3_initialize(tls); rc != 0 {
		t.Fatal("sqlite3_initialize", rc)
	}
	base := sqlite3.Xsqlite3_vfs_find(tls, 0)
	vfs := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	v := at[sqlite3.Tsqlite3_vfs](vfs)
	*v = *at[sqlite3.Tsqlite3_vfs](base)
	name, err := libc.CString(d.name)
	if err != nil {
		t.Fatal(err)
	}
	v.FzName, v.FxOpen = name, fnPointer(diskOpen)
	disks.Store(vfs, d)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, vfs, 0); rc != 0 {
		t.Fatal("sqlite3_vfs_register", rc)
	}
	return d
}

// at is the C value at an address.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// fnPointer makes a C function pointer of a declared function, as the
// translated SQLite does.
func fnPointer[T any](f T) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f T }{f})) }

// call is the function at an address.
func fnAt[T any](p uintptr) T { return *(*T)(unsafe.Pointer(&struct{ p uintptr }{p})) }

func diskOpen(tls *libc.TLS, vfs, path, file uintptr, flags int32, out uintptr) int32 {
	v, _ := disks.Load(vfs)
	base := sqlite3.Xsqlite3_vfs_find(tls, 0)
	open := fnAt[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](at[sqlite3.Tsqlite3_vfs](base).FxOpen)
	rc := open(tls, base, path, file, flags, out)
	if rc != 0 || flags&sqlite3.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	f := at[sqlite3.Tsqlite3_file](file)
	methods := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
	m := at[sqlite3.Tsqlite3_io_methods](methods)
	*m = *at[sqlite3.Tsqlite3_io_methods](f.FpMethods)
	logs.Store(file, &watched{disk: v.(*disk), methods: f.FpMethods})
	m.FxWrite, m.FxSync = fnPointer(logWrite), fnPointer(logSync)
	f.FpMethods = methods
	return rc
}

func logWrite(tls *libc.TLS, file, data uintptr, n int32, offset int64) int32 {
	v, _ := logs.Load(file)
	w := v.(*watched)
	if w.disk.full.Load() {
		return sqlite3.SQLITE_FULL
	}
	w.disk.writes.Add(1)
	return fnAt[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](
		at[sqlite3.Tsqlite3_io_methods](w.methods).FxWrite)(tls, file, data, n, offset)
}

func logSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	v, _ := logs.Load(file)
	w := v.(*watched)
	if w.disk.broken.Load() {
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	rc := fnAt[func(*libc.TLS, uintptr, int32) int32](
		at[sqlite3.Tsqlite3_io_methods](w.methods).FxSync)(tls, file, flags)
	w.disk.syncs.Add(1)
	return rc
}
