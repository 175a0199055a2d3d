package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/server/wire"
	"parley/internal/store/storetest"
)

func (n *tenant) messages() string {
	return "/api/v1/conversations/" + n.conversation.ID + "/messages"
}

func TestConversationFromEndToEnd(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			cookie := w.session(w.ours.members[parley.RoleOperator])
			opened := w.send(request{method: "POST", path: "/api/v1/conversations", key: w.ours.key, body: wire.NewConversation{
				AssistantID: w.ours.assistant.ID, Source: parley.SourceAPI, ExternalID: "crm-7", Variables: map[string]any{"order": "ORD-12345"},
			}})
			if opened.status != http.StatusCreated {
				t.Fatalf("open: %s", opened)
			}
			c := read[wire.ConversationDetail](t, opened)
			if len(c.Variables) != 1 || string(c.Variables[0].Value) != `"ORD-12345"` || c.Variables[0].Source != parley.FromPreChat {
				t.Errorf("variables %+v", c.Variables)
			}
			at := "/api/v1/conversations/" + c.ID
			sent := read[wire.Sent](t, w.send(request{method: "POST", path: at + "/messages?wait=60", key: w.ours.key, body: wire.NewMessage{Content: "Hi there"}}))
			if sent.Message.Seq != 1 || sent.Message.Role != parley.ByUser || len(sent.Replies) != 1 {
				t.Fatalf("sent %+v", sent)
			}
			reply := sent.Replies[0]
			if reply.Content != "Hello from the **model**." || reply.HTML != "<p>Hello from the <strong>model</strong>.</p>" || reply.TurnID == nil {
				t.Errorf("reply %+v", reply)
			}
			turn := read[wire.Turn](t, w.send(request{method: "GET", path: at + "/turns/" + *reply.TurnID, cookie: cookie}))
			if turn.Status != parley.TurnDone || len(turn.Trace.Steps) != 1 || len(turn.Usage) != 1 {
				t.Errorf("turn %+v", turn)
			}
			again := read[wire.ConversationDetail](t, w.send(request{method: "POST", path: "/api/v1/conversations", key: w.ours.key, body: wire.NewConversation{
				AssistantID: w.ours.assistant.ID, Source: parley.SourceAPI, ExternalID: "crm-7",
			}}))
			if again.ID != c.ID {
				t.Error("an external id does not continue its conversation")
			}
			w.takeoverAndEnd(at, cookie)
			text := w.send(request{method: "GET", path: at + "/transcript?tz=UTC", key: w.ours.key})
			for _, want := range []string{"] User: Hi there\n", "] AI: Hello from the **model**.\n", "] operator of ours: I am here.\n"} {
				if !strings.Contains(string(text.body), want) {
					t.Errorf("the transcript lacks %q:\n%s", want, text.body)
				}
			}
			for format, kind := range map[string]string{"json": "application/json", "markdown": "text/markdown; charset=utf-8"} {
				a := w.send(request{method: "GET", path: at + "/transcript?format=" + format, key: w.ours.key})
				if a.status != 200 || a.header.Get("Content-Type") != kind || !strings.Contains(string(a.body), "Hi there") {
					t.Errorf("%s: %s", format, a)
				}
			}
			if a := w.send(request{method: "DELETE", path: at, cookie: cookie}); a.status != http.StatusNoContent {
				t.Errorf("erase: %s", a)
			}
			if a := w.send(request{method: "GET", path: at, cookie: cookie}); a.code() != parley.CodeNotFound {
				t.Errorf("the erased one: %s", a)
			}
		})
	}
}

