package app_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/channel/whatsapp"
	"parley/internal/config"
	"parley/internal/secret"
	"parley/internal/store/storetest"
)

const captured = "../channel/whatsapp/testdata"

// signatures are those of the captured bodies, for the secret "test-app-secret".
func signatures(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(captured, "signatures.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	of := map[string]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, signature, ok := strings.Cut(s.Text(), "\t"); ok && !strings.HasPrefix(name, "#") {
			of[name] = signature
		}
	}
	if len(of) < 60 {
		t.Fatalf("only %d signatures", len(of))
	}
	return of
}

// hook is a server with numbers, and where Meta posts to.
type hook struct {
	*running
	t       *testing.T
	path    string
	senders []string
}

func newHook(t *testing.T, c *config.Config, numbers ...string) *hook {
	t.Helper()
	h := &hook{running: serve(t, c), t: t}
	var assistant struct{ ID string }
	if got := h.call(t, "POST", "/api/v1/assistants", parley.AssistantConfig{
		Name: "Mira", Status: parley.AssistantActive, Prompt: "Help.", InactivityMinutes: 30, AfterEnd: parley.AfterEndNew,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}, &assistant); got != http.StatusCreated {
		t.Fatalf("assistant: %d", got)
	}
	app := map[string]any{"app_secret": "test-app-secret", "verify_token": "the-verify-token"}
	for _, id := range numbers {
		var x struct {
			ID  string
			App struct {
				ID          string
				WebhookPath string `json:"webhook_path"`
			}
		}
		if got := h.call(t, "POST", "/api/v1/whatsapp/senders", map[string]any{
			"name": "Shop " + id, "phone_number_id": id, "waba_id": "102290129340398", "display_phone": "+1 555 078 3881", "token": "t",
			"base_url": "http://127.0.0.1:1", "app": app, "assistant_id": assistant.ID, "ai_on": false,
		}, &x); got != http.StatusCreated {
			t.Fatalf("sender: %d", got)
		}
		h.path, h.senders, app = x.App.WebhookPath, append(h.senders, x.ID), map[string]any{"id": x.App.ID}
	}
	return h
}

