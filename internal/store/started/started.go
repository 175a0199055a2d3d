// Package started holds the filters of the list that are behind the numbers of
// analytics, which count conversations by when they started. It only writes
// conditions: it must never read the database itself.
package started

import (
	"maps"
	"slices"
	"strings"
	"time"

	"parley/internal/calendar"
)

// Filter selects conversations; its zero value selects all. FirstReply and
// Labels ask what package rollup has found out, which is a moment behind.
type Filter struct {
	StartedFrom, StartedTo time.Time // StartedTo exclusive; zero: open
	Version                int       // of the assistant; 0: any
	Priced                 *bool     // whether the price of every call is known
	Replied                *bool
	// FirstReplyFrom and FirstReplyTo bound how long the contact waited for the
	// first reply, FirstReplyTo exclusive; 0: open.
	FirstReplyFrom, FirstReplyTo time.Duration
	HourOfWeek                   *HourOfWeek
	Labels                       map[string]string // folded values by their kind, see rollup.LabelValue
}

// HourOfWeek is an hour on the clocks of a zone, from Monday at midnight, 0, to
// 167.
type HourOfWeek struct {
	Hour int
	Zone *time.Location
}

// Where adds the conditions, each with " AND " before it, on a conversation c of
// a workspace. bind adds an argument and returns its name. ordered says that
// the order of the list answers the bounds of time already.
func (f *Filter) Where(ws string, ordered bool, bind func(any) string) string {
	var w strings.Builder
	if !ordered {
		w.WriteString(f.Times(bind))
	}
	if f.Version != 0 {
		w.WriteString(" AND c.assistant_version = " + bind(f.Version))
	}
	if f.Priced != nil {
		w.WriteString(either(*f.Priced, " AND c.unknown_calls = 0", " AND c.unknown_calls > 0"))
	}
	if reply := f.firstReply(bind); reply != "" {
		w.WriteString(` AND (SELECT COUNT(*) FROM rollup_fact f WHERE f.conversation_n = c.n` + reply + `) = 1`)
	}
	if f.HourOfWeek != nil {
		w.WriteString(` AND ` + f.hourOfWeek(bind) + ` = ` + bind(f.HourOfWeek.Hour))
	}
	for _, kind := range slices.Sorted(maps.Keys(f.Labels)) {
		w.WriteString(` AND (SELECT COUNT(*) FROM rollup_labeled l WHERE l.conversation_n = c.n AND l.label_id = (` +
			Label(ws, kind, f.Labels[kind], bind) + `)) = 1`)
	}
	return w.String()
}

// Label renders the id of a label.
func Label(ws, kind, value string, bind func(any) string) string {
	return `SELECT id FROM rollup_label WHERE workspace_id = ` + bind(ws) + ` AND kind = ` + bind(kind) + ` AND value = ` + bind(value)
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// Times adds the conditions on when a conversation c started.
func (f *Filter) Times(bind func(any) string) string {
	where := ""
	if !f.StartedFrom.IsZero() {
		where += " AND c.started_at >= " + bind(f.StartedFrom.UnixMicro())
	}
	if !f.StartedTo.IsZero() {
		where += " AND c.started_at < " + bind(f.StartedTo.UnixMicro())
	}
	return where
}

// firstReply returns the conditions on the first reply of a fact f.
func (f *Filter) firstReply(bind func(any) string) string {
	where := ""
	if f.Replied != nil {
		where += either(*f.Replied, " AND f.first_reply >= 0", " AND f.first_reply < 0")
	}
	if f.FirstReplyFrom > 0 || f.FirstReplyTo > 0 {
		where += " AND f.first_reply >= " + bind(f.FirstReplyFrom.Microseconds())
	}
	if f.FirstReplyTo > 0 {
		where += " AND f.first_reply < " + bind(f.FirstReplyTo.Microseconds())
	}
	return where
}

const hour = int64(time.Hour / time.Microsecond)

// hourOfWeek renders the hour of the week in which a conversation started: local
// time is UTC with an offset, which changes at instants that are listed.
func (f *Filter) hourOfWeek(bind func(any) string) string {
	number := func(v int64) string { return `CAST(` + bind(v) + ` AS BIGINT)` }
	from, to := f.StartedFrom, f.StartedTo
	if first := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); from.Before(first) { // before there was Parley
		from = first
	}
	if last := time.Now().AddDate(1, 0, 0); to.IsZero() || to.After(last) {
		to = last
	}
	var cases strings.Builder
	at := from.In(f.HourOfWeek.Zone)
	for {
		_, offset := at.Zone()
		next, ok := calendar.ClocksChange(at)
		if !ok || !next.Before(to) {
			last := number(int64(offset) * 1e6)
			if cases.Len() > 0 {
				last = `CASE` + cases.String() + ` ELSE ` + last + ` END`
			}
			monday := 3 * 24 * hour // 1970 began on a Thursday
			return `(c.started_at + ` + last + ` + ` + number(monday) + `) / ` + number(hour) + ` % ` + number(7*24)
		}
		cases.WriteString(` WHEN c.started_at < ` + number(next.UnixMicro()) + ` THEN ` + number(int64(offset)*1e6))
		at = next.In(f.HourOfWeek.Zone)
	}
}
