package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley"
)

// visitors are browsers with an open chat, each with a conversation and a
// stream of its own.
type visitors struct {
	server *child
	widget string
	all    []*visit
}

// visit is one visitor's open chat.
type visit struct {
	from, token, conversation string
	stream                    *eventStream // nil until the chat is open
}

// newVisitors makes a widget. An inactive assistant leaves every message to a
// person, so that what is measured is the streams and not the answers.
func newVisitors(ctx context.Context, server *child, status parley.AssistantStatus) (*visitors, error) {
	var assistant, widget struct {
		ID string `json:"id"`
	}
	cfg := parley.AssistantConfig{
		Name: "Mira", Status: status, Prompt: "Answer.",
		Model:             parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		InactivityMinutes: 1440, AfterEnd: parley.AfterEndNew,
	}
	if err := server.call(ctx, "POST", "/assistants", cfg, &assistant); err != nil {
		return nil, err
	}
	settings := parley.DefaultWidgetSettings()
	settings.Limits.WidgetPerMinute = 100_000
	err := server.call(ctx, "POST", "/widgets", map[string]any{"name": "Bench", "assistant_id": assistant.ID, "settings": settings}, &widget)
	return &visitors{server: server, widget: widget.ID}, err
}

func (v *visitors) close() {
	for _, one := range v.all {
		if one.stream != nil {
			one.stream.close()
		}
	}
	v.all = nil
}

// come lets visitors begin conversations until there are n.
func (v *visitors) come(ctx context.Context, n int) error {
	for len(v.all) < n {
		one, err := v.enter(ctx, len(v.all))
		if err != nil {
			return fmt.Errorf("visitor %d: %w", len(v.all)+1, err)
		}
		v.all = append(v.all, one)
	}
	return nil
}

// open opens the streams of those who have none.
func (v *visitors) open(ctx context.Context) error {
	for _, one := range v.all {
		if one.stream != nil {
			continue
		}
		if err := v.listen(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// listen opens a visitor's stream.
func (v *visitors) listen(ctx context.Context, one *visit) error {
	res, err := v.do(ctx, http.MethodGet, one.from, one.token, "/conversations/"+one.conversation+"/stream", nil) //nolint:bodyclose // the stream's, which visitors.close closes
	if err != nil {
		return err
	}
	one.stream = &eventStream{res.Body, bufio.NewReaderSize(res.Body, 1<<10)}
	return nil
}

// enter does what a browser does when its chat is opened, but for the stream.
// Each comes from an address of its own, as the server's limits expect of
// people.
func (v *visitors) enter(ctx context.Context, k int) (*visit, error) {
	from := fmt.Sprintf("10.%d.%d.%d", k>>16&255, k>>8&255, k&255)
	var session struct {
		Token string `json:"token"`
	}
	if err := v.call(ctx, from, "", "/visitor", struct{}{}, &session); err != nil {
		return nil, err
	}
	var started struct {
		Conversation struct {
			ID string `json:"id"`
		} `json:"conversation"`
	}
	if err := v.call(ctx, from, session.Token, "/conversations", struct{}{}, &started); err != nil {
		return nil, err
	}
	return &visit{from: from, token: session.Token, conversation: started.Conversation.ID}, nil
}

func (v *visitors) call(ctx context.Context, from, token, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	res, err := v.do(ctx, http.MethodPost, from, token, path, body)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	return json.NewDecoder(res.Body).Decode(out)
}

// do sends a request of a visitor. The caller closes the answer's body.
func (v *visitors) do(ctx context.Context, method, from, token, path string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+v.server.Addr+"/widget/v1/"+v.widget+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Forwarded-For", from)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := v.server.http.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode > 299 {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 300)) // whatever there is of it
		return nil, errors.Join(fmt.Errorf("%s %s: %s %s", method, path, res.Status, text), res.Body.Close())
	}
	return res, nil
}

// spread writes a message into every open chat and returns how long each took
// to be seen there.
func (v *visitors) spread(ctx context.Context) (latencies, error) {
	const atOnce = 16
	var (
		mu   sync.Mutex
		all  latencies
		errs []error
		wg   sync.WaitGroup
	)
	next := make(chan *visit)
	for range atOnce {
		wg.Go(func() {
			for one := range next {
				took, err := v.write(ctx, one)
				mu.Lock()
				if err != nil {
					errs = append(errs, err)
				} else {
					all = append(all, took)
				}
				mu.Unlock()
			}
		})
	}
	for _, one := range v.all {
		next <- one
	}
	close(next)
	wg.Wait()
	return all, errors.Join(errs...)
}

// write writes one message and waits for it in the visitor's stream.
func (v *visitors) write(ctx context.Context, one *visit) (time.Duration, error) {
	begun := time.Now()
	const text = "A message to everybody."
	if err := v.server.call(ctx, "POST", "/conversations/"+one.conversation+"/messages", map[string]string{"content": text}, nil); err != nil {
		return 0, err
	}
	if err := one.stream.until(text); err != nil {
		return 0, err
	}
	return time.Since(begun), nil
}

// until reads until a text is in the data of an event.
func (s *eventStream) until(text string) error {
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return err
		}
		if strings.HasPrefix(line, "data:") && strings.Contains(line, text) {
			return nil
		}
	}
}
