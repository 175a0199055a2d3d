package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

// Whoever may write assistants copies, exports and imports them, and nobody
// learns a secret by it.
func TestWholeAssistants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	editor, viewer := w.at(parley.RoleEditor), w.at(parley.RoleViewer)
	path := "/assistants/" + w.ours.assistant.ID
	cfg := w.ours.assistant.Config
	cfg.Tools = []parley.HTTPTool{{Name: "look", Method: "GET", URL: "https://tool.example/", Headers: map[string]string{"X-Key": "h1dden"}}}
	read[wire.Assistant](t, editor.ask("PUT", path, wire.SaveAssistant{AssistantConfig: cfg}))

	versions := read[api.Page[wire.AssistantVersion]](t, viewer.ask("GET", path+"/versions", nil))
	if len(versions.Data) != 3 || versions.Data[0].Author == nil || versions.Data[0].Author.Name != "editor of ours" || versions.Data[2].Author.Name != "key of ours" {
		t.Errorf("versions are %+v", versions.Data)
	}
	compared := read[wire.VersionComparison](t, viewer.ask("GET", path+"/compare?a=1", nil))
	if compared.A.Version != 1 || compared.B.Version != 3 || strings.Join(compared.Changed, " ") != "knowledge tools" || len(compared.B.Documents) != 1 || len(compared.Steps) != 2 {
		t.Errorf("compared %+v", compared)
	}
	if a := viewer.ask("GET", path+"/compare?a=0", nil); a.code() != parley.CodeInvalid {
		t.Errorf("version 0: %s", a)
	}

	copied := read[wire.Assistant](t, editor.ask("POST", path+"/duplicate", wire.DuplicateAssistant{}))
	if copied.Name != "Lumi (copy)" || copied.Status != parley.AssistantDraft || len(copied.Config.Knowledge) != 1 {
		t.Errorf("copied %+v", copied)
	}
	file := viewer.ask("GET", path+"/export", nil)
	if file.status != http.StatusOK || file.header.Get("Content-Disposition") != "attachment; filename=lumi.parley.yaml" ||
		!strings.HasPrefix(file.header.Get("Content-Type"), "application/yaml") || strings.Contains(string(file.body), "h1dden") {
		t.Errorf("the file: %v %s", file.header, file)
	}
	load := func(d desktop, body any) answer {
		return d.send(request{method: "POST", path: "/api/v1/assistants/import", cookie: d.cookie, body: body,
			header: map[string]string{"Content-Type": "application/yaml", "Idempotency-Key": "once"}})
	}
	if a := load(viewer, file.body); a.code() != parley.CodeForbidden {
		t.Errorf("a viewer imports: %s", a)
	}
	got := load(editor, file.body)
	made := read[wire.ImportedAssistant](t, got)
	if got.status != http.StatusCreated || made.Assistant.Status != parley.AssistantDraft || len(made.Notes) != 1 || made.Notes[0].Code != "secret_missing" {
		t.Errorf("imported %s", got)
	}
	if again := load(editor, file.body); string(again.body) != string(got.body) {
		t.Errorf("the same request again: %s", again)
	}
	large := append([]byte(nil), file.body...)
	large = append(large, []byte("\n#"+strings.Repeat("x", 2<<20))...)
	if a := load(editor, large); a.code() != parley.CodeConflict {
		t.Errorf("another file with the same key: %s", a)
	}
	for size, code := range map[int]parley.Code{3 << 20: "", 9 << 20: parley.CodeTooLarge} {
		a := editor.send(request{method: "POST", path: "/api/v1/assistants/import", cookie: editor.cookie, header: map[string]string{"Content-Type": "application/yaml"},
			body: "parley: assistant\nschema: 1\nname: Large\n#" + strings.Repeat("x", size)})
		if a.code() != code {
			t.Errorf("a file of %d bytes: %s", size, a)
		}
	}
}

