package rollup

import (
	"slices"

	"parley"
)

// Fact is what one conversation contributes. Durations are in microseconds.
type Fact struct {
	N         int64 // of the conversation
	Workspace string
	Started   int64 // microseconds since 1970
	Facet     int64
	Key       Key // of the facet, and Version

	Contact           int64 // its number in rollup_contact; 0: it has none yet
	Messages          int64
	UserMessages      int64
	AssistantMessages int64
	InputTokens       int64
	OutputTokens      int64
	Credits           int64
	Unpriced          bool
	Duration          int64
	FirstReply        int64  // -1: none
	Reply             Spread // without buckets, which are in replies
	replies           []bucket

	seq     int64 // of the last message that was taken in
	turnSeq int64 // of the last turn that was
	waiting int64 // since when the contact waits for an answer, microseconds since 1970; 0: not
}

// bucket is a part of a histogram.
type bucket struct {
	at int
	n  int64
}

// note takes the next message of the log in.
func (f *Fact) note(seq int64, role parley.MessageRole, kind parley.MessageType, at int64) {
	f.seq = seq
	switch role {
	case parley.ByUser:
		if f.waiting == 0 && kind != parley.MessageReaction {
			f.waiting = at
		}
	case parley.ByAssistant, parley.ByOperator:
		if f.waiting != 0 {
			f.answered(max(0, at-f.waiting))
		}
	}
}

func (f *Fact) answered(took int64) {
	f.waiting = 0
	if f.FirstReply < 0 {
		f.FirstReply = took
	}
	f.Reply.count(took)
	at := bucketOf(took)
	i, found := slices.BinarySearchFunc(f.replies, at, func(b bucket, at int) int { return b.at - at })
	if !found {
		f.replies = slices.Insert(f.replies, i, bucket{at: at})
	}
	f.replies[i].n++
}

// factShape is raised whenever a fact holds something else: all facts are then
// made anew.
const factShape = 4

// pack writes what has no column of its own.
func (f *Fact) pack() []byte {
	p := &packer{}
	for _, v := range f.numbers() {
		p.uint(*v)
	}
	unpriced := int64(0)
	if f.Unpriced {
		unpriced = 1
	}
	p.uint(int64(f.Key.Version))
	p.uint(unpriced)
	p.float(f.Reply.Squares)
	p.uint(int64(len(f.replies)))
	for _, b := range f.replies {
		p.uint(int64(b.at))
		p.uint(b.n)
	}
	return p.b
}

func (f *Fact) unpack(data []byte) error {
	u := &unpacker{b: data}
	for _, v := range f.numbers() {
		*v = u.uint()
	}
	f.Key.Version = int(u.uint())
	f.Unpriced = u.uint() != 0
	f.Reply.Squares = u.float()
	f.replies = f.replies[:0]
	for range u.uint() {
		if u.err != nil {
			break
		}
		f.replies = append(f.replies, bucket{int(u.uint()), u.uint()})
	}
	return u.err
}

func (f *Fact) numbers() [11]*int64 {
	return [...]*int64{
		&f.Contact, &f.Messages, &f.UserMessages, &f.AssistantMessages, &f.InputTokens, &f.OutputTokens, &f.Credits,
		&f.Duration, &f.waiting, &f.Reply.N, &f.Reply.Sum,
	}
}
