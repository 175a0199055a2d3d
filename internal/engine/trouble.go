package engine

import (
	"errors"
	"strings"

	"parley"
	"parley/internal/llm"
	"parley/internal/speech"
)

// troubleTexts is what a contact reads when no answer can be had and the
// assistant has no text of its own for it, by language.
var troubleTexts = map[string]string{
	"en": "Sorry, I cannot answer right now. Your message is safe, and a person will look at it.",
	"de": "Entschuldigung, ich kann gerade nicht antworten. Deine Nachricht ist angekommen, und ein Mensch sieht sie sich an.",
	"es": "Lo siento, ahora mismo no puedo responder. Tu mensaje ha llegado y una persona lo leerá.",
	"fr": "Désolé, je ne peux pas répondre pour le moment. Votre message est bien arrivé et une personne va le lire.",
	"it": "Mi dispiace, al momento non posso rispondere. Il messaggio è arrivato e una persona lo leggerà.",
	"pt": "Desculpe, não consigo responder agora. A sua mensagem chegou e uma pessoa vai lê-la.",
	"nl": "Sorry, ik kan nu niet antwoorden. Je bericht is aangekomen en iemand kijkt ernaar.",
}

// budgetTexts is what a contact reads when the budget is spent and the assistant
// has no text of its own for it, by language.
var budgetTexts = map[string]string{
	"en": "Thank you for your message. A person will answer it as soon as possible.",
	"de": "Danke für deine Nachricht. Ein Mensch beantwortet sie so bald wie möglich.",
	"es": "Gracias por tu mensaje. Una persona lo responderá lo antes posible.",
	"fr": "Merci pour votre message. Une personne y répondra dès que possible.",
	"it": "Grazie per il messaggio. Una persona risponderà appena possibile.",
	"pt": "Obrigado pela sua mensagem. Uma pessoa vai respondê-la assim que possível.",
	"nl": "Bedankt voor je bericht. Iemand beantwoordt het zo snel mogelijk.",
}

// troubleText returns what the contact reads in place of an answer.
func (r *run) troubleText() string { return r.setText(r.cfg.TroubleText, troubleTexts) }

// budgetText returns what the contact reads when the budget is spent.
func (r *run) budgetText() string { return r.setText(r.cfg.BudgetText, budgetTexts) }

// setText returns the assistant's own text, or the one for its languages.
func (r *run) setText(own string, shipped map[string]string) string {
	if t := strings.TrimSpace(own); t != "" {
		return fill(t, r.e.placeholders(placeholderInput{
			cfg: r.cfg, workspace: r.workspace, source: r.conv.Source,
			contact: r.start.Contact, variables: r.start.Variables,
		}))
	}
	for _, l := range r.cfg.Languages {
		base, _, _ := strings.Cut(strings.ToLower(l), "-")
		if t, ok := shipped[base]; ok {
			return t
		}
	}
	return shipped["en"]
}

// sentence returns the words of an error that are meant for a person.
func sentence(err error) string {
	if e, ok := errors.AsType[*llm.Error](err); ok {
		return e.Message
	}
	if e, ok := errors.AsType[*speech.Error](err); ok {
		return e.Message
	}
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e.Message
	}
	return "Something went wrong inside Parley; the log has the details."
}

// clean returns what a model wrote as text that can be kept: valid, without
// NUL and space around it, and at most n bytes long.
func clean(s string, n int) string {
	s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", ""))
	if len(s) <= n {
		return s
	}
	const more = "…"
	return strings.ToValidUTF8(s[:n-len(more)], "") + more
}
