package metasim_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley"

	"parley/internal/metasim"
	"parley/internal/metasim/world"
)

const hello = `"type":"text","text":{"body":"Hello"}`

// What Meta refuses is refused, with Meta's code.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.text("sheena", "Hi") // opens the window
	long := strings.Repeat("ä", 4097)
	row := `{"id":"%d","title":"Row %d"}`
	rows := make([]string, 11)
	for i := range rows {
		rows[i] = fmt.Sprintf(row, i, i)
	}
	button := `{"type":"reply","reply":{"id":"%d","title":"%s"}}`
	buttons := func(titles ...string) string {
		all := make([]string, len(titles))
		for i, title := range titles {
			all[i] = fmt.Sprintf(button, i, title)
		}
		return `"type":"interactive","interactive":{"type":"button","body":{"text":"Which?"},"action":{"buttons":[` + strings.Join(all, ",") + `]}}`
	}
	tests := []struct {
		name, to, rest string
		code           int // 0: accepted
	}{
		{"text", `"to":"+16505551234"`, hello, 0},
		{"no type is text", `"to":"+16505551234"`, `"text":{"body":"Hello"}`, 0},
		{"text of 4096 characters", `"to":"+16505551234"`, `"type":"text","text":{"body":"` + long[2:] + `"}`, 0},
		{"text too long", `"to":"+16505551234"`, `"type":"text","text":{"body":"` + long + `"}`, 131009},
		{"text empty", `"to":"+16505551234"`, `"type":"text","text":{"body":""}`, 131008},
		{"nobody", `"recipient_type":"individual"`, hello, 100},
		{"itself", `"to":"+15550783881"`, hello, 131021},
		{"callback data too long", `"to":"+16505551234"`, hello + `,"biz_opaque_callback_data":"` + strings.Repeat("x", 513) + `"`, 131009},
		{"a reply to no message id", `"to":"+16505551234"`, hello + `,"context":{"message_id":"7"}`, 131009},
		{"three buttons", `"to":"+16505551234"`, buttons("One", "Two", "Three"), 0},
		{"four buttons", `"to":"+16505551234"`, buttons("One", "Two", "Three", "Four"), 131009},
		{"a button's title too long", `"to":"+16505551234"`, buttons(strings.Repeat("x", 21)), 131009},
		{"two buttons alike", `"to":"+16505551234"`, buttons("One", "One"), 131009},
		{"ten rows", `"to":"+16505551234"`, `"type":"interactive","interactive":{"type":"list","body":{"text":"Which?"},"action":{"button":"Choose","sections":[{"rows":[` + strings.Join(rows[:10], ",") + `]}]}}`, 0},
		{"eleven rows", `"to":"+16505551234"`, `"type":"interactive","interactive":{"type":"list","body":{"text":"Which?"},"action":{"button":"Choose","sections":[{"rows":[` + strings.Join(rows, ",") + `]}]}}`, 131009},
		{"unknown media", `"to":"+16505551234"`, `"type":"image","image":{"id":"1"}`, 131009},
		{"media by link", `"to":"+16505551234"`, `"type":"image","image":{"link":"https://example.com/a.png","caption":"A"}`, 0},
		{"a link of another kind", `"to":"+16505551234"`, `"type":"image","image":{"link":"file:///etc/passwd"}`, 131009},
		{"reaction to nothing", `"to":"+16505551234"`, `"type":"reaction","reaction":{"emoji":"x"}`, 131008},
		{"place", `"to":"+16505551234"`, `"type":"location","location":{"latitude":0,"longitude":0}`, 0},
		{"unknown type", `"to":"+16505551234"`, `"type":"poll","poll":{}`, 131051},
		{"window never open", `"to":"+34655501122"`, hello, 131047},
		{"without + it is a number at home", `"to":"6505551234"`, hello, 0},
		{"an error asked for, at once", `"to":"+155501130429"`, hello, 130429},
		{"a short code", `"to":"+155501900190"`, hello, 190},
		{"no such template", `"to":"+16505551234"`, `"type":"template","template":{"name":"none","language":{"code":"en_US"}}`, 132001},
		{"no such language", `"to":"+16505551234"`, `"type":"template","template":{"name":"hello_world","language":{"code":"fr"}}`, 132001},
		{"paused", `"to":"+16505551234"`, `"type":"template","template":{"name":"weekly_deals","language":{"code":"en_US"}}`, 132015},
		{"rejected", `"to":"+16505551234"`, `"type":"template","template":{"name":"abandoned_cart","language":{"code":"en"}}`, 132001},
		{"too few values", `"to":"+16505551234"`, `"type":"template","template":{"name":"order_confirmation","language":{"code":"de"}}`, 132000},
		{"no picture", `"to":"+16505551234"`, `"type":"template","template":{"name":"spring_roast","language":{"code":"en_US"}}`, 132012},
		{"template outside the window", `"to":"+34655501122"`, `"type":"template","template":{"name":"hello_world","language":{"code":"en_US"}}`, 0},
		{"to a user id", `"recipient":"US.13491208655302741918"`, hello, 0},
		{"a login code to a user id", `"recipient":"US.13491208655302741918"`, `"type":"template","template":{"name":"login_code","language":{"code":"en_US"},"components":[{"type":"body","parameters":[{"type":"text","text":"1234"}]}]}`, 131062},
	}
	for _, tt := range tests {
		a := s.sendTo(tt.to, tt.rest)
		if a.Error.Code != tt.code || (tt.code == 0) != (len(a.Messages) == 1) {
			t.Errorf("%s: got %d %s %s, want %d", tt.name, a.Error.Code, a.Error.Message, a.Error.Data.Details, tt.code)
		}
	}
	if a := s.call("POST", "/v25.0/"+number+"/messages", `{"to":"+16505551234",`+hello+`}`); a.Error.Code != 100 {
		t.Errorf("without messaging_product: %+v", a)
	}
	if a := s.call("POST", "/v25.0/"+number+"/messages", `{}`, "Authorization", "Bearer wrong"); a.Error.Code != 190 || a.status != 401 {
		t.Errorf("wrong token: %+v", a)
	}
	if a := s.call("POST", "/v25.0/12345/messages", `{"messaging_product":"whatsapp"}`); a.Error.Code != 100 || a.Error.Subcode != 33 {
		t.Errorf("unknown number: %+v", a)
	}
	if a := s.call("POST", "/25/"+number+"/messages", `{}`); a.Error.Code != 2 {
		t.Errorf("unknown version: %+v", a)
	}
}

