package whatsapp

import (
	"sync"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/channel/whatsapp/graph"
)

// Meta's rate between one number and one person: bursts of 45, borrowed from
// one message every six seconds ("Throughput", pair rate limits).
const (
	pairBurst = 45
	pairEvery = 6 * time.Second
)

// The pauses that grow end here.
const (
	maxPairPause = 4096 * time.Second
	maxPause     = 5 * time.Minute
)

// limiter knows how fast each number, and each number with each person, may
// send.
type limiter struct {
	now func() time.Time

	mu      sync.Mutex
	buckets map[key]*graph.Bucket
	pauses  map[key]*pause
	swept   time.Time
}

// key names a number, a number with a person, or an account.
type key struct{ scope, id, person string }

func senderKey(s *parley.Sender) key  { return key{"sender", s.PhoneNumberID, ""} }
func accountKey(s *parley.Sender) key { return key{"account", s.WABAID, ""} }
func pairKey(s *parley.Sender, person string) key {
	return key{"pair", s.PhoneNumberID, person}
}

// pause is a time in which nothing is sent, after Meta has asked for it.
type pause struct {
	until   time.Time
	strikes int       // in a row
	at      time.Time // of the last one
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, buckets: map[key]*graph.Bucket{}, pauses: map[key]*pause{}}
}

// take returns how long the next message from s to person has to wait. If that
// is 0, it has taken its place.
func (l *limiter) take(s *parley.Sender, person string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	number, pair := l.number(s, now), l.pair(s, person, now)
	wait := max(number.Wait(), pair.Wait())
	for _, k := range []key{accountKey(s), senderKey(s), pairKey(s, person)} {
		if p := l.pauses[k]; p != nil {
			wait = max(wait, p.until.Sub(now))
		}
	}
	if wait > 0 {
		return wait
	}
	number.Level--
	pair.Level--
	return 0
}

// receive counts messages that came in. Meta's limit stands for both ways.
func (l *limiter) receive(s *parley.Sender, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.number(s, l.now())
	// A batch may tell of a day's messages, so it takes a second's worth at most.
	b.Level = max(b.Level-float64(n), -b.Capacity)
}

// strike takes a failure into account and returns how long the scope rests.
func (l *limiter) strike(s *parley.Sender, person string, e *channel.Error) time.Duration {
	if e == nil || e.Action != channel.Retry {
		return 0
	}
	var k key
	base, factor, most := e.RetryAfter, 2.0, maxPause
	switch e.Scope {
	case channel.ScopeRecipient:
		k, factor, most = pairKey(s, person), 4, maxPairPause
	case channel.ScopeSender:
		k = senderKey(s)
	case channel.ScopeAccount:
		k = accountKey(s)
	default:
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	p := l.pauses[k]
	if p == nil {
		p = &pause{}
		l.pauses[k] = p
	}
	if now.Before(p.until) {
		// It was sent before the pause began; it says nothing new.
		return p.until.Sub(now)
	}
	rest := base
	for range p.strikes {
		rest = min(time.Duration(float64(rest)*factor), max(most, base))
	}
	p.strikes++
	p.at, p.until = now, now.Add(rest)
	return rest
}

// accepted ends the growth of pauses that are over.
func (l *limiter) accepted(s *parley.Sender, person string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, k := range []key{accountKey(s), senderKey(s), pairKey(s, person)} {
		if p := l.pauses[k]; p != nil && !now.Before(p.until) {
			delete(l.pauses, k)
		}
	}
}

func (l *limiter) number(s *parley.Sender, now time.Time) *graph.Bucket {
	rate := s.Health.Throughput
	if rate <= 0 {
		rate = graph.DefaultThroughput
	}
	every := time.Second / time.Duration(rate)
	b := l.bucket(senderKey(s), float64(rate), every, now)
	if b.Capacity != float64(rate) {
		b.Resize(float64(rate), every)
	}
	return b
}

func (l *limiter) pair(s *parley.Sender, person string, now time.Time) *graph.Bucket {
	return l.bucket(pairKey(s, person), pairBurst, pairEvery, now)
}

// bucket returns a full one where none is known.
func (l *limiter) bucket(k key, capacity float64, every time.Duration, now time.Time) *graph.Bucket {
	b := l.buckets[k]
	if b == nil {
		b = graph.NewBucket(capacity, every, now)
		l.buckets[k] = b
	}
	b.Fill(now)
	return b
}

// sweep forgets, now and then, what is as if it had never been: a bucket that is
// full again, which a pair's is after 4.5 minutes, and old pauses.
func (l *limiter) sweep(now time.Time) {
	if d := now.Sub(l.swept); d >= 0 && d < pairEvery {
		return
	}
	l.swept = now
	for k, b := range l.buckets {
		if b.Fill(now); b.Full() {
			delete(l.buckets, k)
		}
	}
	for k, p := range l.pauses {
		if now.Sub(p.at) > 2*maxPairPause && now.After(p.until) {
			delete(l.pauses, k)
		}
	}
}
