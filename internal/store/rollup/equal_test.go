package rollup_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
	"parley/internal/lang"
	"parley/internal/store"
	"parley/internal/store/rollup"
	"parley/internal/store/storetest"
)

var begin = time.Date(2026, 10, 20, 20, 0, 0, 0, time.UTC)

// untilClocksChange is the time until shortly before clocks are changed in the
// north and the south.
func untilClocksChange(now time.Time) time.Duration {
	for year := now.Year(); ; year++ {
		for _, month := range []time.Month{time.March, time.October} {
			last := time.Date(year, month, 31, 20, 0, 0, 0, time.UTC)
			eve := last.AddDate(0, 0, -int(last.Weekday())-1) // of the last Sunday
			if eve.After(now) {
				return eve.Sub(now)
			}
		}
	}
}

// Law 9 for analytics: whatever happens, late messages, evaluations made again,
// erasing, merged contacts and another time zone included, and however often the
// rollups were brought up to date in between, they equal a recomputation from
// the log.
func TestRollupsEqualTheLog(t *testing.T) {
	t.Parallel()
	storetest.RunAt(t, begin, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		checks := 0
		rapid.Check(t, func(rt *rapid.T) {
			if checks++; s.Engine() == "postgres" && checks > 30 {
				return // each takes several times as long there
			}
			c.Move(untilClocksChange(c.Now()))
			w, other := newWorld(t, rt, s, c), newWorld(t, rt, s, c)
			for range rapid.IntRange(5, 35).Draw(rt, "steps") {
				switch rapid.IntRange(0, 11).Draw(rt, "where") {
				case 0:
					w.update()
				case 1:
					other.step()
				default:
					w.step()
				}
			}
			w.update()
			w.check()
			other.check()
			c.Move(45 * 24 * time.Hour) // months are over
			w.update()
			w.check()
		})
	})
}

// key is what cells are told apart by, and the local date.
type key struct {
	rollup.Key
	date string
}

// tally is what a plain look at the log gives.
type tally struct {
	counts   map[string]int64
	contacts map[string]bool
	waits    []float64
	hours    map[int]int64
	labels   map[string]rollup.LabelUse
}

// check compares what the rollups say with the log.
func (w *world) check() {
	w.t.Helper()
	due, err := w.Due(w.t.Context())
	w.ok(err)
	if due {
		w.rt.Fatal("something is due after the update")
	}
	served, err := w.Served(w.t.Context(), w.ws.ID)
	w.ok(err)
	if served.Zone.String() != w.ws.TimeZone || !served.Complete {
		w.rt.Fatalf("served are %+v, the zone is %s", served, w.ws.TimeZone)
	}
	want := w.recount()
	got, labels := w.days(served)
	if len(got) != len(want) {
		w.rt.Fatalf("the rollups have %d cells, the log %d:\n%v\n%v", len(got), len(want), slices.Collect(maps.Keys(got)), slices.Collect(maps.Keys(want)))
	}
	for k, t := range want {
		if got[k] == nil {
			w.rt.Fatalf("there is no cell %+v", k)
		}
		w.compare(k, got[k], t)
	}
	w.compareLabels(labels, want)
	w.checkWhole(served, want)
}

// days asks for the cells of all days, and how labels were used.
func (w *world) days(s *rollup.Served) (got map[key]*rollup.Cell, labels map[string]rollup.LabelUse) {
	got, labels = map[key]*rollup.Cell{}, map[string]rollup.LabelUse{}
	uses := map[rollup.Key]map[rollup.LabelID]*rollup.LabelUse{}
	var ids []rollup.LabelID
	w.ok(w.Ask(w.t.Context(), s, &rollup.Question{
		Workspace: w.ws.ID, From: w.begun.AddDate(0, 0, -3).UnixMicro(), To: w.clock.Now().AddDate(0, 0, 2).UnixMicro(),
		Times: true, Contacts: true,
		Cell: func(at int64, k rollup.Key) *rollup.Cell {
			of := key{k, time.UnixMicro(at).In(w.zone()).Format(time.DateOnly)}
			if got[of] != nil {
				w.rt.Fatalf("two cells %+v", of)
			}
			got[of] = &rollup.Cell{}
			return got[of]
		},
		Label: func(k rollup.Key, id rollup.LabelID, use *rollup.LabelUse) {
			if uses[k] == nil {
				uses[k] = map[rollup.LabelID]*rollup.LabelUse{}
			}
			if uses[k][id] == nil {
				uses[k][id] = &rollup.LabelUse{}
			}
			uses[k][id].Merge(use)
			ids = append(ids, id)
		},
	}))
	names, err := w.LabelNames(w.t.Context(), w.ws.ID, ids)
	w.ok(err)
	for k, all := range uses {
		for id, use := range all {
			labels[labelName(k, string(id.Kind())+" "+lang.Fold(names[id]))] = *use
		}
	}
	return got, labels
}

func labelName(k rollup.Key, label string) string { return fmt.Sprintf("%s of %+v", label, k) }

