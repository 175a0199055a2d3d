package rollup

import "parley"

// Key is what a cell is about: conversations that all of it holds for.
type Key struct {
	Source        parley.Source
	AssistantID   string
	Version       int
	Ended         bool
	Waiting       bool
	HandedOver    bool
	HasError      bool
	HasAttachment bool
	Resolved      Outcome
}

// Outcome is what the evaluation says of a conversation.
type Outcome int8

// The outcomes, as the store keeps them.
const (
	Unevaluated Outcome = iota
	Unresolved
	Resolved
)

// ReplySteps are the bounds, in seconds, by which first replies are counted: a
// count is of those from one bound on to below the next.
func ReplySteps() []int64 { return replySteps[:] }

var replySteps = [...]int64{0, 1, 2, 5, 10, 30, 60, 300, 1800, 7200}

func replyStep(v int64) int {
	i := 0
	for i+1 < len(replySteps) && v >= replySteps[i+1]*1e6 {
		i++
	}
	return i
}

// hoursOfWeek is how many hours a week has on the clock.
const hoursOfWeek = 7 * 24

// Cell is what some conversations are together. Durations are in microseconds.
type Cell struct {
	Conversations     int64
	Evaluated         int64
	Resolved          int64
	HandedOver        int64
	UserMessages      int64
	AssistantMessages int64
	Messages          Spread // of user, assistant and operator
	InputTokens       int64
	OutputTokens      int64
	Tokens            Spread // input and output together
	Credits           Spread // micro-credits, as far as known
	Unpriced          int64  // conversations with a call whose tokens or price are unknown
	Duration          Spread // from the first to the last message
	FirstReply        Spread // from the contact's first message
	Reply             Spread // from the first message that waits for an answer
	FirstReplies      [len(replySteps)]int64
	Hours             []int64 // conversations by the hour of the week in which they started, nil while empty
	Contacts          Set
}

// Merge adds what o counts.
func (c *Cell) Merge(o *Cell) {
	c.Conversations += o.Conversations
	c.Evaluated += o.Evaluated
	c.Resolved += o.Resolved
	c.HandedOver += o.HandedOver
	for _, p := range c.pairs(o) {
		*p[0] += *p[1]
	}
	for i, s := range c.spreads() {
		s.Merge(o.spreads()[i])
	}
	for i, n := range o.FirstReplies {
		c.FirstReplies[i] += n
	}
	for i, n := range o.Hours {
		if n != 0 {
			c.addHour(i, n)
		}
	}
	c.Contacts.Merge(&o.Contacts)
}

// add counts conversations of a key.
func (c *Cell) add(k *Key, n int64) {
	c.Conversations += n
	if k.Resolved != Unevaluated {
		c.Evaluated += n
	}
	if k.Resolved == Resolved {
		c.Resolved += n
	}
	if k.HandedOver {
		c.HandedOver += n
	}
}

// counts are the plain sums of a cell that do not follow from keys.
func (c *Cell) counts() [5]*int64 {
	return [...]*int64{&c.UserMessages, &c.AssistantMessages, &c.InputTokens, &c.OutputTokens, &c.Unpriced}
}

func (c *Cell) pairs(o *Cell) (pairs [5][2]*int64) {
	theirs := o.counts()
	for i, p := range c.counts() {
		pairs[i] = [2]*int64{p, theirs[i]}
	}
	return pairs
}

// spreads are the spreads of a cell; the last timed of them have histograms.
func (c *Cell) spreads() [6]*Spread {
	return [...]*Spread{&c.Messages, &c.Tokens, &c.Credits, &c.Duration, &c.FirstReply, &c.Reply}
}

const timed = 3

func (c *Cell) addHour(hour int, n int64) {
	if c.Hours == nil {
		c.Hours = make([]int64, hoursOfWeek)
	}
	if hour < hoursOfWeek {
		c.Hours[hour] += n
	}
}

// AddFact adds a conversation that started in an hour of the week.
func (c *Cell) AddFact(f *Fact, hour int) {
	c.add(&f.Key, 1)
	c.UserMessages += f.UserMessages
	c.AssistantMessages += f.AssistantMessages
	c.Messages.count(f.Messages)
	c.InputTokens += f.InputTokens
	c.OutputTokens += f.OutputTokens
	c.Tokens.count(f.InputTokens + f.OutputTokens)
	c.Credits.count(f.Credits)
	if f.Unpriced {
		c.Unpriced++
	}
	c.Duration.Add(f.Duration)
	if f.FirstReply >= 0 {
		c.FirstReply.Add(f.FirstReply)
		c.FirstReplies[replyStep(f.FirstReply)]++
	}
	c.Reply.N += f.Reply.N
	c.Reply.Sum += f.Reply.Sum
	c.Reply.Squares += f.Reply.Squares
	for _, b := range f.replies {
		c.Reply.addBucket(b.at, b.n)
	}
	c.addHour(hour, 1)
	c.Contacts.Add(f.Contact)
}

// LabelUse is how some conversations used a label. What follows Conversations
// is of a model's calls.
type LabelUse struct {
	Conversations int64
	Calls         int64
	InputTokens   int64
	OutputTokens  int64
	Credits       int64
	Unknown       int64 // calls whose tokens or price are unknown
}

// Merge adds what o counts.
func (u *LabelUse) Merge(o *LabelUse) {
	theirs := o.numbers()
	for i, p := range u.numbers() {
		*p += *theirs[i]
	}
}

func (u *LabelUse) numbers() [6]*int64 {
	return [...]*int64{&u.Conversations, &u.Calls, &u.InputTokens, &u.OutputTokens, &u.Credits, &u.Unknown}
}
