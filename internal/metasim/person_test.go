package metasim_test

import (
	"encoding/json"
	"slices"
	"testing"

	"parley"
	"parley/internal/metasim"
	"parley/internal/metasim/world"
)

// What a business learns of who somebody is depends on the person.
func TestIdentities(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ids := map[string]string{}
	for _, p := range []string{"sheena", "yuki", "amina", "no-name"} {
		s.text(p, "Hi from "+p)
		s.quiet()
		a := s.sendTo(map[bool]string{true: `"recipient":"JP.30551177420099316624"`, false: `"to":"+` + phoneOf(s, p) + `"`}[p == "yuki"], hello)
		if a.Error.Code != 0 {
			t.Fatalf("%s: %+v", p, a.Error)
		}
		s.quiet()
		ids[p] = a.Messages[0].ID
	}
	has := func(m map[string]any, key string) bool { _, ok := m[key]; return ok }
	all := s.hook.received(t)
	i := -1
	for _, e := range all {
		v := e.Entry[0].Changes[0].Value
		if len(v.Messages) == 0 {
			continue
		}
		i++
		m, c := v.Messages[0], v.Contacts[0]
		want := [][2]bool{{true, true}, {false, true}, {true, false}, {true, true}}[i]
		if got := [2]bool{has(m, "from"), has(m, "from_user_id")}; got != want || has(c, "wa_id") != want[0] || has(c, "user_id") != want[1] {
			t.Errorf("person %d: phone and user id shown %v, want %v: %v %v", i, got, want, m, c)
		}
	}
	_, st := s.hook.statuses(t, ids["yuki"])
	if has(st[0], "recipient_id") || st[0]["recipient_user_id"] != "JP.30551177420099316624" {
		t.Errorf("%v", st[0])
	}
}

func phoneOf(s *scene, id string) string {
	for _, p := range s.People() {
		if p.ID == id {
			return p.Phone
		}
	}
	return ""
}

// A new number comes with a new user id, and both are told.
func TestChangeOfNumber(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.text("sheena", "Hi")
	s.quiet()
	s.act("sheena", metasim.Action{Kind: "change_number", Phone: "+1 219 555 5358"})
	s.quiet()
	s.text("sheena", "It's me")
	s.quiet()
	m := s.hook.messages(t)
	system := m[1]["system"].(map[string]any)
	if m[1]["from"] != "16505551234" || system["type"] != "user_changed_number" || system["wa_id"] != "12195555358" ||
		system["previous_user_id"] != "US.13491208655302741918" || system["user_id"] != m[2]["from_user_id"] || m[2]["from"] != "12195555358" {
		t.Errorf("%v\n%v", m[1], m[2])
	}
	if a := s.sendTo(`"to":"+12195555358"`, hello); a.Error.Code != 0 {
		t.Errorf("%+v", a.Error)
	}
	s.act("sheena", metasim.Action{Kind: "change_user_id"})
	s.quiet()
	m = s.hook.messages(t)
	if last := m[len(m)-1]["system"].(map[string]any); last["type"] != "user_changed_user_id" || last["previous_user_id"] != system["user_id"] {
		t.Errorf("%v", last)
	}
	if _, err := s.Act("pablo", number, metasim.Action{Kind: "change_number", Phone: "12195555358"}); parley.ErrorCode(err) != parley.CodeConflict {
		t.Errorf("a number that is taken: %v", err)
	}
}

