package analytics

import (
	"cmp"
	"context"
	"slices"

	"parley"
	"parley/internal/store/rollup"
)

// Dimension is what conversations are told apart by.
type Dimension string

// The dimensions.
const (
	BySource    Dimension = "source"
	ByAssistant Dimension = "assistant"
	ByVersion   Dimension = "version" // of each assistant
	ByOutcome   Dimension = "outcome"
	ByHandover  Dimension = "handed_over"
	ByStatus    Dimension = "status"
)

// GroupKey says what the conversations of a group have in common; what was not
// asked for has its zero value.
type GroupKey struct {
	Source      parley.Source
	AssistantID string
	Version     int
	Outcome     string // resolved, unresolved or unevaluated
	HandedOver  string // true or false
	Status      parley.ConversationStatus
}

// Group is the conversations that have something in common.
type Group struct {
	Key  GroupKey
	Cell rollup.Cell
	// Against compares the group with the largest one, by the name of a measure;
	// nil for the largest itself.
	Against map[Measure]Difference
	// Resolution compares the resolution rate with that of all other groups
	// together.
	Resolution Difference
}

// Measure is what groups are compared by.
type Measure string

// The measures.
const (
	MeasureResolution Measure = "resolution_rate"
	MeasureHandover   Measure = "handover_rate"
	MeasureFirstReply Measure = "first_reply"
	MeasureReply      Measure = "reply"
	MeasureDuration   Measure = "duration"
	MeasureMessages   Measure = "messages_per_conversation"
	MeasureTokens     Measure = "tokens_per_conversation"  //nolint:gosec // a measure, no credential
	MeasureCredits    Measure = "credits_per_conversation" //nolint:gosec // a measure, no credential
)

// Means are the measures that are means, with what they are the means of. Credits
// that are not all known have none.
func Means(c *rollup.Cell) map[Measure]*rollup.Spread {
	means := map[Measure]*rollup.Spread{
		MeasureFirstReply: &c.FirstReply, MeasureReply: &c.Reply, MeasureDuration: &c.Duration,
		MeasureMessages: &c.Messages, MeasureTokens: &c.Tokens,
	}
	if c.Unpriced == 0 {
		means[MeasureCredits] = &c.Credits
	}
	return means
}

// Groups divides a view by dimensions, the largest group first, and compares
// every group with that one.
func (s *Service) Groups(ctx context.Context, v *View, by []Dimension) ([]*Group, error) {
	groups := map[GroupKey]*Group{}
	err := s.ask(ctx, v, rollup.Question{
		Cell: func(_ int64, k rollup.Key) *rollup.Cell {
			key := keyOf(&k, by)
			g := groups[key]
			if g == nil {
				g = &Group{Key: key}
				groups[key] = g
			}
			return &g.Cell
		},
		Times: true, Contacts: true, Whole: true,
	})
	if err != nil {
		return nil, err
	}
	all := make([]*Group, 0, len(groups))
	for _, g := range groups {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *Group) int {
		return cmp.Or(cmp.Compare(b.Cell.Conversations, a.Cell.Conversations), a.Key.compare(&b.Key))
	})
	var resolved, evaluated int64
	for i, g := range all {
		if i > 0 {
			g.Against = compare(&g.Cell, &all[0].Cell)
		}
		resolved, evaluated = resolved+g.Cell.Resolved, evaluated+g.Cell.Evaluated
	}
	for _, g := range all {
		c := &g.Cell
		g.Resolution = CompareRates(c.Resolved, c.Evaluated, resolved-c.Resolved, evaluated-c.Evaluated)
	}
	return all, nil
}

func (g *GroupKey) compare(o *GroupKey) int {
	return cmp.Or(cmp.Compare(g.Source, o.Source), cmp.Compare(g.AssistantID, o.AssistantID), cmp.Compare(g.Version, o.Version),
		cmp.Compare(g.Outcome, o.Outcome), cmp.Compare(g.HandedOver, o.HandedOver), cmp.Compare(g.Status, o.Status))
}

func keyOf(k *rollup.Key, by []Dimension) (g GroupKey) {
	for _, d := range by {
		switch d {
		case BySource:
			g.Source = k.Source
		case ByAssistant:
			g.AssistantID = k.AssistantID
		case ByVersion:
			g.AssistantID, g.Version = k.AssistantID, k.Version
		case ByOutcome:
			g.Outcome = [...]string{"unevaluated", "unresolved", "resolved"}[k.Resolved]
		case ByHandover:
			g.HandedOver = "false"
			if k.HandedOver {
				g.HandedOver = "true"
			}
		case ByStatus:
			g.Status = parley.ConversationActive
			if k.Ended {
				g.Status = parley.ConversationEnded
			}
		}
	}
	return g
}

func compare(a, b *rollup.Cell) map[Measure]Difference {
	out := map[Measure]Difference{
		MeasureResolution: CompareRates(a.Resolved, a.Evaluated, b.Resolved, b.Evaluated),
		MeasureHandover:   CompareRates(a.HandedOver, a.Conversations, b.HandedOver, b.Conversations),
	}
	theirs := Means(b)
	for m, s := range Means(a) {
		if t := theirs[m]; t != nil {
			out[m] = CompareMeans(s, t)
		}
	}
	return out
}

// Labelled is how the conversations with a topic, passage, tool or model went.
type Labelled struct {
	ID         rollup.LabelID
	Name       string
	Use        rollup.LabelUse
	Evaluated  int64
	Resolved   int64
	HandedOver int64
	// Resolution compares the resolution rate with that of the conversations
	// without the label.
	Resolution Difference
}

// Labels returns the labels of a kind that most conversations of a view have,
// at most limit, and how many others there are.
func (s *Service) Labels(ctx context.Context, v *View, kind rollup.LabelKind, limit int) (all []*Labelled, others int, err error) {
	found := map[rollup.LabelID]*Labelled{}
	total := &rollup.Cell{}
	err = s.ask(ctx, v, rollup.Question{
		Cell: func(int64, rollup.Key) *rollup.Cell { return total }, Whole: true,
		Label: func(k rollup.Key, id rollup.LabelID, use *rollup.LabelUse) {
			if id.Kind() != kind {
				return
			}
			l := found[id]
			if l == nil {
				l = &Labelled{ID: id}
				found[id] = l
			}
			l.add(&k, use)
		},
	})
	if err != nil {
		return nil, 0, err
	}
	for _, l := range found {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b *Labelled) int {
		return cmp.Or(cmp.Compare(b.Use.Conversations, a.Use.Conversations), cmp.Compare(a.ID, b.ID))
	})
	others = max(0, len(all)-limit)
	all = all[:len(all)-others]
	ids := make([]rollup.LabelID, len(all))
	for i, l := range all {
		ids[i] = l.ID
		l.Resolution = CompareRates(l.Resolved, l.Evaluated, total.Resolved-l.Resolved, total.Evaluated-l.Evaluated)
	}
	names, err := s.Rollups.LabelNames(ctx, v.Filter.WorkspaceID, ids)
	if err != nil {
		return nil, 0, err
	}
	for _, l := range all {
		l.Name = names[l.ID]
	}
	return slices.DeleteFunc(all, func(l *Labelled) bool { return l.Name == "" }), others, nil
}

func (l *Labelled) add(k *rollup.Key, use *rollup.LabelUse) {
	n := use.Conversations
	l.Use.Merge(use)
	if k.Resolved != rollup.Unevaluated {
		l.Evaluated += n
	}
	if k.Resolved == rollup.Resolved {
		l.Resolved += n
	}
	if k.HandedOver {
		l.HandedOver += n
	}
}
