package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley"
	"parley/internal/store"
	"parley/internal/store/pgtest"
	"parley/internal/store/storetest"
)

func TestNodesMigrateOneAfterTheOther(t *testing.T) {
	t.Parallel()
	c, err := pgtest.Shared()
	must(t, err)
	const name = "parley_test_nodes"
	must(t, c.Exec(t.Context(), "CREATE DATABASE "+name))
	t.Cleanup(func() { must(t, c.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")) })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := store.Open(t.Context(), store.Options{DSN: c.URL(name)})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestOtherVersionsOfTheTables(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			dsn := storetest.DSN(t, engine)
			change := func(query string) {
				db, err := sql.Open(map[string]string{"sqlite": "sqlite", "postgres": "pgx"}[engine], dsn)
				must(t, err)
				_, err = db.ExecContext(t.Context(), query)
				must(t, err)
				must(t, db.Close())
			}
			open := func(shared bool) error {
				s, err := store.Open(t.Context(), store.Options{DSN: dsn, Shared: shared})
				if err == nil {
					must(t, s.Close())
				}
				return err
			}
			must(t, open(true))
			change(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
			wantCode(t, open(true), parley.CodeUnavailable)
			wantCode(t, open(false), parley.CodeUnavailable)
			change(`DELETE FROM goose_db_version WHERE version_id > 1`)
			wantCode(t, open(true), parley.CodeUnavailable)
		})
	}
}

func TestAShortCommandMakesNoDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none.db")
	_, err := store.Open(t.Context(), store.Options{DSN: path, Shared: true})
	wantCode(t, err, parley.CodeUnavailable)
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestAServerThatIsNotThereIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), store.Options{DSN: "postgres://parley:hunter2@127.0.0.1:1/parley"})
	wantCode(t, err, parley.CodeUnavailable)
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error tells the password: %v", err)
	}
}

// The table of facets is made anew without its conversations noticing: ids stay,
// and new ones come after them.
func TestFacetsKeepTheirIDs(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			ctx, dsn := t.Context(), storetest.DSN(t, engine)
			s, err := store.Open(ctx, store.Options{DSN: dsn})
			must(t, err)
			must(t, s.Close())
			db, err := sql.Open(map[string]string{"sqlite": "sqlite", "postgres": "pgx"}[engine], dsn)
			must(t, err)
			t.Cleanup(func() { must(t, db.Close()) })
			facet := func(assistant string, more ...string) (id int64) {
				columns, values := "", ""
				for _, name := range more {
					columns, values = columns+", "+name, values+", 0"
				}
				must(t, db.QueryRowContext(ctx, `
					INSERT INTO facet (workspace_id, source, assistant_id, status, waiting, handed_over, has_error, has_attachment, resolved`+columns+`)
					VALUES ('w', 'api', '`+assistant+`', 'active', 0, 0, 0, 0, 0`+values+`) RETURNING id`).Scan(&id))
				return id
			}
			must(t, s.MigrateTo(ctx, db, 17))
			var last int64
			for _, assistant := range []string{"a", "b", "c"} {
				last = facet(assistant)
			}
			must(t, s.MigrateTo(ctx, db, 0))
			var assistant string
			must(t, db.QueryRowContext(ctx, `SELECT assistant_id FROM facet WHERE id = $1`, last).Scan(&assistant))
			if next := facet("d", "reviewed"); assistant != "c" || next <= last {
				t.Errorf("facet %d is of %s, and the next is %d", last, assistant, next)
			}
		})
	}
}
