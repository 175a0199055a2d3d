package bench

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"parley"
	"parley/internal/bench/progress"
	"parley/internal/server/wire"
	"parley/internal/token"
)

// ExportCommand measures an export through the API, beside a plain copy of the
// rows that it reads.
type ExportCommand struct {
	Filled `embed:""`

	Format string `help:"Of the export: jsonl, csv, xlsx, openai, sharegpt or markdown." default:"jsonl"`
	Days   int    `help:"Only conversations of the last so many days that there are; 0: all."`

	out io.Writer // nil: os.Stdout
}

// budgetExportMB is the most memory that a server may take while it exports, in
// all.
const budgetExportMB = 150.0

// Run implements the command.
func (c *ExportCommand) Run(ctx context.Context) (err error) {
	q, err := c.openQueries(ctx, "export", 0)
	if err != nil {
		return err
	}
	q.report.Setup = "The server is a child process whose resident memory is read from /proc; the plain copy is made by this one, afterwards."
	from, key, err := c.prepare(ctx, q)
	if err = errors.Join(err, q.store.Close()); err != nil {
		return err
	}
	if err := c.measure(ctx, q.report, from, key); err != nil {
		return err
	}
	if err := c.copyPlain(ctx, q.report, q.data.Workspace, from); err != nil {
		return err
	}
	return q.report.print(c.out, c.Printing)
}

// prepare makes a key for the export, and finds where it begins.
func (c *ExportCommand) prepare(ctx context.Context, q *queries) (from time.Time, key string, err error) {
	if c.Days > 0 {
		w, err := q.store.Workspace(ctx, q.data.Workspace)
		if err != nil {
			return from, "", err
		}
		from = w.CreatedAt.AddDate(0, 0, -c.Days).UTC().Truncate(time.Microsecond)
	}
	key = token.New(token.KeyPrefix)
	return from, key, q.store.CreateAPIKey(ctx, &parley.APIKey{
		WorkspaceID: q.data.Workspace, ID: parley.NewID(time.Now()), Name: "export", Prefix: key[:token.KeyShown], Hash: token.Hash(key),
		Scopes: []parley.Permission{parley.PermConversationsExport}, CreatedAt: time.Now(),
	})
}

// measure lets a server export, and watches its memory.
func (c *ExportCommand) measure(ctx context.Context, r *report, from time.Time, key string) (err error) {
	addr, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	args := []string{"serve", "--listen", addr, "--data", c.Data, "--log-level", "warn"}
	if c.DB != "" {
		args = append(args, "--db", c.DB)
	}
	server, err := startChild(ctx, addr, key, "/healthz", os.Environ(), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	rest, most := server.memory(), int64(0)
	ask := wire.NewExport{Format: parley.ExportFormat(c.Format)}
	if !from.IsZero() {
		ask.Filter.From = &from
	}
	var e wire.Export
	start := time.Now()
	if err := server.call(ctx, http.MethodPost, "/exports", ask, &e); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.call(ctx, http.MethodDelete, "/exports/"+e.ID, nil, nil)) }()
	bar, before := progress.New(-1, 0, "conversations"), int64(0)
	for !e.State.Finished() {
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
		most = max(most, server.memory())
		if err := server.call(ctx, http.MethodGet, "/exports/"+e.ID, nil, &e); err != nil {
			return err
		}
		bar.Add(int(e.Done - before))
		before = e.Done
	}
	took := time.Since(start)
	bar.Finish()
	if e.State != parley.ExportDone {
		return fmt.Errorf("the export ended as %s: %s", e.State, e.Error)
	}
	fetched, fetching, err := c.fetch(ctx, server, e.File.URL, &most)
	if err != nil {
		return err
	}
	out := r.table("Export as "+c.Format, "what", "conversations", "MB", "seconds", "conversations a second", "MB a second")
	out.row("written by the queue", int(e.Done), megabytes(e.Size), took, perSecond(int(e.Done), took), perSecond(int(megabytes(e.Size)), took))
	out.row("fetched", int(e.Done), megabytes(fetched), fetching, nil, perSecond(int(megabytes(fetched)), fetching))
	r.table("Memory", "when", "resident MB").row("at rest before", megabytes(rest))
	r.Tables[len(r.Tables)-1].row("most", megabytes(most))
	r.budget("resident MB, most", megabytes(most), budgetExportMB, megabytes(most) <= budgetExportMB, "")
	return nil
}

