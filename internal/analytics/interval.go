package analytics

import (
	"slices"
	"time"

	"parley"
	"parley/internal/calendar"
)

// Interval is what a chart over time is divided into.
type Interval string

// The intervals. Weeks begin on Monday.
const (
	ByHour  Interval = "hour"
	ByDay   Interval = "day"
	ByWeek  Interval = "week"
	ByMonth Interval = "month"
)

// The bounds of a chart over time.
const (
	maxHours  = 8 * 24 // each is counted from the conversations themselves
	maxPoints = 1200
)

// Span is a time, End exclusive.
type Span struct{ Start, End time.Time }

// auto is the interval that suits a number of days.
func auto(days calendar.Day) Interval {
	switch {
	case days <= 2:
		return ByHour
	case days <= 92:
		return ByDay
	case days <= 400:
		return ByWeek
	}
	return ByMonth
}

// spans divides a time by an interval; the first and the last are cut to it. It
// returns CodeInvalid for too many.
func spans(c *calendar.Calendar, within Span, by Interval) ([]Span, error) {
	tooMany := parley.Errorf(parley.CodeInvalid, "A chart by %s of that time has too many points. Choose a longer interval.", by)
	var all []Span
	for at := within.Start; at.Before(within.End); {
		end := next(c, at, by)
		if end.After(within.End) {
			end = within.End
		}
		all = append(all, Span{at, end})
		if by == ByHour && len(all) > maxHours+1 || len(all) > maxPoints {
			return nil, tooMany
		}
		at = end
	}
	return all, nil
}

// next is when the interval after the one of an instant begins.
func next(c *calendar.Calendar, at time.Time, by Interval) time.Time {
	day := c.Of(at.UnixMicro())
	switch by {
	case ByHour:
		_, end := c.Hour(at.UnixMicro())
		return end
	case ByWeek:
		return c.Start(day + calendar.Day(7-day.Weekday()))
	case ByMonth:
		return c.Start((day.Month() + 1).First())
	}
	return c.Start(day + 1)
}

// indexOf returns the span that an instant lies in, -1 for none.
func indexOf(all []Span, at int64) int {
	i, found := slices.BinarySearchFunc(all, at, func(s Span, at int64) int {
		switch {
		case s.End.UnixMicro() <= at:
			return -1
		case s.Start.UnixMicro() > at:
			return 1
		}
		return 0
	})
	if !found {
		return -1
	}
	return i
}
