package server_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/server"
	"parley/internal/server/wire"
	"parley/internal/store/bulks"
	"parley/internal/store/hooks"
	"parley/internal/store/storetest"
)

// spec is the part of the OpenAPI document that the tests walk: every route,
// with the permission that it needs.
type spec struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		RequestBody *struct {
			Content map[string]any `json:"content"`
		} `json:"requestBody"`
		Security []map[string][]string `json:"security"`
	} `json:"paths"`
}

// line is one route of the table as the document tells it.
type line struct {
	method, path string
	permission   parley.Permission // "" for open routes
	any          bool              // for whoever is signed in
	kind         string            // of the body, "" for none
}

func (l line) String() string { return l.method + " " + l.path }

func routes(t *testing.T) []line {
	t.Helper()
	doc, err := server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var s spec
	if err := json.Unmarshal(doc, &s); err != nil {
		t.Fatal(err)
	}
	var all []line
	for path, methods := range s.Paths {
		for method, op := range methods {
			l := line{method: strings.ToUpper(method), path: path}
			if len(op.Security) > 0 {
				if scopes := op.Security[0]["key"]; len(scopes) == 1 {
					l.permission = parley.Permission(scopes[0])
				} else {
					l.any = true
				}
			}
			if op.RequestBody != nil {
				for kind := range op.RequestBody.Content {
					l.kind = kind
				}
			}
			all = append(all, l)
		}
	}
	if len(all) < 50 {
		t.Fatalf("only %d routes in the document", len(all))
	}
	return all
}

// guarded are the routes whose guards are tested: those of the document and those
// that lead to the simulator.
func guarded(t *testing.T) []line {
	t.Helper()
	return append(routes(t), simulatorRoutes...)
}

// simulatorRoutes are those that the document leaves out, because their path has
// an open end.
var simulatorRoutes = []line{
	{method: "GET", path: "/api/v1/simulator/{path...}", permission: parley.PermConversationsRead},
	{method: "POST", path: "/api/v1/simulator/{path...}", permission: parley.PermConversationsWrite},
	{method: "PUT", path: "/api/v1/simulator/{path...}", permission: parley.PermConversationsWrite},
	{method: "PATCH", path: "/api/v1/simulator/{path...}", permission: parley.PermConversationsWrite},
}

// ids replaces the parameters of a path by the ids of a tenant's things.
func (n *tenant) ids(path string) string {
	id := n.conversation.ID
	for part, thing := range map[string]string{
		"/assistants/": n.assistant.ID, "/providers/": n.provider.ID, "/members/": n.members[parley.RoleViewer].ID,
		"/invites/": n.invite.ID, "/widgets/": n.widget.ID, "/api-keys/": n.keyID, "/attachments/": n.attachment,
		"/senders/": n.sender.ID, "/alerts/": n.alert, "/exports/": n.export, "/imports/": n.brought, "/topics/": n.topic,
		"/v1/webhooks/": n.hook.ID, "/contacts/": n.conversation.ContactID, "/erasures/": n.erasure, "/bulk/": n.bulk,
		"/v1/tags/": n.tag, "/v1/views/": n.view, "/canned-replies/": n.reply,
	} {
		if strings.Contains(path, part) {
			id = thing
		}
	}
	return strings.NewReplacer("{id}", id, "{doc}", n.document.ID, "{n}", "1", "{turn_id}", cmp.Or(n.turn, n.conversation.ID),
		"{message_id}", n.message, "{webhook_id}", n.webhook, "{delivery_id}", n.delivery, "{tag_id}", n.tag, "{note_id}", n.note, "{path...}", "state", "{template_id}", n.template.ID, "{token}", "unknown").Replace(path)
}

