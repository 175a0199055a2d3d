package server_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/server"
	"parley/internal/server/widget"
)

// visitorRoutes is every route that needs a token, with a body that it takes.
func visitorRoutes(conv, file string) []request {
	one := "/conversations/" + conv
	return []request{
		{method: "GET", path: "/conversations"},
		{method: "POST", path: "/conversations", body: widget.Start{}},
		{method: "GET", path: one},
		{method: "GET", path: one + "/messages"},
		{method: "POST", path: one + "/messages", body: widget.Send{ClientID: uuid(), Content: "attack"}},
		{method: "GET", path: one + "/stream"},
		{method: "POST", path: one + "/typing", body: struct{}{}},
		{method: "POST", path: one + "/read", body: widget.Read{Seq: 1}},
		{method: "POST", path: one + "/variables", body: widget.Variables{Variables: map[string]any{"order": "attack"}}},
		{method: "POST", path: one + "/end", body: struct{}{}},
		{method: "POST", path: one + "/rating", body: widget.Rate{Score: 1}},
		{method: "GET", path: one + "/transcript"},
		{method: "POST", path: one + "/attachments", body: "attack"},
		{method: "GET", path: one + "/attachments/" + file},
		{method: "POST", path: "/leave", body: widget.Leave{ClientID: uuid(), Email: "eve@evil.example"}},
	}
}

// picture is a real PNG.
func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// victim is a visitor with a conversation, a message and a file.
func (w *world) victim(of *parley.Widget) (g *guest, conv, file string) {
	w.t.Helper()
	g = w.visitor(of)
	conv = g.begins().ID
	file = read[widget.Attachment](w.t, g.uploads(conv, "a.png", "", picture(w.t, 2, 2))).ID
	read[widget.Sent](w.t, g.post("/conversations/"+conv+"/messages", widget.Send{ClientID: uuid(), Content: "a secret", Attachments: []string{file}}))
	g.log(conv, 2)
	return g, conv, file
}

