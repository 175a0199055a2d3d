package metasim

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"hash/fnv"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/hook"
	"parley/internal/metasim/ledger"
	"parley/internal/metasim/media"
	"parley/internal/metasim/screen"
	"parley/internal/metasim/timing"
	"parley/internal/metasim/world"
)

// Config says what is simulated. Every zero value has a default.
type Config struct {
	// Seed decides what is left to chance. 0 is a new one at every start: what
	// keeps a database from run to run must not see the same message ids again.
	Seed uint64
	Now  func() time.Time

	AppID       string
	AppSecret   string
	VerifyToken string
	Token       string // the bearer token of the business
	WebhookURL  string // "": webhooks are dropped until it is set
	BaseURL     string // how the Graph routes are reached, for the URLs of media

	Portfolio world.Portfolio
	Accounts  []world.Account
	People    []world.Person

	HTTP        *http.Client  // for webhooks; nil: one that reaches this machine only
	Concurrency int           // webhooks under way at once
	RetryFirst  time.Duration // pause before the first redelivery; it doubles
	RetryMax    time.Duration // the longest pause
	StatusDelay time.Duration // from one status of a message to the next, about
	ReviewDelay time.Duration // until a template is reviewed

	KeepMessages int   // newest messages of a chat
	KeepEvents   int   // newest events
	KeepLedger   int   // newest entries of each kind
	KeepMedia    int64 // bytes of media

	FreeServiceMessages int // each number and month
	Faults              world.Faults
}

// Defaults of Config.
const (
	DefaultToken       = "EAAsimulatedtoken"
	DefaultAppSecret   = "test-app-secret"
	DefaultVerifyToken = "verify-me"
	defaultAppID       = "634974688087057"
	defaultFree        = 1000
)

func (c *Config) fill() {
	c.AppID = cmp.Or(c.AppID, defaultAppID)
	c.AppSecret = cmp.Or(c.AppSecret, DefaultAppSecret)
	c.VerifyToken = cmp.Or(c.VerifyToken, DefaultVerifyToken)
	c.Token = cmp.Or(c.Token, DefaultToken)
	if c.Seed == 0 {
		var b [8]byte
		_, _ = rand.Read(b[:]) // never fails
		c.Seed = binary.LittleEndian.Uint64(b[:])
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Portfolio.ID == "" {
		c.Portfolio = world.DefaultPortfolio()
	}
	if c.Accounts == nil {
		c.Accounts = world.DefaultAccounts()
	}
	if c.People == nil {
		c.People = world.DefaultPeople()
	}
	if c.HTTP == nil {
		c.HTTP = hook.LocalClient()
	}
	c.Concurrency = timing.OrDefault(c.Concurrency, 8)
	c.RetryFirst = timing.OrDefault(c.RetryFirst, 250*time.Millisecond)
	c.RetryMax = timing.OrDefault(c.RetryMax, time.Minute)
	c.StatusDelay = timing.OrDefault(c.StatusDelay, 400*time.Millisecond)
	c.ReviewDelay = timing.OrDefault(c.ReviewDelay, 3*time.Second)
	c.KeepMessages = timing.OrDefault(c.KeepMessages, 1000)
	c.KeepEvents = timing.OrDefault(c.KeepEvents, 10_000)
	c.KeepLedger = timing.OrDefault(c.KeepLedger, 200_000)
	c.KeepMedia = timing.OrDefault(c.KeepMedia, 256<<20)
	c.FreeServiceMessages = timing.OrDefault(c.FreeServiceMessages, defaultFree)
}

// Sim is one simulated Meta. Create it with New and let Run carry out what is
// due; until then webhooks wait.
type Sim struct {
	cfg    Config
	graph  http.Handler
	poster hook.Poster
	aged   atomic.Int64 // nanoseconds by which the past has moved

	mu        sync.Mutex
	work      *sync.Cond // of mu: there is something for a webhook worker
	stopped   bool       // Run has ended
	faults    world.Faults
	webhook   string
	token     TokenState
	portfolio world.Portfolio
	accounts  []*account
	numbers   []*number
	people    []*person
	who       map[string]*person // people by each of their names
	templates []*graph.Template
	files     *media.Shelf
	uploads   graph.Uploads
	outbox    []*update   // not sent yet
	ready     []*delivery // to be sent again
	due       timing.Schedule
	dueWake   chan struct{}
	pending   int // updates, deliveries and things due that are not done
	counts    map[string]int64
	book      ledger.Book
	feed      *screen.Feed
	calls     map[string][]time.Time // management calls by account, the last hour
	lastID    uint64
}

// New returns a simulator.
func New(cfg Config) *Sim {
	cfg.fill()
	s := &Sim{
		cfg: cfg, faults: cfg.Faults, webhook: cfg.WebhookURL, portfolio: cfg.Portfolio,
		token:   TokenState{Valid: true, Scopes: []string{scopeManagement, scopeMessaging}},
		poster:  hook.Poster{HTTP: cfg.HTTP, Secret: cfg.AppSecret},
		dueWake: make(chan struct{}, 1), counts: map[string]int64{}, who: map[string]*person{}, calls: map[string][]time.Time{},
	}
	s.work = sync.NewCond(&s.mu)
	s.feed = screen.NewFeed(cfg.KeepEvents)
	s.files = media.NewShelf(cfg.KeepMedia)
	s.book.Keep = cfg.KeepLedger
	for _, a := range cfg.Accounts {
		s.addAccount(a)
	}
	for _, p := range cfg.People {
		s.addPerson(p)
	}
	for _, a := range s.accounts {
		s.templates = append(s.templates, graph.DefaultTemplates(a.ID)...)
	}
	s.graph = s.graphRoutes()
	return s
}

// ServeHTTP serves the Graph routes.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.graph.ServeHTTP(w, r) }

// Run delivers webhooks and does what is due until ctx ends.
func (s *Sim) Run(ctx context.Context) error {
	s.mu.Lock()
	s.stopped = false
	s.mu.Unlock()
	end := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		s.stopped = true
		s.mu.Unlock()
		s.work.Broadcast()
	})
	defer end()
	var wg sync.WaitGroup
	for range s.cfg.Concurrency {
		wg.Go(func() { s.deliverLoop(ctx) })
	}
	s.dueLoop(ctx)
	wg.Wait()
	s.cfg.HTTP.CloseIdleConnections()
	return nil
}

