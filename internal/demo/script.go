package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley"
)

// scene is one conversation of the script.
type scene struct {
	source  parley.Source
	name    string // of the contact, "" for somebody unknown
	handle  string // phone, visitor or external id
	ago     time.Duration
	version string // "wholesale": the other assistant
	lines   []string
}

// parseScript reads conversations.txt: a heading per conversation,
//
//	== source | name | handle | days hours minutes ago [| wholesale]
//
// and below it what the contact writes, a line a message. A line that begins
// with '@' is something else that happens, see seeder.direct.
func parseScript(script string) ([]scene, error) {
	var scenes []scene
	for n, line := range strings.Split(script, "\n") {
		line = strings.TrimSpace(line)
		heading, isHeading := strings.CutPrefix(line, "== ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case isHeading:
			s, err := parseHeading(heading)
			if err != nil {
				return nil, fmt.Errorf("conversations.txt, line %d: %w", n+1, err)
			}
			scenes = append(scenes, s)
		case len(scenes) == 0:
			return nil, fmt.Errorf("conversations.txt, line %d: no heading above it", n+1)
		default:
			last := &scenes[len(scenes)-1]
			last.lines = append(last.lines, line)
		}
	}
	return scenes, nil
}

func parseHeading(heading string) (scene, error) {
	parts := strings.Split(heading, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) < 4 {
		return scene{}, fmt.Errorf("a heading has four parts: %q", heading)
	}
	ago, err := parseAgo(parts[3])
	s := scene{source: parley.Source(parts[0]), name: parts[1], handle: parts[2], ago: ago}
	if !s.source.Valid() {
		return scene{}, fmt.Errorf("no source %q", s.source)
	}
	if len(parts) > 4 {
		s.version = parts[4]
	}
	return s, err
}

// parseAgo reads "12d 7h 30m".
func parseAgo(s string) (time.Duration, error) {
	var total time.Duration
	for part := range strings.FieldsSeq(s) {
		n, err := strconv.Atoi(part[:len(part)-1])
		if err != nil {
			return 0, fmt.Errorf("%q is no time ago", s)
		}
		switch part[len(part)-1] {
		case 'd':
			total += time.Duration(n) * 24 * time.Hour
		case 'h':
			total += time.Duration(n) * time.Hour
		case 'm':
			total += time.Duration(n) * time.Minute
		default:
			return 0, fmt.Errorf("%q is no time ago", s)
		}
	}
	return total, nil
}
