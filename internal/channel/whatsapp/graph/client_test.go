package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/channel"
)

func TestReadNumber(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	full := `{"id":"777","display_phone_number":"+1 555-078-3881","verified_name":"Shop","quality_rating":"GREEN","status":"CONNECTED",
		"name_status":"APPROVED","platform_type":"CLOUD_API","throughput":{"level":"STANDARD"},
		"whatsapp_business_manager_messaging_limit":"TIER_2K",
		"health_status":{"can_send_message":"AVAILABLE","entities":[{"entity_type":"BUSINESS","id":"999","can_send_message":"AVAILABLE"}]}}`
	for name, c := range map[string]struct {
		body  string
		want  parley.SenderHealth
		notes []string // a part of each
	}{
		"healthy": {full, parley.SenderHealth{Status: parley.SenderOnline, VerifiedName: "Shop", NameStatus: "APPROVED",
			Quality: parley.QualityGreen, PortfolioID: "999", LimitTier: "TIER_2K", Limit: 2000, Throughput: 80}, nil},
		"unlimited and fast": {`{"status":"CONNECTED","quality_rating":"YELLOW","throughput":{"level":"HIGH"},
			"whatsapp_business_manager_messaging_limit":{"current_limit":"TIER_UNLIMITED"}}`,
			parley.SenderHealth{Status: parley.SenderOnline, Quality: parley.QualityYellow, LimitTier: "TIER_UNLIMITED", Limit: -1, Throughput: 1000}, nil},
		"old name of the limit": {`{"status":"CONNECTED","messaging_limit_tier":"TIER_1K"}`,
			parley.SenderHealth{Status: parley.SenderOnline, Quality: parley.QualityUnknown, LimitTier: "TIER_1K", Limit: 1000}, nil},
		"unknown words": {`{"status":"SLEEPING","quality_rating":"PURPLE","throughput":{"level":"WARP"},"messaging_limit_tier":"TIER_GOLD"}`,
			parley.SenderHealth{Status: parley.SenderOffline, Quality: parley.QualityUnknown, LimitTier: "TIER_GOLD", Limit: 250},
			[]string{"SLEEPING", "must be CONNECTED", "TIER_GOLD", "WARP"}},
		"in the phone app": {`{"status":"CONNECTED","is_on_biz_app":true,"throughput":{"level":"STANDARD"}}`,
			parley.SenderHealth{Status: parley.SenderOnline, Quality: parley.QualityUnknown, Throughput: 20}, []string{"Business app"}},
		"red and blocked": {`{"status":"CONNECTED","quality_rating":"RED","name_status":"DECLINED","health_status":{"entities":[
			{"entity_type":"WABA","can_send_message":"BLOCKED","errors":[{"error_description":"Not paid","possible_solution":"Pay"}]},
			{"entity_type":"APP","can_send_message":"LIMITED","additional_info":["Slow"]}]}}`,
			parley.SenderHealth{Status: parley.SenderSuspended, Quality: parley.QualityRed, NameStatus: "DECLINED"},
			[]string{"Not paid. Pay", "Slow", "quality of the number is low", "display name"}},
		"banned": {`{"status":"BANNED"}`, parley.SenderHealth{Status: parley.SenderSuspended, Quality: parley.QualityUnknown}, []string{"BANNED"}},
		"empty":  {`{}`, parley.SenderHealth{Status: parley.SenderConnecting, Quality: parley.QualityUnknown}, []string{"does not say"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMeta(t, map[string]string{"GET /v25.0/777": c.body})
			n, err := newClient(t, func() time.Time { return at }).ReadNumber(t.Context(), m.sender())
			if err != nil {
				t.Fatal(err)
			}
			c.want.CheckedAt = at
			if !reflect.DeepEqual(n.Health, c.want) {
				t.Errorf("got  %+v\nwant %+v", n.Health, c.want)
			}
			if len(n.Notes) != len(c.notes) {
				t.Errorf("notes %q", n.Notes)
			}
			for i, part := range c.notes {
				if i < len(n.Notes) && !strings.Contains(n.Notes[i], part) {
					t.Errorf("note %q does not hold %q", n.Notes[i], part)
				}
			}
		})
	}
}