func (w *world) compareLabels(got map[string]rollup.LabelUse, all map[key]*tally) {
	want := map[string]rollup.LabelUse{}
	for k, t := range all {
		for name, use := range t.labels {
			sum := want[labelName(k.Key, name)]
			sum.Merge(&use)
			want[labelName(k.Key, name)] = sum
		}
	}
	if !maps.Equal(got, want) {
		w.rt.Fatalf("the labels are\n%+v\nthe log says\n%+v", got, want)
	}
}

func (w *world) compare(k key, c *rollup.Cell, t *tally) {
	got := map[string]int64{
		"conversations": c.Conversations, "evaluated": c.Evaluated, "resolved": c.Resolved, "handed over": c.HandedOver,
		"messages": c.Messages.Sum, "user": c.UserMessages, "assistant": c.AssistantMessages,
		"input": c.InputTokens, "output": c.OutputTokens, "credits": c.Credits.Sum, "unpriced": c.Unpriced,
		"duration": c.Duration.Sum, "replied": c.FirstReply.N, "first replies": c.FirstReply.Sum, "replies": c.Reply.N, "waited": c.Reply.Sum,
		"squares of messages": int64(c.Messages.Squares),
	}
	if !maps.Equal(got, t.counts) {
		w.rt.Fatalf("%+v has\n%v\nthe log says\n%v", k, got, t.counts)
	}
	if int(c.Contacts.Len()) != len(t.contacts) {
		w.rt.Fatalf("%+v has %d contacts, the log %d", k, c.Contacts.Len(), len(t.contacts))
	}
	for h, n := range c.Hours {
		if n != t.hours[h] {
			w.rt.Fatalf("%+v has %d in hour %d, the log %d", k, n, h, t.hours[h])
		}
	}
	squares := 0.0
	for _, v := range t.waits {
		squares += v * v
	}
	if math.Abs(c.Reply.Squares-squares) > 1e-9*squares {
		w.rt.Fatalf("%+v has squares %v, the log %v", k, c.Reply.Squares, squares)
	}
	slices.Sort(t.waits)
	for _, rank := range []float64{0.5, 0.95} {
		if len(t.waits) == 0 {
			continue
		}
		exact := t.waits[int(math.Ceil(rank*float64(len(t.waits))))-1]
		if got := c.Reply.Percentile(rank); math.Abs(got-exact) > max(1000, rollup.PercentileError*exact) {
			w.rt.Fatalf("%+v: percentile %v is %v, exactly %v", k, rank, got, exact)
		}
	}
}

// checkWhole asks for all days together, which may be answered from months.
func (w *world) checkWhole(s *rollup.Served, want map[key]*tally) {
	var conversations, waited int64
	contacts := map[string]bool{}
	for _, t := range want {
		conversations += t.counts["conversations"]
		waited += t.counts["waited"]
		maps.Copy(contacts, t.contacts)
	}
	for _, single := range []bool{false, true} {
		total := &rollup.Cell{}
		w.ok(w.Ask(w.t.Context(), s, &rollup.Question{
			Workspace: w.ws.ID, From: w.begun.AddDate(0, -3, 0).UnixMicro(), To: w.clock.Now().UnixMicro() + 1,
			Times: true, Contacts: true, Whole: true, Single: single,
			Cell: func(int64, rollup.Key) *rollup.Cell { return total },
		}))
		if total.Conversations != conversations || total.Reply.Sum != waited || int(total.Contacts.Len()) != len(contacts) {
			w.rt.Fatalf("together there are %d conversations, %d waited, %d contacts; the log says %d, %d, %d",
				total.Conversations, total.Reply.Sum, total.Contacts.Len(), conversations, waited, len(contacts))
		}
	}
}

// recount reads the whole log.
func (w *world) recount() map[key]*tally {
	out := map[key]*tally{}
	for _, known := range w.convs {
		ctx := w.t.Context()
		c, err := w.Conversation(ctx, w.ws.ID, known.ID)
		w.ok(err)
		k := key{
			rollup.Key{
				Source: c.Source, AssistantID: c.AssistantID, Version: c.AssistantVersion, Ended: c.Status == parley.ConversationEnded,
				Waiting: c.Waiting, HandedOver: c.HandedOver, HasError: c.HasError, HasAttachment: c.HasAttachment,
			}, c.StartedAt.In(w.zone()).Format(time.DateOnly),
		}
		if c.Resolved != nil {
			k.Resolved = map[bool]rollup.Outcome{true: rollup.Resolved, false: rollup.Unresolved}[*c.Resolved]
		}
		t := out[k]
		if t == nil {
			t = &tally{counts: map[string]int64{}, contacts: map[string]bool{}, hours: map[int]int64{}, labels: map[string]rollup.LabelUse{}}
			out[k] = t
		}
		t.contacts[c.ContactID] = true
		local := c.StartedAt.In(w.zone())
		t.hours[(int(local.Weekday())+6)%7*24+local.Hour()]++
		w.recountOne(c, t)
	}
	return out
}

