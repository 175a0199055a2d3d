package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// rawCommits measures what the database can do at most: single-row inserts,
// each committed durably, over so many connections, without anything of Parley.
// SQLite uses a file of its own in dir. It returns the time that each took.
func rawCommits(ctx context.Context, dir, dsn string, conns int, d time.Duration) (_ *load, err error) {
	driver, source := "pgx", dsn
	if dsn == "" {
		driver = "sqlite"
		source = "file:" + filepath.Join(dir, "commits.db") +
			"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	for _, q := range []string{`DROP TABLE IF EXISTS bench_commit`, `CREATE TABLE bench_commit (body TEXT NOT NULL)`} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return nil, fmt.Errorf("raw commits: %w", err)
		}
	}
	all, err := commitLoop(ctx, db, conns, d)
	_, dropErr := db.ExecContext(ctx, `DROP TABLE bench_commit`)
	return all, errors.Join(err, dropErr)
}

func commitLoop(ctx context.Context, db *sql.DB, conns int, d time.Duration) (*load, error) {
	insert, err := db.PrepareContext(ctx, `INSERT INTO bench_commit (body) VALUES ($1)`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = insert.Close() }()
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		all  = &load{took: d}
		errs []error
		end  = time.Now().Add(d)
		body = strings.Repeat("x", 80)
	)
	for range conns {
		wg.Go(func() {
			var mine latencies
			var failed error
			for failed == nil {
				start := time.Now()
				if start.After(end) {
					break
				}
				if _, failed = insert.ExecContext(ctx, body); failed == nil {
					mine = append(mine, time.Since(start))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all.latencies = append(all.latencies, mine...)
			errs = append(errs, failed)
		})
	}
	wg.Wait()
	return all, errors.Join(errs...)
}
