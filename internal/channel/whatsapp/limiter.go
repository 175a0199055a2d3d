package whatsapp

import (
	"sync"
	"time"

	"parley"
	"parley/internal/channel"
)

// Meta's rate between one number and one person: bursts of 45, borrowed from
// one message every six seconds ("Throughput", pair rate limits).
const (
	pairBurst = 45
	pairEvery = 6 * time.Second
	pairPause = time.Second // after 131056, growing by four
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
	buckets map[key]*bucket
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

// bucket holds the messages that may go now. Its level may be negative: what
// arrives is counted whether there is room or not.
type bucket struct {
	level    float64
	capacity float64
	perNanos float64 // refill
	at       time.Time
}

func (b *bucket) fill(now time.Time) {
	if d := now.Sub(b.at); d > 0 {
		b.level = min(b.capacity, b.level+float64(d)*b.perNanos)
	}
	b.at = now
}

// wait is the time until a whole message fits.
func (b *bucket) wait() time.Duration {
	if b.level >= 1 {
		return 0
	}
	return time.Duration((1-b.level)/b.perNanos) + 1
}

// pause is a time in which nothing is sent, after Meta has asked for it.
type pause struct {
	until   time.Time
	strikes int       // in a row
	at      time.Time // of the last one
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, buckets: map[key]*bucket{}, pauses: map[key]*pause{}}
}

// take returns how long the next message from s to person has to wait. If that
// is 0, it has taken its place.
func (l *limiter) take(s *parley.Sender, person string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	number, pair := l.number(s, now), l.pair(s, person, now)
	wait := max(number.wait(), pair.wait())
	for _, k := range []key{accountKey(s), senderKey(s), pairKey(s, person)} {
		if p := l.pauses[k]; p != nil {
			wait = max(wait, p.until.Sub(now))
		}
	}
	if wait > 0 {
		return wait
	}
	number.level--
	pair.level--
	return 0
}

// receive counts messages that came in. Meta's limit stands for both ways.
func (l *limiter) receive(s *parley.Sender, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.number(s, l.now())
	// A batch may tell of a day's messages, so it takes a second's worth at most.
	b.level = max(b.level-float64(n), -b.capacity)
}

// strike takes a failure into account and returns how long the scope rests.
func (l *limiter) strike(s *parley.Sender, person string, e *channel.Error) time.Duration {
	if !retries(e) {
		return 0
	}
	var k key
	base, factor, most := e.RetryAfter, time.Duration(2), maxPause
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
		rest = min(rest*factor, max(most, base))
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

func (l *limiter) number(s *parley.Sender, now time.Time) *bucket {
	rate := s.Health.Throughput
	if rate <= 0 {
		rate = defaultThroughput
	}
	b := l.bucket(senderKey(s), float64(rate), float64(rate)/float64(time.Second), now)
	if b.capacity != float64(rate) {
		b.capacity, b.perNanos = float64(rate), float64(rate)/float64(time.Second)
		b.level = min(b.level, b.capacity)
	}
	return b
}

func (l *limiter) pair(s *parley.Sender, person string, now time.Time) *bucket {
	return l.bucket(pairKey(s, person), pairBurst, 1/float64(pairEvery), now)
}

// bucket returns a full one where none is known.
func (l *limiter) bucket(k key, capacity, perNanos float64, now time.Time) *bucket {
	b := l.buckets[k]
	if b == nil {
		b = &bucket{level: capacity, capacity: capacity, perNanos: perNanos, at: now}
		l.buckets[k] = b
	}
	b.fill(now)
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
		if b.fill(now); b.level >= b.capacity {
			delete(l.buckets, k)
		}
	}
	for k, p := range l.pauses {
		if now.Sub(p.at) > 2*maxPairPause && now.After(p.until) {
			delete(l.pauses, k)
		}
	}
}