// People reply, tap, react, edit and delete.
func TestActs(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	first := s.text("sheena", "Hi")
	s.quiet()
	s.send(`"type":"interactive","interactive":{"type":"button","body":{"text":"Which?"},"action":{"buttons":[{"type":"reply","reply":{"id":"b1","title":"Beans"}}]}}`)
	s.send(`"type":"interactive","interactive":{"type":"list","body":{"text":"Which?"},"action":{"button":"Choose","sections":[{"rows":[{"id":"r1","title":"Red","description":"As a rose"}]}]}}`)
	s.send(`"type":"reaction","reaction":{"message_id":"` + first + `","emoji":"👍"}`)
	chat, _ := s.Chat("sheena", number, first)
	buttons, list := chat.Messages[0].ID, chat.Messages[1].ID
	acts := []metasim.Action{
		{Kind: "tap", MessageID: buttons, Choice: "b1"},
		{Kind: "tap", MessageID: list, Choice: "r1"},
		{Kind: "reaction", MessageID: buttons, Emoji: "❤"},
		{Kind: "reaction", MessageID: buttons},
		{Kind: "text", Text: "A reply", ReplyTo: buttons},
		{Kind: "location", Payload: json.RawMessage(`{"latitude":0,"longitude":0}`)},
		{Kind: "raw", Type: "order", Payload: json.RawMessage(`{"catalog_id":"1","product_items":[]}`)},
		{Kind: "edit", MessageID: first, Text: "Hello"},
		{Kind: "delete", MessageID: first},
	}
	for _, a := range acts {
		s.act("sheena", a)
		s.quiet()
	}
	m := s.hook.messages(t)[1:]
	sub := func(i int, keys ...string) any {
		var v any = m[i]
		for _, k := range keys {
			v = v.(map[string]any)[k]
		}
		return v
	}
	for i, want := range [][]any{
		{"interactive", "b1", "interactive", "button_reply", "id"},
		{"interactive", "As a rose", "interactive", "list_reply", "description"},
		{"reaction", "❤", "reaction", "emoji"},
		{"reaction", nil, "reaction", "emoji"},
		{"text", buttons, "context", "id"},
		{"location", 0.0, "location", "latitude"},
		{"order", "1", "order", "catalog_id"},
		{"unsupported", "edit", "unsupported", "type"},
		{"unsupported", "revoke", "unsupported", "type"},
	} {
		var keys []string
		for _, k := range want[2:] {
			keys = append(keys, k.(string))
		}
		if m[i]["type"] != want[0] || sub(i, keys...) != want[1] {
			t.Errorf("act %d: %v", i, m[i])
		}
	}
	chat, _ = s.Chat("sheena", number, "")
	if got := chat.Messages[0]; !got.Deleted || got.Text != "" || got.BusinessReaction != "👍" {
		t.Errorf("%+v", got)
	}
	for _, a := range []metasim.Action{
		{Kind: "fly"}, {Kind: "text"}, {Kind: "tap", MessageID: buttons, Choice: "none"}, {Kind: "edit", MessageID: buttons, Text: "x"}, {Kind: "image"}, {Kind: "echo", Text: "x"},
	} {
		if _, err := s.Act("sheena", number, a); parley.ErrorCode(err) != parley.CodeInvalid {
			t.Errorf("%+v: %v", a, err)
		}
	}
}

// A number that is in the Business app hears of edits and deletions, and what
// is written there is echoed.
func TestCoexistence(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	m, err := s.SendText("sheena", second, "Hi")
	if err != nil {
		t.Fatal(err)
	}
	s.quiet()
	for _, a := range []metasim.Action{{Kind: "edit", MessageID: m.ID, Text: "Hello"}, {Kind: "delete", MessageID: m.ID}, {Kind: "echo", Text: "From the shop"}} {
		if _, err := s.Act("sheena", second, a); err != nil {
			t.Fatal(err)
		}
		s.quiet()
	}
	got := s.hook.messages(t)
	if got[1]["type"] != "edit" || got[2]["type"] != "revoke" || got[2]["revoke"].(map[string]any)["original_message_id"] != m.ID {
		t.Errorf("%v", got)
	}
	all := s.hook.received(t)
	last := all[len(all)-1].Entry[0].Changes[0]
	if last.Field != "smb_message_echoes" || last.Value.Echoes[0]["to"] != "16505551234" {
		t.Errorf("%+v", last)
	}
}

// A phone that is off gets what waited when it is on again; who does not read at
// once reads later.
func TestTicks(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	yes, no := true, false
	s.text("sheena", "Hi")
	if _, err := s.UpdatePerson("sheena", metasim.PersonChange{Offline: &yes, AutoRead: &no}); err != nil {
		t.Fatal(err)
	}
	id := s.send(`"type":"audio","audio":{"id":"` + s.upload("audio/ogg", []byte("OggS\x00 opus")).ID + `","voice":true}`).Messages[0].ID
	s.quiet()
	if names, _ := s.hook.statuses(t, id); !slices.Equal(names, []string{"sent"}) {
		t.Errorf("off: %v", names)
	}
	if _, err := s.UpdatePerson("sheena", metasim.PersonChange{Offline: &no}); err != nil {
		t.Fatal(err)
	}
	s.quiet()
	if names, _ := s.hook.statuses(t, id); !slices.Equal(names, []string{"sent", "delivered"}) {
		t.Errorf("on: %v", names)
	}
	if err := s.MarkRead("sheena", number); err != nil {
		t.Fatal(err)
	}
	s.quiet()
	names, _ := s.hook.statuses(t, id)
	slices.Sort(names)
	if !slices.Equal(names, []string{"delivered", "played", "read", "sent"}) {
		t.Errorf("read: %v", names)
	}
	if out := s.Report().Outbound[0]; len(out.Statuses) != 4 || !out.Statuses[3].Acknowledged {
		t.Errorf("%+v", out)
	}
	if a := s.sendTo(`"to":"+15550000131026"`, `"type":"template","template":{"name":"hello_world","language":{"code":"en_US"}}`); a.Error.Code != 0 {
		t.Errorf("%+v", a.Error)
	} else if s.quiet(); true {
		if names, _ := s.hook.statuses(t, a.Messages[0].ID); !slices.Equal(names, []string{"failed"}) {
			t.Errorf("%v", names)
		}
	}
	if _, err := s.AddPerson(world.Person{Phone: "+1 650 555 1234"}); parley.ErrorCode(err) != parley.CodeConflict {
		t.Errorf("a phone twice: %v", err)
	}
}
