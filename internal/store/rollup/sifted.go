package rollup

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"parley/internal/calendar"
	"parley/internal/store"
	"parley/internal/store/found"
)

// Sifted is what a question about other filters than cells know is answered
// from: the facts of a time that pass, folded into days as all of them are. It
// is made in the background, the newest days first, and kept for a while: the
// parts of a page ask about the same filter.
type Sifted struct {
	from, to int64 // microseconds since 1970
	ready    chan struct{}

	mu     sync.Mutex
	days   map[calendar.Day]packed
	done   float64
	capped bool // a search has ended early
	err    error
	sieve  *sieve // once it is known
	made   time.Time
}

// The bounds of what is sifted: how long an answer is kept, how many are, how
// long one search may take, and how many are made at a time.
const (
	siftedKept   = time.Minute
	siftedLimit  = 16
	searchTime   = 10 * time.Second
	siftTime     = time.Minute
	siftedAtOnce = 2
)

// Sift returns what passes a filter in a time, from one instant on to below
// another, and makes it if it is not there.
func (r *Rollups) Sift(ctx context.Context, s *Served, q *store.ListQuery, from, to int64) *Sifted {
	key := siftKey(s, q, from, to)
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, old := range r.sifted {
		if old.old(r.now()) || len(r.sifted) >= siftedLimit && k != key {
			delete(r.sifted, k)
		}
	}
	if x := r.sifted[key]; x != nil {
		return x
	}
	x := &Sifted{from: from, to: to, ready: make(chan struct{}), days: map[calendar.Day]packed{}, made: r.now()}
	r.sifted[key] = x
	own := *q
	go r.sift(context.WithoutCancel(ctx), s, &own, x)
	return x
}

func siftKey(s *Served, q *store.ListQuery, from, to int64) string {
	own := *q
	own.Cursor, own.Limit, own.Sort = "", 0, ""
	// The zone of the hour is the workspace's.
	text, _ := json.Marshal(struct {
		Query    store.ListQuery
		Zone     string
		Layout   int64
		From, To int64
	}{own, s.Zone.String(), s.layout, from, to}) // of plain values, which always marshal
	return string(text)
}

func (x *Sifted) old(now time.Time) bool {
	select {
	case <-x.ready:
		return now.Sub(x.made) > siftedKept
	default:
		return false
	}
}

// Wait waits until all is there, the time is over, or ctx ends. It reports how
// much there is: 1 is all.
func (x *Sifted) Wait(ctx context.Context, most time.Duration) (done float64, err error) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-x.ready:
	case <-timer.C:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.done, x.err
}

// Capped reports whether the search behind it was ended before it had seen all
// messages: there is no more to come, and something is missing.
func (x *Sifted) Capped() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.capped
}

func (x *Sifted) sieveOf() *sieve {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sieve == nil {
		return nil
	}
	own := *x.sieve // a calendar is not shared
	own.calendar = calendar.New(own.calendar.Location())
	return &own
}

func (x *Sifted) tell(done float64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.done = done
}

// sift makes x.
func (r *Rollups) sift(ctx context.Context, s *Served, q *store.ListQuery, x *Sifted) {
	ctx, cancel := context.WithTimeout(ctx, siftTime)
	defer cancel()
	r.sifting <- struct{}{}
	defer func() { <-r.sifting }()
	err := r.siftDays(ctx, s, q, x)
	x.mu.Lock()
	x.err = err
	x.mu.Unlock()
	close(x.ready)
}

