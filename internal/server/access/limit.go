package access

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley"
)

// limiter allows each key a steady rate and a burst. It forgets keys that have
// their whole burst again, so that strangers cannot fill the memory.
type limiter struct {
	every time.Duration // one more is allowed after it; 0: no limit
	burst int
	now   func() time.Time

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// maxBuckets is how many keys are kept before the idle ones are forgotten.
const maxBuckets = 20_000

func newLimiter(every time.Duration, burst int, now func() time.Time) *limiter {
	return &limiter{every: every, burst: burst, now: now, buckets: map[string]*rate.Limiter{}}
}

// take counts one event of key. It returns CodeRateLimited with the time to
// wait when there were too many; otherwise undo gives the event back.
func (l *limiter) take(key string) (undo func(), err error) {
	if l.every <= 0 {
		return func() {}, nil
	}
	now := l.now()
	b := l.bucket(key, now)
	if b.AllowN(now, 1) {
		return func() { b.AllowN(l.now(), -1) }, nil
	}
	return nil, &parley.Error{
		Code:       parley.CodeRateLimited,
		Message:    "Too many requests. Wait a little and try again.",
		RetryAfter: time.Duration((1 - b.TokensAt(now)) * float64(l.every)),
	}
}

func (l *limiter) bucket(key string, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b != nil {
		return b
	}
	if len(l.buckets) >= maxBuckets {
		for k, old := range l.buckets {
			if old.TokensAt(now) >= float64(l.burst) {
				delete(l.buckets, k)
			}
		}
	}
	if len(l.buckets) >= maxBuckets {
		key = "" // everybody new shares one bucket until there is room again
		if b = l.buckets[key]; b != nil {
			return b
		}
	}
	b = rate.NewLimiter(rate.Every(l.every), l.burst)
	l.buckets[key] = b
	return b
}