// Law 11: no token but the visitor's own, of this widget and epoch, opens
// anything on any route.
func TestLaw11Tokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	g, conv, file := w.victim(w.ours.widget)
	help := &parley.Widget{WorkspaceID: w.ours.workspace.ID, Name: "Help", AssistantID: w.ours.assistant.ID, Settings: parley.DefaultWidgetSettings()}
	w.must(w.store.CreateWidget(t.Context(), help))
	theirs, elsewhere := w.visitor(w.theirs.widget), w.visitor(help)
	before := g.get("/conversations/" + conv + "/messages")

	parts := strings.SplitN(g.token, ".", 3)
	changed := func(change func(claims map[string]any)) string {
		b, err := base64.RawURLEncoding.DecodeString(parts[1])
		w.must(err)
		claims := map[string]any{}
		w.must(json.Unmarshal(b, &claims))
		change(claims)
		b, err = json.Marshal(claims)
		w.must(err)
		return parts[0] + "." + base64.RawURLEncoding.EncodeToString(b) + "." + parts[2]
	}
	flipped := []byte(g.token)
	flipped[len(flipped)-2] ^= 1
	for name, tok := range map[string]string{
		"none":               "",
		"of another widget":  elsewhere.token,
		"of another tenant":  theirs.token,
		"an API key":         w.ours.key,
		"a longer life":      changed(func(c map[string]any) { c["x"] = time.Now().Add(1000 * time.Hour).Unix() }),
		"another visitor":    changed(func(c map[string]any) { c["v"] = uuid() }),
		"a verified user":    changed(func(c map[string]any) { c["u"] = map[string]string{"id": "admin"} }),
		"a member":           changed(func(c map[string]any) { c["m"] = w.ours.members[parley.RoleOwner].ID }),
		"unsigned":           parts[0] + "." + parts[1] + ".",
		"no signature":       parts[0] + "." + parts[1],
		"a changed byte":     string(flipped),
		"the other's prefix": "pv2" + g.token[3:],
		"a JWT without alg":  base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"huge":               strings.Repeat("x", 20000),
	} {
		eve := *g
		eve.token = tok
		for _, r := range visitorRoutes(conv, file) {
			if a := w.send(eve.request(r.method, r.path, r.body)); a.code() != parley.CodeUnauthorized {
				t.Errorf("%s %s with a token that is %s: %s", r.method, r.path, name, a)
			}
		}
	}
	// A good token, and somebody else's ids.
	for name, eve := range map[string]*guest{"another visitor": w.visitor(w.ours.widget), "another widget's": elsewhere, "another tenant's": theirs} {
		for _, r := range visitorRoutes(conv, file) {
			if !strings.Contains(r.path, conv) {
				continue
			}
			if a := w.send(eve.request(r.method, r.path, r.body)); a.code() != parley.CodeNotFound {
				t.Errorf("%s %s as %s: %s", r.method, r.path, name, a)
			}
		}
		own := eve.begins().ID
		if a := eve.get("/conversations/" + own + "/attachments/" + file); a.code() != parley.CodeNotFound {
			t.Errorf("the file through a conversation of one's own: %s", a)
		}
		if a := eve.post("/conversations/"+own+"/messages", widget.Send{ClientID: uuid(), Content: "x", Attachments: []string{file}}); a.code() != parley.CodeInvalid {
			t.Errorf("the file in a message of one's own: %s", a)
		}
		if a := eve.get("/conversations"); strings.Contains(string(a.body), conv) || strings.Contains(string(a.body), "a secret") {
			t.Errorf("%s lists it: %s", name, a)
		}
	}
	for _, id := range []string{"..", "%2e%2e", "0", strings.Repeat("9", 36), conv + "0", strings.ToUpper(conv), w.ours.conversation.ID} {
		if a := g.get("/conversations/" + id); a.status != http.StatusNotFound && a.status < 300 {
			t.Errorf("the id %q: %s", id, a)
		}
	}
	if after := g.get("/conversations/" + conv + "/messages"); string(after.body) != string(before.body) {
		t.Errorf("something has changed:\n%s\n%s", before, after)
	}
	// Another's client id finds and changes nothing.
	client := *g.log(conv, 2)[0].ClientID
	eve := w.visitor(w.ours.widget)
	if a := eve.post("/conversations/"+eve.begins().ID+"/messages", widget.Send{ClientID: client, Content: "a secret"}); a.code() != parley.CodeConflict || strings.Contains(string(a.body), conv) {
		t.Errorf("another's client id: %s", a)
	}
}

// Law 11: a token ends with its time and with its epoch, at once and everywhere,
// streams included.
func TestLaw11Epochs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite", func(c *server.Config) { c.Heartbeat = 50 * time.Millisecond })
	g, conv, file := w.victim(w.ours.widget)
	l := g.listens(conv, "")
	l.until("the state", func(e told) bool { return e.name == "turn" })
	if a := w.send(request{method: "POST", path: "/api/v1/widgets/" + w.ours.widget.ID + "/sign-out", key: w.ours.key, body: struct{}{}}); a.status != http.StatusNoContent {
		t.Fatalf("sign-out: %s", a)
	}
	refused := func(g *guest, why string) {
		t.Helper()
		for _, r := range visitorRoutes(conv, file) {
			if a := w.send(g.request(r.method, r.path, r.body)); a.code() != parley.CodeUnauthorized {
				t.Errorf("%s %s after %s: %s", r.method, r.path, why, a)
			}
		}
	}
	refused(g, "the epoch was raised")
	ends := func(l *ear, why string) {
		t.Helper()
		select {
		case <-l.ended:
		case <-time.After(10 * time.Second):
			t.Errorf("the stream outlives %s", why)
		}
	}
	ends(l, "its epoch")
	if s := read[widget.Session](t, g.post("/visitor", struct{}{})); s.Conversation != nil {
		t.Errorf("a void token is refreshed: %+v", s)
	}

	g, conv, file = w.victim(w.ours.widget)
	l = g.listens(conv, "")
	w.must(w.store.PrepareRestored(t.Context()))
	refused(g, "a restore")
	ends(l, "a restore")

	g, conv, file = w.victim(w.ours.widget)
	l = g.listens(conv, "")
	w.must(w.store.DeleteConversation(t.Context(), w.ours.workspace.ID, conv))
	ends(l, "its conversation")

	g, conv, _ = w.victim(w.ours.widget)
	l = g.listens(conv, "")
	v, err := w.store.WidgetConversation(t.Context(), w.ours.workspace.ID, conv)
	w.must(err)
	w.must(w.store.AdoptVisitor(t.Context(), w.ours.workspace.ID, w.ours.widget.ID, v.VisitorID, "somebody else"))
	ends(l, "its visitor")

	g, conv, file = w.victim(w.ours.widget)
	w.clock.Move(29 * 24 * time.Hour)
	fresh := *g
	fresh.token = read[widget.Session](t, g.post("/visitor", struct{}{})).Token
	w.clock.Move(2 * 24 * time.Hour)
	refused(g, "30 days")
	if a := fresh.get("/conversations/" + conv); a.status != http.StatusOK {
		t.Errorf("a token that was refreshed: %s", a)
	}
}

