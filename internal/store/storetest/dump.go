package storetest

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Dump returns all that a database holds: on SQLite the bytes of its file and of
// its log, on PostgreSQL the rows as text.
func Dump(t testing.TB, engine, dsn string) string {
	t.Helper()
	if engine == "sqlite" {
		return read(t, dsn) + read(t, dsn+"-wal")
	}
	return rows(t, dsn)
}

// Live is Dump without the pages of a SQLite file that are free, and without its
// log: the store is closed.
func Live(t testing.TB, engine, dsn string) string {
	t.Helper()
	if engine != "sqlite" {
		return rows(t, dsn)
	}
	// https://www.sqlite.org/fileformat2.html: the header's page size at 16 and
	// first trunk of the free pages at 32; a trunk names the next one, how many
	// leaves it has, and these.
	file := []byte(read(t, dsn))
	size := int(binary.BigEndian.Uint16(file[16:]))
	if size == 1 {
		size = 65536
	}
	page := func(n uint32) []byte { return file[int(n-1)*size : int(n)*size] }
	for trunk := binary.BigEndian.Uint32(file[32:]); trunk != 0; {
		b := page(trunk)
		next, leaves := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
		for i := range leaves {
			clear(page(binary.BigEndian.Uint32(b[8+4*i:])))
		}
		clear(b)
		trunk = next
	}
	return string(file)
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func rows(t testing.TB, dsn string) string {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	names, err := db.QueryContext(t.Context(), `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = names.Close() }()
	var all strings.Builder
	for names.Next() {
		var name string
		var text sql.NullString
		if err := names.Scan(&name); err != nil {
			t.Fatal(err)
		}
		query := fmt.Sprintf(`SELECT string_agg(x::text, ' ') FROM %q x`, name) //nolint:gosec // of the catalogue
		if err := db.QueryRowContext(t.Context(), query).Scan(&text); err != nil {
			t.Fatal(err)
		}
		all.WriteString(text.String)
	}
	if err := names.Err(); err != nil {
		t.Fatal(err)
	}
	return all.String()
}
