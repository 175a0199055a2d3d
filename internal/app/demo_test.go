package app_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/app"
	"parley/internal/demo"
	"parley/internal/store"
)

func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("it plays a month of conversations")
	}
	t.Parallel()
	c := withAdmin(settings(t))
	c.Demo = true
	r := serve(t, c)
	if !regexp.MustCompile(`http://127\.0\.0\.1:\d+/signin#token=\w+`).MatchString(r.out) {
		t.Errorf("no sign-in link in %q", r.out)
	}
	r.taught(t)
	before := count(t, r)
	if before["total"] < 60 {
		t.Errorf("%d conversations", before["total"])
	}
	for _, want := range []string{"source=test", "source=widget", "source=whatsapp", "source=api", "waiting=true", "handed_over=true", "has_error=true",
		"has_attachment=true", "resolved=true", "resolved=false", "status=active", "status=ended"} {
		if before[want] == 0 {
			t.Errorf("no conversation with %s", want)
		}
	}
	r.stop()
	s, err := app.OpenStore(t.Context(), &c.Storage, &c.Secrets, app.StoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := s.List(t.Context(), store.ListQuery{WorkspaceID: "0190dec0-0000-7000-8000-000000000001", Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for i := range page.Rows {
		row := &page.Rows[i]
		if row.LastActivityAt.After(time.Now()) || row.StartedAt.Before(time.Now().AddDate(0, 0, -31)) {
			t.Errorf("%s is from %s to %s", row.ID, row.StartedAt, row.LastActivityAt)
		}
		differ, err := s.Drift(t.Context(), row.WorkspaceID, row.ID)
		if err != nil || len(differ) > 0 {
			t.Errorf("%s differs from its log in %v, %v", row.ID, differ, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if after := count(t, serve(t, c)); after["total"] != before["total"] {
		t.Errorf("%d conversations after the second start, %d before", after["total"], before["total"])
	}
}

// taught checks that the demo's assistant has an example of its own and one from
// a conversation, and answers by it.
func (r *running) taught(t *testing.T) {
	t.Helper()
	var shop struct{ Config parley.AssistantConfig }
	r.call(t, "GET", "/api/v1/assistants/"+demo.AssistantID, nil, &shop)
	if x := shop.Config.Examples; len(x) != 2 || x[0].ConversationID != "" || x[1].ConversationID == "" {
		t.Fatalf("examples %+v", x)
	}
	for asked, want := range map[string]string{
		"Are there any job openings?": "We are looking for a barista",
		"Can I taste your coffee?":    "on the house",
	} {
		var chat struct{ ID string }
		var sent struct{ Replies []message }
		r.call(t, "POST", "/api/v1/conversations", map[string]string{"assistant_id": demo.AssistantID, "source": "test"}, &chat)
		r.call(t, "POST", "/api/v1/conversations/"+chat.ID+"/messages?wait=60", map[string]string{"content": asked}, &sent)
		if len(sent.Replies) != 1 || !strings.Contains(sent.Replies[0].Content, want) || !strings.Contains(sent.Replies[0].Content, "*Source: Example › ") {
			t.Errorf("%q is answered %+v", asked, sent.Replies)
		}
	}
}

// count counts the conversations of each kind.
func count(t *testing.T, r *running) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, filter := range []string{
		"total", "source=test", "source=widget", "source=whatsapp", "source=api", "waiting=true", "handed_over=true",
		"has_error=true", "has_attachment=true", "resolved=true", "resolved=false", "status=active", "status=ended",
	} {
		var page struct{ Data []struct{ ID string } }
		if got := r.call(t, "GET", fmt.Sprintf("/api/v1/conversations?limit=100&%s", strings.TrimPrefix(filter, "total")), nil, &page); got != http.StatusOK {
			t.Fatalf("%s: %d", filter, got)
		}
		n[filter] = len(page.Data)
	}
	return n
}
