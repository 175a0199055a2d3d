package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/llm"
	"parley/internal/llm/scripted"
	"parley/internal/server"
	"parley/internal/server/wire"
)

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func with(m map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range m {
		out[k] = v
	}
	return out
}

func TestSecretsAreNeverReturned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	tool := parley.HTTPTool{
		Name: "look", Description: "looks", Method: "GET", URL: "https://tool.example/x",
		Headers: map[string]string{"Authorization": "Bearer tool-secret", "Accept": "application/json"},
	}
	cfg := w.ours.assistant.Config
	cfg.Tools = []parley.HTTPTool{tool}
	path := "/api/v1/assistants/" + w.ours.assistant.ID
	saved := read[wire.Assistant](t, w.send(request{method: "PUT", path: path, key: w.ours.key, body: wire.SaveAssistant{AssistantConfig: cfg}}))
	if h := saved.Config.Tools[0].Headers; h["Authorization"] == "Bearer tool-secret" || h["Accept"] != "application/json" {
		t.Errorf("headers %v", h)
	}
	for _, l := range routes(t) {
		if l.method == http.MethodGet && !isStream(l) {
			r := w.ours.to(l)
			r.key = w.ours.key
			if a := w.send(r); strings.Contains(string(a.body), "tool-secret") || strings.Contains(string(a.body), "sk-very-secret") {
				t.Errorf("%s returns a secret", l)
			}
		}
	}
	// What came hidden goes back as it is stored, but to the same host only.
	if a := w.send(request{method: "PUT", path: path, key: w.ours.key, body: wire.SaveAssistant{AssistantConfig: saved.Config}}); a.status != http.StatusOK {
		t.Fatalf("save again: %s", a)
	}
	stored, err := w.store.Assistant(t.Context(), w.ours.workspace.ID, w.ours.assistant.ID)
	w.must(err)
	if got := stored.Config.Tools[0].Headers["Authorization"]; got != "Bearer tool-secret" {
		t.Errorf("the stored header is %q", got)
	}
	saved.Config.Tools[0].URL = "https://evil.example/x"
	if a := w.send(request{method: "PUT", path: path, key: w.ours.key, body: wire.SaveAssistant{AssistantConfig: saved.Config}}); a.code() != parley.CodeInvalid {
		t.Errorf("a hidden header for another host: %s", a)
	}
	if strings.Contains(w.log.String(), "tool-secret") || strings.Contains(w.log.String(), "sk-very-secret") {
		t.Error("the log holds a secret")
	}
}

func TestProviderKeyStaysWithItsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	path := "/api/v1/providers/" + w.ours.provider.ID
	save := func(base, key string) answer {
		return w.send(request{method: "PUT", path: path, key: w.ours.key, body: wire.SaveProvider{Name: "P", Kind: "fake", BaseURL: base, APIKey: key}})
	}
	if a := save("https://evil.example/v1", ""); a.code() != parley.CodeInvalid {
		t.Errorf("the stored key for another host: %s", a)
	}
	if p := read[wire.Provider](t, save("https://fake.example/v2", "")); !p.HasKey {
		t.Error("a save without a key lost the key")
	}
	if p := read[wire.Provider](t, save("https://other.example/v1", "sk-new")); !p.HasKey || p.BaseURL != "https://other.example/v1" {
		t.Errorf("provider %+v", p)
	}
	for _, bad := range []wire.SaveProvider{
		{Name: "P", Kind: "nothing", BaseURL: "https://x.example"}, {Name: "P", Kind: "fake", BaseURL: "ftp://x.example"},
		{Name: "P", Kind: "fake", BaseURL: "x"}, {Name: "P", Kind: "fake", BaseURL: "https://u:p@x.example"},
	} {
		if a := w.send(request{method: "POST", path: "/api/v1/providers", key: w.ours.key, body: bad}); a.code() != parley.CodeInvalid {
			t.Errorf("%+v: %s", bad, a)
		}
	}
}

func TestProviderTestSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	test := func() wire.ProviderCheck {
		t.Helper()
		return read[wire.ProviderCheck](t, w.send(request{
			method: "POST", path: "/api/v1/providers/test", key: w.ours.key, body: wire.TestProvider{ID: w.ours.provider.ID, Model: "fake-1"},
		}))
	}
	if c := test(); !c.OK {
		t.Errorf("a model that answers: %+v", c)
	}
	*w.model = *scripted.New(scripted.Fails(llm.Auth, "The provider does not accept the key."))
	if c := test(); c.OK || c.Message != "The provider does not accept the key." || !strings.Contains(c.Hint, "API key") {
		t.Errorf("a wrong key: %+v", c)
	}
}

// lists is a model whose provider lists its models, or says why it does not.
type lists struct {
	*scripted.Model
	all []llm.Listed
	err error
}

