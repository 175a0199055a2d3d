package queue

import (
	"errors"
	"fmt"
	"time"
)

// ErrLeaseLost is the cause of the cancellation of a handler's context when
// somebody else holds the work now.
var ErrLeaseLost = errors.New("the lease of the work was lost")

// ErrStopping is the cause of the cancellation of a handler's context when the
// grace time of a stop is over. The work is handed back.
var ErrStopping = errors.New("the runner stops")

// snooze asks for the same work again later.
type snooze struct {
	after time.Duration
	until time.Time
	count bool
	cause error
}

// Error implements error.
func (s *snooze) Error() string {
	if s.cause != nil {
		return fmt.Sprintf("again later: %v", s.cause)
	}
	return "again later"
}

// Unwrap returns the cause.
func (s *snooze) Unwrap() error { return s.cause }

// SnoozeUntil returns the error by which a handler says that nothing is to be
// done before t. It does not count as a failed attempt.
func SnoozeUntil(t time.Time) error { return &snooze{until: t} }

// RetryAfter returns the error by which a handler that failed because of cause
// chooses the time of the next attempt itself.
func RetryAfter(d time.Duration, cause error) error {
	return &snooze{after: d, count: true, cause: cause}
}

// canceled says that trying again is useless.
type canceled struct{ cause error }

// Error implements error.
func (c *canceled) Error() string { return fmt.Sprintf("given up: %v", c.cause) }

// Unwrap returns the cause.
func (c *canceled) Unwrap() error { return c.cause }

// Cancel returns the error by which a handler gives work up for good. The work
// is removed and cause is logged.
func Cancel(cause error) error { return &canceled{cause: cause} }
