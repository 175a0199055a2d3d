package demo

import (
	"sync"
	"time"
)

// past is a clock in the past. It runs faster than the real one, so that a
// reply that takes milliseconds seems to take a second or two, and it never
// goes back.
type past struct {
	mu    sync.Mutex
	base  time.Time // what it showed
	since time.Time // when, by the real clock
}

// speed is how much faster the past runs.
const speed = 120

func newPast(t time.Time) *past { return &past{base: t, since: time.Now()} }

// Now returns the time that the clock shows.
func (p *past) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now()
}

func (p *past) now() time.Time { return p.base.Add(time.Since(p.since) * speed) }

// advance moves the clock on.
func (p *past) advance(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.base, p.since = p.now().Add(d), time.Now()
}

// moveTo sets the clock to t, unless it is later already.
func (p *past) moveTo(t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); now.After(t) {
		t = now
	}
	p.base, p.since = t, time.Now()
}
