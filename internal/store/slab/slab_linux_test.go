package slab

import (
	"database/sql"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	_ "modernc.org/sqlite"
)

// inUse is how many slots are taken.
func (s *slots) inUse() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.used) - len(s.free)
}

func exec(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// fill makes a database of some 1,500 pages, whose connection may keep as many in
// its cache as cacheKB takes.
func fill(t *testing.T, cacheKB string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	exec(t, db, `PRAGMA cache_size = -`+cacheKB, `CREATE TABLE a (n INTEGER PRIMARY KEY, b BLOB)`,
		`WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 1500) INSERT INTO a SELECT n, randomblob(3900) FROM i`,
		`UPDATE a SET b = randomblob(3900) WHERE n % 3 = 0`)
	return db
}

func sound(t *testing.T, db *sql.DB) {
	t.Helper()
	var said string
	var rows int
	if err := db.QueryRow(`SELECT count(*), (SELECT * FROM pragma_integrity_check) FROM a WHERE length(b) = 3900`).Scan(&rows, &said); err != nil {
		t.Fatal(err)
	}
	if rows != 1500 || said != "ok" {
		t.Fatalf("%d rows; the integrity check says %q", rows, said)
	}
}

func TestPagesAreInSlots(t *testing.T) {
	if n := pages.inUse(); n != 0 {
		t.Fatalf("%d slots are taken before anything is open", n)
	}
	db := fill(t, "4096")
	sound(t, db)
	// 4 MB are 960 pages of 4,368 bytes; a few more are taken on the way.
	if n := pages.inUse(); n < 900 || n > 1100 {
		t.Errorf("%d slots are taken by a cache of 4 MB", n)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if n := pages.inUse(); n != 0 {
		t.Errorf("%d slots are still taken after it is closed", n)
	}
}

func TestHardlyAnySlotsLeft(t *testing.T) {
	var held []uintptr
	for p := pages.take(); p != 0; p = pages.take() {
		held = append(held, p)
	}
	for _, p := range held[:100] {
		pages.give(p)
	}
	defer func() {
		for _, p := range held[100:] {
			pages.give(p)
		}
	}()
	db := fill(t, "4096")
	sound(t, db)
	if n := pages.inUse(); n != len(held) {
		t.Errorf("%d of %d slots are taken", n, len(held))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if n := pages.inUse(); n != len(held)-100 {
		t.Errorf("%d of %d slots are taken after it is closed", n, len(held)-100)
	}
}

func TestMoveOutOfSlot(t *testing.T) {
	tls := libc.NewTLS()
	defer tls.Close()
	p := malloc(tls, pageSize+1)
	if !pages.holds(p) || uintptr(size(tls, p)) != pages.size {
		t.Fatalf("more than a page has %d bytes at %#x", size(tls, p), p)
	}
	at := func(p uintptr) *byte { return *(**byte)(unsafe.Pointer(&p)) }
	all := unsafe.Slice(at(p), pages.size)
	for i := range all {
		all[i] = byte(i * 7)
	}
	if q := realloc(tls, p, 100); q != p {
		t.Error("what shrinks moves")
	}
	q := realloc(tls, p, 3*pageSize)
	if q == 0 || pages.holds(q) {
		t.Fatalf("12 KB are at %#x", q)
	}
	for i, b := range unsafe.Slice(at(q), pages.size) {
		if b != byte(i*7) {
			t.Fatalf("byte %d is %d after moving", i, b)
		}
	}
	free(tls, q)
	if n := pages.inUse(); n != 0 {
		t.Errorf("%d slots are still taken", n)
	}
	small := malloc(tls, pageSize)
	defer free(tls, small)
	if pages.holds(small) {
		t.Error("a page without its header takes a slot")
	}
}

func TestSlotsAreNotSharedAtOnce(t *testing.T) {
	const most = 3*grow + 10
	usable := 0
	s := slots{base: 1 << 20, size: 48, most: most, usable: func(from, to uintptr) bool {
		if int(from) != usable {
			t.Errorf("%d to %d become usable after %d", from, to, usable)
		}
		usable = int(to)
		return true
	}}
	var owned sync.Map
	give := func(p uintptr) {
		owned.Delete(p)
		s.give(p)
	}
	var working sync.WaitGroup
	for range 8 {
		working.Go(func() {
			var mine []uintptr
			for range 5_000 {
				if len(mine) > 0 && rand.IntN(2) == 0 {
					i := rand.IntN(len(mine))
					give(mine[i])
					mine = slices.Delete(mine, i, i+1)
				} else if p := s.take(); p != 0 {
					if _, taken := owned.LoadOrStore(p, true); taken || !s.holds(p) || (p-s.base)%s.size != 0 {
						t.Errorf("%#x is handed out; in use already: %v", p, taken)
						return
					}
					mine = append(mine, p)
				}
			}
			for _, p := range mine {
				give(p)
			}
		})
	}
	working.Wait()
	for range most {
		if s.take() == 0 {
			t.Fatal("not all slots came back")
		}
	}
	if s.take() != 0 || usable != most {
		t.Errorf("there are more than %d slots; %d are usable", most, usable)
	}
}

func TestNoMemoryForSlots(t *testing.T) {
	s := slots{base: 1, size: 8, most: 10, usable: func(uintptr, uintptr) bool { return false }}
	if p := s.take(); p != 0 {
		t.Errorf("take = %#x", p)
	}
}
