// Package calendar divides time into the days and months of a time zone, whose
// clocks may skip midnight or show it twice. It computes and does no I/O.
package calendar

import "time"

// Day is a local day, in days since 1970-01-01.
type Day int64

// Month is a local month, in months since January 1970.
type Month int64

const secondsPerDay = 24 * 60 * 60

// DayOn returns the day with a date.
func DayOn(year int, month time.Month, day int) Day {
	return Day(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), secondsPerDay))
}

// Date returns the date of a day.
func (d Day) Date() (year int, month time.Month, day int) {
	return time.Unix(int64(d)*secondsPerDay, 0).UTC().Date()
}

// Weekday counts from Monday, 0, to Sunday, 6.
func (d Day) Weekday() int { return int(((d+3)%7 + 7) % 7) } // 1970 began on a Thursday

// Month returns the month of a day.
func (d Day) Month() Month {
	y, m, _ := d.Date()
	return Month((y-1970)*12 + int(m) - 1)
}

// First returns the first day of a month.
func (m Month) First() Day { return DayOn(1970, time.January+time.Month(m), 1) }

// String returns the month as in 2026-11.
func (m Month) String() string { return m.in("2006-01") }

// Name returns the month as in November 2026.
func (m Month) Name() string { return m.in("January 2006") }

func (m Month) in(layout string) string {
	return time.Unix(int64(m.First())*secondsPerDay, 0).UTC().Format(layout)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Calendar divides time into the days of a zone. A day lasts from the first
// instant that has its date until the next day begins, 23 to 25 hours where
// clocks are changed. It is not safe for concurrent use: it remembers the day
// that it looked at last.
type Calendar struct {
	loc        *time.Location
	day        Day
	start, end int64 // of day, microseconds since 1970
}

// New returns the calendar of a zone.
func New(loc *time.Location) *Calendar { return &Calendar{loc: loc} }

// Location returns the zone.
func (c *Calendar) Location() *time.Location { return c.loc }

// Start returns the first instant of a day.
func (c *Calendar) Start(d Day) time.Time {
	y, m, day := d.Date()
	midnight := time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
	// From where it surely is the day before, follow the zone's offsets.
	for at := midnight.Add(-15 * time.Hour).In(c.loc); ; {
		_, offset := at.Zone()
		start := midnight.Add(-time.Duration(offset) * time.Second)
		next, ok := ClocksChange(at)
		if !ok || start.Before(next) {
			if start.Before(at) { // the change of the offset has skipped midnight
				return at.UTC()
			}
			return start
		}
		at = next.In(c.loc)
	}
}

// Of returns the day of an instant, given in microseconds since 1970.
func (c *Calendar) Of(at int64) Day {
	if c.start <= at && at < c.end {
		return c.day
	}
	y, m, day := time.UnixMicro(at).In(c.loc).Date()
	d := DayOn(y, m, day)
	start := c.Start(d).UnixMicro()
	for at < start { // a change of the clocks has brought the date back
		d--
		start = c.Start(d).UnixMicro()
	}
	end := c.Start(d + 1).UnixMicro()
	for at >= end {
		d, start, end = d+1, end, c.Start(d+2).UnixMicro()
	}
	c.day, c.start, c.end = d, start, end
	return d
}

// HourOfWeek returns the hour that a clock of the zone shows, counted from
// Monday at midnight: 0 to 167.
func (c *Calendar) HourOfWeek(at int64) int {
	t := time.UnixMicro(at).In(c.loc)
	return (int(t.Weekday())+6)%7*24 + t.Hour()
}

// Hour returns the time during which the clock showed the hour that it shows at
// an instant, without a break.
func (c *Calendar) Hour(at int64) (start, end time.Time) {
	t := time.UnixMicro(at).In(c.loc)
	start = t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	end = start.Add(time.Hour)
	if from, _ := t.ZoneBounds(); start.Before(from) {
		start = from
	}
	if to, ok := ClocksChange(t); ok && end.After(to) {
		end = to
	}
	return start.UTC(), end.UTC()
}

// ClocksChange returns a time after at until which the zone of at keeps its
// offset; ok is false if it keeps it for good.
func ClocksChange(at time.Time) (next time.Time, ok bool) {
	for from := at; ; from = from.AddDate(0, 0, 2) {
		_, next = from.ZoneBounds()
		if next.IsZero() || next.After(at) {
			return next, !next.IsZero()
		}
		// On the last day of a leap year the library names the day's beginning.
	}
}

// MonthOf returns the month of an instant in the zone.
func (c *Calendar) MonthOf(t time.Time) Month { return c.Of(t.UnixMicro()).Month() }

// MonthStart returns the first instant of a month.
func (c *Calendar) MonthStart(m Month) time.Time { return c.Start(m.First()) }