// The window opens with a message of the person and closes a day later; a call
// opens it too, and what fails later is told by a status.
func TestWindow(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.text("sheena", "Hi")
	if a := s.send(hello); a.Error.Code != 0 {
		t.Fatalf("in the window: %+v", a.Error)
	}
	s.Age(23 * time.Hour)
	if a := s.send(hello); a.Error.Code != 0 {
		t.Fatalf("after 23 hours: %+v", a.Error)
	}
	s.Age(time.Hour)
	if a := s.send(hello); a.Error.Code != 131047 {
		t.Fatalf("after a day: %+v", a.Error)
	}
	s.act("sheena", metasim.Action{Kind: "call"})
	if a := s.send(hello); a.Error.Code != 0 {
		t.Fatalf("after a call: %+v", a.Error)
	}
	s.Age(24 * time.Hour)
	if err := s.SetFaults(world.Faults{WindowAsync: true}); err != nil {
		t.Fatal(err)
	}
	a := s.send(hello)
	s.quiet()
	names, all := s.hook.statuses(t, a.Messages[0].ID)
	if !slices.Equal(names, []string{"failed"}) || fmt.Sprint(all[0]["errors"].([]any)[0].(map[string]any)["code"]) != "131047" {
		t.Errorf("refused later: %v %v", names, all)
	}
	open := 0
	for _, o := range s.Report().Outbound {
		if o.WindowOpen {
			open++
		}
	}
	if r := s.Report(); open != 3 || len(r.Outbound) != 4 || len(r.Refused) != 1 || r.Refused[0].Code != 131047 || r.Refused[0].WindowOpen {
		t.Errorf("the ledger has %d of %d in the window, refused %+v", open, len(r.Outbound), r.Refused)
	}
}

