package graph

import "time"

// Bucket holds what may be done now: it fills with time up to its capacity, and
// each use takes one out. Its level may be negative, where something is counted
// whether there is room or not.
type Bucket struct {
	Capacity float64
	Level    float64
	every    float64 // nanoseconds for one
	at       time.Time
}

// NewBucket returns a full bucket in which one is refilled in every.
func NewBucket(capacity float64, every time.Duration, now time.Time) *Bucket {
	return &Bucket{Capacity: capacity, Level: capacity, every: float64(every), at: now}
}

// Resize changes the capacity and the rate. What is in it stays.
func (b *Bucket) Resize(capacity float64, every time.Duration) {
	b.Capacity, b.every = capacity, float64(every)
	b.Level = min(b.Level, capacity)
}

// Fill adds what time has brought. A clock that went back brings nothing.
func (b *Bucket) Fill(now time.Time) {
	if d := now.Sub(b.at); d > 0 {
		b.Level = min(b.Capacity, b.Level+float64(d)/b.every)
	}
	b.at = now
}

// Wait is the time until there is one.
func (b *Bucket) Wait() time.Duration {
	if b.Level >= 1 {
		return 0
	}
	return time.Duration((1-b.Level)*b.every) + 1
}

// Full reports whether the bucket is as good as a new one.
func (b *Bucket) Full() bool { return b.Level >= b.Capacity }
