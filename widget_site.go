package parley

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// WidgetHours are when people are there.
type WidgetHours struct {
	Enabled          bool        `json:"enabled"`
	TimeZone         string      `json:"time_zone"`         // IANA
	AssistantAnswers bool        `json:"assistant_answers"` // outside of the hours as well
	Open             []WidgetDay `json:"open"`
}

// WidgetDay is one span of a weekday.
type WidgetDay struct {
	Day  int    `json:"day"`  // 0 is Sunday, as in time.Weekday
	From string `json:"from"` // 09:00
	To   string `json:"to"`   // 17:30; 24:00 is the end of the day
}

// clockTime returns the minutes since midnight of 09:30; false if s is no time.
func clockTime(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	hours, errH := strconv.Atoi(h)
	minutes, errM := strconv.Atoi(m)
	whole := hours*60 + minutes
	return whole, ok && errH == nil && errM == nil && len(h) == 2 && len(m) == 2 &&
		hours >= 0 && minutes >= 0 && minutes < 60 && whole <= 24*60
}

// Closed reports whether now is outside of the hours, and when they begin
// again: the zero time if they do not within a week.
func (h *WidgetHours) Closed(now time.Time) (closed bool, opens time.Time) {
	if !h.Enabled {
		return false, time.Time{}
	}
	zone, err := time.LoadLocation(h.TimeZone)
	if err != nil {
		return false, time.Time{}
	}
	now = now.In(zone)
	minute := now.Hour()*60 + now.Minute()
	for ahead := range 8 {
		day := time.Date(now.Year(), now.Month(), now.Day()+ahead, 0, 0, 0, 0, zone)
		first := -1
		for _, d := range h.Open {
			from, _ := clockTime(d.From)
			to, _ := clockTime(d.To)
			if time.Weekday(d.Day) != day.Weekday() {
				continue
			}
			if ahead == 0 && from <= minute && minute < to {
				return false, time.Time{}
			}
			if (ahead > 0 || from > minute) && (first < 0 || from < first) {
				first = from
			}
		}
		if first >= 0 {
			return true, time.Date(day.Year(), day.Month(), day.Day(), 0, first, 0, 0, zone)
		}
	}
	return true, time.Time{}
}

// AllowsOrigin reports whether a site may use the widget: the value of an
// Origin header. With an empty list every site may.
func (s *WidgetSettings) AllowsOrigin(origin string) bool {
	return len(s.Origins) == 0 ||
		slices.ContainsFunc(s.Origins, func(entry string) bool { return originMatches(entry, origin) })
}

// originMatches compares an origin with an entry of the list: equal, or below
// its domain when the entry's host begins with "*.".
func originMatches(entry, origin string) bool {
	scheme, host, ok := strings.Cut(entry, "://")
	gotScheme, gotHost, gotOK := strings.Cut(origin, "://")
	if !ok || !gotOK || scheme != strings.ToLower(gotScheme) {
		return false
	}
	gotHost = strings.ToLower(gotHost)
	domain, wild := strings.CutPrefix(host, "*")
	if !wild {
		return host == gotHost
	}
	sub, below := strings.CutSuffix(gotHost, domain)
	return below && sub != "" && !strings.ContainsAny(sub, "/@:[]?#")
}

// CleanOrigin returns an entry of the list of origins in the form that browsers
// send: lower case, without a default port or a path. It returns CodeInvalid
// for what is no origin.
func CleanOrigin(entry string) (string, error) {
	bad := Errorf(CodeInvalid, "%q is not a site such as https://shop.example.com or https://*.example.com.", entry)
	u, err := url.Parse(strings.TrimSpace(entry))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil ||
		u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return "", bad
	}
	host := strings.ToLower(u.Host)
	host = strings.TrimSuffix(host, map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
	name := strings.TrimPrefix(host, "*.")
	if strings.ContainsAny(name, "*,; '\"") || strings.HasPrefix(name, ".") || len(host) > 253 ||
		name != host && !strings.Contains(name, ".") {
		return "", bad
	}
	for _, r := range host {
		if r <= ' ' || r > '~' {
			return "", Errorf(CodeInvalid, "%q: write the domain in ASCII, as in xn--…, the way browsers send it.", entry)
		}
	}
	return u.Scheme + "://" + host, nil
}

// parseColor reads #rrggbb.
func parseColor(s string) (r, g, b float64, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return 0, 0, 0, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return float64(n >> 16), float64(n >> 8 & 255), float64(n & 255), err == nil
}

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(s string) float64 {
	r, g, b, _ := parseColor(s)
	linear := func(c float64) float64 {
		c /= 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// Contrast is the contrast ratio of two colours, from 1 to 21 (WCAG 2.2).
func Contrast(one, other string) float64 {
	a, b := luminance(one), luminance(other)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}