// What comes days late opens no window.
func TestLateWebhook(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.act("sheena", metasim.Action{Kind: "text", Text: "Hello?", AgoSeconds: 25 * 3600})
	if a := s.send(hello); a.Error.Code != 131047 {
		t.Errorf("a day late: %+v", a.Error)
	}
	s.act("sheena", metasim.Action{Kind: "text", Text: "Hello!", AgoSeconds: 3600})
	s.act("sheena", metasim.Action{Kind: "text", Text: "Hello?!", AgoSeconds: 26 * 3600})
	if a := s.send(hello); a.Error.Code != 0 {
		t.Errorf("an hour late: %+v", a.Error)
	}
	s.quiet()
	ages := map[string]int64{"Hello?": 25, "Hello!": 1, "Hello?!": 26}
	for _, m := range s.hook.messages(t) {
		at, err := strconv.ParseInt(m["timestamp"].(string), 10, 64)
		text := m["text"].(map[string]any)["body"].(string)
		if hours := (time.Now().Unix() - at) / 3600; err != nil || hours != ages[text] {
			t.Errorf("%s was written %d hours ago", text, hours)
		}
	}
	if _, err := s.Act("sheena", number, metasim.Action{Kind: "text", Text: "x", AgoSeconds: 8 * 24 * 3600}); parley.ErrorCode(err) != parley.CodeInvalid {
		t.Errorf("eight days late: %v", err)
	}
}

// 45 messages go to one person at once, then one every six seconds.
func TestPairRate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.text("sheena", "Hi")
	for i := range 45 {
		if a := s.send(hello); a.Error.Code != 0 {
			t.Fatalf("message %d: %+v", i+1, a.Error)
		}
	}
	if a := s.send(hello); a.Error.Code != 131056 {
		t.Fatalf("message 46: %+v", a.Error)
	}
	s.text("pablo", "Hi")
	if a := s.sendTo(`"to":"+34655501122"`, hello); a.Error.Code != 0 {
		t.Fatalf("to another: %+v", a.Error)
	}
	s.Age(13 * time.Second)
	got := []int{s.send(hello).Error.Code, s.send(hello).Error.Code, s.send(hello).Error.Code}
	if !slices.Equal(got, []int{0, 0, 131056}) {
		t.Errorf("after 13 seconds: %v", got)
	}
}

// What arrives and what is sent share a number's throughput.
func TestNumberRate(t *testing.T) {
	t.Parallel()
	var at time.Time
	s := newScene(t, func(c *metasim.Config) {
		start := time.Now()
		at = start
		c.Now = func() time.Time { return at } // stands still
		c.Accounts = world.DefaultAccounts()
		c.Accounts[0].Numbers[0].Throughput = 5
	})
	s.text("sheena", "one")
	s.text("sheena", "two")
	var got []int
	for range 4 {
		got = append(got, s.send(hello).Error.Code)
	}
	if !slices.Equal(got, []int{0, 0, 0, 130429}) {
		t.Errorf("got %v", got)
	}
}