// fetch reads the file and throws it away.
func (c *ExportCommand) fetch(ctx context.Context, server *child, path string, most *int64) (n int64, took time.Duration, err error) {
	start := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+server.Addr+path, nil)
	if err != nil {
		return 0, 0, err
	}
	req.Header.Set("Authorization", "Bearer "+server.Key)
	res, err := server.http.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = res.Body.Close() }()
	for buf := make([]byte, 1<<20); err == nil; {
		var got int
		got, err = res.Body.Read(buf)
		n += int64(got)
		*most = max(*most, server.memory())
	}
	if !errors.Is(err, io.EOF) {
		return n, 0, err
	}
	return n, time.Since(start), nil
}

// plainTables are the tables that an export of whole conversations reads, and how
// their rows name the conversation.
var plainTables = []struct{ name, by string }{
	{"conversation", "n"}, {"message", "conversation_n"}, {"variable", "conversation_n"}, {"usage", "conversation_n"}, {"evaluation", "conversation_n"},
}

// copyPlain reads the same rows with nothing of Parley in between, and writes their
// columns to a file as they come.
func (c *ExportCommand) copyPlain(ctx context.Context, r *report, ws string, from time.Time) (err error) {
	driver, source := "pgx", c.DB
	if c.DB == "" {
		driver, source = "sqlite", "file:"+(&url.URL{Path: filepath.Join(c.Data, "parley.db")}).EscapedPath()+"?mode=ro"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	f, err := os.CreateTemp(c.Data, "plain-copy-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	out := r.table("Plain copy of the same rows", "table", "rows", "MB", "seconds", "rows a second")
	w := &counted{w: bufio.NewWriterSize(f, 1<<20)}
	start, conversations := time.Now(), 0
	for _, t := range plainTables {
		begun, before := time.Now(), w.n
		rows, err := copyTable(ctx, db, w, t.name, t.by, ws, from)
		if err != nil {
			return err
		}
		if t.name == "conversation" {
			conversations = rows
		}
		out.row(t.name, rows, megabytes(w.n-before), time.Since(begun), perSecond(rows, time.Since(begun)))
	}
	if err := errors.Join(w.w.Flush(), f.Sync()); err != nil {
		return err
	}
	took := time.Since(start)
	out.row("all", nil, megabytes(w.n), took, nil)
	r.note("The plain copy takes %s: %.0f conversations a second.", cell(took), perSecond(conversations, took))
	return nil
}

// counted counts what is written.
type counted struct {
	w *bufio.Writer
	n int64
}

func (c *counted) write(b []byte) error {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return err
}

func copyTable(ctx context.Context, db *sql.DB, w *counted, table, by, ws string, from time.Time) (n int, err error) {
	query, args := `SELECT * FROM `+table+` WHERE workspace_id = $1`, []any{ws} //nolint:gosec // the tables are named above
	if !from.IsZero() {
		query += ` AND ` + by + ` IN (SELECT n FROM conversation WHERE workspace_id = $1 AND last_activity_at >= $2)`
		args = append(args, from.UnixMicro())
	}
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	raw, dest := make([]sql.RawBytes, len(names)), make([]any, len(names))
	for i := range raw {
		dest[i] = &raw[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(dest...); err != nil {
			return n, err
		}
		for _, b := range raw {
			if err := w.write(b); err != nil {
				return n, err
			}
			if err := w.write(tab); err != nil {
				return n, err
			}
		}
		if err := w.write(line); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

var tab, line = []byte("\t"), []byte("\n")