func (r *Rollups) siftDays(ctx context.Context, s *Served, q *store.ListQuery, x *Sifted) error {
	const searchShare = 0.5
	share, begun := 0.0, time.Now()
	if q.Q != "" {
		share = searchShare
	}
	var asked time.Time // when it was looked whether the period has older messages
	var took time.Duration
	v, err := r.newSieve(ctx, q, s, func(f found.Found) (bool, error) {
		x.tell(share * f.Done)
		left := time.Duration(float64(time.Since(begun)) * (1 - f.Done) / f.Done)
		if left > worthLooking && time.Since(asked) > lookAgain*took {
			asked = time.Now()
			if more, err := r.startsBelow(ctx, q.WorkspaceID, x, f.Below); !more || err != nil {
				return false, err
			}
			took = time.Since(asked)
		}
		if time.Since(begun) < searchTime {
			return true, nil
		}
		x.mu.Lock()
		x.capped = true
		x.mu.Unlock()
		return false, nil
	})
	if err != nil {
		return err
	}
	x.mu.Lock()
	x.sieve = v
	x.mu.Unlock()
	c := calendar.New(s.Zone)
	first, last := c.Of(x.from), c.Of(x.to-1)
	for end := last + 1; end > first; {
		begin := max(first, end-siftStep)
		if err := r.siftSome(ctx, q.WorkspaceID, s.layout, v, x, begin, end); err != nil {
			return err
		}
		end = begin
		x.tell(share + (1-share)*float64(last+1-end)/float64(last+1-first))
	}
	x.tell(1)
	return nil
}

// startsBelow reports whether a conversation that started in the time of x has
// a message before n. The first messages of the others are all newer.
func (r *Rollups) startsBelow(ctx context.Context, ws string, x *Sifted, n int64) (is bool, err error) {
	return is, r.db.QueryRow(ctx, `
		SELECT EXISTS (
			SELECT 1 FROM rollup_fact f JOIN message m ON m.conversation_n = f.conversation_n AND m.seq = 1 AND m.n < $4
			WHERE f.workspace_id = $1 AND f.started_at >= $2 AND f.started_at < $3)`, ws, x.from, x.to, n).Scan(&is)
}

// worthLooking is how long a search must still take for startsBelow to be asked,
// which itself takes long; lookAgain is how many times as long as it took until
// it is asked again.
const (
	worthLooking = 2 * time.Second
	lookAgain    = 10
)

// siftStep is how many days are sifted at once.
const siftStep = 14

// siftSome sifts the days from one on to below another.
func (r *Rollups) siftSome(ctx context.Context, ws string, layout int64, v *sieve, x *Sifted, first, end calendar.Day) error {
	rows, err := r.db.Query(ctx, `
		SELECT span, facts FROM rollup_span WHERE workspace_id = $1 AND layout = $2 AND unit = $3 AND span >= $4 AND span < $5`,
		ws, layout, unitDay, int64(first), int64(end))
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var day calendar.Day
		var facts []byte
		if err := row.Scan(&day, &facts); err != nil {
			return struct{}{}, err
		}
		t, err := r.siftDay(ctx, v, x, facts)
		if err == nil && len(t.Cells) > 0 {
			x.keep(day, t.pack())
		}
		return struct{}{}, err
	})
	return err
}

// siftDay adds those facts of a day up that pass.
func (r *Rollups) siftDay(ctx context.Context, v *sieve, x *Sifted, facts []byte) (*Table, error) {
	t := newTable()
	wanted := func(n, started int64) bool { return x.from <= started && started < x.to && v.has(n) }
	return t, r.eachKept(ctx, facts, wanted, func(f *Fact, labels []byte) error {
		if !v.pass(f) {
			return nil
		}
		t.cell(f.Key).AddFact(f, v.calendar.HourOfWeek(f.Started))
		return eachLabel(labels, func(id LabelID, use *LabelUse) { t.label(f.Key, id).Merge(use) })
	})
}

func (x *Sifted) keep(day calendar.Day, p packed) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.days[day] = p
}

// ask answers from the days that there are.
func (x *Sifted) ask(q *Question, c *calendar.Calendar, first, last calendar.Day) error {
	for day := first; day < last; day++ {
		x.mu.Lock()
		p, ok := x.days[day]
		x.mu.Unlock()
		if !ok {
			continue
		}
		if err := p.read(q.reader(c.Start(day).UnixMicro())); err != nil {
			return err
		}
	}
	return nil
}