func (l *lists) Models(context.Context) ([]llm.Listed, error) { return l.all, l.err }

// That a provider gives no list is an answer: a name can be typed all the same.
func TestModelsOfAProvider(t *testing.T) {
	t.Parallel()
	listing := &lists{all: []llm.Listed{{ID: "fake-1", Name: "Fake One"}, {ID: "fake-2"}}}
	w := newWorld(t, "sqlite", func(c *server.Config) {
		c.Providers["listing"] = func(*parley.Provider) (llm.Model, error) { return listing, nil }
	})
	mine := read[wire.Provider](t, w.send(request{method: "POST", path: "/api/v1/providers", key: w.ours.key,
		body: wire.SaveProvider{Name: "L", Kind: "listing", BaseURL: "https://l.example/v1"}})).ID
	ask := func(id string) answer {
		return w.send(request{method: "GET", path: "/api/v1/providers/" + id + "/models", key: w.ours.key})
	}
	got := read[wire.ProviderModels](t, ask(mine))
	if !got.Listed || len(got.Models) != 2 || got.Models[0] != (wire.ListedModel{ID: "fake-1", Name: "Fake One"}) || got.Message != "" {
		t.Errorf("a list: %+v", got)
	}
	for class, hint := range map[llm.Class]string{llm.Auth: "API key", llm.Unreachable: "address", llm.BadRequest: ""} {
		listing.err = &llm.Error{Class: class, Message: "No list."}
		got = read[wire.ProviderModels](t, ask(mine))
		if got.Listed || got.Models == nil || got.Message != "No list." || !strings.Contains(got.Hint, hint) || hint == "" && got.Hint != "" {
			t.Errorf("%s: %+v", class, got)
		}
	}
	if got = read[wire.ProviderModels](t, ask(w.ours.provider.ID)); got.Listed || !strings.Contains(got.Message, "does not list") {
		t.Errorf("a kind without lists: %+v", got)
	}
	if a := ask(w.theirs.provider.ID); a.status != http.StatusNotFound {
		t.Errorf("somebody else's: %s", a)
	}
}

func TestAssistantVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	path := "/api/v1/assistants/" + w.ours.assistant.ID
	before := read[wire.Assistant](t, w.send(request{method: "GET", path: path, key: w.ours.key}))
	cfg := before.Config
	cfg.Prompt = "You are Lumi, and brief."
	after := read[wire.Assistant](t, w.send(request{method: "PUT", path: path, key: w.ours.key, body: wire.SaveAssistant{AssistantConfig: cfg, ExpectedVersion: before.Version}}))
	if after.Version != before.Version+1 {
		t.Errorf("version %d after %d", after.Version, before.Version)
	}
	a := w.send(request{method: "PUT", path: path, key: w.ours.key, body: wire.SaveAssistant{AssistantConfig: cfg, ExpectedVersion: before.Version}})
	if a.code() != parley.CodeConflict {
		t.Errorf("a save over somebody else's: %s", a)
	}
	back := read[wire.Assistant](t, w.send(request{method: "POST", path: path + "/versions/1/restore", key: w.ours.key}))
	if back.Version != after.Version+1 || back.Config.Prompt != "You are Lumi." {
		t.Errorf("restored %+v", back)
	}
	type versions struct {
		Data       []wire.AssistantVersion `json:"data"`
		NextCursor *string                 `json:"next_cursor"`
	}
	count, query := 0, "?limit=2"
	for {
		page := read[versions](t, w.send(request{method: "GET", path: path + "/versions" + query, key: w.ours.key}))
		count += len(page.Data)
		if page.NextCursor == nil {
			break
		}
		query = "?limit=2&cursor=" + *page.NextCursor
	}
	if count != back.Version {
		t.Errorf("%d versions listed of %d", count, back.Version)
	}
}

