package engine_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/engine"
	"parley/internal/llm/scripted"
)

const verdict = `{"resolved":true,"summary":"Asked about X.","topic":"orders","sentiment":"positive","score":4}`

func (w *world) end(conv string) {
	w.t.Helper()
	_, err := w.engine.End(w.t.Context(), w.workspace.ID, conv, parley.EndOperator, engine.Actor{})
	w.must(err)
}

func (w *world) evaluation(conv string) *parley.Evaluation {
	w.t.Helper()
	var found *parley.Evaluation
	w.eventually("it is evaluated", func() bool {
		eval, err := w.store.Evaluation(w.t.Context(), w.workspace.ID, conv)
		found = eval
		return err == nil
	})
	return found
}

func TestEvaluationAfterTheEnd(t *testing.T) {
	both(t, func() setup {
		return setup{assistant: withVariables, model: scripted.New(scripted.Text("Hello."), scripted.Text("```json\n"+verdict+"\n```"))}
	}, func(t *testing.T, w *world) {
		c := w.open()
		w.ask(c.ID, "Where is X?")
		w.end(c.ID)
		eval := w.evaluation(c.ID)
		if !eval.Resolved || eval.Summary != "Asked about X." || eval.Topic != "orders" ||
			eval.Sentiment != parley.SentimentPositive || eval.Model != "fake-1" || eval.Error != "" {
			t.Errorf("evaluation: %+v", eval)
		}
		equal(t, "score", w.variables(c.ID)["post_conversation.score"], "4")
		after := w.conversation(c.ID)
		if after.Resolved == nil || !*after.Resolved {
			t.Errorf("resolved: %v", after.Resolved)
		}
		equal(t, "kind of the second call", w.usage(c.ID)[1].Kind, parley.UsageEvaluation)
		w.checkLedger(c.ID, 2)
	})
}

func TestEvaluationIsChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		replies []string
		err     string // "" for a result
	}{
		"not JSON, then good":     {[]string{"I think it went well.", verdict}, ""},
		"never JSON":              {slices.Repeat([]string{"no"}, 3), "not a JSON object"},
		"missing":                 {slices.Repeat([]string{`{"resolved":true}`}, 3), "missing or of the wrong type"},
		"wrong type":              {slices.Repeat([]string{strings.Replace(verdict, "true", `"yes"`, 1)}, 3), `"resolved"`},
		"unknown sentiment":       {slices.Repeat([]string{strings.Replace(verdict, "positive", "great", 1)}, 3), "sentiment"},
		"score of a wrong type":   {slices.Repeat([]string{strings.Replace(verdict, "4}", `"four"}`, 1)}, 3), "score"},
		"score unknown":           {[]string{strings.Replace(verdict, "4}", `null}`, 1)}, ""},
		"more than was asked for": {[]string{strings.Replace(verdict, "4}", `4,"more":1}`, 1)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			model := scripted.New(scripted.Text("Hello."))
			for _, r := range c.replies {
				model.Add(scripted.Text(r))
			}
			w := quick(t, setup{assistant: withVariables, model: model})
			conv := w.open()
			w.ask(conv.ID, "Where is X?")
			eval, err := w.engine.Evaluate(t.Context(), w.workspace.ID, conv.ID)
			w.must(err)
			if c.err == "" && eval.Error != "" || !strings.Contains(eval.Error, c.err) {
				t.Errorf("evaluation: %+v, want %q", eval, c.err)
			}
			if resolved := w.conversation(conv.ID).Resolved; (resolved != nil) != (c.err == "") {
				t.Errorf("resolved: %v", resolved)
			}
			w.checkLedger(conv.ID, 1+len(c.replies))
		})
	}
}

func TestEvaluationOnDemand(t *testing.T) {
	hold := make(chan struct{})
	model := scripted.New(scripted.Text("Hello."), scripted.Text(verdict),
		scripted.Reply{Deltas: []string{strings.Replace(verdict, "true", "false", 1)}, Hold: hold, Usage: scripted.Tokens(1, 1)})
	w := quick(t, setup{model: model})
	c := w.open()
	if _, err := w.engine.Evaluate(t.Context(), w.workspace.ID, c.ID); parley.ErrorCode(err) != parley.CodeConflict {
		t.Errorf("of nothing: %v", err)
	}
	w.ask(c.ID, "Where is X?")
	w.end(c.ID)
	equal(t, "first", w.evaluation(c.ID).Resolved, true)
	var wg sync.WaitGroup
	wg.Go(func() {
		eval, err := w.engine.Evaluate(t.Context(), w.workspace.ID, c.ID)
		if err != nil || eval.Resolved {
			t.Errorf("again: %+v, %v", eval, err)
		}
	})
	w.eventually("the second call runs", func() bool { return len(model.Requests()) == 3 })
	if _, err := w.engine.Evaluate(t.Context(), w.workspace.ID, c.ID); parley.ErrorCode(err) != parley.CodeConflict {
		t.Errorf("at the same time: %v", err)
	}
	close(hold)
	wg.Wait()
	equal(t, "stored", w.evaluation(c.ID).Resolved, false)
	if _, err := w.engine.Evaluate(t.Context(), w.workspace.ID, parley.NewID(time.Now())); parley.ErrorCode(err) != parley.CodeNotFound {
		t.Errorf("of no conversation: %v", err)
	}
}

func TestNothingToEvaluate(t *testing.T) {
	model := scripted.New(scripted.Text(verdict))
	w := quick(t, setup{model: model})
	c := w.open()
	w.end(c.ID)
	time.Sleep(1500 * time.Millisecond) // the background pool polls every second
	equal(t, "calls", len(model.Requests()), 0)
	_, err := w.store.Evaluation(t.Context(), w.workspace.ID, c.ID)
	equal(t, "evaluation", parley.ErrorCode(err), parley.CodeNotFound)
}
