// Package storetest runs a test on a fresh, migrated store of each database:
// SQLite, and a real PostgreSQL (see pgtest). It must never be used outside of
// tests.
package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/internal/secret"
	"parley/internal/store"
	"parley/internal/store/pgtest"
)

// Engines are the databases that every store test runs on.
func Engines() []string { return []string{"sqlite", "postgres"} }

// Run runs fn as a parallel subtest on each database.
func Run(t *testing.T, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	RunWith(t, store.Options{}, fn)
}

// RunWith is Run with options; DSN is set, and Keyring if it is nil.
func RunWith(t *testing.T, o store.Options, fn func(t *testing.T, s *store.Store)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			fn(t, OpenWith(t, engine, o))
		})
	}
}

// Open returns a fresh store on one database; the test closes it.
func Open(t testing.TB, engine string) *store.Store {
	t.Helper()
	return OpenWith(t, engine, store.Options{})
}

// OpenWith is Open with options; DSN is set, and Keyring if it is nil.
func OpenWith(t testing.TB, engine string, o store.Options) *store.Store {
	t.Helper()
	o.DSN = DSN(t, engine)
	if o.Keyring == nil {
		o.Keyring = Keyring(t)
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

// Keyring returns a keyring with a new key.
func Keyring(t testing.TB) *secret.Keyring {
	t.Helper()
	k, err := secret.Parse(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// DSN returns the name of a fresh, migrated database, which goes with the test.
func DSN(t testing.TB, engine string) string {
	t.Helper()
	if engine == "postgres" {
		return postgresDSN(t)
	}
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "parley.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sqliteTemplate is a migrated, empty database file.
var sqliteTemplate = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "parley-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "parley.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// postgresTemplate is a cluster with a migrated, empty database.
var postgresTemplate = sync.OnceValues(func() (*template, error) {
	c, err := pgtest.Shared()
	if err != nil {
		return nil, err
	}
	name := randomName()
	if err := c.Exec(context.Background(), "CREATE DATABASE "+name); err != nil {
		return nil, err
	}
	return &template{c, name}, migrate(c.URL(name))
})

type template struct {
	cluster *pgtest.Cluster
	name    string
}

func migrate(dsn string) error {
	s, err := store.Open(context.Background(), store.Options{DSN: dsn})
	if err != nil {
		return err
	}
	return s.Close()
}

func postgresDSN(t testing.TB) string {
	t.Helper()
	from, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	ctx, name := context.Background(), randomName()
	create := fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, from.name)
	// The connection that migrated the template may take a moment to go.
	for deadline := time.Now().Add(time.Minute); ; {
		if err = from.cluster.Exec(ctx, create); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Cleanup(func() {
		if err := from.cluster.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return from.cluster.URL(name)
}

func randomName() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return "parley_test_" + hex.EncodeToString(b[:])
}
