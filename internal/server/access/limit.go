package access

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley"
)

// Limiter allows each key a steady rate and a burst. It forgets keys that have
// their whole burst again, so that strangers cannot fill the memory. It is safe
// for concurrent use.
type Limiter struct {
	every time.Duration // one more is allowed after it; 0: no limit
	burst int
	now   func() time.Time

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	forgot  time.Time // when the idle ones were forgotten
}

// maxBuckets is how many keys are kept. Idle ones are forgotten after
// forgetEvery, and after fullEvery while there is no room: not at every new key,
// or strangers could keep everybody waiting.
const (
	maxBuckets  = 20_000
	forgetEvery = time.Minute
	fullEvery   = time.Second
)

// NewLimiter returns a limiter that allows a burst, and one more after every;
// 0 is no limit.
func NewLimiter(every time.Duration, burst int, now func() time.Time) *Limiter {
	return &Limiter{every: every, burst: burst, now: now, buckets: map[string]*rate.Limiter{}}
}

// Take counts one event of key. It returns CodeRateLimited with the time to
// wait when there were too many; otherwise undo gives the event back.
func (l *Limiter) Take(key string) (undo func(), err error) {
	return l.TakeAt(key, l.every, l.burst)
}

// TakeAt is Take with a rate of the key's own.
func (l *Limiter) TakeAt(key string, every time.Duration, burst int) (undo func(), err error) {
	if every <= 0 {
		return func() {}, nil
	}
	now := l.now()
	b := l.bucket(key, now, rate.Every(every), burst)
	if b.AllowN(now, 1) {
		return func() { b.AllowN(l.now(), -1) }, nil
	}
	return nil, &parley.Error{
		Code:       parley.CodeRateLimited,
		Message:    "Too many requests. Wait a little and try again.",
		RetryAfter: time.Duration((1 - b.TokensAt(now)) * float64(every)),
	}
}

func (l *Limiter) bucket(key string, now time.Time, limit rate.Limit, burst int) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b != nil {
		if b.Limit() != limit {
			b.SetLimitAt(now, limit)
			b.SetBurstAt(now, burst)
		}
		return b
	}
	pause := forgetEvery
	if len(l.buckets) >= maxBuckets {
		pause = fullEvery
	}
	if now.Sub(l.forgot) >= pause {
		l.forget(now)
	}
	if len(l.buckets) >= maxBuckets {
		key = "" // everybody new shares one bucket until there is room again
		if b = l.buckets[key]; b != nil {
			return b
		}
	}
	b = rate.NewLimiter(limit, burst)
	l.buckets[key] = b
	return b
}

// forget keeps the keys that have not their whole burst. They are kept in a new
// map, for one does not become smaller.
func (l *Limiter) forget(now time.Time) {
	kept := map[string]*rate.Limiter{}
	for k, b := range l.buckets {
		if b.TokensAt(now) < float64(b.Burst()) {
			kept[k] = b
		}
	}
	l.buckets, l.forgot = kept, now
}