// Law 11: the list of sites holds on every route, and on the preflight.
func TestLaw11Origins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite", func(c *server.Config) { c.PublicURL = "https://chat.example" })
	g, conv, file := w.victim(w.ours.widget)
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) { s.Origins = []string{"https://shop.example", "https://*.shop.example"} })
	all := append(visitorRoutes(conv, file), request{method: "GET", path: "/config"}, request{method: "POST", path: "/visitor", body: struct{}{}},
		request{method: "POST", path: "/identify", body: widget.Identify{UserID: "1", Hash: "00"}}, request{method: "GET", path: "/no/such/path"})
	for name, c := range map[string]struct {
		origin, site string
		ok           bool
	}{
		"the site":                 {"https://shop.example", "cross-site", true},
		"a subdomain":              {"https://a.b.shop.example", "cross-site", true},
		"our own page":             {"https://chat.example", "same-origin", true},
		"our own page, reading":    {"", "same-origin", true},
		"no origin":                {"", "", false},
		"no origin, another site":  {"", "cross-site", false},
		"no origin, a subdomain":   {"", "same-site", false},
		"null":                     {"null", "cross-site", false},
		"another site":             {"https://evil.example", "cross-site", false},
		"a look-alike":             {"https://shop.example.evil.example", "cross-site", false},
		"another scheme":           {"http://shop.example", "cross-site", false},
		"another port":             {"https://shop.example:8443", "cross-site", false},
		"the host of this request": {w.http.URL, "", false},
	} {
		eve := *g
		eve.origin, eve.site = c.origin, c.site
		for _, r := range all {
			if strings.HasSuffix(r.path, "/stream") || strings.HasSuffix(r.path, "/end") && c.ok {
				continue
			}
			a := w.send(eve.request(r.method, r.path, r.body))
			if refused := a.code() == parley.CodeForbidden && a.word() == "origin"; refused == c.ok {
				t.Errorf("%s %s from %s: %s", r.method, r.path, name, a)
			}
			if allow := a.header.Get("Access-Control-Allow-Origin"); c.ok && allow != c.origin || !c.ok && allow != "" {
				t.Errorf("%s %s from %s allows %q", r.method, r.path, name, allow)
			}
			if a.header.Get("Access-Control-Allow-Credentials") != "" || !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Origin") {
				t.Errorf("%s %s: %v", r.method, r.path, a.header)
			}
		}
		ask := eve.request("OPTIONS", "/conversations/"+conv+"/messages", nil)
		ask.key = ""
		ask.header["Access-Control-Request-Method"], ask.header["Access-Control-Request-Headers"] = "POST", "authorization,content-type"
		a := w.send(ask)
		if got := a.header.Get("Access-Control-Allow-Headers"); c.ok != (got == "Authorization, Content-Type") || c.ok != (a.status == http.StatusNoContent) {
			t.Errorf("a preflight from %s: %s %v", name, a, a.header)
		}
		script := eve.request("GET", "", nil)
		script.path, script.key = "/widget.js?id="+g.widget, ""
		if a := w.send(script); (a.status == http.StatusOK) != c.ok {
			t.Errorf("the script for %s: %s", name, a)
		}
	}
	two := eveWithTwoOrigins(w, g)
	if two != http.StatusForbidden {
		t.Errorf("two origins: %d", two)
	}
	// Without a list every site may, those without an origin too.
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) { s.Origins = []string{} })
	for _, origin := range []string{"https://evil.example", "null", ""} {
		eve := *g
		eve.origin = origin
		if a := eve.get("/conversations"); a.status != http.StatusOK || a.header.Get("Access-Control-Allow-Origin") != origin {
			t.Errorf("%q without a list: %s %v", origin, a, a.header)
		}
	}
}

