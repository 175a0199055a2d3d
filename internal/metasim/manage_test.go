package metasim_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"parley/internal/metasim"
	"parley/internal/metasim/graph"
)

// What a "test connection" reads is there, and says what is wrong.
func TestReadingTheNumber(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a := s.call("GET", "/v25.0/"+number+"?fields=id,display_phone_number,quality_rating,status,throughput{level},whatsapp_business_manager_messaging_limit", "")
	want := map[string]any{
		"id": number, "display_phone_number": "+1 555-078-3881", "quality_rating": "GREEN", "status": "CONNECTED",
		"throughput": map[string]any{"level": "STANDARD"}, "whatsapp_business_manager_messaging_limit": "TIER_250",
	}
	if fmt.Sprint(a.Raw) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", a.Raw, want)
	}
	if a := s.call("GET", "/v25.0/"+waba+"/phone_numbers", ""); len(a.Data) != 2 {
		t.Errorf("%+v", a)
	}
	if a := s.call("GET", "/v25.0/"+waba+"?fields=name", ""); a.Raw["name"] != "Quillmoor Coffee" {
		t.Errorf("%+v", a.Raw)
	}
	red, banned, tier := "RED", "BANNED", "TIER_2K"
	if _, err := s.UpdateNumber(number, metasim.NumberChange{Quality: &red, Status: &banned, Limit: &tier}); err != nil {
		t.Fatal(err)
	}
	if a := s.call("GET", "/v25.0/"+number+"?fields=quality_rating,status", ""); a.Raw["quality_rating"] != "RED" || a.Raw["status"] != "BANNED" {
		t.Errorf("%v", a.Raw)
	}
	if a := s.send(hello); a.Error.Code != 131031 || a.status != http.StatusForbidden {
		t.Errorf("%+v", a)
	}
	s.quiet()
	fields := map[string]int{}
	for _, e := range s.hook.received(t) {
		fields[e.Entry[0].Changes[0].Field]++
	}
	if fields["account_update"] != 1 || fields["business_capability_update"] != 2 {
		t.Errorf("%v", fields)
	}
	for pin, code := range map[string]int{"000000": 133005, "12": 100, "123456": 0} {
		if a := s.call("POST", "/v25.0/"+number+"/register", `{"messaging_product":"whatsapp","pin":"`+pin+`"}`); a.Error.Code != code {
			t.Errorf("pin %s: %+v", pin, a)
		}
	}
	if a := s.call("GET", "/v25.0/1", ""); a.Error.Code != 100 || a.Error.Subcode != 33 {
		t.Errorf("%+v", a)
	}
}

// The token says what it may do, and does nothing else.
func TestToken(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.SetToken(metasim.TokenState{Valid: true, Scopes: []string{"whatsapp_business_management"}})
	a := s.call("GET", "/v25.0/debug_token?input_token="+metasim.DefaultToken, "")
	data := a.Raw["data"].(map[string]any)
	if data["is_valid"] != true || fmt.Sprint(data["scopes"]) != "[whatsapp_business_management]" {
		t.Errorf("%v", data)
	}
	if a := s.send(hello); a.Error.Code != 131005 {
		t.Errorf("%+v", a)
	}
	s.SetToken(metasim.TokenState{Valid: true, Scopes: []string{"whatsapp_business_messaging"}})
	for _, path := range []string{number, waba, waba + "/message_templates"} {
		if a := s.call("GET", "/v25.0/"+path, ""); a.Error.Code != 200 {
			t.Errorf("%s: %+v", path, a)
		}
	}
	s.SetToken(metasim.TokenState{})
	if a := s.call("GET", "/v25.0/"+number, ""); a.Error.Code != 190 {
		t.Errorf("%+v", a)
	}
}

