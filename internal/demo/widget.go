package demo

import (
	"context"

	"parley"
	"parley/internal/store"
)

// Widget makes the widget of the demo's shop page, if it is not there.
func Widget(ctx context.Context, s *store.Store) error {
	_, err := s.Widget(ctx, WorkspaceID, WidgetID)
	if parley.ErrorCode(err) != parley.CodeNotFound {
		return err
	}
	w := &parley.Widget{
		ID: WidgetID, WorkspaceID: WorkspaceID, Name: "Shop", AssistantID: AssistantID, Settings: parley.DefaultWidgetSettings(),
	}
	set := &w.Settings
	set.Light = parley.WidgetColors{Accent: "#7a3b12", OnAccent: "#ffffff", Background: "#fffaf2", Text: "#2b211a"}
	set.Dark = parley.WidgetColors{Accent: "#e8b48a", OnAccent: "#2b211a", Background: "#221a15", Text: "#f6f0e7"}
	set.Texts = widgetTexts()
	set.Suggested = map[string][]string{
		"en": {"How long does delivery take?", "Which coffee suits espresso?", "Where is my order?"},
		"de": {"Wie lange dauert die Lieferung?", "Welcher Kaffee passt zu Espresso?"},
		"fr": {"Combien de temps prend la livraison ?", "Quel café convient à l’espresso ?"},
		"es": {"¿Cuánto tarda el envío?", "¿Qué café va bien para espresso?"},
		"pt": {"Quanto tempo demora a entrega?", "Que café combina com espresso?"},
	}
	set.Form = parley.WidgetForm{Enabled: true, Fields: []parley.WidgetField{
		{
			Name: "name", Type: parley.FieldText, Label: "Your name", Required: true,
			Languages: labels("Ihr Name", "Votre nom", "Su nombre", "O seu nome"),
		},
		{
			Name: "email", Type: parley.FieldEmail, Label: "E-mail",
			Languages: labels("E-Mail", "E-mail", "Correo electrónico", "E-mail"),
		},
		{
			Name: "topic", Type: parley.FieldDropdown, Label: "What is it about?", Options: []string{"Order", "Coffee", "Subscription", "Something else"},
			Languages: map[string]parley.WidgetFieldText{
				"de": {Label: "Worum geht es?", Options: []string{"Bestellung", "Kaffee", "Abo", "Etwas anderes"}},
				"fr": {Label: "De quoi s’agit-il ?", Options: []string{"Commande", "Café", "Abonnement", "Autre chose"}},
				"es": {Label: "¿De qué se trata?", Options: []string{"Pedido", "Café", "Suscripción", "Otra cosa"}},
				"pt": {Label: "De que se trata?", Options: []string{"Encomenda", "Café", "Assinatura", "Outra coisa"}},
			},
		},
		{
			Name: "privacy", Type: parley.FieldCheckbox, Label: "Privacy", Required: true,
			Consent: "I agree that Quillmoor Coffee keeps this conversation to answer me.",
			Languages: map[string]parley.WidgetFieldText{
				"de": {Label: "Datenschutz", Consent: "Ich bin einverstanden, dass Quillmoor Coffee dieses Gespräch speichert, um mir zu antworten."},
				"fr": {Label: "Confidentialité", Consent: "J’accepte que Quillmoor Coffee conserve cette conversation pour me répondre."},
				"es": {Label: "Privacidad", Consent: "Acepto que Quillmoor Coffee guarde esta conversación para responderme."},
				"pt": {Label: "Privacidade", Consent: "Aceito que a Quillmoor Coffee guarde esta conversa para me responder."},
			},
		},
	}}
	if err := set.Validate(); err != nil {
		return err
	}
	err = s.CreateWidget(ctx, w)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		return nil // somebody has deleted the shop's assistant
	}
	return err
}

// labels are a field's label in German, French, Spanish and Portuguese.
func labels(de, fr, es, pt string) map[string]parley.WidgetFieldText {
	return map[string]parley.WidgetFieldText{"de": {Label: de}, "fr": {Label: fr}, "es": {Label: es}, "pt": {Label: pt}}
}

func widgetTexts() map[string]map[string]string {
	return map[string]map[string]string{
		"en": {
			"title": "Quillmoor Coffee", "subtitle": "Mira answers, day and night", "greeting": "Hello! Ask me about coffee, orders or your subscription.",
			"launcher": "Ask Mira",
		},
		"de": {
			"subtitle": "Mira antwortet rund um die Uhr", "greeting": "Hallo! Fragen Sie mich zu Kaffee, Bestellungen oder Ihrem Abo.",
			"launcher": "Fragen Sie Mira", "title": "Quillmoor Coffee",
		},
		"fr": {
			"subtitle": "Mira répond jour et nuit", "greeting": "Bonjour ! Parlons café, commandes ou abonnement.",
			"launcher": "Demandez à Mira", "title": "Quillmoor Coffee",
		},
		"es": {
			"subtitle": "Mira responde día y noche", "greeting": "¡Hola! Pregúnteme por café, pedidos o su suscripción.",
			"launcher": "Pregunte a Mira", "title": "Quillmoor Coffee",
		},
		"pt": {
			"subtitle": "A Mira responde dia e noite", "greeting": "Olá! Pergunte-me sobre café, encomendas ou a sua assinatura.",
			"launcher": "Pergunte à Mira", "title": "Quillmoor Coffee",
		},
	}
}
