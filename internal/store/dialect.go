package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect holds all that differs between the two databases and is not a
// migration. The SQL in the rest of the package is the same text for both.
type dialect struct {
	name string // "sqlite" or "postgres"
	// now is the database's clock in microseconds, for leases.
	now string
	// skipLocked ends a SELECT of rows that other transactions must not get
	// meanwhile; forUpdate ends one that waits for them instead, and forShare one
	// of rows that others may read meanwhile and not change.
	skipLocked, forUpdate, forShare string
}

func sqliteDialect() *dialect {
	return &dialect{
		name: "sqlite",
		now:  `CAST(unixepoch('subsec') * 1000000 AS INTEGER)`,
	}
}

func postgresDialect() *dialect {
	return &dialect{
		name:       "postgres",
		now:        `CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)`,
		skipLocked: `FOR UPDATE SKIP LOCKED`,
		forUpdate:  `FOR UPDATE`,
		forShare:   `FOR SHARE`,
	}
}

func (d *dialect) postgres() bool { return d.name == "postgres" }

// isUnique reports whether err is the violation of a unique constraint.
func isUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505"
}