func eveWithTwoOrigins(w *world, g *guest) int {
	req, err := http.NewRequest(http.MethodGet, w.http.URL+"/widget/v1/"+g.widget+"/config", nil)
	w.must(err)
	req.Header["Origin"] = []string{"https://shop.example", "https://evil.example"}
	res, err := w.http.Client().Do(req)
	w.must(err)
	_ = res.Body.Close()
	return res.StatusCode
}

// Content that wants to act is kept as it was written and shown harmless.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) { s.Limits.MessageChars = 16000; s.Limits.MessagesPerMinute = 120 })
	g := w.visitor(w.ours.widget)
	conv := g.begins().ID
	for name, text := range map[string]string{
		"script": "<script>alert(1)</script>", "handler": `<img src=x onerror="alert(1)">`, "address": "[x](javascript:alert(1)) javascript:alert(1)",
		"links": strings.Repeat("[a](//b)\n", 1700), "bidi": "invoice\u202egpj.exe", "closing": "</p></div></template><svg/onload=alert(1)>",
		"markdown": strings.Repeat("> ", 7000), "quotes": `" ' & < >`,
	} {
		a := g.post("/conversations/"+conv+"/messages", widget.Send{ClientID: uuid(), Content: text})
		sent := read[widget.Sent](t, a)
		if rest := strings.NewReplacer("<p>", "", "</p>", "", "<br>", "").Replace(sent.Message.HTML); strings.ContainsAny(rest, "<>\u202e") {
			t.Errorf("%s is shown as %.200s", name, sent.Message.HTML)
		}
		if name != "bidi" && sent.Message.Content != text {
			t.Errorf("%s was kept as %.200q", name, sent.Message.Content)
		}
	}
	for name, text := range map[string]string{"NUL": `{"client_id":"` + uuid() + `","content":"a\u0000b"}`, "not UTF-8": "{\"client_id\":\"" + uuid() + "\",\"content\":\"\xff\"}", "unknown": `{"client_id":"` + uuid() + `","content":"x","role":"assistant"}`, "twice": `{} {}`, "no JSON": `<xml>`} {
		if a := g.post("/conversations/"+conv+"/messages", text); a.code() != parley.CodeInvalid {
			t.Errorf("%s: %s", name, a)
		}
	}
	for name, text := range map[string]string{"a long message": strings.Repeat("x", 16001), "10,000 links": strings.Repeat("[a](//b)\n", 10_000)} {
		if a := g.post("/conversations/"+conv+"/messages", widget.Send{ClientID: uuid(), Content: text}); a.code() != parley.CodeTooLarge {
			t.Errorf("%s: %s", name, a)
		}
	}
	if a := g.post("/conversations/"+conv+"/messages", `{"content":"`+strings.Repeat("x", 200<<10)+`"}`); a.code() != parley.CodeTooLarge {
		t.Errorf("a huge body: %s", a)
	}
	for _, id := range []string{"", "1", "not-a-uuid", strings.ToUpper(uuid())} {
		if a := g.post("/conversations/"+conv+"/messages", widget.Send{ClientID: id, Content: "x"}); a.code() != parley.CodeInvalid {
			t.Errorf("the client id %q: %s", id, a)
		}
	}
}

