// Package settext holds what contacts read in place of an answer where an
// assistant has no text of its own for that.
package settext

import "strings"

// trouble is what a contact reads when no answer can be had and the
// assistant has no text of its own for it, by language.
var trouble = map[string]string{
	"en": "Sorry, I cannot answer right now. Your message is safe, and a person will look at it.",
	"de": "Entschuldigung, ich kann gerade nicht antworten. Deine Nachricht ist angekommen, und ein Mensch sieht sie sich an.",
	"es": "Lo siento, ahora mismo no puedo responder. Tu mensaje ha llegado y una persona lo leerá.",
	"fr": "Désolé, je ne peux pas répondre pour le moment. Votre message est bien arrivé et une personne va le lire.",
	"it": "Mi dispiace, al momento non posso rispondere. Il messaggio è arrivato e una persona lo leggerà.",
	"pt": "Desculpe, não consigo responder agora. A sua mensagem chegou e uma pessoa vai lê-la.",
	"nl": "Sorry, ik kan nu niet antwoorden. Je bericht is aangekomen en iemand kijkt ernaar.",
}

// budget is what a contact reads when the budget is spent and the assistant
// has no text of its own for it, by language.
var budget = map[string]string{
	"en": "Thank you for your message. A person will answer it as soon as possible.",
	"de": "Danke für deine Nachricht. Ein Mensch beantwortet sie so bald wie möglich.",
	"es": "Gracias por tu mensaje. Una persona lo responderá lo antes posible.",
	"fr": "Merci pour votre message. Une personne y répondra dès que possible.",
	"it": "Grazie per il messaggio. Una persona risponderà appena possibile.",
	"pt": "Obrigado pela sua mensagem. Uma pessoa vai respondê-la assim que possível.",
	"nl": "Bedankt voor je bericht. Iemand beantwoordt het zo snel mogelijk.",
}

// Trouble returns the text for when no answer can be had, in the first of the
// languages that there is one in, else in English.
func Trouble(languages []string) string { return in(languages, trouble) }

// Budget is Trouble for when the budget is spent.
func Budget(languages []string) string { return in(languages, budget) }

func in(languages []string, texts map[string]string) string {
	for _, l := range languages {
		base, _, _ := strings.Cut(strings.ToLower(l), "-")
		if t, ok := texts[base]; ok {
			return t
		}
	}
	return texts["en"]
}
