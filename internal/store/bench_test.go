package store

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"parley"
)

// benchTables are shaped like what an inbound message touches: a conversation
// with its index for the list, and the log.
const benchTables = `
	CREATE TABLE bench_conversation (
		n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, facet BIGINT NOT NULL, last_text TEXT NOT NULL,
		last_at BIGINT NOT NULL, count BIGINT NOT NULL, next_seq BIGINT NOT NULL, rev BIGINT NOT NULL);
	CREATE INDEX bench_list ON bench_conversation (facet, last_at, n);
	CREATE TABLE bench_message (
		n INTEGER PRIMARY KEY AUTOINCREMENT, conversation BIGINT NOT NULL, seq BIGINT NOT NULL, id TEXT NOT NULL,
		provider_id TEXT NOT NULL, content TEXT NOT NULL, created_at BIGINT NOT NULL);
	CREATE UNIQUE INDEX bench_seq ON bench_message (conversation, seq);
	CREATE UNIQUE INDEX bench_provider ON bench_message (provider_id);`

func openBench(b *testing.B, t tuning) *Store {
	b.Helper()
	s, err := open(b.Context(), Options{DSN: filepath.Join(b.TempDir(), "parley.db")}, t)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	ctx := context.Background()
	err = s.write(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, benchTables); err != nil {
			return err
		}
		for i := range 1000 {
			_, err := t.exec(ctx, `INSERT INTO bench_conversation (id, facet, last_text, last_at, count, next_seq, rev)
				VALUES ($1, $2, '', 0, 0, 1, 0)`, fmt.Sprintf("conversation-%d", i), i%7)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// message is a transaction of the size of an inbound message.
func message(ctx context.Context, s *Store, i int64) error {
	now := time.Now()
	id := parley.NewID(now)
	conv := fmt.Sprintf("conversation-%d", i%1000)
	text := "Hello, where is my order ORD-12345? It should have been here on Monday."
	return s.write(ctx, func(t *tx) error {
		var n, seq int64
		err := t.queryRow(ctx, `
			UPDATE bench_conversation SET rev = rev + 1, next_seq = next_seq + 1, count = count + 1, last_text = $2, last_at = $3
			WHERE id = $1 RETURNING n, next_seq - 1`, conv, text, now.UnixMicro()).Scan(&n, &seq)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `
			INSERT INTO bench_message (conversation, seq, id, provider_id, content, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			n, seq, id, id, text, now.UnixMicro())
		if err != nil {
			return err
		}
		return addWork(ctx, t, parley.WorkTurn, conv, "workspace", now)
	})
}

// BenchmarkWriter measures durable transactions of three statements.
func BenchmarkWriter(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := openBench(b, defaultTuning())
			var next atomic.Int64
			b.SetParallelism((callers + 1) / 2)
			if callers == 1 {
				b.ResetTimer()
				for b.Loop() {
					if err := message(context.Background(), s, next.Add(1)); err != nil {
						b.Fatal(err)
					}
				}
			} else {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := message(context.Background(), s, next.Add(1)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
		})
	}
}