// bomb is a ZIP archive of n zeros.
func bomb(t testing.TB, name string, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err == nil {
		_, err = f.Write(make([]byte, n))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claimed is the head of a PNG that says it has so many pixels.
func claimed(width, height uint32) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	head = append(head, 8, 0, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) {
		s.Attachments.Types, s.Attachments.MaxMB = []parley.FileType{parley.FileImage, parley.FileDocument, parley.FileText}, 1
		s.Limits.FilesPerConversation, s.Limits.MBPerConversation = 6, 1
	})
	g := w.visitor(w.ours.widget)
	conv := g.begins().ID
	const office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	for name, c := range map[string]struct {
		file, declared string
		content        []byte
		code           parley.Code
	}{
		"HTML as a picture":           {"a.png", "image/png", []byte("<html><script>alert(1)</script>"), parley.CodeForbidden},
		"SVG as a picture":            {"a.png", "image/png", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), parley.CodeForbidden},
		"a program as a picture":      {"a.png", "image/png", append([]byte("MZ"), make([]byte, 600)...), parley.CodeForbidden},
		"a zip bomb":                  {"a.zip", "application/zip", bomb(t, "a", 50<<20), parley.CodeForbidden},
		"a zip bomb as a document":    {"a.docx", office, bomb(t, "a", 50<<20), parley.CodeForbidden},
		"a zip bomb as a picture":     {"a.png", "image/png", bomb(t, "a", 1<<20), parley.CodeForbidden},
		"a picture bomb":              {"a.png", "image/png", claimed(60000, 60000), parley.CodeTooLarge},
		"no picture behind its magic": {"a.png", "image/png", []byte("\x89PNG\r\n\x1a\nnothing of the kind"), parley.CodeForbidden},
		"a sound":                     {"a.mp3", "audio/mpeg", append([]byte("ID3"), make([]byte, 100)...), parley.CodeForbidden},
		"too large":                   {"a.txt", "text/plain", bytes.Repeat([]byte("x"), 1<<20+1), parley.CodeTooLarge},
		"much too large":              {"a.txt", "text/plain", bytes.Repeat([]byte("x"), 3<<20), parley.CodeTooLarge},
		"empty":                       {"a.txt", "text/plain", nil, parley.CodeInvalid},
	} {
		g := w.visitor(w.ours.widget) // each within its own limits
		if a := g.uploads(g.begins().ID, c.file, c.declared, c.content); a.code() != c.code {
			t.Errorf("%s: %s, want %s", name, a, c.code)
		}
	}
	evil := g.uploads(conv, "..\\..\\etc/\u202epasswd.txt", "text/plain", []byte("hello"))
	file := read[widget.Attachment](t, evil)
	if strings.ContainsAny(file.Name, "\\/\u202e\x00") || file.MIMEType != "text/plain" {
		t.Errorf("the file became %+v", file)
	}
	down := g.get("/conversations/" + conv + "/attachments/" + file.ID)
	if d := down.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || down.header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(down.header.Get("Content-Security-Policy"), "sandbox") || string(down.body) != "hello" {
		t.Errorf("the download is %s %v", down, down.header)
	}
	read[widget.Attachment](t, g.uploads(conv, "a.docx", office, bomb(t, "[Content_Types].xml", 1<<10)))
	if a := g.uploads(conv, "a.txt", "text/plain", bytes.Repeat([]byte("x"), 1<<20-4)); a.code() != parley.CodeConflict || a.word() != "limit" {
		t.Errorf("more than the volume of a conversation: %s", a)
	}
	for range 4 {
		read[widget.Attachment](t, g.uploads(conv, "a.txt", "text/plain", []byte("x")))
	}
	if a := g.uploads(conv, "a.txt", "text/plain", []byte("x")); a.code() != parley.CodeConflict || a.word() != "limit" {
		t.Errorf("more files than a conversation may have: %s", a)
	}
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) { s.Attachments.Enabled = false })
	if a := g.uploads(conv, "a.txt", "text/plain", []byte("x")); a.code() != parley.CodeForbidden || a.word() != "attachments" {
		t.Errorf("files are off: %s", a)
	}
}
