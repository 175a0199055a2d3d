package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/llmtest"
	"parley/internal/llm/openai"
)

// TurnCommand measures the time that Parley adds to a model.
type TurnCommand struct {
	Fresh `embed:""`

	Turns int `help:"How many turns." default:"300"`
	Words int `help:"How many words the model answers, each a piece of the stream." default:"20"`

	out io.Writer // nil: os.Stdout
}

// turns is a run of TurnCommand.
type turns struct {
	*TurnCommand
	report *report
	server *child
	model  *llmtest.Server
	direct llm.Model // the same without Parley

	first, last, directFirst, directLast latencies
}

// budgetFirstWord is what Parley may add.
const budgetFirstWord = 5 * time.Millisecond

// turnsEach is how many turns a conversation has.
const turnsEach = 10

// question is what the contact says in each turn.
const question = "How long does the delivery take?"

// instantModel is the name of the model in the settings.
const instantModel = "instant"

// Run implements the command.
func (c *TurnCommand) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(c.Dir, "parley-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	t := &turns{TurnCommand: c}
	t.report = newReport("turn", databaseName(c.DB),
		fmt.Sprintf("The server is a child process; the instant model and the client run in this one, on the same cores. "+
			"A conversation has %d turns.", turnsEach))
	if t.model, err = llmtest.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.model.Close()) }()
	t.direct = openai.New(openai.Config{BaseURL: t.model.BaseURL(), Transport: &http.Transport{}})
	t.model.Forget()
	reply := llmtest.Text(strings.TrimSpace(strings.Repeat("word ", c.Words)))
	t.model.Answer(func(*llmtest.Request) llmtest.Reply { return reply })
	if t.server, err = startParley(ctx, dir, c.DB); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.server.stop()) }()
	if err := t.run(ctx); err != nil {
		return err
	}
	return t.report.print(c.out, c.Printing)
}

func (t *turns) run(ctx context.Context) error {
	conversations, err := t.conversations(ctx)
	if err != nil {
		return err
	}
	for i, c := range conversations {
		if err := t.converse(ctx, c); err != nil {
			return fmt.Errorf("conversation %d: %w", i+1, err)
		}
		if i == 0 { // it was the warm-up
			t.first, t.last, t.directFirst, t.directLast = nil, nil, nil, nil
		}
	}
	t.print()
	return nil
}

// converse has the turns of one conversation, each beside a question to the
// model alone.
func (t *turns) converse(ctx context.Context, conversation string) error {
	events, err := t.server.subscribe(ctx, conversation)
	if err != nil {
		return err
	}
	defer events.close()
	for n := 0; n < turnsEach && len(t.first) < t.Turns; n++ {
		directFirst, directLast, err := askDirectly(ctx, t.direct)
		if err != nil {
			return err
		}
		first, last, err := t.turn(ctx, conversation, events)
		if err != nil {
			return fmt.Errorf("turn %d: %w", n+1, err)
		}
		t.directFirst, t.directLast = append(t.directFirst, directFirst), append(t.directLast, directLast)
		t.first, t.last = append(t.first, first), append(t.last, last)
	}
	return nil
}

func (t *turns) print() {
	out := t.report.table("From the question to the first and the last word",
		append([]string{"what", "turns"}, spread()...)...)
	for _, row := range []struct {
		what string
		l    latencies
	}{
		{"the model alone, first word", t.directFirst},
		{"through Parley, first word", t.first},
		{"the model alone, last word", t.directLast},
		{"through Parley, reply recorded", t.last},
	} {
		s := row.l.summary()
		out.row(append([]any{row.what, s.N}, s.cells()...)...)
	}
	added := t.report.table("Added by Parley", "what", "p50", "p99")
	for _, row := range []struct {
		what         string
		with, direct summary
	}{
		{"to the first word", t.first.summary(), t.directFirst.summary()},
		{"to the last word", t.last.summary(), t.directLast.summary()},
	} {
		added.row(row.what, row.with.P50-row.direct.P50, row.with.P99-row.direct.P99)
	}
	got := t.first.summary().P50 - t.directFirst.summary().P50
	t.report.budget("added to the first word, p50", got, budgetFirstWord, got <= budgetFirstWord, "")
	t.report.note("The first word is the first delta on the event stream; the reply is recorded when its message " +
		"event comes. The question's own durable commit is part of both.")
}