func TestPreviewOfAPrompt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	viewer, path := w.at(parley.RoleViewer), "/assistants/"+w.ours.assistant.ID+"/preview"
	p := read[wire.PromptPreview](t, viewer.ask("POST", path, wire.PreviewPrompt{Question: "When do you open?"}))
	if !strings.Contains(p.System, "We open at nine in the morning.") || p.Documents != 1 || len(p.Passages) != 1 || len(p.Tools) == 0 {
		t.Errorf("the preview is %+v", p)
	}
	p = read[wire.PromptPreview](t, viewer.ask("POST", path, map[string]any{
		"config":    map[string]any{"name": "Mila", "prompt": "{assistant_name} for {order}, {nobody}"},
		"variables": map[string]any{},
	}))
	if p.System != "Mila for {order}, {nobody}" || len(p.Placeholders) != 3 || p.Placeholders[1].Known || !p.Placeholders[0].Known {
		t.Errorf("of a draft: %+v", p)
	}
	for _, bad := range []map[string]any{
		{"config": map[string]any{"name": " ", "prompt": ""}}, {"variables": map[string]any{"order": 1}}, {"variables": map[string]any{"x": "y"}}, {"source": "fax"},
	} {
		if a := viewer.ask("POST", path, bad); a.code() != parley.CodeInvalid {
			t.Errorf("%v: %s", bad, a)
		}
	}
}

// An answer becomes an example by those who may read it and write assistants.
func TestAnswersBecomeExamples(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	operator, editor := w.at(parley.RoleOperator), w.at(parley.RoleEditor)
	conv := "/conversations/" + w.ours.conversation.ID
	read[wire.Conversation](t, editor.ask("POST", conv+"/takeover", nil))
	sent := read[wire.Sent](t, editor.ask("POST", conv+"/messages", wire.NewMessage{Content: "We open at ten.", Role: parley.ByOperator}))
	path := conv + "/messages/" + sent.Message.ID + "/example"
	s := read[wire.ExampleSuggestion](t, operator.ask("GET", path, nil))
	if s.Question != "A message of ours\nTold of ours" || s.Answer != "We open at ten." || s.Kept || s.Assistant.Name != "Lumi" {
		t.Errorf("suggested %+v", s)
	}
	if a := operator.ask("POST", path, wire.SaveExample{}); a.code() != parley.CodeForbidden {
		t.Errorf("an operator keeps: %s", a)
	}
	key := read[struct {
		Key string `json:"key"`
	}](t, w.send(request{method: "POST", path: "/api/v1/api-keys", key: w.ours.key, body: wire.NewAPIKey{Name: "K", Scopes: []parley.Permission{parley.PermAssistantsWrite}}}))
	if a := w.send(request{method: "POST", path: "/api/v1" + path, key: key.Key, body: wire.SaveExample{}}); a.code() != parley.CodeForbidden {
		t.Errorf("a key that may not read conversations keeps: %s", a)
	}
	kept := editor.ask("POST", path, wire.SaveExample{Question: "When do you open?"})
	if a := read[wire.Assistant](t, kept); kept.status != http.StatusCreated || len(a.Config.Examples) != 1 || a.Config.Examples[0].MessageID != sent.Message.ID {
		t.Errorf("kept %s", kept)
	}
	if a := editor.ask("GET", conv+"/messages/"+w.ours.message+"/example", nil); a.code() != parley.CodeInvalid {
		t.Errorf("the contact's own words: %s", a)
	}
	// It goes with its conversation, from old versions as well.
	if a := editor.ask("DELETE", conv, nil); a.status != http.StatusNoContent {
		t.Errorf("deleted: %s", a)
	}
	versions := editor.ask("GET", "/assistants/"+w.ours.assistant.ID+"/versions", nil)
	for i := range read[api.Page[wire.AssistantVersion]](t, versions).Data {
		version := editor.ask("GET", fmt.Sprintf("/assistants/%s/versions/%d", w.ours.assistant.ID, i+1), nil)
		if version.status != http.StatusOK || strings.Contains(string(version.body), "We open at ten.") {
			t.Errorf("version %d: %s", i+1, version)
		}
	}
}
