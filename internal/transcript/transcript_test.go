package transcript_test

import (
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/transcript"
)

// text is the transcript of messages from the first to the last.
func text(zone *time.Location, messages []parley.Message) string {
	return transcript.Text(transcript.Info{
		Zone: zone, StartedAt: messages[0].CreatedAt, LastAt: messages[len(messages)-1].CreatedAt,
	}, messages)
}

func TestTextIsTheSeedsTranscript(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.Parse(time.DateTime, "2026-03-04 "+s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	messages := []parley.Message{
		{Role: parley.ByUser, Content: "Hi, I need help with my order", CreatedAt: at("10:30:15")},
		{Role: parley.ByAssistant, Content: "Hello! I'd be happy to help. What's your order number?", CreatedAt: at("10:30:18")},
		{Role: parley.ByUser, Content: "It's ORD-12345", CreatedAt: at("10:30:45")},
		{Role: parley.ByTool, Content: `{"status":"in transit"}`, CreatedAt: at("10:30:50")},
		{Role: parley.ByAssistant, Content: "Let me check that for you...", CreatedAt: at("10:30:52")},
		{Role: parley.BySystem, Content: "Ana took over.", CreatedAt: at("10:30:58")},
		{Role: parley.ByOperator, AuthorName: "Ana", Content: "I have it.", CreatedAt: at("10:31:00")},
		{Role: parley.ByUser, Attachments: []parley.Attachment{{MIMEType: "image/png"}}, Content: "look", CreatedAt: at("10:31:05")},
		{Role: parley.ByUser, Attachments: []parley.Attachment{{MIMEType: "application/pdf", Name: "a.pdf"}}, CreatedAt: at("10:31:06")},
		{Role: parley.ByUser, Attachments: []parley.Attachment{{MIMEType: "image/png", Reading: "A red parcel,\nnumber 4711."}}, CreatedAt: at("10:31:07")},
		{Role: parley.ByUser, Attachments: []parley.Attachment{{MIMEType: "audio/ogg", Reading: "where is it"}, {MIMEType: "audio/ogg"}}, CreatedAt: at("10:31:08")},
		{Role: parley.ByUser, Attachments: []parley.Attachment{{MIMEType: "image/png", State: parley.AttachmentMissing}}, CreatedAt: at("10:31:09")},
	}
	want := `[10:30:15] User: Hi, I need help with my order
[10:30:18] AI: Hello! I'd be happy to help. What's your order number?
[10:30:45] User: It's ORD-12345
[10:30:52] AI: Let me check that for you...
[10:30:58] System: Ana took over.
[10:31:00] Ana: I have it.
[10:31:05] User: [Image] look
[10:31:06] User: [Document: a.pdf]
[10:31:07] User: [Image: A red parcel, number 4711.]
[10:31:08] User: [Voice note: where is it] [Voice note]
[10:31:09] User: [Image, missing]
`
	if got := text(time.UTC, messages); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestDaysFollowTheReadersZone(t *testing.T) {
	t.Parallel()
	messages := []parley.Message{
		{Role: parley.ByUser, Content: "late", CreatedAt: time.Date(2026, 3, 4, 23, 30, 0, 0, time.UTC)},
		{Role: parley.ByAssistant, Content: "later", CreatedAt: time.Date(2026, 3, 5, 0, 30, 0, 0, time.UTC)},
	}
	if got := text(time.UTC, messages); strings.Count(got, "---") != 4 {
		t.Errorf("two days in UTC:\n%s", got)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	want := "[00:30:00] User: late\n[01:30:00] AI: later\n"
	if got := text(berlin, messages); got != want {
		t.Errorf("one day in Berlin: got\n%swant\n%s", got, want)
	}
}

func TestMarkdownEscapesWhatPeopleTyped(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	w := transcript.NewMarkdown(&b, transcript.Info{Zone: time.UTC, Contact: "*Eve*", Assistant: "Lumi"})
	w.Message(&parley.Message{Role: parley.ByUser, Content: "# not a heading <b>"})
	w.Message(&parley.Message{Role: parley.ByAssistant, Content: "**bold**"})
	got := b.String()
	for _, want := range []string{`# \*Eve\* and Lumi`, `\# not a heading \<b>`, "**bold**"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
