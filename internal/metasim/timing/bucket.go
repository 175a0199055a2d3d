package timing

import "time"

// Bucket is a token bucket. Its zero value is full.
type Bucket struct {
	used float64 // tokens that are missing
	at   time.Time
}

// Take takes a token if there is one.
func (b *Bucket) Take(now time.Time, size, perSecond float64) bool {
	b.refill(now, perSecond)
	if b.used+1 > size {
		return false
	}
	b.used++
	return true
}

// Drain takes a token, if there is one or not: what arrives cannot be refused.
func (b *Bucket) Drain(now time.Time, size, perSecond float64) {
	b.refill(now, perSecond)
	b.used = min(b.used+1, size)
}

func (b *Bucket) refill(now time.Time, perSecond float64) {
	if passed := now.Sub(b.at); passed > 0 {
		b.used = max(0, b.used-passed.Seconds()*perSecond)
		b.at = now
	}
}