// now is the time on the simulator's own records. It runs ahead of the wall
// clock by what Age has been given, which puts older records into the past.
func (s *Sim) now() time.Time { return s.cfg.Now().Add(time.Duration(s.aged.Load())) }

// wall turns a time of the simulator's records into one for the outside.
func (s *Sim) wall(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-time.Duration(s.aged.Load())).UTC()
}

// Age moves everything that the simulator remembers d into the past: windows
// close, media and their URLs run out, buckets fill, what waits becomes due.
func (s *Sim) Age(d time.Duration) {
	if d <= 0 {
		return
	}
	s.mu.Lock()
	s.aged.Add(int64(d))
	s.counts["aged_seconds"] += int64(d / time.Second)
	s.event(screen.Event{Type: "aged"})
	s.mu.Unlock()
	s.wakeDue()
}

// Quiet waits until every webhook was answered and every status was sent.
func (s *Sim) Quiet(ctx context.Context) error {
	for {
		if s.Pending() == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Pending returns how many updates and other things due are not done yet.
func (s *Sim) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pending
}

// Hash mixes the seed with what something is drawn for.
func (s *Sim) Hash(parts ...string) uint64 {
	h := fnv.New64a()
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], s.cfg.Seed)
	_, _ = h.Write(b[:])
	for _, p := range parts {
		_, _ = h.Write([]byte(p))
		_, _ = h.Write([]byte{0})
	}
	// FNV alone leaves the high bits of short inputs alike.
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// draw returns a number in [0, 1) for what it is drawn for.
func (s *Sim) draw(parts ...string) float64 { return float64(s.Hash(parts...)>>11) / (1 << 53) }

// after does something in d; mu is held, now and then.
func (s *Sim) after(d time.Duration, run func()) {
	s.pending++
	s.due.Add(s.now().Add(d), run)
	s.wakeDue()
}

func (s *Sim) wakeDue() {
	select {
	case s.dueWake <- struct{}{}:
	default:
	}
}

// dueLoop does what is due. It looks again at least every 100 ms while
// something waits, because the clock may be one that a test moves.
func (s *Sim) dueLoop(ctx context.Context) {
	const look = 100 * time.Millisecond
	for ctx.Err() == nil {
		s.mu.Lock()
		run, wait, some := s.due.Due(s.now())
		for ; run != nil; run, wait, some = s.due.Due(s.now()) {
			run()
			s.pending--
		}
		s.mu.Unlock()
		wait = min(wait, look)
		if !some {
			wait = time.Hour
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-s.dueWake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// event tells the screens that something changed; mu is held.
func (s *Sim) event(e screen.Event) {
	e.At = s.wall(s.now())
	s.feed.Add(e)
}

// EventsAfter returns what happened after an event; if that is nothing, it
// waits for something until ctx ends.
func (s *Sim) EventsAfter(ctx context.Context, after uint64) screen.Events {
	for {
		s.mu.Lock()
		out, more := s.feed.After(after), s.feed.More()
		s.mu.Unlock()
		if len(out.Data) > 0 || out.Resync {
			return out
		}
		select {
		case <-more:
		case <-ctx.Done():
			return out
		}
	}
}

// Report returns the whole ledger.
func (s *Sim) Report() ledger.Ledger { return s.ReportAfter(0, 4*s.cfg.KeepLedger) }

// ReportAfter returns what of the ledger comes after an entry, at most limit
// entries of each kind.
func (s *Sim) ReportAfter(after uint64, limit int) ledger.Ledger {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.book.Report(after, limit, s.wall)
	r.Counts = maps.Clone(s.counts)
	return r
}
