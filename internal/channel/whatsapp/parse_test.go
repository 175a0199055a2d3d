package whatsapp

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/channel/whatsapp/graph"
)

// shown is what a golden file has of a body.
type shown struct {
	Updates []Update `json:"updates"`
}

func TestFixtures(t *testing.T) {
	t.Parallel()
	for name, body := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			updates, err := Parse(body)
			if strings.HasSuffix(name, "not_json.txt") {
				if parley.ErrorCode(err) != parley.CodeInvalid {
					t.Fatalf("it is not JSON, but: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkUpdates(t, updates)
			for i := range updates {
				u := &updates[i]
				u.Raw = nil // it is in the fixture
				if m := u.Message; m != nil && len(m.Content) > 1000 {
					m.Content = m.Content[:100] + "…" // the whole is as long as the fixture
				}
			}
			if len(updates) > 10 {
				updates = append(updates[:2:2], updates[len(updates)-1])
			}
			got, err := json.MarshalIndent(shown{updates}, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(name, ".json")+".golden", append(got, '\n'))
		})
	}
}

// checkUpdates tests what holds for every body.
func checkUpdates(t testing.TB, updates []Update) {
	t.Helper()
	if len(updates) == 0 {
		t.Error("nothing was kept")
	}
	for i := range updates {
		u := &updates[i]
		if !json.Valid(u.Raw) {
			t.Errorf("the raw part is no JSON: %.100s", u.Raw)
		}
		set := 0
		for _, is := range []bool{
			u.Message != nil, u.Status != nil, u.Identity != nil, u.Preference != nil, u.Call != nil,
			u.Template != nil, u.Number != nil, u.Account != nil, u.Error != nil,
		} {
			if is {
				set++
			}
		}
		if (u.Kind == KindUnknown || u.Kind == KindNote) && u.Trouble == "" {
			t.Errorf("nobody is told what this is: %.200s", u.Raw)
		}
		if u.Kind != KindUnknown && u.Kind != KindNote && set != 1 {
			t.Errorf("%s has %d parts", u.Kind, set)
		}
		if m := u.Message; m != nil {
			if err := parley.CheckContent(m.Content); err != nil {
				t.Errorf("the content: %v", err)
			}
			if m.ID == "" || m.Payload != nil && !json.Valid(m.Payload) {
				t.Errorf("message %q has the payload %.100s", m.ID, m.Payload)
			}
			if u.WantsAnswer() && (m.Type == "" || len(m.Identities) == 0 || m.Content == "" && len(m.Media) == 0) {
				t.Errorf("there is nothing to answer in %+v", m)
			}
			for _, f := range m.Media {
				if strings.ContainsAny(f.Name, "/\\\x00") || f.Name == "" || strings.HasPrefix(f.Name, ".") {
					t.Errorf("the file is called %q", f.Name)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, body := range fixtures(f) {
		if len(body) < 10_000 {
			f.Add(body)
		}
	}
	for _, body := range messages {
		f.Add([]byte(inValue(`"messages":[` + body + `]`)))
	}
	for field, value := range others {
		f.Add([]byte(inField(field, value)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		updates, err := Parse(body)
		if (err == nil) != (json.Valid(body) && strings.HasPrefix(strings.TrimSpace(string(body)), "{")) && !graph.IsDeepObject(body) {
			t.Fatalf("%v for %q", err, body)
		}
		if err == nil {
			checkUpdates(t, updates)
		}
	})
}

func inField(field, value string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"1","time":1750000000,"changes":[{"field":"` + field +
		`","value":` + value + `}]}]}`
}

func inValue(members string) string {
	return inField("messages", `{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881",`+
		`"phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Ada"},"wa_id":"16505551234"}],`+members+`}`)
}

// messages are bodies of the types that the fixtures have not.
var messages = map[string]string{
	"image": `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383000","type":"image","image":{"caption":" Look ","mime_type":"image/jpeg; x=1",
		"sha256":"abc","id":"77","url":"https://lookaside.fbsbx.com/x"}}`,
	"voice":      `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"audio","audio":{"mime_type":"audio/ogg; codecs=opus","id":"78","voice":true}}`,
	"sticker":    `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"sticker","sticker":{"mime_type":"image/webp","id":"79","animated":true}}`,
	"no file id": `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"video","video":{"mime_type":"video/mp4"}}`,
	"location": `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"location",
		"location":{"latitude":0,"longitude":0.5,"name":"Null\nIsland","address":"Gulf of Guinea"}}`,
	"bare location": `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"location","location":{"latitude":52.5,"longitude":13.4}}`,
	"order": `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"order","order":{"catalog_id":"c","text":"Please hurry",
		"product_items":[{"product_retailer_id":"sku-1","quantity":2,"item_price":0.1,"currency":"EUR"},
		{"product_retailer_id":"sku-2","quantity":"3","item_price":"0.2","currency":"EUR"},
		{"product_retailer_id":"sku-3","quantity":1,"item_price":7,"currency":"USD"},{"quantity":1e400,"item_price":null},null]}}`,
	"button":               `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"button","button":{"payload":"yes-1","text":"Yes"}}`,
	"our choice":           `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"say:Tell me about the opening hours","title":"Tell me about the…"}}}`,
	"form":                 `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"t\",\"size\":\"XL\",\"n\":2,\"more\":[1]}"}}}`,
	"form without JSON":    `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","response_json":"oops"}}}`,
	"form with null":       `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":null}}}`,
	"call permission":      `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept"}}}`,
	"new interactive":      `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"interactive","interactive":{"type":"hologram"}}`,
	"reaction removed":     `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"reaction","reaction":{"message_id":"wamid.0"}}`,
	"edit":                 `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"edit","edit":{"original_message_id":"wamid.0","message":{"type":"text","text":{"body":"better"}}}}`,
	"edit without text":    `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"edit","edit":{"original_message_id":"wamid.0"}}`,
	"poll":                 `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"unsupported","errors":[{"code":131051,"title":"Unsupported"}],"unsupported":{"type":"poll_creation"}}`,
	"new type":             `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"telepathy","telepathy":{"thought":"hm"}}`,
	"welcome":              `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"request_welcome"}`,
	"new user id":          `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"system","system":{"type":"user_changed_user_id","user_id":"US.2","previous_user_id":"US.1","parent_user_id":"US.ENT.2","previous_parent_user_id":"US.ENT.1"}}`,
	"new user id in from":  `{"from_user_id":"US.2","id":"wamid.1","timestamp":"1749416383","type":"system","system":{"type":"user_changed_user_id","user_id":"US.2","previous_user_id":"US.1"}}`,
	"places that are none": `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"location","location":{"latitude":999,"longitude":"x"}}`,
	"an empty button":      `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"button","button":{}}`,
	"an order of nothing":  `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"order","order":{"product_items":"none"}}`,
	"cards that are none":  `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"contacts","contacts":"x"}`,
	"in a group":           `{"from":"16505551234","id":"wamid.1","group_id":"g1","timestamp":"1749416383","type":"text","text":{"body":"hi all"}}`,
	"new keys":             `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"system","system":{"type":"customer_identity_changed","wa_id":"16505551234","body":"The code changed"}}`,
	"new system":           `{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"system","system":{"type":"user_became_famous"}}`,
	"from is a BSUID":      `{"from":"US.13491208655302741918","id":"wamid.1","timestamp":"1749416383","type":"text","text":{"body":"hi"}}`,
	"nobody":               `{"id":"wamid.1","timestamp":"1749416383","type":"text","text":{"body":"hi"}}`,
	"no id":                `{"from":"16505551234","timestamp":"99999999999999999","type":"text","text":{"body":"a\r\nb\u0000c"}}`,
	"numbers for text":     `{"from":16505551234,"id":5,"timestamp":-1,"type":"text","text":{"body":12}}`,
	"lists for objects":    `{"from":["1"],"from_user_id":"US.5","id":{},"timestamp":[],"type":"image","image":[],"context":[],"referral":7}`,
}

// others are values of fields that the fixtures have not.
var others = map[string]string{
	"smb_message_echoes": `{"metadata":{"display_phone_number":"15550783881","phone_number_id":"5"},"message_echoes":[
		{"from":"15550783881","to":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"text","text":{"body":"I take this"}}]}`,
	"standby": `{"metadata":{"display_phone_number":"15550783881","phone_number_id":"5"},"messages":[
		{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"text","text":{"body":"hi"}}],
		"statuses":[{"id":"wamid.2","status":"read","timestamp":"1749416383","recipient_id":"16505551234"}]}`,
	"user_preferences": `{"metadata":{"display_phone_number":"15550783881","phone_number_id":"5"},"contacts":[{"profile":{"name":"Ada"},"wa_id":"16505551234"}],
		"user_preferences":[{"wa_id":"16505551234","detail":"User requested to stop marketing messages","category":"marketing_messages","value":"stop","timestamp":1750000000},
		{"wa_id":"16505551234","category":"marketing_messages","value":"resume","timestamp":1750000001}]}`,
	"message_template_quality_update": `{"previous_quality_score":"GREEN","new_quality_score":"YELLOW","message_template_id":5,
		"message_template_name":"welcome","message_template_language":"pt-BR"}`,
	"phone_number_name_update": `{"display_phone_number":"15550783881","decision":"REJECTED","requested_verified_name":"Shop","rejection_reason":"NAME_EMPLOYEE_DESIGNATION"}`,
	"account_review_update":    `{"decision":"REJECTED"}`,
	"account_alerts": `{"entity_type":"BUSINESS","entity_id":"5","alert_info":{"alert_severity":"WARNING","alert_status":"ACTIVE",
		"alert_type":"INCREASED_CAPABILITIES_ELIGIBILITY_FAILED","alert_description":"Limits cannot be increased."}}`,
	"account_update": `{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":1791000000},
		{"restriction_type":"RESTRICTED_CUSTOMER_INITIATED_MESSAGING","expiration":1790000000}]}`,
	"history":       `{"history":[{"threads":[]}]}`,
	"message_weird": `{"things":[{"a":1}],"messages":{}}`,
	"calls": `{"metadata":{"phone_number_id":"5"},"calls":[{"id":"c1","to":"16505551234","event":"terminate","direction":"BUSINESS_INITIATED","duration":"12","timestamp":"1752583107"}],
		"statuses":[{"id":"c1","type":"call","status":"RINGING","timestamp":"1752583107","recipient_id":"16505551234"}]}`,
}

const copied = `{"metadata":{"display_phone_number":"15550783881","phone_number_id":"5"},"messages":[
	{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"text","text":{"body":"hi"}}]}`

// entries are of shapes that the fixtures have not.
var entries = map[string]string{
	"with copies":            `{"id":"1","standby":[{"field":"messages","value":` + copied + `}]}`,
	"with values for copies": `{"id":"1","standby":[` + copied + `]}`,
	"with odd changes":       `{"id":"1","changes":[1,null,{},{"field":5,"value":5},{"field":"messages","value":[]},{"field":"messages","value":{"metadata":"x","messages":"y","statuses":5,"contacts":{}}}]}`,
	"with odd statuses":      `{"id":"1","changes":[{"field":"messages","value":{"statuses":[1,null,{},{"id":[],"status":5},{"id":"wamid.x","status":"teleported","pricing":"free","conversation":[],"timestamp":[]}]}}]}`,
	"without changes":        `{"id":"1","changes":[]}`,
	"with odd errors":        `{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"5"},"errors":[{"code":131000,"title":"Something went wrong"},{"code":987654},"x"]}}]}`,
}

// The messages, values and entries above, each in a golden file of its own.
func TestMoreBodies(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{}
	for name, m := range messages {
		bodies["message "+name] = inValue(`"messages":[` + m + `]`)
	}
	for field, value := range others {
		bodies["field "+field] = inField(field, value)
	}
	for name, entry := range entries {
		bodies["entry "+name] = `{"object":"whatsapp_business_account","entry":[` + entry + `]}`
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			updates, err := Parse([]byte(body))
			if err != nil {
				t.Fatal(err)
			}
			checkUpdates(t, updates)
			for i := range updates {
				updates[i].Raw = nil
			}
			got, err := json.MarshalIndent(shown{updates}, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "more/"+strings.ReplaceAll(name, " ", "_")+".golden", append(got, '\n'))
		})
	}
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	const secret = "test-app-secret"
	bodies := fixtures(t)
	list, err := os.ReadFile("testdata/signatures.tsv")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(list)) {
		name, signature, ok := strings.Cut(strings.TrimSpace(line), "\t")
		body, exists := bodies[name]
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		seen++
		if !exists || !VerifySignature(secret, signature, body) {
			t.Errorf("%s: the signature does not fit", name)
		}
		if VerifySignature(secret, signature, append(body[:len(body):len(body)], ' ')) || VerifySignature("other", signature, body) ||
			VerifySignature("", signature, body) || VerifySignature(secret, strings.TrimPrefix(signature, "sha256="), body) ||
			VerifySignature(secret, "sha256=", body) || VerifySignature(secret, signature[:len(signature)-1], body) {
			t.Errorf("%s: a wrong signature fits", name)
		}
	}
	if seen < 60 {
		t.Errorf("only %d signatures were looked at", seen)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	q := func(mode, token, challenge string) map[string][]string {
		return map[string][]string{"hub.mode": {mode}, "hub.verify_token": {token}, "hub.challenge": {challenge}}
	}
	if c, ok := Handshake(q("subscribe", "secret", "115"), "secret"); !ok || c != "115" {
		t.Errorf("got %q, %t", c, ok)
	}
	for _, bad := range []map[string][]string{
		q("subscribe", "wrong", "115"), q("unsubscribe", "secret", "115"), q("subscribe", "secret", ""), {},
	} {
		if c, ok := Handshake(bad, "secret"); ok || c != "" {
			t.Errorf("%v is accepted", bad)
		}
	}
	if _, ok := Handshake(q("subscribe", "", "115"), ""); ok {
		t.Error("an empty token is accepted")
	}
}

func TestInboundIsNotFromTheFuture(t *testing.T) {
	t.Parallel()
	arrived := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	s := &parley.Sender{ID: "s", WorkspaceID: "w"}
	for sent, want := range map[time.Time]time.Time{
		arrived.Add(time.Hour): arrived, {}: arrived, arrived.Add(-8 * 24 * time.Hour): arrived.Add(-8 * 24 * time.Hour),
	} {
		in := (&Message{ID: "wamid.1", SentAt: sent, ReplyTo: "wamid.0"}).Inbound(s, arrived)
		if !in.SentAt.Equal(want) || in.SenderID != "s" || in.WorkspaceID != "w" || in.ReplyToSource != "wamid.0" {
			t.Errorf("sent at %s: %+v", sent, in)
		}
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"../../etc/passwd\x00.pdf": "passwd.pdf", `..\..\boot.ini`: "boot.ini", "..": "document.pdf", "": "document.pdf",
		".htaccess": "htaccess", "report 2026.pdf": "report 2026.pdf", "a\u202egnp.exe": "agnp.exe", "/": "document.pdf",
		"a\r\nb.txt": "ab.txt", strings.Repeat("ä", 200) + ".docx": strings.Repeat("ä", 96) + "….docx",
	} {
		if got := fileName(name, "document", "application/pdf"); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
