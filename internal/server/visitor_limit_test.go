package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/server"
	"parley/internal/server/widget"
)

// sealed signs with a secret, as a site does.
func sealed(secret, text string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(text))
	return mac.Sum(nil)
}

func jwt(secret string, header, claims map[string]any) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	text := part(header) + "." + part(claims)
	return text + "." + base64.RawURLEncoding.EncodeToString(sealed(secret, text))
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	of, secret := w.ours.widget, "identity-secret-ours"
	good := func(id string) widget.Identify {
		return widget.Identify{UserID: id, Hash: hex.EncodeToString(sealed(secret, id)), Name: "Ada", Email: "ada@example.com"}
	}
	g := w.visitor(of)
	if a := g.post("/identify", good("42")); a.code() != parley.CodeForbidden {
		t.Errorf("identify while it is off: %s", a)
	}
	w.settings(of, func(s *parley.WidgetSettings) { s.Identity = parley.IdentityRequired })

	// In required mode a stranger may look and do nothing.
	for _, r := range visitorRoutes(parley.NewID(time.Now()), parley.NewID(time.Now())) {
		a := w.send(g.request(r.method, r.path, r.body))
		if strings.Contains(r.path, "/conversations/") {
			continue // has none
		}
		if refused := a.code() == parley.CodeForbidden && a.word() == "identity"; refused != (r.method == "POST") {
			t.Errorf("%s %s of a stranger: %s", r.method, r.path, a)
		}
	}
	in := time.Now().Add(time.Hour).Unix()
	hs := map[string]any{"alg": "HS256", "typ": "JWT"}
	claims := func(change map[string]any) map[string]any {
		c := map[string]any{"sub": "42", "exp": in, "name": "Ada", "email": "ada@example.com"}
		for k, v := range change {
			if v == nil {
				delete(c, k)
				continue
			}
			c[k] = v
		}
		return c
	}
	for name, id := range map[string]widget.Identify{
		"nothing":               {},
		"no hash":               {UserID: "42"},
		"another's hash":        {UserID: "43", Hash: good("42").Hash},
		"another secret":        {UserID: "42", Hash: hex.EncodeToString(sealed("identity-secret-theirs", "42"))},
		"no user":               {UserID: "", Hash: hex.EncodeToString(sealed(secret, ""))},
		"a control character":   good("4\n2"),
		"half a hash":           {UserID: "42", Hash: good("42").Hash[:32]},
		"no JWT":                {JWT: "x.y.z"},
		"alg none":              {JWT: jwt("", map[string]any{"alg": "none"}, claims(nil))},
		"alg none, signed":      {JWT: jwt(secret, map[string]any{"alg": "none"}, claims(nil))},
		"another alg":           {JWT: jwt(secret, map[string]any{"alg": "HS512"}, claims(nil))},
		"critical":              {JWT: jwt(secret, map[string]any{"alg": "HS256", "crit": []string{"x"}}, claims(nil))},
		"signed by another":     {JWT: jwt("identity-secret-theirs", hs, claims(nil))},
		"expired":               {JWT: jwt(secret, hs, claims(map[string]any{"exp": time.Now().Add(-2 * time.Minute).Unix()}))},
		"without expiry":        {JWT: jwt(secret, hs, claims(map[string]any{"exp": nil}))},
		"for a year":            {JWT: jwt(secret, hs, claims(map[string]any{"exp": time.Now().Add(365 * 24 * time.Hour).Unix()}))},
		"not yet":               {JWT: jwt(secret, hs, claims(map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}))},
		"for another widget":    {JWT: jwt(secret, hs, claims(map[string]any{"aud": w.theirs.widget.ID}))},
		"for others":            {JWT: jwt(secret, hs, claims(map[string]any{"aud": []string{"a", "b"}}))},
		"without subject":       {JWT: jwt(secret, hs, claims(map[string]any{"sub": nil}))},
		"another name":          {JWT: jwt(secret, hs, claims(map[string]any{"sub": nil, "SUB": "u-1"}))},
		"a subject of numbers":  {JWT: jwt(secret, hs, claims(map[string]any{"sub": 42}))},
		"signed, then changed":  {JWT: strings.Replace(jwt(secret, hs, claims(nil)), ".", ".e", 1)},
		"the secret as the JWT": {JWT: secret},
	} {
		if a := g.post("/identify", id); a.code() != parley.CodeForbidden || a.word() != "identity" || a.status != http.StatusForbidden {
			t.Errorf("%s: %s", name, a)
		}
	}
	byJWT := read[widget.Session](t, g.post("/identify", widget.Identify{JWT: jwt(secret, hs, claims(map[string]any{"aud": []string{of.ID}}))}))
	if !byJWT.Verified || byJWT.User.ID != "42" || byJWT.User.Name != "Ada" {
		t.Errorf("by JWT: %+v", byJWT)
	}

	// Who is verified has the conversations on every device; a stranger's become
	// the person's, another person's do not.
	w.settings(of, func(s *parley.WidgetSettings) { s.Identity = parley.IdentityOptional })
	phone, laptop := w.visitor(of), w.visitor(of)
	conv := phone.begins().ID
	phone.token = read[widget.Session](t, phone.post("/identify", good("7"))).Token
	laptop.token = read[widget.Session](t, laptop.post("/identify", good("7"))).Token
	for name, one := range map[string]*guest{"phone": phone, "laptop": laptop} {
		if a := one.get("/conversations/" + conv); a.status != http.StatusOK {
			t.Errorf("on the %s: %s", name, a)
		}
	}
	called := func(conv string) parley.Contact {
		c, err := w.store.Conversation(t.Context(), of.WorkspaceID, conv)
		w.must(err)
		who, _, err := w.store.Contact(t.Context(), of.WorkspaceID, c.ContactID)
		w.must(err)
		return *who
	}
	if c := called(conv); c.Name != "Ada" || c.Identifier != "7" {
		t.Errorf("who has signed in is called %+v", c)
	}
	// So it is on a device where a stranger wrote while the person was known.
	tablet := w.visitor(of)
	again := tablet.begins().ID
	tablet.token = read[widget.Session](t, tablet.post("/identify", good("7"))).Token
	if one, two := called(conv), called(again); one.ID != two.ID || one.Identifier != "7" {
		t.Errorf("one person is %+v and %+v", one, two)
	}
	other := *phone
	other.token = read[widget.Session](t, phone.post("/identify", good("8"))).Token
	if a := other.get("/conversations/" + conv); a.code() != parley.CodeNotFound {
		t.Errorf("the next person at the same browser: %s", a)
	}
	if a := phone.get("/conversations/" + conv); a.status != http.StatusOK {
		t.Errorf("the person before: %s", a)
	}
}

func TestVisitorsLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite", func(c *server.Config) { c.Limits = server.Limits{Address: 1000} })
	limits := func(change func(*parley.WidgetLimits)) {
		w.settings(w.ours.widget, func(s *parley.WidgetSettings) {
			s.Limits = parley.DefaultWidgetSettings().Limits
			change(&s.Limits)
		})
	}
	say := func(g *guest, conv string) answer {
		return g.post("/conversations/"+conv+"/messages", widget.Send{ClientID: uuid(), Content: "x"})
	}
	refusedAt := func(what string, most int, try func() answer) {
		t.Helper()
		for i := range most + 1 {
			a := try()
			if a.status >= 300 {
				if a.code() != parley.CodeRateLimited || a.header.Get("Retry-After") == "" || a.header.Get("Access-Control-Expose-Headers") == "" {
					t.Errorf("%s: %s %v", what, a, a.header)
				}
				return
			}
			if i == most {
				t.Errorf("%s: %d are taken", what, most)
			}
		}
	}
	g := w.visitor(w.ours.widget)
	conv := g.begins().ID
	limits(func(l *parley.WidgetLimits) { l.MessagesPerMinute = 4 })
	refusedAt("messages of a visitor", 5, func() answer { return say(g, conv) })
	repeat := widget.Send{ClientID: *g.log(conv, 1)[0].ClientID, Content: "x"}
	if got := read[widget.Sent](t, g.post("/conversations/"+conv+"/messages", repeat)); !got.Duplicate {
		t.Error("the repeat of an accepted message is refused at the limit")
	}
	limits(func(l *parley.WidgetLimits) { l.WidgetPerMinute = 4 })
	refusedAt("messages of a widget", 5, func() answer { o := w.visitor(w.ours.widget); return say(o, o.begins().ID) })
	limits(func(l *parley.WidgetLimits) { l.AddressPerMinute = 4 })
	refusedAt("messages of an address", 5, func() answer { o := w.visitor(w.ours.widget); return say(o, o.begins().ID) })
	refusedAt("conversations of a visitor", 10, func() answer {
		a := g.post("/conversations", widget.Start{})
		if a.status == http.StatusCreated || a.status == http.StatusOK {
			g.post("/conversations/"+read[widget.Started](t, a).Conversation.ID+"/end", struct{}{})
		}
		return a
	})
	refusedAt("new visitors of an address", 100, func() answer { return w.guest(w.ours.widget).post("/visitor", struct{}{}) })
}

func TestConversationsHaveAnEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	w.settings(w.ours.widget, func(s *parley.WidgetSettings) { s.Limits.MessagesPerConversation, s.Limits.MessagesPerMinute = 10, 120 })
	g := w.visitor(w.ours.widget)
	conv := g.begins().ID
	var last answer
	for range 12 {
		if last = g.post("/conversations/"+conv+"/messages", widget.Send{ClientID: uuid(), Content: "x"}); last.status >= 300 {
			break
		}
	}
	if last.code() != parley.CodeConflict || last.word() != "limit" {
		t.Errorf("the conversation has no end: %s", last)
	}
}

func TestOldestStreamMakesRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	g := w.visitor(w.ours.widget)
	conv := g.begins().ID
	var ears []*ear
	for range 6 {
		l := g.listens(conv, "")
		l.until("the state", func(e told) bool { return e.name == "turn" })
		ears = append(ears, l)
	}
	select {
	case <-ears[0].ended:
	case <-time.After(10 * time.Second):
		t.Error("a sixth stream leaves the first one open")
	}
	g.says(conv, "hi")
	for i, l := range ears[1:] {
		l.until(fmt.Sprint("the message in tab ", i+1), func(e told) bool { return e.name == "message" })
	}
}

func TestScriptAndPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite", func(c *server.Config) { c.DemoWidget = "0190dec0-0000-7000-8000-000000000006" })
	of := w.ours.widget
	w.settings(of, func(s *parley.WidgetSettings) {
		s.Origins = []string{"https://shop.example", "https://*.shop.example"}
		s.Texts = map[string]map[string]string{"en": {"title": `</title><script>alert(1)</script>`, "launcher": "</script><b>"}}
	})
	script := func(header map[string]string) answer {
		if header["Origin"] == "" {
			header["Origin"] = "https://shop.example"
		}
		return w.send(request{method: "GET", path: "/widget.js?id=" + of.ID, header: header})
	}
	plain := script(map[string]string{"Accept-Encoding": "identity"})
	h := plain.header
	if !strings.HasPrefix(string(plain.body), `const parleyConfig={"widget":"`+of.ID+`","mode":"site"`) || strings.Contains(string(plain.body), "</script>") ||
		!strings.Contains(string(plain.body), `"chat":"/widget/assets/chat-5e6f.js"`) || h.Get("Content-Type") != "text/javascript; charset=utf-8" ||
		h.Get("Cache-Control") != "public, max-age=300" || h.Get("ETag") == "" || h.Get("Set-Cookie") != "" {
		t.Errorf("the script is %.400s %v", plain.body, h)
	}
	if a := script(map[string]string{"If-None-Match": h.Get("ETag")}); a.status != http.StatusNotModified || len(a.body) > 0 {
		t.Errorf("the same again: %s", a)
	}
	for _, encoding := range []string{"br", "gzip"} {
		a := script(map[string]string{"Accept-Encoding": encoding})
		if a.header.Get("Content-Encoding") != encoding || len(a.body) >= len(plain.body) || a.header.Get("ETag") != h.Get("ETag") {
			t.Errorf("%s: %d bytes, %v", encoding, len(a.body), a.header)
		}
		chat := w.send(request{method: "GET", path: "/widget/assets/chat-5e6f.js", header: map[string]string{"Accept-Encoding": encoding}})
		if chat.header.Get("Content-Encoding") != encoding || !strings.Contains(chat.header.Get("Cache-Control"), "immutable") || chat.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("the chat in %s: %s %v", encoding, chat, chat.header)
		}
	}
	w.settings(of, func(s *parley.WidgetSettings) { s.Position = parley.WidgetTopLeft })
	if a := script(map[string]string{"If-None-Match": h.Get("ETag")}); a.status != http.StatusOK || !strings.Contains(string(a.body), "top_left") {
		t.Errorf("after a change of the settings: %s", a)
	}
	if old := w.send(request{method: "GET", path: "/widget/assets/chat-old.js", header: map[string]string{"Accept-Encoding": "identity"}}); old.status != http.StatusOK || !strings.Contains(string(old.body), "export const chat") {
		t.Errorf("the chat of an earlier build: %s", old)
	}
	for _, path := range []string{"/widget/assets/other.js", "/widget/assets/chat-5e6f.js.br", "/widget/assets/..%2f..%2findex.html", "/widget.js", "/widget.js?id=x", "/c/" + parley.NewID(time.Now())} {
		if a := w.send(request{method: "GET", path: path, header: map[string]string{"Accept-Encoding": "identity"}}); a.status != http.StatusNotFound && path != "/widget/assets/chat-5e6f.js.br" {
			t.Errorf("%s: %s", path, a)
		}
	}
	page := w.send(request{method: "GET", path: "/c/" + of.ID, header: map[string]string{"Accept-Language": "ar"}})
	policy := page.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "frame-ancestors 'self' https://shop.example https://*.shop.example") || strings.Contains(policy, "unsafe") ||
		!strings.Contains(policy, "img-src 'self' data: blob: https://shop.example https://*.shop.example;") ||
		strings.Contains(string(page.body), "<script>alert") || !strings.Contains(string(page.body), `lang="ar" dir="rtl"`) || page.header.Get("Set-Cookie") != "" {
		t.Errorf("the page is %s under %s", page, policy)
	}
	w.settings(of, func(s *parley.WidgetSettings) { s.Origins = []string{} })
	preview := w.send(request{method: "GET", path: "/c/" + of.ID + "?preview=1"})
	if !strings.Contains(string(preview.body), "mode=preview") || !strings.Contains(preview.header.Get("Content-Security-Policy"), "frame-ancestors *") {
		t.Errorf("the preview is %s", preview)
	}
	demo := w.send(request{method: "GET", path: "/demo"})
	if !strings.Contains(string(demo.body), "/widget.js?id=0190dec0") || strings.Contains(demo.header.Get("Content-Security-Policy"), "unsafe") {
		t.Errorf("the demo page is %s", demo)
	}
}
