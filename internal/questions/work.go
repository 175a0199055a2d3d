package questions

import (
	"cmp"
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"parley"
	"parley/internal/store/topics"
	"parley/internal/topic"
)

// How many conversations are read at once, and after how many the progress is
// recorded.
const (
	readAtOnce = 64
	reportEach = 2000
)

// Work groups the questions of the workspace that w names. It may end at any
// point and begin anew: what it has found until then holds.
func (s *Service) Work(ctx context.Context, w parley.Work) error {
	g := &grouping{Service: s, rest: s.resting(ctx)}
	run, err := s.store.Run(ctx, w.WorkspaceID)
	if err != nil {
		return err
	}
	g.run = *run
	g.run.StartedAt, g.run.Error = s.now(), ""
	err = g.all(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return err // it is handed back, and begins anew
		}
		g.run.Error = "The topics could not be made; it is tried again."
		return errors.Join(err, s.store.SaveRun(ctx, &g.run))
	}
	g.run.Phase, g.run.Done, g.run.Total, g.run.FinishedAt = topics.Idle, 0, 0, s.now()
	return s.store.SaveRun(ctx, &g.run)
}

// grouping is one piece of work.
type grouping struct {
	*Service
	run    topics.Run
	rest   func() error
	window []topics.Looked
}

