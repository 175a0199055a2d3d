package app

import (
	"sync/atomic"
	"time"
)

// clock is the real one, except while the demo's past is made: then it shows
// the time that is being made up.
type clock struct {
	real  func() time.Time
	other atomic.Pointer[func() time.Time]
}

// Now returns the time.
func (c *clock) Now() time.Time {
	if other := c.other.Load(); other != nil {
		return (*other)()
	}
	return c.real()
}

// set makes the clock show the time that fn returns; nil, the real one.
func (c *clock) set(fn func() time.Time) {
	if fn == nil {
		c.other.Store(nil)
		return
	}
	c.other.Store(&fn)
}
