package store

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// openOn opens a SQLite store on a disk with a table to write to.
func openOn(t testing.TB, d *disk, synchronous string) *Store {
	t.Helper()
	tune := defaultTuning()
	tune.synchronous = synchronous
	if d != nil {
		tune.vfs = d.name
	}
	s, err := open(t.Context(), Options{DSN: filepath.Join(t.TempDir(), "parley.db")}, tune)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	createNotes(t, s)
	return s
}

func createNotes(t testing.TB, s *Store) {
	t.Helper()
	ctx := context.Background()
	err := s.write(ctx, func(tx *tx) error {
		_, err := tx.exec(ctx, `CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// earlyAnswers writes from several callers at once and counts those that were
// answered although the log had not been synced since their transaction ran.
func earlyAnswers(t *testing.T, synchronous string) (early, answers int64) {
	t.Helper()
	d := newDisk(t)
	s := openOn(t, d, synchronous)
	ctx := context.Background()
	var wg sync.WaitGroup
	var tooEarly, all atomic.Int64
	for caller := range 8 {
		wg.Go(func() {
			for i := range 50 {
				var before int64
				err := s.write(ctx, func(tx *tx) error {
					before = d.syncs.Load()
					_, err := tx.exec(ctx, `INSERT INTO note (id, text) VALUES ($1, 'x')`, caller*1000+i)
					return err
				})
				if err != nil {
					t.Error(err)
				}
				all.Add(1)
				if d.syncs.Load() == before {
					tooEarly.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return tooEarly.Load(), all.Load()
}

// Law 1: accepted means on disk. The sync of the log lies between a
// transaction and its answer. The same measurement must find early answers
// where SQLite is told not to wait, or it would prove nothing.
func TestNoAnswerBeforeTheLogIsSynced(t *testing.T) {
	t.Parallel()
	if early, all := earlyAnswers(t, defaultTuning().synchronous); early != 0 || all != 400 {
		t.Errorf("%d of %d answers came before the sync", early, all)
	}
	for _, weak := range []string{"NORMAL", "OFF"} {
		if early, all := earlyAnswers(t, weak); early == 0 {
			t.Errorf("%s: the measurement found none of %d answers early", weak, all)
		}
	}
}

// What was answered with success is there, what was answered with an error is
// not, whatever the disk does meanwhile.
func TestAFailingDiskLosesAndInventsNothing(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(d *disk) *atomic.Bool{
		"full":   func(d *disk) *atomic.Bool { return &d.full },
		"broken": func(d *disk) *atomic.Bool { return &d.broken },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDisk(t)
			s := openOn(t, d, "FULL")
			ctx := context.Background()
			var mu sync.Mutex
			accepted := map[int]bool{}
			refused, written := 0, 0
			var wg sync.WaitGroup
			var enough atomic.Bool // of both, or of time
			wg.Go(func() {
				defer enough.Store(true)
				for begun := time.Now(); time.Since(begun) < time.Minute; {
					mu.Lock()
					seen := refused >= 20 && written >= 20
					mu.Unlock()
					if seen && time.Since(begun) > 400*time.Millisecond {
						return
					}
					fail(d).Store(true)
					time.Sleep(3 * time.Millisecond)
					fail(d).Store(false)
					time.Sleep(3 * time.Millisecond)
				}
			})
			for caller := range 16 {
				wg.Go(func() {
					for i := 0; !enough.Load(); i++ {
						id := caller*1_000_000 + i
						err := s.write(ctx, func(tx *tx) error {
							_, err := tx.exec(ctx, `INSERT INTO note (id, text) VALUES ($1, 'x')`, id)
							return err
						})
						mu.Lock()
						if accepted[id] = err == nil; err != nil {
							refused++
						} else {
							written++
						}
						mu.Unlock()
						if err != nil {
							wantUnavailable(t, err)
						}
					}
				})
			}
			wg.Wait()
			if refused == 0 || written == 0 {
				t.Errorf("%d of %d were refused: the test tests nothing", refused, len(accepted))
			}
			if err := sameNotes(ctx, s, accepted); err != nil {
				t.Error(err)
			}
		})
	}
}

// sameNotes compares the table with what was accepted.
func sameNotes(ctx context.Context, s *Store, accepted map[int]bool) error {
	rs, err := s.read.query(ctx, `SELECT id FROM note ORDER BY id`)
	ids, err := collect(rs, err, func(r scanner) (id int, err error) { return id, r.Scan(&id) })
	if err != nil {
		return err
	}
	there := map[int]bool{}
	for _, id := range ids {
		there[id] = true
		if !accepted[id] {
			return fmt.Errorf("%d was refused and is there", id)
		}
	}
	for id, ok := range accepted {
		if ok && !there[id] {
			return fmt.Errorf("%d was accepted and is not there", id)
		}
	}
	return nil
}
