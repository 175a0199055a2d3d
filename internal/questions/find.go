package questions

import (
	"cmp"

	"parley"
	"parley/internal/store/topics"
	"parley/internal/topic"
)

// mostLooked is among how many of the contact's first messages their question
// is looked for.
const mostLooked = 8

// find returns the questions of a conversation: the first that was asked, and
// the one that seems to have had no answer.
func find(l *topics.Log) topics.Found {
	f := topics.Found{N: l.N, Rev: l.Rev, Asked: firstAsked(l.Lines)}
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
		note(lastAsked(l.Lines, span[0], span[1]), parley.UnansweredUnknown)
	}
	note(repeated(l.Lines), parley.UnansweredRepeated)
	note(beforeHandoff(l.Lines, f.Asked), parley.UnansweredHandover)
	if l.Resolved != nil && !*l.Resolved {
		note(f.Asked, parley.UnansweredUnresolved)
	}
	return f
}

// firstAsked returns the first message that surely asks, else the first that
// perhaps does, 0 if none does.
func firstAsked(lines []topics.Line) int64 {
	perhaps, looked := int64(0), 0
	for _, l := range lines {
		if l.Handoff {
			continue
		}
		switch topic.Asks(l.Text) {
		case topic.AsksSurely:
			return l.Seq
		case topic.AsksPerhaps:
			if perhaps == 0 {
				perhaps = l.Seq
			}
		}
		if looked++; looked == mostLooked {
			return perhaps
		}
	}
	return perhaps
}

// lastAsked returns the last message of some that asks.
func lastAsked(lines []topics.Line, from, to int64) (seq int64) {
	for _, l := range lines {
		if l.Seq >= from && l.Seq <= to && !l.Handoff && topic.Asks(l.Text) != topic.AsksNothing {
			seq = l.Seq
		}
	}
	return seq
}

// repeated returns the first message that asks what one shortly before it asked
// already.
func repeated(lines []topics.Line) int64 {
	for i, l := range lines {
		for _, before := range lines[max(0, i-3):i] {
			if !l.Handoff && !before.Handoff && topic.Repeats(before.Text, l.Text) {
				return l.Seq
			}
		}
	}
	return 0
}

// beforeHandoff returns what was asked last before a person was asked for: not
// the asking for a person, unless there is nothing else.
func beforeHandoff(lines []topics.Line, asked int64) int64 {
	last, lastForPerson, handed := int64(0), int64(0), false
	for _, l := range lines {
		if l.Handoff {
			handed = true
			break
		}
		switch {
		case topic.Asks(l.Text) != topic.AsksSurely:
		case topic.WantsPerson(l.Text):
			lastForPerson = l.Seq
		default:
			last = l.Seq
		}
	}
	if !handed {
		return 0
	}
	return cmp.Or(last, lastForPerson, asked)
}