// takeoverAndEnd has the operator of the cookie write, give back and end.
func (w *world) takeoverAndEnd(at, cookie string) {
	t := w.t
	t.Helper()
	other := w.session(w.ours.members[parley.RoleAdmin])
	write := request{method: "POST", path: at + "/messages", cookie: cookie, body: wire.NewMessage{Content: "I am here.", Role: parley.ByOperator}}
	if a := w.send(write); a.code() != parley.CodeConflict {
		t.Errorf("an operator writes before taking over: %s", a)
	}
	took := read[wire.TakeoverResult](t, w.send(request{method: "POST", path: at + "/takeover", cookie: cookie}))
	if took.Conversation.Owner != parley.OwnerOperator || took.Conversation.Operator == nil || took.Conversation.Operator.Name != "operator of ours" {
		t.Errorf("takeover %+v", took)
	}
	if a := w.send(request{method: "POST", path: at + "/takeover", cookie: other}); a.code() != parley.CodeTakeoverActive {
		t.Errorf("a second takeover: %s", a)
	}
	detail := read[wire.ConversationDetail](t, w.send(request{method: "GET", path: at, cookie: cookie}))
	if want := (wire.Abilities{Write: true, Release: true, End: true, Delete: true}); detail.Can != want {
		t.Errorf("can %+v, want %+v", detail.Can, want)
	}
	if got := read[wire.Sent](t, w.send(write)); got.Message.Author == nil || got.Message.Author.Name != "operator of ours" {
		t.Errorf("operator's message %+v", got)
	}
	if c := read[wire.Conversation](t, w.send(request{method: "POST", path: at + "/release", cookie: cookie})); c.Owner != parley.OwnerAssistant {
		t.Errorf("release %+v", c)
	}
	for range 2 { // ending twice changes nothing
		if c := read[wire.Conversation](t, w.send(request{method: "POST", path: at + "/end", cookie: cookie})); c.Status != parley.ConversationEnded || c.EndedAt == nil {
			t.Errorf("end %+v", c)
		}
	}
}

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	for _, engineName := range storetest.Engines() {
		t.Run(engineName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, engineName)
			w.ours.attachment = w.upload(w.ours)
			for _, l := range routes(t) {
				if l.method != http.MethodPost || l.permission == "" || strings.HasSuffix(l.path, "/test") {
					continue
				}
				r := w.ours.to(l)
				r.key = w.ours.key
				r.header = with(r.header, "Idempotency-Key", "key of "+strings.ReplaceAll(l.path, " ", "-"))
				if a := w.send(r); a.code() != parley.CodeInvalid {
					t.Errorf("%s with a key that has spaces: %s", l, a)
				}
				r.header["Idempotency-Key"] = "key-" + l.path
				first := w.send(r)
				second := w.send(r)
				switch {
				case first.status >= 400: // it cannot be done now: nothing is kept
				case first.status != second.status || string(first.body) != string(second.body):
					t.Errorf("%s again with the same key:\n%s\n%s", l, first, second)
				}
				if first.status >= 400 || l.kind == "" {
					continue
				}
				switch l.kind {
				case "application/json":
					r.body = strings.Replace(string(mustJSON(w.ours.validBody(l))), "{", "{ ", 1)
				case "text/csv":
					r.body = "provider,model,input,output\nother,other,1,2\n"
				default:
					body, kind := form("b.png", []byte("another file"))
					r.body, r.header["Content-Type"] = body, kind
				}
				if a := w.send(r); a.code() != parley.CodeConflict && !strings.HasSuffix(l.path, "/messages") {
					t.Errorf("%s with the same key and another body: %s", l, a)
				}
			}
		})
	}
}

func TestMessageIsRecordedOnceForAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	post := func(content, key string) answer {
		return w.send(request{method: "POST", path: w.ours.messages(), key: w.ours.key, body: wire.NewMessage{Content: content},
			header: map[string]string{"Idempotency-Key": key}})
	}
	first, second := read[wire.Sent](t, post("hello", "k1")), read[wire.Sent](t, post("hello", "k1"))
	if first.Message.ID != second.Message.ID {
		t.Error("the same key twice made two messages")
	}
	if a := post("another", "k1"); a.code() != parley.CodeConflict {
		t.Errorf("the same key with another text: %s", a)
	}
	if other := read[wire.Sent](t, post("hello", "k2")); other.Message.ID == first.Message.ID {
		t.Error("another key gave the same message")
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	for i := range 5 {
		read[wire.ConversationDetail](t, w.send(request{method: "POST", path: "/api/v1/conversations", key: w.ours.key, body: wire.NewConversation{
			AssistantID: w.ours.assistant.ID, Source: parley.SourceTest, ContactName: fmt.Sprintf("Person %d", i), Variables: map[string]any{"order": fmt.Sprintf("A%d", i)},
		}}))
	}
	list := func(query string) wire.ConversationPage {
		t.Helper()
		return read[wire.ConversationPage](t, w.send(request{method: "GET", path: "/api/v1/conversations?" + query, key: w.ours.key}))
	}
	for query, want := range map[string]int{
		"": 6, "source=test": 5, "source=test&source=api": 6, "source=whatsapp": 0, "status=ended": 0, "status=active": 6,
		"assistant_id=" + w.ours.assistant.ID: 6, "assistant_id=" + w.theirs.assistant.ID: 0, "waiting=true": 0, "waiting=false": 6,
		"variable%5Border%5D=A3": 1, "variable%5Border%5D=A3&variable%5Border%5D=A4": 2, "contact=Person": 5,
		"from=2000-01-01T00:00:00Z": 6, "to=2000-01-01T00:00:00Z": 0, "from=" + time.Now().Add(time.Hour).UTC().Format(time.RFC3339): 0,
	} {
		if got := list(query); len(got.Data) != want {
			t.Errorf("?%s: %d rows, want %d", query, len(got.Data), want)
		}
	}
	for _, query := range []string{"sorce=test", "variable=1", "variable%5B%5D=1", "variable%5Border=1", "=x"} {
		if a := w.send(request{method: "GET", path: "/api/v1/conversations?" + query, key: w.ours.key}); a.code() != parley.CodeInvalid {
			t.Errorf("?%s: %q", query, a.code())
		}
	}
	var seen []string
	for query := "limit=2"; ; {
		page := list(query)
		for _, c := range page.Data {
			seen = append(seen, c.ID)
		}
		if page.NextCursor == nil {
			break
		}
		query = "limit=2&cursor=" + *page.NextCursor
	}
	if len(seen) != 6 {
		t.Errorf("pages of two hold %d rows", len(seen))
	}
	tiles := read[wire.Tiles](t, w.send(request{method: "GET", path: "/api/v1/conversations/tiles", key: w.ours.key}))
	if tiles.Conversations != 6 {
		t.Errorf("tiles %+v", tiles)
	}
}
