package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/store/pgtest"
)

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	if parley.ErrorCode(err) != parley.CodeUnavailable {
		t.Errorf("got %v, want unavailable", err)
	}
}

// onEach runs fn on a store of each engine that has the table note.
func onEach(t *testing.T, fn func(t *testing.T, s *Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, openOn(t, nil, "FULL"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c, err := pgtest.Shared()
		if err != nil {
			t.Fatal(err)
		}
		name := "writer_" + newToken()
		if err := c.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), Options{DSN: c.URL(name)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := errors.Join(s.Close(), c.Exec(context.Background(), "DROP DATABASE "+name)); err != nil {
				t.Error(err)
			}
		})
		createNotes(t, s)
		fn(t, s)
	})
}

func insertNote(ctx context.Context, t *tx, id int) error {
	_, err := t.exec(ctx, `INSERT INTO note (id, text) VALUES ($1, 'x')`, id)
	return err
}

var errMine = errors.New("mine")

// One transaction's failure, of whatever kind, is not its neighbours', whether many
// fail or few.
func TestTransactionsFailAlone(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]int{"many": 6, "few": 400} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, s *Store) { failAlone(t, s, one) })
		})
	}
}

// failAlone lets transactions of which five in so many fail run beside each other.
func failAlone(t *testing.T, s *Store, one int) {
	t.Helper()
	ctx := context.Background()
	var mu sync.Mutex
	accepted := map[int]bool{}
	var wg sync.WaitGroup
	for caller := range 24 {
		wg.Go(func() {
			for i := range 60 {
				id := caller*1000 + i
				fate := rand.IntN(one)
				err := s.write(ctx, func(t *tx) error {
					if err := insertNote(ctx, t, id); err != nil {
						return err
					}
					switch fate {
					case 0:
						return errMine
					case 1:
						panic("mine")
					case 2: // a violated constraint, reported
						return insertNote(ctx, t, id)
					case 3: // a violated constraint, kept silent
						_ = insertNote(ctx, t, id)
						_ = insertNote(ctx, t, id+500)
						return nil
					case 4: // a statement that is none
						_, err := t.exec(ctx, `SELEC`)
						return err
					}
					return nil
				})
				if (err == nil) != (fate > 4) {
					t.Errorf("what was to end as %d ended with %v", fate, err)
				}
				mu.Lock()
				accepted[id] = err == nil
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err := sameNotes(ctx, s, accepted); err != nil {
		t.Error(err)
	}
}

// Callers that go away before their turn write nothing; those that go away
// later change nothing for themselves or their neighbours.
func TestCancelledCallers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		var mu sync.Mutex
		accepted := map[int]bool{}
		canceled := 0
		var wg sync.WaitGroup
		for caller := range 24 {
			wg.Go(func() {
				for i := range 40 {
					id := caller*1000 + i
					ctx, cancel := context.WithCancel(context.Background())
					if i%2 == 0 {
						time.AfterFunc(time.Duration(rand.IntN(800))*time.Microsecond, cancel)
					}
					ran := false
					err := s.write(ctx, func(t *tx) error {
						if ran = true; i%4 == 0 {
							cancel() // in the middle of the transaction: too late
						}
						if err := insertNote(ctx, t, id); err != nil {
							return err
						}
						_, err := t.exec(ctx, `UPDATE note SET text = 'y' WHERE id = $1`, id)
						return err
					})
					cancel()
					mu.Lock()
					accepted[id] = err == nil
					if err != nil {
						canceled++
					}
					mu.Unlock()
					if err != nil && (ran || !errors.Is(err, context.Canceled)) {
						t.Errorf("got %v, begun: %v; want canceled before it began, or no error", err, ran)
					}
				}
			})
		}
		wg.Wait()
		t.Logf("%d of %d went away before their turn", canceled, len(accepted))
		if err := sameNotes(context.Background(), s, accepted); err != nil {
			t.Error(err)
		}
	})
}

// The page limit makes statements fail in the middle of a group, where SQLite
// may roll all of it back by itself.
func TestFullDatabaseFile(t *testing.T) {
	t.Parallel()
	tune := defaultTuning()
	tune.maxPages = 250
	s, err := open(t.Context(), Options{DSN: filepath.Join(t.TempDir(), "parley.db")}, tune)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	createNotes(t, s)
	ctx := context.Background()
	var mu sync.Mutex
	accepted := map[int]bool{}
	refused := 0
	long := strings.Repeat("x", 20_000)
	var wg sync.WaitGroup
	for caller := range 16 {
		wg.Go(func() {
			for i := range 12 {
				id, text := caller*1000+i, "short"
				if i%3 == 0 {
					text = long
				}
				err := s.write(ctx, func(t *tx) error {
					_, err := t.exec(ctx, `INSERT INTO note (id, text) VALUES ($1, $2)`, id, text)
					return err
				})
				mu.Lock()
				if accepted[id] = err == nil; err != nil {
					refused++
				}
				mu.Unlock()
				if err != nil {
					wantUnavailable(t, err)
				}
			}
		})
	}
	wg.Wait()
	if refused == 0 || refused == len(accepted) {
		t.Errorf("%d of %d were refused: the test tests nothing", refused, len(accepted))
	}
	if err := sameNotes(ctx, s, accepted); err != nil {
		t.Error(err)
	}
	if err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM note WHERE text <> 'short'`)
		return err
	}); err != nil {
		t.Errorf("after the disk was full: %v", err)
	}
}

// Transactions that wait when the store closes are answered, committed or not.
func TestCloseAnswersEverybody(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), Options{DSN: filepath.Join(t.TempDir(), "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	createNotes(t, s)
	ctx := context.Background()
	var wg sync.WaitGroup
	for caller := range 32 {
		wg.Go(func() {
			for i := 0; ; i++ {
				if err := s.write(ctx, func(t *tx) error { return insertNote(ctx, t, caller*100_000+i) }); err != nil {
					wantUnavailable(t, err)
					return
				}
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
}

func TestOnWorkIsCalledAfterTheCommit(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		seen := make(chan int, 10)
		s.OnWork(func() {
			var n int
			if err := s.read.queryRow(ctx, `SELECT count(*) FROM queue`).Scan(&n); err != nil {
				t.Error(err)
			}
			seen <- n
		})
		err := s.write(ctx, func(t *tx) error {
			if err := addWork(ctx, t, parley.WorkTurn, "a", "w", time.Now()); err != nil {
				return err
			}
			return errMine
		})
		if !errors.Is(err, errMine) || len(seen) != 0 {
			t.Errorf("rolled back with %v, and called %d times", err, len(seen))
		}
		if err := s.AddWork(ctx, parley.Work{Kind: parley.WorkTurn, Key: "a"}); err != nil {
			t.Fatal(err)
		}
		if n := <-seen; n != 1 {
			t.Errorf("called when %d pieces of work were to be seen, want 1", n)
		}
	})
}

func TestOneProcessServesAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	first, err := Open(t.Context(), Options{DSN: path})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), Options{DSN: path})
	wantUnavailable(t, err)
	beside, err := Open(t.Context(), Options{DSN: path, Shared: true})
	if err != nil {
		t.Fatalf("a short command beside the server: %v", err)
	}
	for _, s := range []*Store{beside, first} {
		if err := s.CreateWorkspace(t.Context(), &parley.Workspace{Name: "x"}); err != nil {
			t.Error(err)
		}
	}
	if err := errors.Join(beside.Close(), first.Close()); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), Options{DSN: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

// A failed statement kills its transaction on both databases, whether or not
// its error is looked at.
func TestAFailedStatementKillsTheTransaction(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		if err := s.write(ctx, func(t *tx) error { return insertNote(ctx, t, 1) }); err != nil {
			t.Fatal(err)
		}
		var second error
		err := s.write(ctx, func(t *tx) error {
			if err := insertNote(ctx, t, 2); err != nil {
				return err
			}
			if err := insertNote(ctx, t, 1); !isUnique(err) {
				return err
			}
			second = insertNote(ctx, t, 3)
			return nil
		})
		if !isUnique(err) || !errors.Is(second, errDead) {
			t.Errorf("the transaction ended with %v, the statement after with %v", err, second)
		}
		if err := sameNotes(ctx, s, map[int]bool{1: true}); err != nil {
			t.Error(err)
		}
	})
}

// A PostgreSQL that is set not to wait for the disk waits for ours.
func TestPostgreSQLWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		if !s.dialect.postgres() {
			t.Skip("TestNoAnswerBeforeTheLogIsSynced is SQLite's")
		}
		var now, server string
		err := s.read.queryRow(t.Context(), `SELECT current_setting('synchronous_commit'), reset_val
			FROM pg_settings WHERE name = 'synchronous_commit'`).Scan(&now, &server)
		if err != nil || now != "on" {
			t.Errorf("synchronous_commit is %s, %v; the server's is %s", now, err, server)
		}
	})
}

// A long transaction is whole or not there, between the others, and refused
// once the store is closed.
func TestLongTransactions(t *testing.T) {
	t.Parallel()
	s := openOn(t, nil, "FULL")
	ctx := context.Background()
	accepted := map[int]bool{}
	var wg sync.WaitGroup
	var mu sync.Mutex
	for caller := range 8 {
		wg.Go(func() {
			for i := range 10 {
				id := caller*1000 + i
				write := s.write
				if caller%2 == 0 {
					write = s.writer.long
				}
				err := write(ctx, func(t *tx) error {
					if err := insertNote(ctx, t, id); err != nil {
						return err
					}
					if i%3 == 0 {
						return errMine
					}
					return nil
				})
				if (err == nil) != (i%3 != 0) {
					t.Errorf("%d: %v", id, err)
				}
				mu.Lock()
				accepted[id] = err == nil
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err := sameNotes(ctx, s, accepted); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wantUnavailable(t, s.writer.long(ctx, func(*tx) error { return nil }))
}
