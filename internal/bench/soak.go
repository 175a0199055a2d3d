package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"parley"
)

// SoakCommand lets visitors come and go for long. Each opens the chat, asks
// something, reads the answer and stays until others have taken its place.
type SoakCommand struct {
	Fresh `embed:""`

	For      time.Duration `help:"How long visitors come and go." default:"30m"`
	Warm     time.Duration `help:"How long they do before the memory is taken that it begins with; until then the caches of the database fill, 65 MB." default:"15m"`
	Visitors int           `help:"How many have the chat open at a time." default:"1000"`
	Rate     float64       `help:"How many come in a second." default:"50"`
	Settle   time.Duration `help:"How long the server may come to rest before it is measured." default:"15s"`

	out io.Writer // nil: os.Stdout
}

// budgetSoak is what the memory may be at the end, of what it was.
const budgetSoak = share(1.10)

// Run implements the command.
func (c *SoakCommand) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(c.Dir, "parley-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r := newReport("soak", databaseName(c.DB),
		"Visitors come through HTTP, ask the built-in answerer and go again. Resident memory is that of the server, with nobody there.")
	server, err := startParley(ctx, dir, c.DB)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	v, err := newVisitors(ctx, server, parley.AssistantActive)
	if err != nil {
		return err
	}
	defer v.close()
	out := r.table("Memory", "after", "visitors so far", "resident MB")
	s := &soak{SoakCommand: c, visitors: v}
	began, err := s.churn(ctx, c.Warm)
	if err != nil {
		return err
	}
	out.row(c.Warm, s.came, megabytes(began))
	ended, err := s.churn(ctx, c.For)
	if err != nil {
		return err
	}
	out.row(c.Warm+c.For, s.came, megabytes(ended))
	kept := share(float64(ended) / float64(max(began, 1)))
	r.budget("memory at the end, of that at the beginning", kept, budgetSoak, kept <= budgetSoak, fmt.Sprintf("%d visitors", s.came))
	return r.print(c.out, c.Printing)
}

// soak is a run of the command.
type soak struct {
	*SoakCommand
	*visitors
	mu   sync.Mutex
	came int
}

// churn lets visitors come and go for a while and returns the memory that the
// server takes when all have gone.
func (s *soak) churn(ctx context.Context, d time.Duration) (int64, error) {
	const atOnce = 8
	stop := time.Now().Add(d)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			if err := s.comeAndGo(ctx, stop, s.Visitors/atOnce, s.Rate/atOnce); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return 0, err
	}
	if err := pause(ctx, s.Settle); err != nil {
		return 0, err
	}
	return s.server.memory(), nil
}

// comeAndGo lets one visitor after the other come, and the first of too many go.
func (s *soak) comeAndGo(ctx context.Context, stop time.Time, room int, rate float64) error {
	var here []*visit
	defer func() {
		for _, one := range here {
			one.stream.close()
		}
	}()
	next := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer next.Stop()
	for time.Now().Before(stop) {
		select {
		case <-next.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		one, err := s.chat(ctx)
		if err != nil {
			return err
		}
		here = append(here, one)
		if len(here) > room {
			here[0].stream.close()
			here = here[1:]
		}
	}
	return nil
}

// chat lets a visitor come, ask something and read the answer.
func (s *soak) chat(ctx context.Context) (*visit, error) {
	s.mu.Lock()
	s.came++
	k := s.came
	s.mu.Unlock()
	one, err := s.enter(ctx, k)
	if err != nil {
		return nil, err
	}
	if err := s.listen(ctx, one); err != nil {
		return nil, err
	}
	said := map[string]string{"client_id": uuid.NewString(), "content": fmt.Sprintf("Where is order %d?", k)}
	err = s.call(ctx, one.from, one.token, "/conversations/"+one.conversation+"/messages", said, &struct{}{})
	if err == nil {
		err = one.stream.until(`"role":"assistant"`)
	}
	if err != nil {
		one.stream.close()
		return nil, fmt.Errorf("visitor %d: %w", k, err)
	}
	return one, nil
}