// validBody is a body that the route takes, of the tenant's own things.
func (n *tenant) validBody(l line) any {
	sentence := "hello"
	input := "1.5"
	switch l.String() {
	case "POST /api/v1/conversations":
		return wire.NewConversation{AssistantID: n.assistant.ID, Source: parley.SourceAPI}
	case "POST /api/v1/conversations/{id}/messages":
		return wire.NewMessage{Content: "hello"}
	case "POST /api/v1/assistants":
		return n.assistant.Config
	case "PUT /api/v1/assistants/{id}":
		return wire.SaveAssistant{AssistantConfig: n.assistant.Config}
	case "POST /api/v1/assistants/{id}/knowledge", "PUT /api/v1/assistants/{id}/knowledge/{doc}":
		return wire.SaveDocument{Title: "T", Format: parley.FormatText, Content: "text"}
	case "POST /api/v1/assistants/{id}/knowledge/search":
		return wire.KnowledgeQuestion{Question: "when do you open"}
	case "POST /api/v1/assistants/{id}/preview":
		return wire.PreviewPrompt{}
	case "POST /api/v1/assistants/{id}/duplicate":
		return wire.DuplicateAssistant{}
	case "POST /api/v1/assistants/import":
		return "parley: assistant\nschema: 1\nname: Imported\n"
	case "POST /api/v1/conversations/{id}/messages/{message_id}/example":
		return wire.SaveExample{Question: "When?", Answer: "At nine."}
	case "POST /api/v1/assistants/{id}/tools/test":
		return wire.ToolTest{Tool: parley.HTTPTool{Name: "look", Description: "looks", Method: "GET", URL: "https://tool.example/"}}
	case "POST /api/v1/widgets", "PUT /api/v1/widgets/{id}":
		return wire.SaveWidget{Name: "W", AssistantID: n.assistant.ID}
	case "POST /api/v1/widgets/{id}/preview":
		return wire.PreviewWidget{}
	case "POST /api/v1/widgets/{id}/check":
		return wire.CheckWidget{URL: "http://127.0.0.1:1/"}
	case "POST /api/v1/providers", "PUT /api/v1/providers/{id}":
		return wire.SaveProvider{Name: "P", Kind: "fake", BaseURL: "https://fake.example/v1"}
	case "POST /api/v1/providers/test":
		return wire.TestProvider{ID: n.provider.ID, Model: "fake-1"}
	case "POST /api/v1/prices":
		return wire.NewPrice{Provider: "fake", Model: "fake-1", Input: &input, Output: &input, Source: "a test"}
	case "POST /api/v1/prices/import":
		return "provider,model,input,output\nfake,fake-2,1,2\n"
	case "PATCH /api/v1/workspace":
		return wire.EditWorkspace{Name: &sentence}
	case "PATCH /api/v1/me":
		return wire.EditMe{Name: &sentence}
	case "PATCH /api/v1/members/{id}":
		return wire.EditMember{Name: &sentence}
	case "POST /api/v1/invites":
		return wire.NewInvite{Role: parley.RoleViewer}
	case "POST /api/v1/api-keys":
		return wire.NewAPIKey{Name: "K", Scopes: []parley.Permission{parley.PermConversationsRead}}
	case "POST /api/v1/conversations/{id}/messages/{message_id}/settle":
		return wire.SettleMessage{Delivery: parley.DeliverySent}
	case "POST /api/v1/whatsapp/senders", "PUT /api/v1/whatsapp/senders/{id}":
		return wire.SaveSender{Name: "N", PhoneNumberID: "7", WABAID: "1", BaseURL: n.sender.BaseURL, Token: "EAAG", AssistantID: n.assistant.ID,
			App: &wire.SaveSenderApp{AppSecret: "s"}}
	case "POST /api/v1/whatsapp/senders/test":
		return wire.TestSender{ID: n.sender.ID}
	case "POST /api/v1/whatsapp/senders/{id}/templates":
		return wire.NewTemplate{Name: "hello", Language: "en_US", Category: "UTILITY", Components: n.template.Components}
	case "POST /api/v1/whatsapp/senders/{id}/templates/{template_id}/preview":
		return wire.TemplateFill{Body: map[string]string{}}
	case "POST /api/v1/whatsapp/senders/{id}/templates/{template_id}/send":
		return wire.SendTemplate{To: "+4915112345678"}
	case "POST /api/v1/exports":
		return wire.NewExport{Format: parley.ExportJSONL, ConversationIDs: []string{n.conversation.ID}}
	case "POST /api/v1/bulk":
		return wire.StartBulk{Action: bulks.Review, ConversationIDs: []string{n.conversation.ID}}
	case "PUT /api/v1/retention":
		return wire.Retention{Days: map[parley.Source]int{parley.SourceAPI: 30}}
	case "POST /api/v1/webhooks", "PUT /api/v1/webhooks/{id}":
		return wire.SaveWebhookEndpoint{URL: "https://new.example/", Events: []hooks.Type{hooks.Ended}}
	case "PUT /api/v1/budget", "PUT /api/v1/assistants/{id}/budget":
		return wire.SaveBudget{Credits: "1000.5"}
	case "PUT /api/v1/conversations/{id}/review":
		return wire.SaveReview{Reviewed: true}
	case "PUT /api/v1/conversations/{id}/read":
		return wire.SaveRead{Read: true}
	case "POST /api/v1/conversations/{id}/notes", "PUT /api/v1/conversations/{id}/notes/{note_id}":
		return wire.SaveNote{Text: "hello"}
	case "POST /api/v1/tags", "PUT /api/v1/tags/{id}":
		return wire.SaveTag{Name: "hello", Color: "#112233"}
	case "POST /api/v1/views", "PUT /api/v1/views/{id}":
		return wire.SaveView{Name: "hello", Filter: "status=active", Shared: true}
	case "PUT /api/v1/views/order":
		return wire.ViewOrder{IDs: []string{n.view}, Shared: true}
	case "POST /api/v1/canned-replies", "PUT /api/v1/canned-replies/{id}":
		return wire.SaveCannedReply{Shortcut: "hello", Text: "hello"}
	case "POST /api/v1/auth/setup":
		return wire.Setup{Token: "x", WorkspaceName: "W", Name: "N", Email: "a@b.example", Password: "long enough it is"}
	case "POST /api/v1/auth/signin":
		return wire.SignIn{Email: "a@b.example", Password: "wrong password"}
	case "POST /api/v1/auth/link":
		return wire.SignInLink{Token: "x"}
	case "POST /api/v1/auth/join":
		return wire.Join{Token: "x", Name: "N", Email: "a@b.example", Password: "long enough it is"}
	}
	return nil
}

