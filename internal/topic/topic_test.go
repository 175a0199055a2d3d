package topic

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parley/internal/lang"
)

// TestWhatFitsNothing learns from questions of known intents and asks about
// other things.
func TestWhatFitsNothing(t *testing.T) {
	t.Parallel()
	for _, language := range []string{lang.English, lang.German} {
		qs := held(t, language)
		m, of := grouped(t, textsOf(qs))
		others := readTSV(t, "others."+language+".tsv")
		fits := 0
		for _, row := range others {
			if m.Assign(Text{Content: row[0]}).Topic >= 0 {
				fits++
			}
		}
		none := 0
		for _, id := range of {
			if id == "" {
				none++
			}
		}
		t.Logf("%s: of %d other questions %d fit a topic; of %d that it learned from %d fit none", language, len(others), fits, len(qs), none)
		if fits*4 > len(others) {
			t.Errorf("%s: %d of %d questions about other things fit a topic", language, fits, len(others))
		}
		if none*4 > len(qs) {
			t.Errorf("%s: %d of %d questions fit no topic", language, none, len(qs))
		}
	}
}

func TestLanguagesStayApart(t *testing.T) {
	t.Parallel()
	var texts []Text
	var languages []string
	for _, language := range []string{lang.English, lang.German} {
		for _, q := range held(t, language) {
			texts, languages = append(texts, Text{Content: q.text}), append(languages, language)
		}
	}
	for _, s := range []string{
		"营业时间是几点", "你们的营业时间", "请问营业时间", "周日营业时间", "今天营业时间几点", "营业时间到几点",
		"我要退款", "怎么退款", "退款什么时候到", "申请退款", "退款没有收到", "可以退款吗",
	} {
		texts, languages = append(texts, Text{Content: s}), append(languages, "zh")
	}
	m, _ := grouped(t, texts)
	wrong := 0
	for i, x := range texts {
		p := m.Assign(x)
		if p.Topic >= 0 && m.Topics[p.Topic].Language != p.Language {
			t.Errorf("%q is %s and in a topic of %s", x.Content, p.Language, m.Topics[p.Topic].Language)
		}
		if p.Language != languages[i] {
			wrong++
			t.Logf("%q is %q", x.Content, p.Language)
		}
	}
	if wrong*50 > len(texts) {
		t.Errorf("the language of %d of %d questions is wrong", wrong, len(texts))
	}
	if !slices.ContainsFunc(m.Topics, func(x Topic) bool { return x.Language == "zh" }) {
		t.Error("a small language has no topic")
	}
}

func TestTheSameTextsGiveTheSameTopics(t *testing.T) {
	t.Parallel()
	texts := textsOf(held(t, lang.English))
	a, first := grouped(t, texts)
	b, second := grouped(t, texts)
	if !slices.Equal(first, second) {
		t.Error("the same texts were grouped in another way")
	}
	for i := range a.Topics {
		if !slices.Equal(a.Topics[i].Terms, b.Topics[i].Terms) {
			t.Errorf("%q, then %q", a.Topics[i].Terms, b.Topics[i].Terms)
		}
	}
}

// repeated are texts about one thing, with a topic.
func repeated(topic string, texts ...string) []Text {
	var out []Text
	for range 4 {
		for _, s := range texts {
			out = append(out, Text{Content: s, Topic: topic})
		}
	}
	return out
}

var (
	hours   = []string{"What are your opening hours?", "opening hours on sunday", "when are you open, opening hours please"}
	refunds = []string{"I want a refund", "refund for my grinder", "where is the refund of my money"}
	logins  = []string{"my password is wrong", "forgot my password", "password reset does not work"}
)

func TestATopicThatIsSeveralIsSplit(t *testing.T) {
	t.Parallel()
	texts := slices.Concat(repeated("mixed", hours...), repeated("mixed", refunds...), repeated("mixed", logins...))
	m, of := grouped(t, texts)
	if len(m.Topics) < 3 || of[0] == of[len(of)/2] {
		t.Fatalf("%d topics: %q", len(m.Topics), of)
	}
	if !slices.ContainsFunc(m.Topics, func(x Topic) bool { return x.ID == "mixed" }) {
		t.Error("no part of it kept its id")
	}
}

func TestANewTopicLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	texts := slices.Concat(repeated("hours", hours...), repeated("refunds", refunds...), repeated("", logins...))
	_, of := grouped(t, texts)
	for i, id := range of {
		switch before := texts[i].Topic; {
		case before != "" && id != before:
			t.Errorf("%q was in %q and is in %q", texts[i].Content, before, id)
		case before == "" && (id == "" || id == "hours" || id == "refunds"):
			t.Errorf("%q is in %q", texts[i].Content, id)
		}
	}
}

func TestTopicsThatAreAlikeBecomeOne(t *testing.T) {
	t.Parallel()
	texts := slices.Concat(repeated("a", hours...), repeated("b", hours...), repeated("b", hours[0]), repeated("refunds", refunds...))
	m, _ := grouped(t, texts)
	for i := range m.Topics {
		if m.Topics[i].ID == "a" {
			t.Error("the smaller of two topics about the same stayed")
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	texts := slices.Concat(repeated("", hours...), repeated("", refunds...), repeated("", logins...))
	m, _ := grouped(t, texts)
	var labels []string
	for _, x := range m.Topics {
		labels = append(labels, x.Label)
	}
	all := strings.Join(labels, "; ")
	for _, want := range []string{"opening hours", "refund", "password"} {
		if !strings.Contains(all, want) {
			t.Errorf("no label says %q: %s", want, all)
		}
	}
}

func TestOddSamples(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string][]Text{
		"none":       nil,
		"one":        {{Content: "Where is my order?"}},
		"no words":   {{Content: "12345"}, {Content: "?!"}, {Content: ""}, {Content: "\xff\xfe"}},
		"all alike":  repeated("", "Where is my order?"),
		"all differ": {{Content: "apple"}, {Content: "zebra crossing"}, {Content: "quantum"}},
		"very long":  repeated("", strings.Repeat("Where is my order? ", 5000)),
	} {
		m, err := Learn(texts, Breathe(t.Context()))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, x := range texts {
			m.Assign(x)
		}
		if alike := name == "all alike"; alike != (len(m.Topics) == 1) && name != "very long" {
			t.Errorf("%s: %d topics", name, len(m.Topics))
		}
		if m.Assign(Text{Content: "something else altogether"}).Topic >= 0 {
			t.Errorf("%s: anything fits", name)
		}
	}
}

func TestLearningEndsWhenItIsTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Learn(textsOf(held(t, lang.English)), Breathe(ctx)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// BenchmarkLearn learns from a full sample: questions with words of others in
// them.
func BenchmarkLearn(b *testing.B) {
	texts := madeUp(b, SampleSize)
	for b.Loop() {
		if _, err := Learn(texts, Breathe(b.Context())); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAssign finds the topic of one text.
func BenchmarkAssign(b *testing.B) {
	texts := madeUp(b, SampleSize)
	m, err := Learn(texts, Breathe(b.Context()))
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		m.Assign(texts[i%len(texts)])
	}
}

func madeUp(t testing.TB, n int) []Text {
	rows := slices.Concat(readTSV(t, "questions.en.tsv"), readTSV(t, "questions.de.tsv"))
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]Text, n)
	for i := range out {
		other := strings.Fields(rows[r.IntN(len(rows))][2])
		out[i].Content = rows[r.IntN(len(rows))][2] + " " + strings.Join(other[:min(len(other), 3)], " ")
	}
	return out
}