// A version that does not know the new field is asked for the old one.
func TestReadNumberOfAnOldVersion(t *testing.T) {
	t.Parallel()
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if strings.Contains(r.URL.Query().Get("fields"), "whatsapp_business_manager") {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"error":{"code":100,"message":"(#100) Tried accessing nonexisting field"}}`)
			return
		}
		_, _ = fmt.Fprint(w, `{"status":"CONNECTED","messaging_limit_tier":"TIER_10K"}`)
	}))
	t.Cleanup(s.Close)
	sender := &parley.Sender{PhoneNumberID: "777", WABAID: "5", BaseURL: s.URL, Token: testToken}
	n, err := newClient(t, nil).ReadNumber(t.Context(), sender)
	if err != nil || n.Health.Limit != 10_000 || asked != 2 {
		t.Errorf("%+v after %d calls: %v", n, asked, err)
	}
}

func TestListsAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	page := func(ids, after, next string) string {
		return `{"data":[` + ids + `],"paging":{"cursors":{"before":"x","after":"` + after + `"}` + next + `}}`
	}
	template := func(id, name, more string) string {
		return `{"id":"` + id + `","name":"` + name + `","language":"en_US","status":"APPROVED","category":"UTILITY"` + more + `}`
	}
	const query = "/v25.0/555/message_templates?"
	const fields = "fields=id%2Cname%2Clanguage%2Cstatus%2Ccategory%2Crejected_reason%2Cquality_score%2Cparameter_format%2Ccomponents&limit=100"
	m := newMeta(t, map[string]string{
		"GET " + query + fields: page(template("1", "a", `,"components":[{"type":"BODY","text":"Hi"}]`)+`,null,`+
			template("2", "b", `,"rejected_reason":"NONE","quality_score":{"score":"RED"},"parameter_format":"NAMED"`), "A2", `,"next":"https://x"`),
		"GET " + query + "after=A2&" + fields: page(template("3", "c", `,"rejected_reason":"ABUSIVE_CONTENT"`), "A3", ""),
	})
	got, err := newClient(t, nil).Templates(t.Context(), m.sender())
	if err != nil || len(got) != 3 {
		t.Fatalf("%d templates: %v; asked %q", len(got), err, m.requests())
	}
	if got[0].Format != "positional" || string(got[0].Components) != `[{"type":"BODY","text":"Hi"}]` || got[0].WABAID != "555" ||
		got[1].Quality != parley.QualityRed || got[1].Reason != "" || got[1].Format != "named" || string(got[1].Components) != "[]" ||
		got[2].Reason != "ABUSIVE_CONTENT" || got[2].MetaID != "3" {
		t.Errorf("got %+v", got)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	m := newMeta(t, map[string]string{
		"POST /v25.0/777/register":                                 `{"success":true}`,
		"POST /v25.0/555/subscribed_apps":                          `{"success":true}`,
		"GET /v25.0/555/subscribed_apps":                           `{"data":[{"whatsapp_business_api_data":{"id":"42","name":"Parley"},"override_callback_uri":"https://p.example/w"}]}`,
		"POST /v25.0/555/message_templates":                        `{"id":"88","status":"PENDING","category":"MARKETING"}`,
		"DELETE /v25.0/555/message_templates?hsm_id=88&name=hello": `{"success":true}`,
		"DELETE /v25.0/555/message_templates?name=gone":            `{"success":false}`,
	})
	c, s := newClient(t, nil), m.sender()
	if err := c.Register(t.Context(), s, "123456"); err != nil {
		t.Error(err)
	}
	wantFields(t, "PIN", c.Register(t.Context(), s, "12345x"), "pin")
	if err := c.Subscribe(t.Context(), s, "https://p.example/w", "verify"); err != nil {
		t.Error(err)
	}
	apps, err := c.SubscribedApps(t.Context(), s)
	if err != nil || len(apps) != 1 || apps[0] != (SubscribedApp{"42", "Parley", "https://p.example/w"}) {
		t.Errorf("%+v, %v", apps, err)
	}
	made, err := c.CreateTemplate(t.Context(), s, goodTemplate())
	if err != nil || made.MetaID != "88" || made.Status != "PENDING" || made.Category != "MARKETING" || made.WABAID != "555" {
		t.Errorf("%+v, %v", made, err)
	}
	if err := c.DeleteTemplate(t.Context(), s, "hello", "88"); err != nil {
		t.Error(err)
	}
	if err := c.DeleteTemplate(t.Context(), s, "gone", ""); parley.ErrorCode(err) != parley.CodeUnavailable {
		t.Errorf("what did not succeed: %v", err)
	}
	var sent struct {
		Name, Language, Category string
		ParameterFormat          string `json:"parameter_format"`
		Components               []any
	}
	if err := json.Unmarshal([]byte(m.bodies[3]), &sent); err != nil || sent.Name != "hello" || sent.ParameterFormat != "positional" || len(sent.Components) != 3 {
		t.Errorf("Meta was asked %s", m.bodies[3])
	}
}

func TestReadToken(t *testing.T) {
	t.Parallel()
	m := newMeta(t, map[string]string{"GET /v25.0/debug_token": `{"data":{"app_id":"42","application":"Shop","type":"SYSTEM_USER","is_valid":true,
		"expires_at":0,"scopes":["whatsapp_business_messaging","whatsapp_business_management","email"],
		"granular_scopes":[{"scope":"whatsapp_business_management","target_ids":["1","2"]},{"scope":"whatsapp_business_messaging"}]}}`})
	got, err := newClient(t, nil).ReadToken(t.Context(), m.sender())
	if err != nil || !got.Valid || !got.ExpiresAt.IsZero() || got.AppName != "Shop" || len(got.Missing) != 1 ||
		got.Missing[0] != "whatsapp_business_management" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestClientErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer string
		code   parley.Code
		words  string
	}{
		"token":      {`401 {"error":{"message":"Error validating ` + testToken + `","code":190}}`, parley.CodeForbidden, "new one"},
		"permission": {`403 {"error":{"message":"x","code":200}}`, parley.CodeForbidden, "permission"},
		"budget":     {`400 {"error":{"message":"x","code":80007}}`, parley.CodeRateLimited, "Too many calls"},
		"passing":    {`500 {"error":{"message":"x","code":2}}`, parley.CodeUnavailable, "overloaded"},
		"bad":        {`400 {"error":{"message":"x","code":100,"error_data":{"details":"the id"}}}`, parley.CodeInvalid, "the id"},
		"a proxy":    {`502 <html>Bad gateway</html>`, parley.CodeUnavailable, "502"},
		"not Meta":   {`404 not found`, parley.CodeInvalid, "base URL"},
		"no JSON":    {`200 hello`, parley.CodeUnavailable, "200"},
		"echo":       {`400 {"error":{"message":"Bad ` + testToken + ` here","code":131009}}`, parley.CodeInvalid, "Bad … here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMeta(t, map[string]string{"GET /v25.0/777": c.answer})
			_, err := newClient(t, nil).ReadNumber(t.Context(), m.sender())
			if parley.ErrorCode(err) != c.code || !strings.Contains(err.Error(), c.words) {
				t.Errorf("got %v", err)
			}
			if strings.Contains(fmt.Sprintf("%v %+v", err, err), testToken) {
				t.Errorf("the error holds the token: %v", err)
			}
			if _, ok := errors.AsType[*channel.Error](err); !ok {
				t.Errorf("%v has no channel error", err)
			}
		})
	}
}

func TestUnusableSenders(t *testing.T) {
	t.Parallel()
	m := newMeta(t, nil)
	for name, change := range map[string]func(*parley.Sender){
		"no token":        func(s *parley.Sender) { s.Token = "" },
		"a broken token":  func(s *parley.Sender) { s.Token = "EAA\nx" },
		"no id":           func(s *parley.Sender) { s.PhoneNumberID = "" },
		"a path as id":    func(s *parley.Sender) { s.PhoneNumberID = ".." },
		"simulated":       func(s *parley.Sender) { s.Simulated, s.BaseURL = true, "" },
		"no base URL":     func(s *parley.Sender) { s.BaseURL = "ftp://x" },
		"nobody is there": func(s *parley.Sender) { s.BaseURL = "http://127.0.0.1:1" },
	} {
		s := m.sender()
		change(s)
		if _, err := newClient(t, nil).ReadNumber(t.Context(), s); err == nil || len(parley.ErrorCode(err)) == 0 || parley.ErrorCode(err) == parley.CodeInternal {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := m.sender()
	s.PhoneNumberID = "../debug"
	_, _ = newClient(t, nil).ReadNumber(t.Context(), s)
	for _, asked := range m.requests() {
		if !strings.Contains(asked, "/v25.0/..%2Fdebug") {
			t.Errorf("an id leads elsewhere: %s", asked)
		}
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	m := newMeta(t, map[string]string{"GET /v25.0/777": `{"status":"CONNECTED"}`})
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	c, s := newClient(t, func() time.Time { return now }), m.sender()
	spend := func(s *parley.Sender) (n int) {
		for c.budget.spend(s) == 0 {
			n++
		}
		return n
	}
	if n := spend(s); n != 200 {
		t.Errorf("%d calls in an hour", n)
	}
	_, err := c.ReadNumber(t.Context(), s)
	e, _ := errors.AsType[*parley.Error](err)
	if e == nil || e.Code != parley.CodeRateLimited || e.RetryAfter <= 0 || e.RetryAfter > 20*time.Second || len(m.requests()) != 0 {
		t.Errorf("beyond the budget: %v, asked %q", err, m.requests())
	}
	other := *s
	other.WABAID = "556"
	if n := spend(&other); n != 200 {
		t.Errorf("another account has %d", n)
	}
	now = now.Add(time.Hour)
	s.Health.Status = parley.SenderOnline
	if n := spend(s); n != 200 { // what was saved in the smaller budget
		t.Errorf("%d calls after an hour", n)
	}
	now = now.Add(time.Hour)
	if n := spend(s); n != 5000 {
		t.Errorf("%d calls in an hour of a registered number", n)
	}
}
