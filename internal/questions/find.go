package questions

import (
	"cmp"
	"slices"

	"parley"
	"parley/internal/store/topics"
	"parley/internal/topic"
)

// mostHeard is how many of a contact's messages are heard at most, from the
// first on.
const mostHeard = 50

// heard is a message of the contact, or that a person was asked for. What it
// says is found out when somebody asks.
type heard struct {
	seq     int64
	text    string
	handoff bool
	said    *topic.Said
}

func (h *heard) listen() *topic.Said {
	if h.said == nil {
		s := topic.Hear(h.text)
		h.said = &s
	}
	return h.said
}

// find returns the questions of a conversation: the first that was asked, and
// the one that seems to have had no answer.
func find(l *topics.Log) topics.Found {
	lines := hear(l.Lines)
	f := topics.Found{N: l.N, Rev: l.Rev, Asked: firstAsked(lines)}
	note := func(seq int64, why parley.Unanswered) {
		if seq == 0 {
			return
		}
		f.Reasons |= why
		if f.Unanswered == 0 {
			f.Unanswered = seq
		}
	}
	// The surest sign comes first: it says which message it was.
	for _, span := range l.Unknown {
		note(lastAsked(lines, span[0], span[1]), parley.UnansweredUnknown)
	}
	note(repeated(lines), parley.UnansweredRepeated)
	note(beforeHandoff(lines, f.Asked), parley.UnansweredHandover)
	if l.Resolved != nil && !*l.Resolved {
		note(f.Asked, parley.UnansweredUnresolved)
	}
	return f
}

func hear(lines []topics.Line) []heard {
	out := make([]heard, 0, min(len(lines), mostHeard))
	for _, l := range lines {
		switch {
		case l.Handoff:
			out = append(out, heard{seq: l.Seq, handoff: true})
		case len(out) < mostHeard:
			out = append(out, heard{seq: l.Seq, text: l.Text})
		}
	}
	return out
}

// mostLooked is among how many of the contact's first messages their question
// is looked for.
const mostLooked = 8

// firstAsked returns the first message that surely asks, else the first that
// perhaps does, 0 if none does.
func firstAsked(lines []heard) int64 {
	perhaps := int64(0)
	for i := range lines[:min(len(lines), mostLooked)] {
		switch lines[i].listen().Asks() {
		case topic.AsksSurely:
			return lines[i].seq
		case topic.AsksPerhaps:
			perhaps = cmp.Or(perhaps, lines[i].seq)
		}
	}
	return perhaps
}

// lastAsked returns the last message of some that asks.
func lastAsked(lines []heard, from, to int64) (seq int64) {
	for i := range lines {
		if l := &lines[i]; l.seq >= from && l.seq <= to && l.listen().Asks() != topic.AsksNothing {
			seq = l.seq
		}
	}
	return seq
}

// repeated returns the first message that asks what one shortly before it asked
// already.
func repeated(lines []heard) int64 {
	echoes := make([]topic.Echo, len(lines))
	for i := range lines {
		echoes[i] = topic.EchoOf(lines[i].text)
		for j := max(0, i-3); j < i; j++ {
			if echoes[i].MayRepeat(echoes[j]) && lines[i].listen().Repeats(lines[j].listen()) {
				return lines[i].seq
			}
		}
	}
	return 0
}

// beforeHandoff returns what was asked last before a person was asked for: not
// the asking for a person, unless there is nothing else.
func beforeHandoff(lines []heard, asked int64) int64 {
	handed := slices.IndexFunc(lines, func(l heard) bool { return l.handoff })
	if handed < 0 {
		return 0
	}
	last, lastForPerson := int64(0), int64(0)
	for i := range lines[:handed] {
		switch said := lines[i].listen(); {
		case said.Asks() != topic.AsksSurely:
		case said.WantsPerson():
			lastForPerson = lines[i].seq
		default:
			last = lines[i].seq
		}
	}
	return cmp.Or(last, lastForPerson, asked)
}