func (h *hook) post(body []byte, signature string) int {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.URL()+h.path, bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if signature != "" {
		req.Header.Set("X-Hub-Signature-256", signature)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

type posted struct {
	ID, State string
	Updates   int
	Size      int
}

// log reads the whole webhook log of a number.
func (h *hook) log(sender string) (all []posted) {
	h.t.Helper()
	for cursor := ""; ; {
		var page struct {
			Data       []posted
			NextCursor *string `json:"next_cursor"`
		}
		if got := h.call(h.t, "GET", "/api/v1/whatsapp/senders/"+sender+"/webhooks?limit=100"+cursor, nil, &page); got != http.StatusOK {
			h.t.Fatalf("webhooks: %d", got)
		}
		all = append(all, page.Data...)
		if page.NextCursor == nil {
			return all
		}
		cursor = "&cursor=" + *page.NextCursor
	}
}

// settled waits until no webhook waits.
func (h *hook) settled() {
	h.t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); ; {
		waiting := 0
		for _, id := range h.senders {
			for _, p := range h.log(id) {
				if p.State == "waiting" {
					waiting++
				}
			}
		}
		if waiting == 0 {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("%d webhooks still wait", waiting)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// contents are those of all messages that the API shows.
func (h *hook) contents() map[string]bool {
	h.t.Helper()
	all := map[string]bool{}
	for cursor := ""; ; {
		var page struct {
			Data       []struct{ ID string }
			NextCursor *string `json:"next_cursor"`
		}
		if got := h.call(h.t, "GET", "/api/v1/conversations?source=whatsapp&sort=-started_at&limit=100"+cursor, nil, &page); got != http.StatusOK {
			h.t.Fatalf("conversations: %d", got)
		}
		for _, c := range page.Data {
			var log struct{ Data []message }
			h.call(h.t, "GET", "/api/v1/conversations/"+c.ID+"/messages?limit=100", nil, &log)
			for _, m := range log.Data {
				all[m.Content] = true
			}
		}
		if page.NextCursor == nil {
			return all
		}
		cursor = "&cursor=" + *page.NextCursor
	}
}

// Every captured body is taken with its signature, and with no other; what it
// says is found through the API; posted again it changes nothing. What is not
// JSON is refused and not kept.
func TestEveryWebhook(t *testing.T) {
	t.Parallel()
	h := newHook(t, withAdmin(settings(t)), "106540352242922", "200000000000001", "777000111222333")
	bodies := map[string][]byte{}
	taken := 0
	// In one order: the change of a number says something only where somebody is known to have it.
	signed := signatures(t)
	for _, name := range slices.Sorted(maps.Keys(signed)) {
		signature := signed[name]
		body, err := os.ReadFile(filepath.Join(captured, name))
		if err != nil {
			t.Fatal(err)
		}
		for what, wrong := range map[string]string{
			"none": "", "another body's": "sha256=" + strings.Repeat("ab", 32), "no hex": "sha256=zz", "SHA-1": strings.Replace(signature, "sha256", "sha1", 1),
		} {
			if got := h.post(body, wrong); got != http.StatusUnauthorized {
				t.Errorf("%s with the signature of %s: %d", name, what, got)
			}
		}
		want := http.StatusOK
		if strings.HasSuffix(name, "not_json.txt") {
			want = http.StatusBadRequest
		} else {
			bodies[name] = body
			taken++
		}
		if got := h.post(body, signature); got != want {
			t.Errorf("%s: %d", name, got)
		}
	}
	h.settled()
	if n := len(h.everyWebhook()); n != taken {
		t.Errorf("%d webhooks are kept, %d were taken", n, taken)
	}
	shown, said := h.contents(), map[string][]string{}
	for _, body := range bodies {
		updates, err := whatsapp.Parse(body)
		if err != nil {
			t.Fatal(err)
		}
		for i := range updates {
			u := &updates[i]
			isShown := u.Kind == whatsapp.KindMessage || u.Kind == whatsapp.KindAside
			if isShown && u.PhoneNumberID != "1" && u.PhoneNumberID != "" {
				said[u.Message.ID] = append(said[u.Message.ID], u.Message.Content)
			}
		}
	}
	// Some of Meta's examples have the same id: that is the same message.
	for id, contents := range said {
		if !slices.ContainsFunc(contents, func(c string) bool { return shown[c] }) {
			t.Errorf("nobody is shown %.80q of %s", contents, id)
		}
	}
	for name, signature := range signed {
		if body, ok := bodies[name]; ok {
			if got := h.post(body, signature); got != http.StatusOK {
				t.Errorf("%s again: %d", name, got)
			}
		}
	}
	h.settled()
	for content := range h.contents() {
		if !shown[content] {
			t.Errorf("posted again, %.80q is shown too", content)
		}
	}
}

// everyWebhook is the union of the numbers' logs.
func (h *hook) everyWebhook() map[string]posted {
	h.t.Helper()
	all := map[string]posted{}
	for _, id := range h.senders {
		for _, p := range h.log(id) {
			all[p.ID] = p
		}
	}
	return all
}

func signed(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// What a webhook may be: up to 4 MB, of an app that there is, and signed by it.
func TestWebhookAddress(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			c := withAdmin(settings(t))
			if engine == "postgres" {
				c.DB, c.SecretKey = storetest.DSN(t, engine), secret.NewKey()
			}
			h := newHook(t, c, "1")
			large := func(n int) []byte {
				b, err := json.Marshal(map[string]string{"object": strings.Repeat("x", n)})
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			for name, tc := range map[string]struct {
				body   []byte
				secret string
				want   int
			}{
				"3 MB":             {large(3 << 20), "test-app-secret", http.StatusOK},
				"5 MB":             {large(5 << 20), "test-app-secret", http.StatusRequestEntityTooLarge},
				"an empty object":  {[]byte(`{}`), "test-app-secret", http.StatusOK},
				"a list":           {[]byte(`[]`), "test-app-secret", http.StatusBadRequest},
				"nothing":          {nil, "test-app-secret", http.StatusBadRequest},
				"another's secret": {[]byte(`{}`), "another-secret", http.StatusUnauthorized},
				"an empty secret":  {[]byte(`{}`), "", http.StatusUnauthorized},
			} {
				if got := h.post(tc.body, signed(tc.body, tc.secret)); got != tc.want {
					t.Errorf("%s: %d, want %d", name, got, tc.want)
				}
			}
			h.settled()
			if n := len(h.log(h.senders[0])); n != 2 {
				t.Errorf("%d webhooks are kept", n)
			}
			for query, want := range map[string]string{
				"?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=the-verify-token": "1158201444",
				"?hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong":                     "",
				"?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=the-verify-token":        "",
				"?hub.challenge=1": "", "": "",
			} {
				status, body := h.get(h.path + query)
				if want != "" && (status != http.StatusOK || body != want) || want == "" && status != http.StatusForbidden {
					t.Errorf("%s: %d %q", query, status, body)
				}
			}
			for _, path := range []string{"/webhooks/whatsapp/" + parley.NewID(time.Now()), "/webhooks/whatsapp/x"} {
				if status, _ := h.get(path); status != http.StatusNotFound {
					t.Errorf("%s: %d", path, status)
				}
			}
		})
	}
}

func (h *hook) get(path string) (int, string) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.URL()+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
