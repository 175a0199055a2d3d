package checkpoint

import (
	"bytes"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver
)

// database is a file with one writer, which can be made to stand still.
type database struct {
	t       *testing.T
	path    string
	db      *sql.DB
	mu      sync.Mutex
	commits atomic.Int64
	rows    int
	log     bytes.Buffer
}

func open(t *testing.T) *database {
	t.Helper()
	d := &database{t: t, path: filepath.Join(t.TempDir(), "parley.db")}
	d.db = d.connect()
	d.exec(`CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT NOT NULL)`)
	return d
}

func (d *database) connect() *sql.DB {
	d.t.Helper()
	db, err := sql.Open("sqlite", d.path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(0)")
	if err != nil {
		d.t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	d.t.Cleanup(func() { _ = db.Close() })
	return db
}

func (d *database) exec(query string, args ...any) {
	d.t.Helper()
	if _, err := d.db.Exec(query, args...); err != nil {
		d.t.Fatal(err)
	}
}

// commit writes a transaction of so many pages.
func (d *database) commit(pages int) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.exec(`BEGIN`)
	for range pages {
		d.rows++
		d.exec(`INSERT INTO row (body) VALUES ($1)`, strings.Repeat("x", 4000))
	}
	d.exec(`COMMIT`)
	d.commits.Add(1)
}

func (d *database) writer() Writer {
	pause := func(fn func() error) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		return fn()
	}
	return Writer{Commits: &d.commits, Pause: pause, Log: slog.New(slog.NewTextHandler(&d.log, nil))}
}

func (d *database) checkpointer() *checkpointer {
	return &checkpointer{db: d.connect(), writer: d.writer(), path: d.path + "-wal"}
}

func (d *database) size(suffix string) int64 {
	d.t.Helper()
	info, err := os.Stat(d.path + suffix)
	if err != nil {
		d.t.Fatal(err)
	}
	return info.Size()
}

// whole fails unless another process would find every row.
func (d *database) whole() {
	d.t.Helper()
	db := d.connect()
	var rows int
	var verdict string
	if err := db.QueryRow(`SELECT count(*) FROM row`).Scan(&rows); err != nil || rows != d.rows {
		d.t.Errorf("%d rows of %d: %v", rows, d.rows, err)
	}
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		d.t.Errorf("the database: %s %v", verdict, err)
	}
}

func TestTheLogIsMoved(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.checkpointer()
	d.commit(20)
	before := d.size("")
	if err := c.run(); err != nil {
		t.Fatal(err)
	}
	if after := d.size(""); after <= before {
		t.Errorf("the database has %d bytes, as before", after)
	}
	if c.path == "" || d.size("-wal") >= logBytes {
		t.Error("a log that is hardly used was made long")
	}
	d.whole()
}

// The zeros behind a log that is made long are no commits, also for who opens
// the database after a crash, and the file stays as long as it is.
func TestALongLogStartsAnew(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.checkpointer()
	long := int64(0)
	for range 5 {
		for range maxLogFrames/200 + 1 {
			d.commit(200)
		}
		if err := c.run(); err != nil {
			t.Fatal(err)
		}
		size := d.size("-wal")
		if long == 0 {
			long = size
		}
		if size < logBytes || size != long {
			t.Errorf("the log has %d bytes after %d, and is to have %d", size, long, logBytes)
		}
		d.whole()
	}
	d.commit(1)
	crashed := open(t)
	crashed.rows = d.rows
	if err := crashed.db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(d.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(crashed.path+suffix, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	crashed.whole()
}

func TestItRunsWhileThereAreCommits(t *testing.T) {
	t.Parallel()
	d := open(t)
	stop := Start(d.connect(), d.writer(), d.path)
	before := d.size("")
	d.commit(20)
	for deadline := time.Now().Add(time.Minute); d.size("") <= before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the log was not moved")
		}
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	d.whole()
	if d.log.Len() > 0 {
		t.Errorf("it complains: %s", d.log.String())
	}
}

// A failure is said and tried again; it does not hold up whoever commits.
func TestAFailureIsSaid(t *testing.T) {
	t.Parallel()
	d := open(t)
	gone := d.connect()
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	c := &checkpointer{db: gone, writer: d.writer(), path: d.path + "-wal"}
	if err := c.run(); err == nil {
		t.Error("no error")
	}
	d.commit(1)
	d.whole()
	if err := c.extendLog(); err != nil {
		t.Fatal(err)
	}
	if err := (&checkpointer{writer: d.writer(), path: filepath.Join(t.TempDir(), "none")}).extendLog(); err == nil {
		t.Error("a log that is not there was made long")
	}
}
