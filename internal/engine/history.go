package engine

import (
	"context"
	"io"
	"strings"

	"parley"
	"parley/internal/blob"
	"parley/internal/llm"
	"parley/internal/reading"
)

// The bounds of what a model is shown of files.
const (
	maxImages     = 4
	maxImageBytes = 5 << 20
)

// history returns the conversation as the model sees it. The messages that the
// turn answers are always there; older ones as far as the budget reaches.
func (r *run) history(ctx context.Context) []llm.Message {
	msgs := r.start.History
	size, from := 0, len(msgs)
	for from > 0 {
		m := &msgs[from-1]
		size += len(m.Content) + messageOverhead
		for i := range m.Attachments {
			size += len(m.Attachments[i].Reading)
		}
		for i := range m.ToolCalls {
			size += len(m.ToolCalls[i].Arguments) + len(m.ToolCalls[i].Result)
		}
		if size > r.budget && m.Seq < r.turn.FromSeq {
			break
		}
		from--
	}
	// The result of a tool makes no sense without its call.
	for from < len(msgs) && msgs[from].Role == parley.ByTool && msgs[from].Seq < r.turn.FromSeq {
		from++
	}
	var out []llm.Message
	images := r.images(ctx)
	for i := from; i < len(msgs); i++ {
		m := &msgs[i]
		switch m.Role {
		case parley.ByUser:
			if !m.DeletedAt.IsZero() {
				continue
			}
			out = append(out, llm.Message{Role: parley.ByUser, Text: describeFiles(m), Images: images[m.ID]})
		case parley.ByAssistant, parley.ByOperator:
			out = append(out, llm.Message{Role: parley.ByAssistant, Text: describeFiles(m)})
		case parley.ByTool:
			out = append(out, toolDialogue(&llm.Response{ToolCalls: m.ToolCalls})...)
		}
	}
	return out
}

// messageOverhead is what a message costs beside its text.
const messageOverhead = 16

// describeFiles returns the text of a message with its files named in it, and
// what was read of them.
func describeFiles(m *parley.Message) string {
	var b strings.Builder
	b.WriteString(m.Content)
	if m.Type == parley.MessageUnsupported {
		b.Reset()
		b.WriteString("[Unsupported: " + m.Content + "]") // nobody said it
	}
	for i := range m.Attachments {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(reading.Mark(&m.Attachments[i]))
	}
	return b.String()
}

// spoken returns what a message says: its text, and what was said in its
// recordings.
func spoken(m *parley.Message) string {
	said := m.Content
	if m.Type == parley.MessageUnsupported {
		said = ""
	}
	for i := range m.Attachments {
		if a := &m.Attachments[i]; reading.Heard(a) {
			said = strings.TrimSpace(said + "\n" + a.Reading)
		}
	}
	return said
}

// toolDialogue returns tool calls with their results as models expect them.
func toolDialogue(resp *llm.Response) []llm.Message {
	if len(resp.ToolCalls) == 0 {
		return nil
	}
	out := []llm.Message{{Role: parley.ByAssistant, Text: resp.Text, ToolCalls: resp.ToolCalls, Carry: resp.Carry}}
	for _, c := range resp.ToolCalls {
		out = append(out, llm.Message{Role: parley.ByTool, Text: c.Result, ToolCallID: c.ID})
	}
	return out
}

// hasImages reports whether the model was shown a picture in this turn.
func (r *run) hasImages() bool {
	if r.blind || r.e.cfg.Blobs == nil {
		return false
	}
	for i := range r.start.History {
		if len(r.shownImages(&r.start.History[i])) > 0 {
			return true
		}
	}
	return false
}

// shownImages returns the pictures of a message that this turn answers.
func (r *run) shownImages(m *parley.Message) []parley.Attachment {
	if m.Role != parley.ByUser || m.Seq < r.turn.FromSeq {
		return nil
	}
	var found []parley.Attachment
	for _, a := range m.Attachments {
		switch a.MIMEType {
		case "image/png", "image/jpeg", "image/gif", "image/webp":
			if a.Size <= maxImageBytes {
				found = append(found, a)
			}
		}
	}
	return found
}

// images reads the pictures of the messages that the turn answers, by message
// id. One that cannot be read is left out; its name is in the text.
func (r *run) images(ctx context.Context) map[string][]llm.Image {
	if !r.hasImages() {
		return nil
	}
	found := map[string][]llm.Image{}
	count := 0
	for i := range r.start.History {
		m := &r.start.History[i]
		for _, a := range r.shownImages(m) {
			if count == maxImages {
				return found
			}
			data, err := r.readFile(ctx, a)
			if err != nil {
				r.log("cannot read an attachment", "attachment", a.ID, "error", err)
				continue
			}
			found[m.ID] = append(found[m.ID], llm.Image{MIMEType: a.MIMEType, Data: data})
			count++
		}
	}
	return found
}

func (r *run) readFile(ctx context.Context, a parley.Attachment) ([]byte, error) {
	f, err := r.e.cfg.Blobs.Get(ctx, blob.AttachmentKey(r.conv.WorkspaceID, a.ID))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxImageBytes))
}
