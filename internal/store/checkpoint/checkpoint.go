// Package checkpoint moves SQLite's write-ahead log into the database file
// beside the writer. It knows no table and changes nothing that was committed.
package checkpoint

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

const (
	// every is how often the log is moved into the database file
	// while there are commits.
	every = time.Second
	// maxLogFrames is the length of the log, in pages of 4 KB, from which on the
	// writer lets it end, so that the next commit starts it anew. Writing over
	// what is there needs no new blocks, which makes a commit's fsync several
	// times faster than letting the file grow.
	maxLogFrames = 2 << 10
	// The log's file is made logBytes long once there have been busyFrames
	// pages in it, instead of growing to that with each commit.
	logBytes   = 16 << 20
	busyFrames = 100
)

// Writer is what has to be known of who commits.
type Writer struct {
	Commits *atomic.Int64               // counted by the writer
	Pause   func(fn func() error) error // runs fn while the writer stands still
	Log     *slog.Logger
}

// checkpointer moves the log, so that no commit waits for it.
type checkpointer struct {
	db     *sql.DB
	writer Writer
	path   string // of the log; "" once its file is long
	stop   chan struct{}
	done   chan struct{}
}

// Start moves the log of a database file while there are commits. The function
// that it returns ends that and waits until it has ended.
func Start(db *sql.DB, w Writer, path string) (stop func() error) {
	c := &checkpointer{db: db, writer: w, path: path + "-wal", stop: make(chan struct{}), done: make(chan struct{})}
	go c.loop()
	return func() error {
		close(c.stop)
		<-c.done
		return nil
	}
}

func (c *checkpointer) loop() {
	defer close(c.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var seen int64
	for {
		select {
		case <-c.stop:
			return
		case <-ticker.C:
		}
		if n := c.writer.Commits.Load(); n != seen {
			seen = n
			if err := c.run(); err != nil {
				c.writer.Log.Warn("the write-ahead log could not be moved into the database", "error", err)
			}
		}
	}
}

// extendLog fills the log's file up with zeros, which SQLite takes for the end
// of the log.
func (c *checkpointer) extendLog() error {
	path := c.path
	c.path = ""
	return c.writer.Pause(func() (err error) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		zeros := make([]byte, 1<<20)
		for at := info.Size(); at < logBytes; at += int64(len(zeros)) {
			if _, err := f.WriteAt(zeros, at); err != nil {
				return err
			}
		}
		return f.Sync()
	})
}

// run moves what is in the log. While commits go on, there is more at its end
// by then, and a log starts anew only when all of it has been moved: when it
// has become long, the writer stands still for the little that is left.
func (c *checkpointer) run() error {
	frames, err := c.checkpoint()
	if err == nil && frames >= busyFrames && c.path != "" {
		err = c.extendLog()
	}
	if err != nil || frames < maxLogFrames {
		return err
	}
	if _, err := c.checkpoint(); err != nil {
		return err
	}
	return c.writer.Pause(func() error {
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
