package store

import (
	"context"
	"database/sql"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	// checkpointEvery is how often the log is moved into the database file
	// while there are commits.
	checkpointEvery = time.Second
	// maxLogFrames is the length of the log, in pages, from which on the writer
	// lets it end, so that the next commit starts it anew: 128 MB.
	maxLogFrames = 32 << 10
)

// checkpointer moves SQLite's write-ahead log into the database file beside
// the writer, so that no commit waits for it.
type checkpointer struct {
	db      *sql.DB
	writer  *writer
	log     *slog.Logger
	commits *atomic.Int64 // counted by the writer
	stop    chan struct{}
	done    chan struct{}
}

func newCheckpointer(db *sql.DB, w *writer) *checkpointer {
	c := &checkpointer{db: db, writer: w, log: w.log, commits: &w.commits, stop: make(chan struct{}), done: make(chan struct{})}
	go c.loop()
	return c
}

func (c *checkpointer) close() error {
	close(c.stop)
	<-c.done
	return nil
}

func (c *checkpointer) loop() {
	defer close(c.done)
	ticker := time.NewTicker(checkpointEvery)
	defer ticker.Stop()
	var seen int64
	for {
		select {
		case <-c.stop:
			return
		case <-ticker.C:
		}
		if n := c.commits.Load(); n != seen {
			seen = n
			if err := c.run(); err != nil {
				c.log.Warn("the write-ahead log could not be moved into the database", "error", err)
			}
		}
	}
}

// run moves what is in the log. While commits go on, there is more at its end
// by then, and a log starts anew only when all of it has been moved: when it
// has become long, the writer stands still for the little that is left.
func (c *checkpointer) run() error {
	frames, err := c.checkpoint()
	if err != nil || frames < maxLogFrames {
		return err
	}
	if _, err := c.checkpoint(); err != nil {
		return err
	}
	return c.writer.pause(func() error {
		_, err := c.checkpoint()
		return err
	})
}

// checkpoint moves as much of the log as nobody is reading, and returns how
// long the log is, in pages.
func (c *checkpointer) checkpoint() (frames int, err error) {
	var busy, moved int
	err = c.db.QueryRowContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &frames, &moved)
	return frames, err
}