// Templates are listed page by page, created, reviewed, changed, deleted.
func TestTemplates(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	path := "/v25.0/" + waba + "/message_templates"
	seen, after := 0, ""
	for {
		a := s.call("GET", path+"?limit=3&fields=name,status&after="+after, "")
		seen += len(a.Data)
		if after = a.Paging.Cursors.After; after == "" {
			break
		}
	}
	if seen != 10 {
		t.Errorf("%d templates in pages", seen)
	}
	if a := s.call("GET", path+"?status=APPROVED&name=order", ""); len(a.Data) != 2 {
		t.Errorf("%+v", a.Data)
	}
	body := func(name, rest string) string {
		return `{"name":"` + name + `","language":"en_US","category":"UTILITY","components":[` + rest + `]}`
	}
	good := `{"type":"BODY","text":"Hello {{1}}, thank you.","example":{"body_text":[["Ada"]]}}`
	made := s.call("POST", path, body("thanks", good))
	if made.Status != "PENDING" || made.ID == "" {
		t.Fatalf("%+v", made)
	}
	s.quiet()
	send := `"type":"template","template":{"name":"thanks","language":{"code":"en_US"},"components":[{"type":"body","parameters":[{"type":"text","text":"Ada"}]}]}`
	if a := s.send(send); a.Error.Code != 0 {
		t.Errorf("approved: %+v", a.Error)
	}
	if chat, _ := s.Chat("sheena", number, ""); chat.Messages[0].Text != "Hello Ada, thank you." {
		t.Errorf("%+v", chat.Messages)
	}
	if _, err := s.ReviewTemplate(made.ID, graph.TemplatePaused, ""); err != nil {
		t.Fatal(err)
	}
	if a := s.send(send); a.Error.Code != 132015 {
		t.Errorf("paused: %+v", a.Error)
	}
	if a := s.call("POST", "/v25.0/"+made.ID, `{"components":[{"type":"BODY","text":"Thanks."}]}`); !a.Success {
		t.Errorf("%+v", a)
	}
	s.quiet()
	if a := s.call("GET", "/v25.0/"+made.ID+"?fields=status", ""); a.Status != "APPROVED" {
		t.Errorf("%+v", a)
	}
	s.call("POST", path, body("to_be_rejected", good))
	s.quiet()
	events := map[string]string{}
	for _, e := range s.hook.received(t) {
		if v := e.Entry[0].Changes[0].Value; v.Event != "" {
			events[v.Event] = v.Reason
		}
	}
	if events["APPROVED"] != "NONE" || events["REJECTED"] != "PROMOTIONAL" {
		t.Errorf("%v", events)
	}
	if a := s.call("DELETE", path+"?name=thanks", ""); !a.Success {
		t.Errorf("%+v", a)
	}
	if a := s.call("DELETE", path+"?name=thanks", ""); a.Error.Subcode != 2593002 {
		t.Errorf("%+v", a)
	}
	for name, tt := range map[string]struct {
		body    string
		subcode int
	}{
		"a name with capitals":    {body("Thanks", good), 0},
		"twice":                   {body("hello_world", good), 2388024},
		"no example":              {body("a", `{"type":"BODY","text":"Hello {{1}}, thanks."}`), 2388273},
		"a variable at the start": {body("a", `{"type":"BODY","text":"{{1}}, thanks.","example":{"body_text":[["Ada"]]}}`), 2388299},
		"counted from two":        {body("a", `{"type":"BODY","text":"Hello {{2}}, thanks.","example":{"body_text":[["Ada"]]}}`), 0},
		"no body":                 {body("a", `{"type":"FOOTER","text":"Bye"}`), 0},
		"a footer with variables": {body("a", good+`,{"type":"FOOTER","text":"Bye {{1}}"}`), 0},
		"a picture without one":   {body("a", good+`,{"type":"HEADER","format":"IMAGE"}`), 2388273},
	} {
		if a := s.call("POST", path, tt.body); a.Error.Code != 100 || a.Error.Subcode != tt.subcode {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// A template with a header, named variables and buttons is filled in.
func TestFilledTemplate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	rest := `"type":"template","template":{"name":"appointment_reminder","language":{"code":"en_US"},"components":[` +
		`{"type":"header","parameters":[{"type":"text","parameter_name":"day","text":"Monday"}]},` +
		`{"type":"body","parameters":[{"type":"text","parameter_name":"time","text":"10:00"},{"type":"text","parameter_name":"name","text":"Ada"},{"type":"text","parameter_name":"day","text":"Monday"}]},` +
		`{"type":"button","sub_type":"quick_reply","index":"1","parameters":[{"type":"payload","payload":"other-day"}]}]}`
	sent := s.send(rest)
	if sent.Error.Code != 0 {
		t.Fatalf("%+v", sent.Error)
	}
	chat, _ := s.Chat("sheena", number, "")
	m := chat.Messages[0]
	if m.Header != "Your visit on Monday" || m.Text != "Hello Ada, we expect you on Monday at 10:00. See you soon!" || len(m.Buttons) != 2 || chat.WindowOpen {
		t.Errorf("%+v", m)
	}
	s.act("sheena", metasim.Action{Kind: "tap", MessageID: m.ID, Choice: m.Buttons[1].ID})
	s.quiet()
	tapped := s.hook.messages(t)[0]
	if b := tapped["button"].(map[string]any); b["payload"] != "other-day" || b["text"] != "Another day" || tapped["context"].(map[string]any)["id"] != m.ID {
		t.Errorf("%v", tapped)
	}
	if a := s.send(strings.Replace(rest, `"parameter_name":"time"`, `"parameter_name":"hour"`, 1)); a.Error.Code != 100 {
		t.Errorf("a wrong name: %+v", a.Error)
	}
}

// upload uploads a file and returns Graph's answer.
func (s *scene) upload(mimeType string, data []byte) answer {
	s.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("messaging_product", "whatsapp")
	w.WriteField("type", mimeType)
	part, _ := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="a.bin"`}, "Content-Type": {mimeType},
	})
	part.Write(data)
	w.Close()
	return s.call("POST", "/v25.0/"+number+"/media", b.String(), "Content-Type", w.FormDataContentType())
}

var png = []byte("\x89PNG\r\n\x1a\n0000")

// Files go both ways; their URLs work for five minutes, and they are kept for
// 30 days and seven.
func TestMedia(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.act("sheena", metasim.Action{Kind: "voice", Upload: &metasim.Upload{Data: []byte("OggS opus")}})
	s.act("sheena", metasim.Action{Kind: "document", Text: "The form", Upload: &metasim.Upload{Name: "a/b.pdf", MIMEType: "application/pdf", Data: []byte("%PDF-1.7")}})
	s.quiet()
	byType := map[any]map[string]any{}
	for _, m := range s.hook.messages(t) {
		byType[m["type"]] = m[m["type"].(string)].(map[string]any)
	}
	voice, doc := byType["audio"], byType["document"]
	if voice["voice"] != true || voice["mime_type"] != "audio/ogg; codecs=opus" || doc["filename"] != "a/b.pdf" || doc["caption"] != "The form" {
		t.Fatalf("%v", byType)
	}
	id := doc["id"].(string)
	get := func(url string, header ...string) (int, string) {
		req, _ := http.NewRequest("GET", url, nil)
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b)
	}
	a := s.call("GET", "/v25.0/"+id+"?phone_number_id="+number, "")
	if status, b := get(a.URL, "Authorization", "Bearer "+metasim.DefaultToken); status != 200 || b != "%PDF-1.7" || a.Raw["file_size"] != 8.0 {
		t.Errorf("%d %q %v", status, b, a.Raw)
	}
	if status, _ := get(a.URL); status != 401 {
		t.Errorf("without the token: %d", status)
	}
	s.Age(6 * time.Minute)
	if status, _ := get(a.URL, "Authorization", "Bearer "+metasim.DefaultToken); status != 404 {
		t.Errorf("after six minutes: %d", status)
	}
	up := s.upload("image/png", png)
	for mimeType, code := range map[string]int{"image/svg+xml": 100, "application/x-msdownload": 100, "image/png": 131053} {
		if a := s.upload(mimeType, make([]byte, 5<<20+1)); a.Error.Code != code {
			t.Errorf("%s: %+v", mimeType, a)
		}
	}
	if a := s.send(`"type":"image","image":{"id":"` + up.ID + `","caption":"Look"}`); a.Error.Code != 0 {
		t.Errorf("%+v", a.Error)
	}
	if a := s.send(`"type":"audio","audio":{"id":"` + up.ID + `"}`); a.Error.Code != 131009 {
		t.Errorf("a picture as sound: %+v", a.Error)
	}
	wrong := s.upload("image/jpeg", png)
	sent := s.send(`"type":"image","image":{"id":"` + wrong.ID + `"}`)
	s.quiet()
	if names, all := s.hook.statuses(t, sent.Messages[0].ID); len(names) != 1 || fmt.Sprint(all[0]["errors"].([]any)[0].(map[string]any)["code"]) != "131053" {
		t.Errorf("a PNG as JPEG: %v", all)
	}
	chat, _ := s.Chat("sheena", number, "")
	if m := chat.Messages[2]; m.File == nil || m.File.Size != len(png) || m.Text != "Look" {
		t.Errorf("%+v", m)
	}
	s.Age(7 * 24 * time.Hour)
	if a := s.call("GET", "/v25.0/"+id, ""); a.Error.Subcode != 33 {
		t.Errorf("received, after a week: %+v", a)
	}
	if a := s.call("GET", "/v25.0/"+up.ID, ""); a.Error.Code != 0 {
		t.Errorf("uploaded, after a week: %+v", a)
	}
	if a := s.call("DELETE", "/v25.0/"+up.ID, ""); !a.Success {
		t.Errorf("%+v", a)
	}
	if a := s.call("GET", "/v25.0/"+up.ID, ""); a.Error.Subcode != 33 {
		t.Errorf("deleted: %+v", a)
	}
}
