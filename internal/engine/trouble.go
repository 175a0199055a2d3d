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

// troubleText returns what the contact reads in place of an answer.
func (r *run) troubleText() string {
	if t := strings.TrimSpace(r.cfg.TroubleText); t != "" {
		return fill(t, r.e.placeholders(placeholderInput{
			cfg: r.cfg, workspace: r.workspace, source: r.conv.Source,
			contact: r.start.Contact, variables: r.start.Variables,
		}))
	}
	for _, l := range r.cfg.Languages {
		base, _, _ := strings.Cut(strings.ToLower(l), "-")
		if t, ok := troubleTexts[base]; ok {
			return t
		}
	}
	return troubleTexts["en"]
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