func (g *grouping) all(ctx context.Context) error {
	if err := g.begin(ctx, topics.Reading, 0); err != nil {
		return err
	}
	var err error
	if g.window, err = g.store.Window(ctx, g.run.WorkspaceID, Window, g.rest); err != nil {
		return err
	}
	g.run.Conversations = len(g.window)
	if err := g.read(ctx); err != nil {
		return err
	}
	inside := make(map[int64]bool, len(g.window))
	for _, l := range g.window {
		inside[l.N] = true
	}
	if err := g.store.Forget(ctx, g.run.WorkspaceID, inside, g.rest); err != nil {
		return err
	}
	for _, kind := range parley.QuestionKinds() {
		if err := g.group(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

// begin records that a phase begins.
func (g *grouping) begin(ctx context.Context, phase topics.Phase, total int) error {
	g.run.Phase, g.run.Done, g.run.Total = phase, 0, total
	return g.store.SaveRun(ctx, &g.run)
}

// progress records now and then how many of the phase are done.
func (g *grouping) progress(ctx context.Context, done int) error {
	before := g.run.Done / reportEach
	g.run.Done = done
	if done/reportEach == before {
		return nil
	}
	return g.store.SaveRun(ctx, &g.run)
}

// read finds the questions of conversations that have changed since they were
// read.
func (g *grouping) read(ctx context.Context) error {
	var ns []int64
	for _, l := range g.window {
		if !l.Known {
			ns = append(ns, l.N)
		}
	}
	if err := g.begin(ctx, topics.Reading, len(ns)); err != nil {
		return err
	}
	for done := 0; done < len(ns); {
		some := ns[done:min(done+readAtOnce, len(ns))]
		logs, err := g.store.Logs(ctx, g.run.WorkspaceID, some)
		if err != nil {
			return err
		}
		found := make([]topics.Found, len(logs))
		for i := range logs {
			found[i] = find(&logs[i])
		}
		if err := g.store.SaveFound(ctx, g.run.WorkspaceID, found); err != nil {
			return err
		}
		done += len(some)
		if err := errors.Join(g.progress(ctx, done), g.rest()); err != nil {
			return err
		}
	}
	return nil
}

// group learns the topics of a kind of questions and finds that of each.
func (g *grouping) group(ctx context.Context, kind parley.QuestionKind) error {
	if err := g.begin(ctx, topics.Learning, 0); err != nil {
		return err
	}
	other, err := g.other(ctx, kind)
	if err != nil {
		return err
	}
	sample, err := g.sample(ctx, kind, other)
	if err != nil {
		return err
	}
	model, err := topic.Learn(sample, g.rest)
	if err != nil {
		return err
	}
	if err := g.name(ctx, model, kind); err != nil {
		return err
	}
	if err := g.sort(ctx, kind, model, other); err != nil {
		return err
	}
	return g.store.RemoveUnused(ctx, g.run.WorkspaceID, kind)
}

// sample chooses the texts to learn from. Which they are follows from the
// conversations themselves, so that tomorrow's are mostly the same.
func (g *grouping) sample(ctx context.Context, kind parley.QuestionKind, other string) ([]topic.Text, error) {
	ns := make([]int64, len(g.window))
	for i, l := range g.window {
		ns[i] = l.N
	}
	slices.SortFunc(ns, func(a, b int64) int {
		return cmp.Or(cmp.Compare(shuffled(a), shuffled(b)), cmp.Compare(a, b))
	})
	var texts []topic.Text
	for from := 0; from < len(ns) && len(texts) < topic.SampleSize; from += readAtOnce {
		some, err := g.store.Questions(ctx, g.run.WorkspaceID, kind, ns[from:min(from+readAtOnce, len(ns))])
		if err != nil {
			return nil, err
		}
		for _, q := range some {
			if q.TopicID == other {
				q.TopicID = ""
			}
			texts = append(texts, topic.Text{Content: q.Text, Topic: q.TopicID})
		}
		if err := g.rest(); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// shuffled turns the number of a conversation into one that has nothing to do
// with its place.
func shuffled(n int64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(strconv.AppendInt(nil, n, 10)) // never fails
	return h.Sum64()
}

// other returns the id of the topic for what fits none, and makes it if there is
// none yet.
func (g *grouping) other(ctx context.Context, kind parley.QuestionKind) (string, error) {
	known, err := g.store.List(ctx, g.run.WorkspaceID, kind)
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(known, func(t parley.Topic) bool { return t.Other }); i >= 0 {
		return known[i].ID, nil
	}
	now := g.now()
	t := parley.Topic{ID: parley.NewID(now), WorkspaceID: g.run.WorkspaceID, Kind: kind, Other: true, Terms: []string{}, CreatedAt: now}
	return t.ID, g.store.Save(ctx, []parley.Topic{t})
}

// name gives new topics their ids and records all of them.
func (g *grouping) name(ctx context.Context, model *topic.Model, kind parley.QuestionKind) error {
	now := g.now()
	all := make([]parley.Topic, len(model.Topics))
	for i := range model.Topics {
		t := &model.Topics[i]
		if t.ID == "" {
			model.Name(i, parley.NewID(now))
		}
		all[i] = parley.Topic{
			ID: t.ID, WorkspaceID: g.run.WorkspaceID, Kind: kind, Language: t.Language, Label: t.Label, Terms: t.Terms, CreatedAt: now,
		}
	}
	return g.store.Save(ctx, all)
}

// sort finds the topic of each question and records those that have changed.
func (g *grouping) sort(ctx context.Context, kind parley.QuestionKind, model *topic.Model, other string) error {
	if err := g.begin(ctx, topics.Sorting, len(g.window)); err != nil {
		return err
	}
	ns := make([]int64, 0, readAtOnce)
	for done := 0; done < len(g.window); {
		ns = ns[:0]
		for _, l := range g.window[done:min(done+readAtOnce, len(g.window))] {
			ns = append(ns, l.N)
		}
		some, err := g.store.Questions(ctx, g.run.WorkspaceID, kind, ns)
		if err != nil {
			return err
		}
		changed := some[:0]
		for _, q := range some {
			place := model.Assign(topic.Text{Content: q.Text, Topic: q.TopicID})
			id, fit := other, int(1000*place.Fit)
			if place.Topic >= 0 {
				id = model.Topics[place.Topic].ID
			}
			if id != q.TopicID || fit != q.Fit {
				changed = append(changed, topics.Question{N: q.N, TopicID: id, Fit: fit})
			}
		}
		if err := g.store.Sort(ctx, kind, changed); err != nil {
			return err
		}
		done += len(ns)
		if err := errors.Join(g.progress(ctx, done), g.rest()); err != nil {
			return err
		}
	}
	return nil
}

// The length of work after which it rests, and the longest rest.
const (
	workFor  = 5 * time.Millisecond
	restMost = 50 * time.Millisecond
)

// resting returns a function that rests half as long as was worked since its
// last rest: whoever reads lists meanwhile finds a processor and the disk free. It
// returns the error of ctx.
func (s *Service) resting(ctx context.Context) func() error {
	last := time.Now()
	return func() error {
		if worked := time.Since(last); !s.eager && worked >= workFor {
			t := time.NewTimer(min(worked/2, restMost))
			select {
			case <-ctx.Done():
			case <-t.C:
			}
			t.Stop()
			last = time.Now()
		}
		return ctx.Err()
	}
}
