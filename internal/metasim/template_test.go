package metasim_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/internal/metasim"
)

const asOAuth = "OAuth " + metasim.DefaultToken

// The sample of a template's header is uploaded in two steps, and the template
// names it by its handle.
func TestSample(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	app := s.call("GET", "/v25.0/debug_token?input_token="+metasim.DefaultToken, "").Raw["data"].(map[string]any)["app_id"].(string)
	uploads := "/v25.0/" + app + "/uploads?file_name=a&file_length=%d&file_type=%s"
	begin := func(data, mimeType string) string {
		a := s.call("POST", fmt.Sprintf(uploads, len(data), mimeType), "")
		if !strings.HasPrefix(a.ID, "upload:") || !strings.Contains(a.ID, "?sig=") {
			t.Fatalf("%+v", a)
		}
		return "/v25.0/" + a.ID
	}
	for name, path := range map[string]string{
		"another app": strings.Replace(fmt.Sprintf(uploads, 4, "image/png"), app, "7", 1),
		"no length":   fmt.Sprintf(uploads, 0, "image/png"), "too long": fmt.Sprintf(uploads, 16<<20+1, "image/png"),
		"a GIF": fmt.Sprintf(uploads, 4, "image/gif"),
	} {
		if a := s.call("POST", path, ""); a.Error.Code != 100 {
			t.Errorf("%s: %+v", name, a)
		}
	}
	picture := string(png)
	for name, c := range map[string]struct {
		body, auth, offset, path string
		code                     int
	}{
		"as bearer":     {picture, "Bearer " + metasim.DefaultToken, "0", "", 190},
		"no offset":     {picture, asOAuth, "", "", 100},
		"cut off":       {picture[:5], asOAuth, "0", "", 100},
		"no picture":    {strings.Repeat("a", len(picture)), asOAuth, "0", "", 100},
		"no session":    {picture, asOAuth, "0", "/v25.0/upload:7?sig=8", 100},
		"another token": {picture, "OAuth EAAother", "0", "", 190},
	} {
		path := c.path
		if path == "" {
			path = begin(picture, "image/png")
		}
		if a := s.call("POST", path, c.body, "Authorization", c.auth, "file_offset", c.offset); a.Error.Code != c.code {
			t.Errorf("%s: %+v", name, a)
		}
	}
	handle := func(data, mimeType string) string {
		a := s.call("POST", begin(data, mimeType), data, "Authorization", asOAuth, "file_offset", "0")
		h, _ := a.Raw["h"].(string)
		return h
	}
	pngHandle, pdfHandle := handle(picture, "image/png"), handle("%PDF-1.7", "application/pdf")
	for name, c := range map[string]struct {
		format, handle string
		subcode        int
	}{
		"picture":           {"IMAGE", pngHandle, 0},
		"document":          {"DOCUMENT", pdfHandle, 0},
		"picture for video": {"VIDEO", pngHandle, 2388273},
		"made up":           {"IMAGE", "4::aW1h", 2388273},
	} {
		a := s.call("POST", "/v25.0/"+waba+"/message_templates", `{"name":"sample_`+strings.ReplaceAll(name, " ", "_")+`","language":"en_US","category":"UTILITY","components":[
			{"type":"HEADER","format":"`+c.format+`","example":{"header_handle":["`+c.handle+`"]}},{"type":"BODY","text":"Hi."}]}`)
		if a.Error.Subcode != c.subcode || (c.subcode == 0) != (a.Status == "PENDING") {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// Buttons are checked when a template is handed in, each kind by its own rules.
func TestTemplateButtons(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	const quick, call = `{"type":"QUICK_REPLY","text":"Yes"}`, `{"type":"PHONE_NUMBER","text":"Call","phone_number":"+16505551234"}`
	n := 0
	for name, c := range map[string]struct {
		buttons       string
		code, subcode int
	}{
		"one of each":       {`{"type":"URL","text":"Go","url":"https://x.example/{{1}}","example":["7"]},` + call + `,{"type":"COPY_CODE","example":"SAVE10"},` + quick, 0, 0},
		"no sample":         {`{"type":"URL","text":"Go","url":"https://x.example/{{1}}"}`, 100, 2388273},
		"variable inside":   {`{"type":"URL","text":"Go","url":"https://x.example/{{1}}/a","example":["7"]}`, 100, 0},
		"named variable":    {`{"type":"URL","text":"Go","url":"https://x.example/{{id}}","example":["7"]}`, 100, 0},
		"no address":        {`{"type":"URL","text":"Go","url":"x.example"}`, 100, 0},
		"three addresses":   {strings.TrimSuffix(strings.Repeat(`{"type":"URL","text":"Go","url":"https://x.example/"},`, 3), ","), 100, 0},
		"two phones":        {call + `,` + call, 100, 0},
		"words for a phone": {`{"type":"PHONE_NUMBER","text":"Call","phone_number":"us"}`, 100, 0},
		"no code":           {`{"type":"COPY_CODE"}`, 100, 2388273},
		"long code":         {`{"type":"COPY_CODE","example":"1234567890123456"}`, 100, 0},
		"replies apart":     {quick + `,` + call + `,` + quick, 100, 2388025},
		"no text":           {`{"type":"QUICK_REPLY","text":""}`, 131008, 0},
		"long text":         {`{"type":"QUICK_REPLY","text":"` + strings.Repeat("x", 26) + `"}`, 131009, 0},
		"unknown":           {`{"type":"LEVER","text":"x"}`, 100, 0},
		"none":              {``, 100, 0},
	} {
		n++
		a := s.call("POST", "/v25.0/"+waba+"/message_templates", fmt.Sprintf(`{"name":"buttons_%d","language":"en_US","category":"UTILITY","components":[
			{"type":"BODY","text":"Hi."},{"type":"BUTTONS","buttons":[%s]}]}`, n, c.buttons))
		if a.Error.Code != c.code || a.Error.Subcode != c.subcode {
			t.Errorf("%s: %+v", name, a.Error)
		}
	}
}

// A send fills the buttons that have something to fill, and no others.
func TestFilledButtons(t *testing.T) {
	t.Parallel()
	const who = `{"type":"body","parameters":[{"type":"text","text":"Ada"}]}`
	const named = `{"type":"body","parameters":[{"type":"text","parameter_name":"parcel","text":"PX-9"},{"type":"text","parameter_name":"first_name","text":"Ada"}]}`
	button := func(kind, index, parameters string) string {
		return `,{"type":"button","sub_type":"` + kind + `","index":"` + index + `","parameters":[` + parameters + `]}`
	}
	text, code := `{"type":"text","text":"PX-9"}`, `{"type":"coupon_code","coupon_code":"ADA10"}`
	for name, c := range map[string]struct {
		template, components string
		code                 int
		value                string // of the first button
	}{
		"an address":          {"parcel_sent", named + button("url", "0", text), 0, "https://example.com/parcels/PX-9"},
		"no address":          {"parcel_sent", named, 132000, ""},
		"two for one":         {"parcel_sent", named + button("url", "0", text+","+text), 132000, ""},
		"as a reply":          {"parcel_sent", named + button("quick_reply", "0", text), 132012, ""},
		"for the phone":       {"parcel_sent", named + button("url", "0", text) + button("phone_number", "1", text), 132000, ""},
		"for none":            {"parcel_sent", named + button("url", "0", text) + button("url", "2", text), 131008, ""},
		"names missing":       {"parcel_sent", `{"type":"body","parameters":[{"type":"text","text":"Ada"},{"type":"text","text":"PX-9"}]}` + button("url", "0", text), 100, ""},
		"a code":              {"welcome_back", who + button("copy_code", "0", code), 0, "ADA10"},
		"a code in capitals":  {"welcome_back", who + button("COPY_CODE", "0", code), 0, "ADA10"},
		"no code":             {"welcome_back", who, 132000, ""},
		"a text for a code":   {"welcome_back", who + button("copy_code", "0", text), 132012, ""},
		"an empty code":       {"welcome_back", who + button("copy_code", "0", `{"type":"coupon_code"}`), 131008, ""},
		"a code of 16":        {"welcome_back", who + button("copy_code", "0", `{"type":"coupon_code","coupon_code":"1234567890123456"}`), 131009, ""},
		"a picture above":     {"spring_roast", `{"type":"header","parameters":[{"type":"image","image":{"link":"https://x.example/a.png"}}]},` + who, 0, ""},
		"a document above":    {"spring_roast", `{"type":"header","parameters":[{"type":"document","document":{"link":"https://x.example/a.pdf"}}]},` + who, 132012, ""},
		"nothing above":       {"spring_roast", who, 132012, ""},
		"a file never loaded": {"spring_roast", `{"type":"header","parameters":[{"type":"image","image":{"id":"7"}}]},` + who, 131009, ""},
	} {
		s := newScene(t)
		a := s.send(`"type":"template","template":{"name":"` + c.template + `","language":{"code":"en_US"},"components":[` + c.components + `]}`)
		if a.Error.Code != c.code {
			t.Errorf("%s: %+v", name, a.Error)
		}
		if c.value == "" {
			continue
		}
		chat, _ := s.Chat("sheena", number, "")
		if len(chat.Messages) != 1 || chat.Messages[0].Buttons[0].Value != c.value {
			t.Errorf("%s: %+v", name, chat.Messages)
		}
	}
}

// The words of a one-time code are Meta's; what the business sends is the code,
// for the text and for the button that copies it.
func TestOneTimeCode(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	const body, button = `{"type":"BODY","add_security_recommendation":true}`, `{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}`
	n := 0
	create := func(language, parts string) answer {
		n++
		return s.call("POST", "/v25.0/"+waba+"/message_templates", fmt.Sprintf(`{"name":"code_%d","language":"%s","category":"AUTHENTICATION","components":[%s]}`, n, language, parts))
	}
	for name, c := range map[string]struct {
		parts   string
		subcode int
	}{
		"a header":       {`{"type":"HEADER","format":"TEXT","text":"Hi"},` + body + `,` + button, 0},
		"a text":         {`{"type":"BODY","text":"Your code is {{1}} now."},` + button, 2388042},
		"a footer":       {body + `,{"type":"FOOTER","text":"Bye"},` + button, 2388042},
		"91 minutes":     {body + `,{"type":"FOOTER","code_expiration_minutes":91},` + button, 0},
		"no minutes":     {body + `,{"type":"FOOTER"},` + button, 0},
		"no button":      {body, 0},
		"a reply":        {body + `,{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Yes"}]}`, 0},
		"of another app": {body + `,{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"ZERO_TAP"}]}`, 0},
		"a long name":    {body + `,{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE","text":"` + strings.Repeat("x", 26) + `"}]}`, 0},
	} {
		if a := create("en_US", c.parts); a.Error.Code != 100 && a.Error.Code != 131009 || a.Error.Subcode != c.subcode {
			t.Errorf("%s: %+v", name, a.Error)
		}
	}
	a := create("de", body+`,{"type":"FOOTER","code_expiration_minutes":5},`+button)
	read := s.call("GET", "/v25.0/"+a.ID+"?fields=components", "")
	written := fmt.Sprint(read.Raw["components"])
	for _, want := range []string{"*{{1}}* ist dein Verifizierungscode. Teile", "läuft in 5 Minuten ab", "type:URL", "&code=otp{{1}}", "text:Code kopieren"} {
		if !strings.Contains(written, want) {
			t.Errorf("%q is not in %s", want, written)
		}
	}
	text := func(code string) string { return `"parameters":[{"type":"text","text":"` + code + `"}]}` }
	for name, c := range map[string]struct {
		components string
		code       int
	}{
		"in both":       {`{"type":"body",` + text("4711") + `,{"type":"button","sub_type":"url","index":"0",` + text("4711"), 0},
		"text only":     {`{"type":"body",` + text("4711"), 132000},
		"as a coupon":   {`{"type":"body",` + text("4711") + `,{"type":"button","sub_type":"copy_code","index":"0",` + text("4711"), 132012},
		"16 characters": {`{"type":"body",` + text("1234567890123456") + `,{"type":"button","sub_type":"url","index":"0",` + text("1234567890123456"), 131009},
	} {
		s := newScene(t)
		a := s.send(`"type":"template","template":{"name":"login_code","language":{"code":"en_US"},"components":[` + c.components + `]}`)
		if a.Error.Code != c.code {
			t.Errorf("%s: %+v", name, a.Error)
		}
		chat, _ := s.Chat("sheena", number, "")
		if c.code != 0 {
			continue
		}
		if len(chat.Messages) != 1 || !strings.HasPrefix(chat.Messages[0].Text, "*4711* is your") || chat.Messages[0].Footer != "This code expires in 10 minutes." ||
			chat.Messages[0].Buttons[0].Kind != "copy_code" || chat.Messages[0].Buttons[0].Value != "4711" {
			t.Errorf("%s: %+v", name, chat.Messages)
		}
	}
}