// to is a request to a route with a valid body and the ids of a tenant.
func (n *tenant) to(l line) request {
	r := request{method: l.method, path: n.ids(l.path), body: n.validBody(l)}
	switch l.kind {
	case "text/csv", "application/yaml":
		r.header = map[string]string{"Content-Type": l.kind}
	case "multipart/form-data":
		body, kind := form("a.png", []byte("\x89PNG\r\n\x1a\nrest"))
		r.body, r.header = body, map[string]string{"Content-Type": kind}
	}
	return r
}

func form(name string, content []byte) (body []byte, kind string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		panic(err)
	}
	return b.Bytes(), m.FormDataContentType()
}

// isStream tells the one route that does not end.
func isStream(l line) bool { return l.path == "/api/v1/stream" }

func (w *world) upload(n *tenant) string {
	w.t.Helper()
	body, kind := form("a.png", []byte("\x89PNG\r\n\x1a\nrest"))
	a := read[parley.Attachment](w.t, w.send(request{
		method: "POST", path: "/api/v1/attachments", key: n.key, body: body, header: map[string]string{"Content-Type": kind},
	}))
	return a.ID
}

// TestLaw10WorkspacesDoNotLeak walks every route with a key of one workspace
// and the ids of another: whatever is asked, nothing of the other is found, said
// or changed.
func TestLaw10WorkspacesDoNotLeak(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			w.complete(w.ours)
			w.complete(w.theirs)
			before := w.fingerprint(w.theirs)
			secrets := []string{
				w.theirs.workspace.ID, w.theirs.members[parley.RoleOwner].Email, "of theirs", "theirs.example", "We open at nine",
				"sk-very-secret-theirs", "EAAG-theirs", "app-secret-theirs", "verify-theirs", "identity-secret-theirs",
				w.theirs.hook.ID, w.theirs.hook.Secret,
			}
			for _, l := range guarded(t) {
				if isStream(l) {
					continue
				}
				r := w.theirs.to(l)
				r.key = w.ours.key
				a := w.send(r)
				if strings.Contains(l.path, "{") && l.permission != "" && a.code() != parley.CodeNotFound {
					t.Errorf("%s with another workspace's ids: %s", l, a)
				}
				if !strings.Contains(l.path, "{") && (l.String() == "POST /api/v1/conversations" || l.String() == "POST /api/v1/widgets") && a.code() != parley.CodeNotFound {
					t.Errorf("%s of another workspace's assistant: %s", l, a)
				}
				if strings.HasSuffix(l.path, "s/test") && !strings.HasSuffix(l.path, "/tools/test") && a.code() != parley.CodeNotFound {
					t.Errorf("%s of another workspace's provider or number: %s", l, a)
				}
				if l.String() == "POST /api/v1/whatsapp/senders" && a.code() != parley.CodeNotFound {
					t.Errorf("%s with another workspace's assistant: %s", l, a)
				}
				for _, secret := range secrets {
					if strings.Contains(string(a.body), secret) {
						t.Errorf("%s tells %q of the other workspace: %s", l, secret, a)
					}
				}
			}
			a := w.send(request{
				method: "POST", path: "/api/v1/conversations/" + w.ours.conversation.ID + "/messages", key: w.ours.key,
				body: wire.NewMessage{Content: "look", Attachments: []string{w.theirs.attachment}},
			})
			if a.code() != parley.CodeInvalid {
				t.Errorf("another workspace's file in a message: %s", a)
			}
			for _, path := range []string{"?conversation_id=", "?deltas="} {
				a := w.send(request{method: "GET", path: "/api/v1/stream" + path + w.theirs.conversation.ID, key: w.ours.key})
				if a.code() != parley.CodeNotFound {
					t.Errorf("the stream of another workspace's conversation: %s", a)
				}
			}
			if after := w.fingerprint(w.theirs); after != before {
				t.Errorf("something of the other workspace has changed:\n%s\n%s", before, after)
			}
		})
	}
}

