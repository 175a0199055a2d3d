package graph

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/channel"
)

// ErrorOf returns what Meta's error code means and what to do about it. details
// are Meta's words, "" for none.
//
// Its Stop concerns the whole number or account; what concerns one contact or
// one template is said by its Scope alone.
func ErrorOf(code int, details string) *channel.Error {
	details = Cut(strings.Join(strings.Fields(Clean(details)), " "), 500)
	v, known := verdictOf(code)
	e := &channel.Error{
		Action: v.action, Code: strconv.Itoa(code), Message: v.say, RetryAfter: v.pause,
		Scope: v.scope, Stop: v.stop, Alert: v.alert,
		Err: fmt.Errorf("error %d of WhatsApp: %s", code, cmp.Or(details, "no details")),
	}
	if code < 0 {
		e.Code, e.Message = "unknown", "WhatsApp refuses this and gives no code."
	} else if !known {
		e.Message = fmt.Sprintf("WhatsApp refuses this with error %d, which Parley does not know.", code)
	}
	if details != "" && (v.quote || !known) {
		e.Message += " It says: " + details
	}
	return e
}

// ErrorFrom reads an error object of a webhook or of an answer. The code decides;
// HTTP statuses and titles change without notice.
func ErrorFrom(o Object) *channel.Error {
	code, ok := o.Integer("code")
	if !ok {
		code = -1 // 0 is a code of Meta's
	}
	if sub, ok := o.Integer("error_subcode"); ok {
		if _, known := verdictOf(int(sub)); known && sub > 1_000_000 {
			code = sub
		}
	}
	details := cmp.Or(o.Object("error_data").Text("details"), o.Text("details"), o.Text("error_user_msg"),
		o.Text("message"), o.Text("title"))
	e := ErrorOf(int(code), details)
	if _, known := verdictOf(int(code)); !known && o.Flag("is_transient") {
		e.Action, e.RetryAfter = channel.Retry, ShortPause
	}
	return e
}

// verdict is what a code means.
type verdict struct {
	from, to int // codes
	action   channel.Action
	scope    channel.Scope
	stop     parley.Stop
	alert    bool
	pause    time.Duration
	quote    bool // Meta's details are needed to understand it
	say      string
}

// The pauses before another attempt; those that grow are in backoff.
const (
	ShortPause = 5 * time.Second
	longPause  = time.Minute
	dayPause   = 24 * time.Hour
)

// verdictOf finds the most exact row of a code.
func verdictOf(code int) (v verdict, known bool) {
	best := -1
	for i := range verdicts {
		if r := &verdicts[i]; code >= r.from && code <= r.to && (best < 0 || r.to-r.from < verdicts[best].to-verdicts[best].from) {
			best = i
		}
	}
	if best < 0 {
		// An error is an answer: nothing was sent.
		return verdict{action: channel.Fail}, false
	}
	return verdicts[best], true
}
