package calendar_test

import (
	"testing"
	"time"

	"parley/internal/calendar"
)

// A year ends as any other day, in leap years beyond the tables of zones too.
func TestCalendarDividesTime(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "America/Asuncion", "Asia/Kolkata", "Pacific/Chatham"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{2026, 2028, 2040, 2041, 2096} {
			c := calendar.New(loc)
			for d := calendar.DayOn(year, time.January, 1); d <= calendar.DayOn(year+1, time.January, 2); d++ {
				start := c.Start(d)
				if y, m, day := start.In(loc).Date(); calendar.DayOn(y, m, day) != d {
					t.Fatalf("%s: day %d starts at %v", name, d, start)
				}
				for at, want := range map[int64]calendar.Day{start.UnixMicro(): d, start.UnixMicro() - 1: d - 1} {
					if got := c.Of(at); got != want {
						t.Fatalf("%s: %v is of day %d, not %d", name, time.UnixMicro(at).In(loc), got, want)
					}
				}
				if from, to := c.Hour(start.UnixMicro()); from.After(start) || !to.After(start) {
					t.Fatalf("%s: the hour of %v is %v to %v", name, start, from, to)
				}
			}
		}
	}
}
