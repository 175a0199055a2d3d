package questions

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/rollup"
	"parley/internal/store/topics"
)

// Counted is a topic with its numbers.
type Counted struct {
	parley.Topic
	topics.Counted
	Examples []topics.Example
}

// Named is a topic that evaluations name, with its numbers.
type Named struct {
	Name string
	topics.Counted
}

// Overview is what was asked in the conversations that pass a filter.
type Overview struct {
	Period    topics.Period
	Topics    []Counted // the most frequent first, what fits none last
	Evaluated []Named   // as the evaluations say, the most frequent first
	Run       *topics.Run
}

// How many topics of evaluations are shown, and how many examples of a topic:
// in an overview, and of one alone.
const (
	mostNamed    = 100
	fewExamples  = 3
	manyExamples = 20
)

// Overview counts the conversations that pass the filters of q by topic.
// StartedFrom and StartedTo of q are the period that is compared with the one before.
func (s *Service) Overview(ctx context.Context, q store.ListQuery, kind parley.QuestionKind) (*Overview, error) {
	o := &Overview{}
	var err error
	if o.Run, err = s.store.Run(ctx, q.WorkspaceID); err != nil {
		return nil, err
	}
	if o.Period, err = s.period(ctx, &q); err != nil {
		return nil, err
	}
	all, err := s.store.List(ctx, q.WorkspaceID, kind)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.Count(ctx, q, kind, o.Period)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if c := counts[t.ID]; c != nil {
			o.Topics = append(o.Topics, Counted{Topic: t, Counted: *c})
		}
	}
	slices.SortStableFunc(o.Topics, func(a, b Counted) int {
		if a.Other != b.Other {
			if a.Other {
				return 1
			}
			return -1
		}
		return cmp.Compare(b.Conversations, a.Conversations)
	})
	for i := range o.Topics {
		t := &o.Topics[i]
		if t.Examples, err = s.store.Examples(ctx, q, &t.Topic, fewExamples); err != nil {
			return nil, err
		}
	}
	o.Evaluated, err = s.evaluated(ctx, q, o.Period)
	return o, err
}

func (s *Service) evaluated(ctx context.Context, q store.ListQuery, p topics.Period) ([]Named, error) {
	counts, err := s.store.CountEvaluated(ctx, q, p)
	if err != nil {
		return nil, err
	}
	all := make([]Named, 0, len(counts))
	for name, c := range counts {
		all = append(all, Named{name, *c})
	}
	most := func(a, b Named) int {
		return cmp.Or(cmp.Compare(b.Conversations, a.Conversations), cmp.Compare(a.Name, b.Name))
	}
	slices.SortFunc(all, most)
	at := map[string]int{}
	var named []Named
	for _, n := range all { // spellings of one name count together, under the commonest
		i, known := at[rollup.LabelValue(n.Name)]
		if known {
			named[i].Add(&n.Counted)
			continue
		}
		at[rollup.LabelValue(n.Name)] = len(named)
		named = append(named, n)
	}
	slices.SortStableFunc(named, most)
	return named[:min(len(named), mostNamed)], nil
}

// Topic returns one topic with its numbers and examples. It returns
// CodeNotFound.
func (s *Service) Topic(ctx context.Context, q store.ListQuery, id string) (*Counted, topics.Period, error) {
	t, err := s.store.Topic(ctx, q.WorkspaceID, id)
	if err != nil {
		return nil, topics.Period{}, err
	}
	p, err := s.period(ctx, &q)
	if err != nil {
		return nil, p, err
	}
	q.TopicID = id
	counts, err := s.store.Count(ctx, q, t.Kind, p)
	if err != nil {
		return nil, p, err
	}
	c := &Counted{Topic: *t}
	if n := counts[id]; n != nil {
		c.Counted = *n
	}
	c.Examples, err = s.store.Examples(ctx, q, t, manyExamples)
	return c, p, err
}

// period is what StartedFrom and StartedTo of q stand for.
func (s *Service) period(ctx context.Context, q *store.ListQuery) (topics.Period, error) {
	p := topics.Period{From: q.StartedFrom, To: q.StartedTo, OpenFrom: q.StartedFrom.IsZero(), OpenTo: q.StartedTo.IsZero()}
	if p.OpenTo {
		p.To = s.now().Truncate(time.Microsecond)
	}
	if p.OpenFrom {
		first, err := s.store.First(ctx, q.WorkspaceID)
		if err != nil {
			return p, err
		}
		p.From = first
	}
	if p.OpenFrom && !p.From.Before(p.To) || p.From.IsZero() {
		p.From = p.To.Add(-time.Hour) // there is nothing yet
	}
	return p, nil
}