// fingerprint is all that can be read of a workspace through its own key.
func (w *world) fingerprint(n *tenant) string {
	w.t.Helper()
	var b strings.Builder
	for _, path := range []string{
		"/conversations", "/conversations/" + n.conversation.ID, "/conversations/" + n.conversation.ID + "/messages", "/assistants",
		"/assistants/" + n.assistant.ID + "/versions", "/assistants/" + n.assistant.ID + "/knowledge", "/providers", "/workspace",
		"/invites", "/conversations/tiles", "/prices", "/whatsapp/senders", "/whatsapp/senders/" + n.sender.ID + "/templates",
		"/whatsapp/senders/" + n.sender.ID + "/webhooks", "/alerts", "/widgets", "/widgets/" + n.widget.ID,
		"/exports", "/exports/" + n.export + "/file", "/budgets", "/analytics/unpriced", "/analytics/labels?kind=call",
		"/contacts/" + n.conversation.ContactID, "/erasures", "/erasures/" + n.erasure, "/retention", "/bulk", "/bulk/" + n.bulk,
		"/exports", "/exports/" + n.export + "/file", "/imports", "/imports/" + n.brought,
		"/tags", "/views", "/canned-replies", "/conversations/" + n.conversation.ID + "/notes",
		"/webhooks", "/webhooks/" + n.hook.ID + "/deliveries", "/webhooks/" + n.hook.ID + "/deliveries/" + n.delivery,
	} {
		a := w.send(request{method: "GET", path: "/api/v1" + path, key: n.key})
		if a.status != http.StatusOK {
			w.t.Errorf("GET %s: %s", path, a)
		}
		fmt.Fprintf(&b, "%s %s\n", path, a.body)
	}
	return b.String()
}

// TestRolesAndRoutes asks every route as every role, and compares with what the
// role allows.
func TestRolesAndRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.ours.attachment = w.upload(w.ours)
	for _, role := range parley.Roles() {
		cookie := w.session(w.theirs.members[role])
		for _, l := range guarded(t) {
			if l.permission == "" || isStream(l) {
				continue
			}
			// Our ids with their session: what is allowed finds nothing, and so
			// changes nothing.
			r := w.ours.to(l)
			r.cookie = cookie
			if !strings.Contains(l.path, "{") && l.method != "GET" {
				r.body = "{" // what is allowed is not valid
			}
			a := w.send(r)
			if forbidden := a.code() == parley.CodeForbidden; forbidden == role.Allows(l.permission) {
				t.Errorf("%s as %s: %s, needs %s", l, role, a, l.permission)
			}
		}
		w.send(request{method: "POST", path: "/api/v1/auth/signout", cookie: cookie})
	}
}

// TestEveryRouteNeedsSomebody asks without a key, and with ones that are none.
func TestEveryRouteNeedsSomebody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.ours.attachment = w.upload(w.ours)
	expired := w.session(w.ours.members[parley.RoleOwner])
	w.clock.Move(30 * 24 * time.Hour)
	for _, l := range guarded(t) {
		if l.permission == "" && !l.any {
			continue
		}
		for name, change := range map[string]func(*request){
			"nobody":             func(*request) {},
			"an unknown key":     func(r *request) { r.key = "parley_unknown" },
			"a strange key":      func(r *request) { r.key = strings.Repeat("x", 5000) },
			"an unknown session": func(r *request) { r.cookie = "unknown" },
			"an expired session": func(r *request) { r.cookie = expired },
			"basic auth":         func(r *request) { r.header = map[string]string{"Authorization": "Basic eDp5"} },
		} {
			r := w.ours.to(l)
			change(&r)
			if a := w.send(r); a.code() != parley.CodeUnauthorized || a.status != http.StatusUnauthorized {
				t.Errorf("%s as %s: %s", l, name, a)
			}
		}
	}
}
