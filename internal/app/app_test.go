package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
	"parley/internal/app"
	"parley/internal/config"
	"parley/internal/secret"
	"parley/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const adminKey = "parley_0123456789abcdefghijklmnopqr"

func settings(t *testing.T) *config.Config {
	t.Helper()
	return &config.Config{Listen: "127.0.0.1:0", Storage: config.Storage{Data: filepath.Join(t.TempDir(), "data")}}
}

func withAdmin(c *config.Config) *config.Config {
	c.Secrets = config.Secrets{AdminEmail: "Owner@Example.com", AdminPassword: "correct horse battery", AdminAPIKey: adminKey}
	return c
}

// running is an app that serves until the test ends or stop is called.
type running struct {
	*app.App
	out  string
	stop func()
}

func serve(t *testing.T, c *config.Config) *running {
	t.Helper()
	return serveWith(t, c, app.Options{})
}

// serveWith is serve with other surroundings; Version and Out are set.
func serveWith(t *testing.T, c *config.Config, o app.Options) *running {
	t.Helper()
	var out bytes.Buffer
	o.Version, o.Out = "test", &out
	a, err := app.New(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	r := &running{App: a, out: out.String(), stop: sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(2 * time.Minute):
			t.Error("it does not stop")
		}
		http.DefaultClient.CloseIdleConnections()
	})}
	t.Cleanup(r.stop)
	return r
}

// call sends a request with the administrator's key and decodes the answer.
func (r *running) call(t *testing.T, method, path string, body, into any) int {
	t.Helper()
	var buf bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&buf).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), method, r.URL()+path, &buf)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminKey)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if into != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(b, into); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, b)
		}
	}
	return res.StatusCode
}

type message struct{ ID, Role, Content string }

func TestAConversationWithTheBuiltInAnswerer(t *testing.T) {
	t.Parallel()
	r := serve(t, withAdmin(settings(t)))
	var assistant, document, conversation struct{ ID string }
	config := parley.AssistantConfig{
		Name: "Mira", Status: parley.AssistantActive, Prompt: "Help.", InactivityMinutes: 30, AfterEnd: parley.AfterEndNew,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}
	if got := r.call(t, "POST", "/api/v1/assistants", config, &assistant); got != http.StatusCreated {
		t.Fatalf("assistant: %d", got)
	}
	if got := r.call(t, "POST", "/api/v1/assistants/"+assistant.ID+"/knowledge",
		map[string]string{"title": "Shop", "format": "markdown", "content": "## Delivery\n\nIt takes two days.\n"}, &document); got != http.StatusCreated {
		t.Fatalf("knowledge: %d", got)
	}
	if got := r.call(t, "POST", "/api/v1/conversations",
		map[string]string{"assistant_id": assistant.ID, "source": "api", "external_id": "x"}, &conversation); got != http.StatusCreated {
		t.Fatalf("conversation: %d", got)
	}
	var sent struct{ Replies []message }
	if got := r.call(t, "POST", "/api/v1/conversations/"+conversation.ID+"/messages?wait=60",
		map[string]string{"content": "How long does delivery take?"}, &sent); got >= 300 {
		t.Fatalf("message: %d", got)
	}
	if len(sent.Replies) != 1 || !strings.Contains(sent.Replies[0].Content, "two days") || !strings.Contains(sent.Replies[0].Content, "Source: Shop › Delivery") {
		t.Errorf("replies %+v", sent.Replies)
	}
	for deadline := time.Now().Add(time.Minute); ; {
		var found struct{ Data []struct{ ID string } }
		r.call(t, "GET", "/api/v1/conversations?q=delivery", nil, &found)
		if len(found.Data) == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the conversation is not found by its words")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestFirstStartPrintsASetUpLinkUntilSomebodyUsesIt(t *testing.T) {
	t.Parallel()
	c := settings(t)
	link := regexp.MustCompile(`http://127\.0\.0\.1:\d+/setup#token=(\w+)`)
	first := serve(t, c)
	if !link.MatchString(first.out) {
		t.Fatalf("no link in %q", first.out)
	}
	first.stop()
	second := serve(t, c)
	tokens := link.FindStringSubmatch(second.out)
	if tokens == nil {
		t.Fatalf("no link in %q", second.out)
	}
	body := map[string]string{
		"token": link.FindStringSubmatch(first.out)[1], "workspace_name": "Shop", "name": "Ada", "email": "ada@example.com",
		"password": "correct horse battery", "time_zone": "Europe/Berlin",
	}
	if got := second.call(t, "POST", "/api/v1/auth/setup", body, nil); got != http.StatusUnauthorized {
		t.Errorf("an old link: %d", got)
	}
	body["token"] = tokens[1]
	if got := second.call(t, "POST", "/api/v1/auth/setup", body, nil); got >= 300 {
		t.Errorf("the link: %d", got)
	}
	second.stop()
	if third := serve(t, c); strings.Contains(third.out, "setup") {
		t.Errorf("a link after the set-up: %q", third.out)
	}
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	c := withAdmin(settings(t))
	c.DB = storetest.DSN(t, "postgres")
	if _, err := app.New(t.Context(), c, app.Options{}); parley.ErrorCode(err) != parley.CodeInvalid || !strings.Contains(err.Error(), "PARLEY_SECRET_KEY") {
		t.Errorf("without a key: %v", err)
	}
	c.SecretKey = secret.NewKey()
	r := serve(t, c)
	if got := r.call(t, "GET", "/api/v1/me", nil, nil); got != http.StatusOK {
		t.Errorf("the API key: %d", got)
	}
	var out bytes.Buffer
	d := app.Doctor{Config: c, Out: &out}
	c.Listen = r.Addr().String()
	if err := d.Run(t.Context()); err != nil || !strings.Contains(out.String(), "postgres, read through") {
		t.Errorf("doctor: %v\n%s", err, out.String())
	}
	err := app.Backup(t.Context(), &c.Storage, &c.Secrets, filepath.Join(t.TempDir(), "b"), "test", false)
	if parley.ErrorCode(err) != parley.CodeInvalid || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("backup: %v", err)
	}
}

