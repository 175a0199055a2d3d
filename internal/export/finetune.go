package export

import (
	"strings"

	"parley"
	"parley/internal/store/exports"
	"parley/internal/transcript"
)

// example is one conversation as models are taught with: what was said, by turns,
// to the last reply. What has no reply teaches nothing and is left out, and so is
// what did not reach the contact.
type example struct {
	turns []turn
	size  int
}

// turn is what one side says before the other does.
type turn struct {
	reply bool
	text  string
}

// longestExample is where an example ends, in bytes: no model is taught with more
// at a time.
const longestExample = 1 << 20

func (x *example) add(m *parley.Message) {
	reply := m.Role == parley.ByAssistant || m.Role == parley.ByOperator
	switch {
	case !reply && m.Role != parley.ByUser, m.Type == parley.MessageReaction, !m.DeletedAt.IsZero(),
		m.Delivery == parley.DeliveryCanceled, m.Delivery == parley.DeliveryFailed:
		return
	}
	text, ok := transcript.Content(m)
	text = strings.TrimSpace(text)
	if !ok || text == "" || x.size > longestExample {
		return
	}
	x.size += len(text)
	if n := len(x.turns); n > 0 && x.turns[n-1].reply == reply {
		x.turns[n-1].text += "\n\n" + text
		return
	}
	x.turns = append(x.turns, turn{reply, text})
}

// complete returns the turns from the contact's first to the last reply, or with
// the greeting from that on. There are none if nobody asked or nobody replied.
func (x *example) complete(greeting bool) []turn {
	turns := x.turns
	if len(turns) > 0 && !turns[len(turns)-1].reply {
		turns = turns[:len(turns)-1]
	}
	asked := 0
	for asked < len(turns) && turns[asked].reply {
		asked++
	}
	if asked == len(turns) {
		return nil
	}
	if greeting {
		return turns
	}
	return turns[asked:]
}

// fineTune is the format of examples, one a line.
type fineTune struct {
	*setup
	prompts map[promptKey]string
	write   func(w *writer, id, prompt string, x *example) error
}

type promptKey struct {
	assistant string
	version   int
}

func openOpenAI(s *setup) (format, error) {
	return &fineTune{s, map[promptKey]string{}, writeOpenAI}, nil
}

func openShareGPT(s *setup) (format, error) {
	return &fineTune{s, map[promptKey]string{}, writeShareGPT}, nil
}

func (f *fineTune) parts() exports.Parts { return exports.Parts{Messages: true} }

func (f *fineTune) head(*writer) error { return nil }

func (f *fineTune) tail(*writer) error { return nil }

func (f *fineTune) conversation(w *writer, c *Conversation) error {
	var x example
	err := c.each(func(m *parley.Message) error {
		x.add(m)
		return nil
	})
	if err != nil {
		return err
	}
	prompt, err := f.prompt(c)
	if err != nil {
		return err
	}
	return f.write(w, c.ID, prompt, &x)
}

// prompt is that of the version which answered, if it was asked for.
func (f *fineTune) prompt(c *Conversation) (string, error) {
	key := promptKey{c.AssistantID, c.AssistantVersion}
	prompt, known := f.prompts[key]
	if known || !f.options.SystemPrompt {
		return prompt, nil
	}
	v, err := f.store.AssistantVersion(f.ctx, f.workspace, c.AssistantID, c.AssistantVersion)
	switch {
	case err == nil:
		prompt = strings.TrimSpace(v.Config.Prompt)
	case parley.ErrorCode(err) != parley.CodeNotFound:
		return "", err
	}
	f.prompts[key] = prompt
	return prompt, nil
}

// openAIMessage is a message as chat completions have it.
type openAIMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

func writeOpenAI(w *writer, _, prompt string, x *example) error {
	turns := x.complete(true)
	if turns == nil {
		return nil
	}
	var messages []openAIMessage
	if prompt != "" {
		messages = append(messages, openAIMessage{"system", prompt})
	}
	for _, t := range turns {
		role := "user"
		if t.reply {
			role = "assistant"
		}
		messages = append(messages, openAIMessage{role, t.text})
	}
	err := w.json(struct {
		Messages []openAIMessage `json:"messages"`
	}{messages})
	w.WriteByte('\n')
	return err
}

// shareGPTMessage is a message as ShareGPT has it.
type shareGPTMessage struct {
	From  string `json:"from"`
	Value string `json:"value"`
}

// writeShareGPT leaves the greeting out: what reads the form expects people to
// begin.
func writeShareGPT(w *writer, id, prompt string, x *example) error {
	turns := x.complete(false)
	if turns == nil {
		return nil
	}
	var messages []shareGPTMessage
	if prompt != "" {
		messages = append(messages, shareGPTMessage{"system", prompt})
	}
	for _, t := range turns {
		from := "human"
		if t.reply {
			from = "gpt"
		}
		messages = append(messages, shareGPTMessage{from, t.text})
	}
	err := w.json(struct {
		ID            string            `json:"id"`
		Conversations []shareGPTMessage `json:"conversations"`
	}{id, messages})
	w.WriteByte('\n')
	return err
}
