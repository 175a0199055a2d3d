package widget

import (
	"time"

	"parley/internal/server/access"
)

// limits are what one visitor, one address and one widget may do. Those of
// messages are settings of the widget; the others keep strangers from wearing
// the server out.
type limits struct {
	requests struct{ address, visitor *access.Limiter }
	tokens   *access.Limiter // new visitors of an address
	identify *access.Limiter // tries to be somebody, of an address
	starts   struct{ address, visitor *access.Limiter }
	messages *access.Limiter // by key and rate
	uploads  *access.Limiter // of a visitor
	typing   *access.Limiter // of a visitor

	unlimited bool // addresses are not limited
}

func newLimits(unlimited bool, now func() time.Time) limits {
	l := limits{unlimited: unlimited}
	address := func(every time.Duration, burst int) *access.Limiter {
		if unlimited {
			every = 0
		}
		return access.NewLimiter(every, burst, now)
	}
	// Many people may share an address: an office, a mobile network.
	l.requests.address = address(20*time.Millisecond, 300)
	l.requests.visitor = access.NewLimiter(100*time.Millisecond, 100, now)
	l.tokens = address(time.Second, 60)
	l.identify = address(time.Second, 60)
	l.starts.address = address(2*time.Second, 60)
	l.starts.visitor = access.NewLimiter(20*time.Second, 6, now)
	l.messages = access.NewLimiter(time.Second, 1, now)
	l.uploads = access.NewLimiter(3*time.Second, 20, now)
	l.typing = access.NewLimiter(time.Second, 5, now)
	return l
}

// message counts a message against the limits of its visitor, address and
// widget. It returns CodeRateLimited.
func (s *Visitors) message(c *call) error {
	l := &c.widget.Settings.Limits
	keys := []struct {
		key string
		n   int
	}{
		{"v" + c.widget.ID + c.who.ID, l.MessagesPerMinute}, {"a" + c.widget.ID + s.Address(c.r), l.AddressPerMinute},
		{"w" + c.widget.ID, l.WidgetPerMinute},
	}
	var taken []func()
	for _, k := range keys {
		if s.limits.unlimited && k.key[0] != 'v' {
			continue
		}
		undo, err := s.limits.messages.TakeAt(k.key, perMinute(k.n), max(1, k.n/2))
		if err != nil {
			for _, give := range taken {
				give()
			}
			return err
		}
		taken = append(taken, undo)
	}
	return nil
}
