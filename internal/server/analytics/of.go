package analytics

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/analytics"
	"parley/internal/server/wire"
	"parley/internal/store/rollup"
)

// numbersOf shows a cell.
func numbersOf(c *rollup.Cell) Numbers {
	tokens := c.InputTokens + c.OutputTokens
	return Numbers{
		Conversations: c.Conversations, Contacts: c.Contacts.Len(),
		Messages: c.Messages.Sum, UserMessages: c.UserMessages, AssistantMessages: c.AssistantMessages,
		MessagesPerConversation: ratio(c.Messages.Sum, c.Conversations),
		Evaluated:               c.Evaluated, Unevaluated: c.Conversations - c.Evaluated,
		Resolved: c.Resolved, Unresolved: c.Evaluated - c.Resolved, ResolutionRate: ratio(c.Resolved, c.Evaluated),
		HandedOver: c.HandedOver, HandoverRate: ratio(c.HandedOver, c.Conversations),
		Replied: c.FirstReply.N, FirstReply: secondsOf(&c.FirstReply), Reply: secondsOf(&c.Reply), Duration: secondsOf(&c.Duration),
		InputTokens: c.InputTokens, OutputTokens: c.OutputTokens,
		TokensPerConversation: ratio(tokens, c.Conversations), TokensPerResolved: ratio(tokens, c.Resolved),
		Credits: parley.Credits(c.Credits.Sum), CreditsPerConversation: creditsPer(c, c.Conversations),
		CreditsPerResolved: creditsPer(c, c.Resolved), Unpriced: c.Unpriced,
	}
}

// lists are the filters behind those numbers that are not about all
// conversations.
func lists() map[string]string {
	return map[string]string{
		"evaluated": "evaluated=true", "unevaluated": "evaluated=false", "resolved": "resolved=true", "unresolved": "resolved=false",
		"handed_over": "handed_over=true", "replied": "replied=true", "unpriced": "cost_complete=false",
	}
}

func ratio(n, of int64) *float64 {
	if of == 0 {
		return nil
	}
	r := float64(n) / float64(of)
	return &r
}

// creditsPer divides what is known of the credits; where nothing is, there is no
// answer.
func creditsPer(c *rollup.Cell, of int64) *parley.Credits {
	if of == 0 || c.Unpriced > 0 && c.Credits.Sum == 0 {
		return nil
	}
	per := parley.Credits(math.Round(float64(c.Credits.Sum) / float64(of)))
	return &per
}

func secondsOf(s *rollup.Spread) Seconds {
	if s.N == 0 {
		return Seconds{}
	}
	of := func(micros float64) *float64 {
		v := micros / 1e6
		return &v
	}
	return Seconds{Mean: of(s.Mean()), P50: of(s.Percentile(0.5)), P95: of(s.Percentile(0.95))}
}

func hoursOf(c *rollup.Cell) []Hour {
	all := make([]Hour, 7*24)
	for i := range all {
		all[i].List = "hour_of_week=" + strconv.Itoa(i)
		if c.Hours != nil {
			all[i].Conversations = c.Hours[i]
		}
	}
	return all
}

func waitsOf(c *rollup.Cell) []Wait {
	steps := rollup.ReplySteps()
	all := make([]Wait, len(steps))
	for i, from := range steps {
		all[i] = Wait{From: from, Conversations: c.FirstReplies[i], List: "replied=true&first_reply_from=" + strconv.FormatInt(from, 10)}
		if i+1 < len(steps) {
			to := steps[i+1]
			all[i].To = &to
			all[i].List += "&first_reply_to=" + strconv.FormatInt(to, 10)
		}
	}
	return all
}

// started is the filter of a time.
func started(from, to time.Time) url.Values {
	return url.Values{"started_from": {stamp(from)}, "started_to": {stamp(to)}}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// groupOf shows a group.
func groupOf(g *analytics.Group, assistants map[string]string) Group {
	k := &g.Key
	out := Group{
		Source: string(k.Source), Version: k.Version, Outcome: k.Outcome, HandedOver: k.HandedOver, Status: string(k.Status),
		Numbers: numbersOf(&g.Cell), Bounds: boundsOf(&g.Cell), Against: g.Against, Resolution: g.Resolution,
	}
	if out.Against == nil {
		out.Against = map[analytics.Measure]analytics.Difference{}
	}
	list := url.Values{}
	add := func(name, value string) {
		if value != "" {
			list.Set(name, value)
		}
	}
	add("source", string(k.Source))
	add("assistant_id", k.AssistantID)
	add("handed_over", k.HandedOver)
	add("status", string(k.Status))
	if k.AssistantID != "" {
		out.Assistant = &wire.Ref{ID: k.AssistantID, Name: assistants[k.AssistantID]}
	}
	if k.Version != 0 {
		add("version", strconv.Itoa(k.Version))
	}
	if k.Outcome != "" {
		name, value, _ := strings.Cut(lists()[k.Outcome], "=")
		add(name, value)
	}
	out.List = list.Encode()
	return out
}

func boundsOf(c *rollup.Cell) map[analytics.Measure]Bounds {
	out := map[analytics.Measure]Bounds{}
	if b, ok := analytics.Rate(c.Resolved, c.Evaluated); ok {
		out[analytics.MeasureResolution] = Bounds{b.Low, b.High}
	}
	if b, ok := analytics.Rate(c.HandedOver, c.Conversations); ok {
		out[analytics.MeasureHandover] = Bounds{b.Low, b.High}
	}
	for m, s := range analytics.Means(c) {
		if b, ok := analytics.Mean(s); ok {
			unit := unitOf(m)
			out[m] = Bounds{b.Low / unit, b.High / unit}
		}
	}
	return out
}

// unitOf is what one of a measure's numbers counts: microseconds and
// micro-credits are shown as whole ones.
func unitOf(m analytics.Measure) float64 {
	switch m {
	case analytics.MeasureFirstReply, analytics.MeasureReply, analytics.MeasureDuration, analytics.MeasureCredits:
		return 1e6
	}
	return 1
}

// labelOf shows a label of a kind.
func labelOf(kind rollup.LabelKind, l *analytics.Labelled) Label {
	out := Label{
		Name: l.Name, List: url.Values{string(kind): {l.Name}}.Encode(), Conversations: l.Use.Conversations,
		Evaluated: l.Evaluated, Resolved: l.Resolved, HandedOver: l.HandedOver, ResolutionRate: ratio(l.Resolved, l.Evaluated),
		Resolution: l.Resolution, Calls: l.Use.Calls, InputTokens: l.Use.InputTokens, OutputTokens: l.Use.OutputTokens,
		Credits: parley.Credits(l.Use.Credits), Unpriced: l.Use.Unknown,
	}
	if b, ok := analytics.Rate(l.Resolved, l.Evaluated); ok {
		out.Bounds = &Bounds{b.Low, b.High}
	}
	return out
}