// The free service messages of a month are counted per number; without a
// payment method nothing is sent after them.
func TestAllowance(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(c *metasim.Config) { c.FreeServiceMessages = 1 })
	s.text("sheena", "Hi")
	free, paid := s.send(hello), s.send(hello)
	yes := true
	if _, err := s.UpdateNumber(number, metasim.NumberChange{NoPayment: &yes}); err != nil {
		t.Fatal(err)
	}
	if a := s.send(hello); a.Error.Code != 131042 {
		t.Errorf("without payment: %+v", a.Error)
	}
	s.quiet()
	for id, want := range map[string]string{free.Messages[0].ID: "free_customer_service", paid.Messages[0].ID: "regular"} {
		names, all := s.hook.statuses(t, id)
		pricing, _ := all[slices.Index(names, "sent")]["pricing"].(map[string]any)
		if pricing["type"] != want || pricing["category"] != "service" || pricing["pricing_model"] != "PMP" {
			t.Errorf("%v, want %s", pricing, want)
		}
	}
}

// A click on an ad makes everything free for 72 hours after the reply, and
// leaves the window as it is.
func TestFreeEntryPoint(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.act("sheena", metasim.Action{Kind: "ad", Text: "More about this?"})
	a := s.send(hello)
	s.quiet()
	if m := s.hook.messages(t); m[0]["referral"].(map[string]any)["source_type"] != "ad" {
		t.Errorf("no referral: %v", m)
	}
	names, all := s.hook.statuses(t, a.Messages[0].ID)
	if p := all[slices.Index(names, "sent")]["pricing"].(map[string]any); p["type"] != "free_entry_point" || p["category"] != "referral_conversion" {
		t.Errorf("%v", p)
	}
	s.Age(25 * time.Hour)
	if a := s.send(hello); a.Error.Code != 131047 {
		t.Errorf("the window: %+v", a.Error)
	}
	chat, err := s.Chat("sheena", number, "")
	if err != nil || chat.FreeUntil.IsZero() || chat.WindowOpen {
		t.Errorf("%+v %v", chat, err)
	}
}

// The messaging limit counts people written to outside a window, in the whole
// portfolio.
func TestMessagingLimit(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(c *metasim.Config) { c.Portfolio = world.Portfolio{ID: "1", Limit: "TIER_50"} })
	template := `"type":"template","template":{"name":"hello_world","language":{"code":"en_US"}}`
	for i := range 51 {
		phone := fmt.Sprintf("120250%05d", i)
		if _, err := s.AddPerson(world.Person{Phone: phone}); err != nil {
			t.Fatal(err)
		}
		want := 0
		if i == 50 {
			want = 131048
		}
		if a := s.sendTo(`"to":"+`+phone+`"`, template); a.Error.Code != want {
			t.Fatalf("person %d: %+v", i+1, a.Error)
		}
	}
	if n := s.State().Reached; n != 50 {
		t.Errorf("reached %d", n)
	}
	s.Age(24 * time.Hour)
	if a := s.sendTo(`"to":"+12025000050"`, template); a.Error.Code != 0 {
		t.Errorf("a day later: %+v", a.Error)
	}
}

// Reading shows on the phone, and typing until the answer comes.
func TestReadAndTyping(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	first, second := s.text("sheena", "one"), s.text("sheena", "two")
	s.text("sheena", "three")
	a := s.call("POST", "/v25.0/"+number+"/messages",
		`{"messaging_product":"whatsapp","status":"read","message_id":"`+second+`","typing_indicator":{"type":"text"}}`)
	if !a.Success {
		t.Fatalf("%+v", a)
	}
	s.quiet()
	chat, _ := s.Chat("sheena", number, "")
	if got := []string{chat.Messages[0].Status, chat.Messages[1].Status, chat.Messages[2].Status}; !slices.Equal(got, []string{"read", "read", "delivered"}) || !chat.Typing || chat.Messages[0].ID != first {
		t.Errorf("%v, typing %v", got, chat.Typing)
	}
	s.send(hello)
	if chat, _ = s.Chat("sheena", number, ""); chat.Typing {
		t.Error("it types after the answer")
	}
	if a := s.call("POST", "/v25.0/"+number+"/messages", `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.x"}`); a.Error.Code != 131009 {
		t.Errorf("unknown message: %+v", a)
	}
}