func TestWhatTranscribes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	choose := func(s wire.Speech) answer {
		return w.send(request{method: "PATCH", path: "/api/v1/workspace", key: w.ours.key, body: wire.EditWorkspace{Speech: &s}})
	}
	mine := read[wire.Provider](t, w.send(request{method: "POST", path: "/api/v1/providers", key: w.ours.key, body: wire.SaveProvider{
		Name: "Ears", Kind: "fake", BaseURL: "https://ears.example/v1",
	}})).ID
	ws := read[wire.Workspace](t, choose(wire.Speech{ProviderID: mine, Model: " whisper-1 "}))
	if ws.Speech == nil || *ws.Speech != (wire.Speech{ProviderID: mine, Model: "whisper-1"}) || !slices.Contains(ws.SpeechKinds, "fake") {
		t.Errorf("a provider: %+v", ws)
	}
	remove := request{method: "DELETE", path: "/api/v1/providers/" + mine, key: w.ours.key}
	if got := w.send(remove); got.status != http.StatusConflict {
		t.Errorf("the provider that transcribes was removed: %d", got.status)
	}
	for what, s := range map[string]wire.Speech{
		"no model":                    {ProviderID: mine},
		"a provider of somebody else": {ProviderID: w.theirs.provider.ID, Model: "whisper-1"},
		"the built-in answerer":       {ProviderID: parley.BuiltinProvider, Model: "m"},
	} {
		if got := choose(s); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", what, got.status, got.body)
		}
	}
	if ws = read[wire.Workspace](t, choose(wire.Speech{ProviderID: parley.SpeechCommand, Model: "x"})); ws.Speech == nil || ws.Speech.Model != "" {
		t.Errorf("the server's program: %+v", ws.Speech)
	}
	if ws = read[wire.Workspace](t, choose(wire.Speech{})); ws.Speech != nil {
		t.Errorf("nothing: %+v", ws.Speech)
	}
	if got := w.send(remove); got.status >= 300 {
		t.Errorf("the provider that transcribes no more stays: %d", got.status)
	}
}

func TestWorkspaceAndPrices(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	credit, percent, zone := "0.02", int64(50), "America/New_York"
	ws := read[wire.Workspace](t, w.send(request{method: "PATCH", path: "/api/v1/workspace", key: w.ours.key, body: wire.EditWorkspace{
		CreditUSD: &credit, TestChatPercent: &percent, TimeZone: &zone,
	}}))
	if ws.CreditUSD != "0.02" || ws.TestChatPercent != 50 || ws.TimeZone != zone || ws.Name != "ours" {
		t.Errorf("workspace %+v", ws)
	}
	if ws.Speech != nil {
		t.Errorf("something transcribes in a new workspace: %+v", ws.Speech)
	}
	in, out := "2.5", "10"
	price := read[wire.Price](t, w.send(request{method: "POST", path: "/api/v1/prices", key: w.ours.key, body: wire.NewPrice{
		Provider: "Fake.example", Model: "fake-1", Input: &in, Output: &out, Source: "https://fake.example/pricing",
	}}))
	if price.Builtin || *price.Input != "2.5" || *price.Output != "10" || price.Cached != nil || price.Provider != "fake.example" {
		t.Errorf("price %+v", price)
	}
	csv := request{
		method: "POST", path: "/api/v1/prices/import", key: w.ours.key, header: map[string]string{"Content-Type": "text/csv"},
		body: "provider,model,input,output,source\nfake.example,fake-2,1,2,a page\n",
	}
	if got := read[wire.PriceImport](t, w.send(csv)); got.Imported != 1 {
		t.Errorf("imported %+v", got)
	}
	csv.body = "provider,model,input,output\nfake.example,fake-3,cheap,2\n"
	if a := w.send(csv); a.code() != parley.CodeInvalid || !strings.Contains(string(a.body), "line 2") {
		t.Errorf("a table with a mistake: %s", a)
	}
	list := read[struct{ Data []wire.Price }](t, w.send(request{method: "GET", path: "/api/v1/prices", key: w.ours.key}))
	if len(list.Data) != 2 {
		t.Errorf("%d prices listed", len(list.Data))
	}
}

func TestKnowledgeThroughTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	base := "/api/v1/assistants/" + w.ours.assistant.ID + "/knowledge"
	made := read[wire.Document](t, w.send(request{method: "POST", path: base, key: w.ours.key, body: wire.SaveDocument{
		Title: "Returns", Format: parley.FormatMarkdown, Content: "# Returns\nYou can return shoes within thirty days.",
	}}))
	found := read[struct{ Data []parley.Passage }](t, w.send(request{method: "POST", path: base + "/search", key: w.ours.key, body: wire.KnowledgeQuestion{Question: "How long can I return shoes?"}}))
	if len(found.Data) == 0 || found.Data[0].DocumentID != made.ID {
		t.Errorf("found %+v", found)
	}
	next := read[wire.Document](t, w.send(request{method: "PUT", path: base + "/" + made.ID, key: w.ours.key, body: wire.SaveDocument{
		Title: "Returns", Format: parley.FormatText, Content: "No returns.",
	}}))
	list := read[struct{ Data []wire.Document }](t, w.send(request{method: "GET", path: base, key: w.ours.key}))
	if len(list.Data) != 2 || list.Data[1].ID != next.ID || list.Data[1].Content != "" {
		t.Errorf("list %+v", list.Data)
	}
	if a := w.send(request{method: "DELETE", path: base + "/" + next.ID, key: w.ours.key}); a.status != http.StatusNoContent {
		t.Errorf("remove: %s", a)
	}
}