func (w *world) recountOne(c *parley.Conversation, t *tally) {
	ctx, flag := w.t.Context(), map[bool]int64{true: 1}
	log, err := w.Messages(ctx, w.ws.ID, c.ID, 0, 0)
	w.ok(err)
	var users, assistants, messages int64
	var first, last, waiting time.Time
	var waits []int64
	for i := range log {
		m := &log[i]
		if !m.Role.Counts() {
			continue
		}
		messages++
		if last = m.CreatedAt; first.IsZero() {
			first = m.CreatedAt
		}
		if m.Role == parley.ByUser {
			users++
			if waiting.IsZero() && m.Type != parley.MessageReaction {
				waiting = m.CreatedAt
			}
			continue
		}
		assistants += flag[m.Role == parley.ByAssistant]
		if !waiting.IsZero() {
			waits = append(waits, max(0, m.CreatedAt.Sub(waiting).Microseconds()))
			waiting = time.Time{}
		}
	}
	add := func(name string, n int64) { t.counts[name] += n }
	add("conversations", 1)
	add("evaluated", flag[c.Resolved != nil])
	add("resolved", flag[c.Resolved != nil && *c.Resolved])
	add("handed over", flag[c.HandedOver])
	add("messages", messages)
	add("squares of messages", messages*messages)
	add("user", users)
	add("assistant", assistants)
	add("duration", max(0, last.Sub(first).Microseconds()))
	add("replied", flag[len(waits) > 0])
	add("first replies", 0)
	add("replies", int64(len(waits)))
	add("waited", 0)
	for i, v := range waits {
		if i == 0 {
			add("first replies", v)
		}
		add("waited", v)
		t.waits = append(t.waits, float64(v))
	}
	w.recountLabels(c, t, w.recountUsage(c, add))
}

// recountUsage adds the ledger up, by model too.
func (w *world) recountUsage(c *parley.Conversation, add func(string, int64)) map[string]rollup.LabelUse {
	ledger, err := w.Usage(w.t.Context(), w.ws.ID, c.ID)
	w.ok(err)
	models := map[string]rollup.LabelUse{}
	value := func(p *int64) int64 {
		if p == nil {
			return 0
		}
		return *p
	}
	unknown := int64(0)
	for i := range ledger {
		u := &ledger[i]
		own := rollup.LabelUse{Calls: 1, InputTokens: value(u.InputTokens), OutputTokens: value(u.OutputTokens), Credits: value((*int64)(u.Credits))}
		if !u.Complete || !u.Priced() {
			own.Unknown, unknown = 1, 1
		}
		count := func(label string, use rollup.LabelUse) {
			sum := models[label]
			sum.Merge(&use)
			sum.Conversations = 1
			models[label] = sum
		}
		count("call "+string(u.Kind), own)
		if u.Complete && u.Credits == nil && u.PriceID == "" {
			count("unpriced "+lang.Fold(u.ProviderID+"/"+u.Model), rollup.LabelUse{
				Calls: 1, InputTokens: own.InputTokens, OutputTokens: own.OutputTokens, Unknown: 1,
			})
		}
		if u.Kind != parley.UsageMessage { // what Meta charges is no call of a model
			count("model "+lang.Fold(u.Model), own)
		}
		add("input", own.InputTokens)
		add("output", own.OutputTokens)
		add("credits", own.Credits)
	}
	for _, name := range []string{"input", "output", "credits"} {
		add(name, 0)
	}
	add("unpriced", unknown)
	return models
}

func (w *world) recountLabels(c *parley.Conversation, t *tally, all map[string]rollup.LabelUse) {
	ctx := w.t.Context()
	turns, err := w.Turns(ctx, w.ws.ID, c.ID)
	w.ok(err)
	one := rollup.LabelUse{Conversations: 1}
	for _, turn := range turns {
		if turn.Status != parley.TurnDone {
			continue
		}
		for _, p := range turn.Trace.Passages {
			all["passage "+lang.Fold(rollup.PassageName(p.Title, p.Heading))] = one
		}
		for _, s := range turn.Trace.Steps {
			for _, call := range s.ToolCalls {
				all["tool "+lang.Fold(call.Name)] = one
			}
		}
	}
	e, err := w.Evaluation(ctx, w.ws.ID, c.ID)
	if err == nil && e.Error == "" && e.Topic != "" {
		all["topic "+rollup.LabelValue(e.Topic)] = one
	}
	if parley.ErrorCode(err) != parley.CodeNotFound {
		w.ok(err)
	}
	if c.Source == parley.SourceWidget {
		v, err := w.WidgetConversation(ctx, w.ws.ID, c.ID)
		w.ok(err)
		if v.Rating.Score > 0 {
			all["rating "+strconv.Itoa(v.Rating.Score)] = one
		}
	}
	for name, use := range all {
		sum := t.labels[name]
		sum.Merge(&use)
		t.labels[name] = sum
	}
}