func TestAdministratorFromTheEnvironment(t *testing.T) {
	t.Parallel()
	c := withAdmin(settings(t))
	for range 2 {
		r := serve(t, c)
		var me struct {
			Member *struct{ Email, Role string }
		}
		if got := r.call(t, "GET", "/api/v1/me", nil, &me); got != http.StatusOK {
			t.Fatalf("the API key: %d", got)
		}
		if got := r.call(t, "POST", "/api/v1/auth/signin",
			map[string]string{"email": "owner@example.com", "password": "correct horse battery"}, nil); got >= 300 {
			t.Errorf("sign in: %d", got)
		}
		var members struct{ Data []struct{ Email string } }
		if r.call(t, "GET", "/api/v1/members", nil, &members); len(members.Data) != 1 {
			t.Errorf("members %+v", members)
		}
		r.stop()
	}
}

func TestAnAddressThatIsNobodysStopsNothing(t *testing.T) {
	t.Parallel()
	c := withAdmin(settings(t))
	serve(t, c).stop()
	c.AdminEmail = "renamed@example.com"
	r := serve(t, c)
	if got := r.call(t, "GET", "/api/v1/me", nil, nil); got != http.StatusOK {
		t.Errorf("the API key: %d", got)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	r := serve(t, withAdmin(settings(t)))
	missing := ""
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		res, err := http.Get(r.URL() + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		missing = ""
		for _, want := range []string{`parley_build_info{database="sqlite",version="test"} 1`, "parley_work_due{", "go_goroutines"} {
			if !strings.Contains(string(b), want) {
				missing = want // the sweeps come into the queue a moment after the start
			}
		}
		if missing == "" {
			return
		}
	}
	t.Errorf("no %s in the metrics", missing)
}

func TestTwoServersCannotShareAFile(t *testing.T) {
	t.Parallel()
	c := settings(t)
	serve(t, c)
	_, err := app.New(t.Context(), &config.Config{Listen: "127.0.0.1:0", Storage: c.Storage}, app.Options{})
	if parley.ErrorCode(err) != parley.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestAPortThatIsTaken(t *testing.T) {
	t.Parallel()
	r := serve(t, settings(t))
	c := settings(t)
	c.Listen = r.Addr().String()
	_, err := app.New(t.Context(), c, app.Options{})
	if parley.ErrorCode(err) != parley.CodeUnavailable || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(c.Data); err == nil {
		t.Error("it made a data folder for nothing")
	}
}

func TestALostKeyIsNotReplaced(t *testing.T) {
	t.Parallel()
	c := settings(t)
	serve(t, c).stop()
	if err := os.Remove(c.KeyFile()); err != nil {
		t.Fatal(err)
	}
	_, err := app.New(t.Context(), c, app.Options{})
	if parley.ErrorCode(err) != parley.CodeInvalid || !strings.Contains(err.Error(), "backup") {
		t.Errorf("got %v", err)
	}
	c.SecretKey = secret.NewKey()
	if _, err := app.New(t.Context(), c, app.Options{}); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("another key: %v", err)
	}
}
