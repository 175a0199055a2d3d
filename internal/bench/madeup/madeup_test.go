package madeup

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley"
)

func testMadeUp(total int) *Conversations {
	to := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	m := &Conversations{
		Workspace: "ws", Members: []string{"m1", "m2"}, Total: total, To: to, From: to.AddDate(0, 0, -500), Words: NewVocabulary(),
	}
	for i := range 14 {
		m.Assistants = append(m.Assistants, string(rune('a'+i)))
	}
	return m
}

func TestVocabulary(t *testing.T) {
	t.Parallel()
	v := NewVocabulary()
	if len(v.pick) != 100 || len(v.languages) != 13 || len(v.tail) != tailWords {
		t.Fatalf("%d shares, %d languages, %d words", len(v.pick), len(v.languages), len(v.tail))
	}
	for _, l := range v.languages {
		if len(l.words) < 15 || l.code == "" {
			t.Errorf("%s has %d words", l.code, len(l.words))
		}
		if joined := l.code == "zh" || l.code == "ja" || l.code == "th"; joined == l.spaces {
			t.Errorf("%s: spaces %v", l.code, l.spaces)
		}
	}
}

// A fill that was interrupted goes on with the same conversations.
func TestTheSameNumberIsTheSameConversation(t *testing.T) {
	t.Parallel()
	a, b := testMadeUp(1000), testMadeUp(1000)
	for _, i := range []int{0, 17, 999} {
		if !reflect.DeepEqual(a.Make(i), b.Make(i)) {
			t.Errorf("number %d differs", i)
		}
	}
}

// What is measured as none, ten, half, common and rare is that.
func TestSpread(t *testing.T) {
	t.Parallel()
	const total = 4000
	m := testMadeUp(total)
	assistants, sources, tiers := map[string]int{}, map[parley.Source]int{}, map[string]int{}
	ids, contacts := map[string]bool{}, map[string]int{}
	var messages, common, ten, named, active int
	var last time.Time
	for i := range total {
		c := m.Make(i)
		conv := &c.Conversation
		if !parley.ValidID(conv.ID) || ids[conv.ID] {
			t.Fatalf("id %q", conv.ID)
		}
		ids[conv.ID] = true
		contacts[c.Contact.ID]++
		assistants[conv.AssistantID]++
		sources[conv.Source]++
		for _, v := range c.Variables {
			tiers[v.Name+" "+string(v.Value)]++
		}
		if conv.Waiting {
			ten++
		}
		if strings.HasPrefix(c.Contact.Name, NameOfTen+" ") {
			named++
		}
		if conv.Status == parley.ConversationActive {
			active++
		}
		if conv.StartedAt.Before(m.From) || conv.StartedAt.After(m.To) {
			t.Fatalf("number %d starts at %s", i, conv.StartedAt)
		}
		if conv.StartedAt.Before(last.Add(-24 * time.Hour)) {
			t.Fatalf("number %d starts long before the one before", i)
		}
		last = conv.StartedAt
		at := conv.StartedAt
		for k, msg := range c.Messages {
			messages++
			if strings.Contains(msg.Content, CommonWord) {
				common++
			}
			if msg.Seq != int64(k+1) || msg.CreatedAt.Before(at) || !utf8.ValidString(msg.Content) || msg.Content == "" {
				t.Fatalf("message %+v", msg)
			}
			at = msg.CreatedAt
		}
		if !conv.LastActivityAt.Equal(at) {
			t.Fatalf("last activity %s, last message %s", conv.LastActivityAt, at)
		}
	}
	n := len(m.Assistants)
	share := func(what string, got, want, tolerance int) {
		if got < want-tolerance || got > want+tolerance {
			t.Errorf("%s: %d, want about %d", what, got, want)
		}
	}
	share("the first assistant", assistants[m.Assistants[0]], total/2, total/20)
	share("the last but one", assistants[m.Assistants[n-2]], RareCount, 0)
	share("the last", assistants[m.Assistants[n-1]], 0, 0)
	share("waiting", ten, RareCount, 0)
	share("named "+NameOfTen, named, RareCount, 0)
	share("campaign", tiers[VariableCampaign+` "ten"`], RareCount, 0)
	share("gold", tiers[VariableTier+` "gold"`], total/2, 0)
	share("widget", sources[parley.SourceWidget], total/2, total/20)
	share("messages", messages, total*10, total)
	share("with the common word", common, messages/8, messages/40)
	if len(assistants) < n-3 || len(sources) != 4 || active == 0 || active > total/10 || len(contacts) < total/3 {
		t.Errorf("%d assistants, %d sources, %d active, %d contacts", len(assistants), len(sources), active, len(contacts))
	}
}

func BenchmarkMadeUp(b *testing.B) {
	m := testMadeUp(1_000_000)
	messages := 0
	for i := 0; b.Loop(); i++ {
		messages += len(m.Make(i).Messages)
	}
	b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
}