// conversations sets up the instant model, an assistant and the conversations,
// one more than the turns need, to warm up.
func (t *turns) conversations(ctx context.Context) ([]string, error) {
	var provider struct {
		ID string `json:"id"`
	}
	err := t.server.call(ctx, "POST", "/providers", map[string]any{
		"name": "Instant", "kind": "openai", "base_url": t.model.BaseURL(), "api_key": "none", "models": []string{instantModel},
	}, &provider)
	if err != nil {
		return nil, err
	}
	return openConversations(ctx, t.server, 1+(t.Turns+turnsEach-1)/turnsEach, parley.AssistantConfig{
		Name: "Instant", Status: parley.AssistantActive, Prompt: "Answer.",
		Model:             parley.ModelChoice{ProviderID: provider.ID, Model: instantModel},
		InactivityMinutes: 1440, AfterEnd: parley.AfterEndNew,
	})
}

// askDirectly calls the model without Parley.
func askDirectly(ctx context.Context, m llm.Model) (first, last time.Duration, err error) {
	start := time.Now()
	_, err = m.Stream(ctx, &llm.Request{
		Model: instantModel, System: "Answer.",
		Messages: []llm.Message{{Role: parley.ByUser, Text: question}},
	}, func(string) error {
		if first == 0 {
			first = time.Since(start)
		}
		return nil
	})
	return first, time.Since(start), err
}

// turn asks through Parley and waits on the event stream for the reply.
func (t *turns) turn(ctx context.Context, conversation string, events *eventStream) (first, last time.Duration, err error) {
	start := time.Now()
	asked := make(chan error, 1)
	go func() {
		asked <- t.server.call(ctx, "POST", "/conversations/"+conversation+"/messages",
			map[string]string{"content": question}, nil)
	}()
	for last == 0 && err == nil {
		var e event
		if e, err = events.next(); err != nil {
			break
		}
		switch {
		case e.Type == "delta" && first == 0:
			first = time.Since(start)
		case e.Type == "message" && e.Message.Role == parley.ByAssistant:
			last = time.Since(start)
		case e.Type == "message" && e.Message.Role == parley.BySystem:
			err = fmt.Errorf("the assistant did not answer: %s", e.Message.Content)
		}
	}
	return first, last, errors.Join(err, <-asked)
}

// event is what bench reads of an event.
type event struct {
	Type    string `json:"type"`
	Message struct {
		Role    parley.MessageRole `json:"role"`
		Content string             `json:"content"`
	} `json:"message"`
}

// eventStream is an open stream of the server.
type eventStream struct {
	body io.ReadCloser
	in   *bufio.Reader
}

// subscribe opens the event stream of a conversation.
func (c *child) subscribe(ctx context.Context, conversation string) (*eventStream, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet,
		"http://"+c.Addr+"/api/v1/stream?conversation_id="+conversation, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.Key)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		_ = res.Body.Close()
		return nil, fmt.Errorf("the event stream: %s", res.Status)
	}
	return &eventStream{res.Body, bufio.NewReaderSize(res.Body, 4<<10)}, nil
}

func (s *eventStream) close() { _ = s.body.Close() }

// next waits for an event.
func (s *eventStream) next() (event, error) {
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return event{}, err
		}
		data, ok := strings.CutPrefix(line, "data:")
		if !ok {
			continue
		}
		var e event
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			return event{}, err
		}
		return e, nil
	}
}
