package builtin

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/knowledge"
	"parley/internal/llm"
	"parley/internal/variable"
)

// chat plays the engine: it keeps the history, finds passages, and runs the
// built-in tools.
type chat struct {
	t         *testing.T
	model     Model
	index     *knowledge.Index
	examples  []parley.Example
	variables []parley.VariableSchema
	values    map[string]json.RawMessage
	language  string
	tools     []llm.Tool
	history   []llm.Message
	last      *llm.Response // of the last turn
	choices   []string
	handoff   string
	ended     bool
	cited     []parley.Passage
	notes     string
}

func newChat(t *testing.T, variables ...parley.VariableSchema) *chat {
	t.Helper()
	c := &chat{
		t: t, index: knowledge.New(shopDocuments()), variables: variables, values: map[string]json.RawMessage{},
		model: Model{Now: func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }},
	}
	for _, name := range []string{parley.ToolSetVariable, parley.ToolEndConversation, parley.ToolHandoff, parley.ToolOfferChoices} {
		c.tools = append(c.tools, llm.Tool{Name: name})
	}
	return c
}

// say sends a message and returns the text of the whole turn.
func (c *chat) say(text string) string {
	c.t.Helper()
	c.history = append(c.history, llm.Message{Role: parley.ByUser, Text: text})
	c.choices, c.handoff, c.ended, c.cited, c.notes = nil, "", false, nil, ""
	passages := c.index.Search(text, 6)
	var said []string
	for range 4 {
		var streamed strings.Builder
		resp, err := c.model.Stream(c.t.Context(), &llm.Request{
			Messages: c.history, Tools: c.tools,
			Context: llm.Context{
				Passages: passages, Examples: c.examples, Variables: c.variables, Values: c.values, Language: c.language, Purpose: parley.UsageReply,
			},
		}, func(p string) error { streamed.WriteString(p); return nil })
		if err != nil {
			c.t.Fatal(err)
		}
		if streamed.String() != resp.Text {
			c.t.Errorf("streamed %q, returned %q", streamed.String(), resp.Text)
		}
		c.last = resp
		c.notes += resp.Note
		c.cited = append(c.cited, resp.Citations...)
		if resp.Text != "" {
			said = append(said, resp.Text)
		}
		if len(resp.ToolCalls) == 0 {
			c.history = append(c.history, llm.Message{Role: parley.ByAssistant, Text: resp.Text})
			break
		}
		c.history = append(c.history, llm.Message{Role: parley.ByAssistant, Text: resp.Text, ToolCalls: resp.ToolCalls})
		c.run(resp.ToolCalls)
		if resp.Text != "" {
			break
		}
	}
	return strings.Join(said, "\n\n")
}

func (c *chat) run(calls []parley.ToolCall) {
	c.t.Helper()
	for _, call := range calls {
		var args struct {
			Name, Reason string
			Value        json.RawMessage
			Choices      []string
		}
		if err := json.Unmarshal(call.Arguments, &args); err != nil {
			c.t.Fatal(err)
		}
		switch call.Name {
		case parley.ToolSetVariable:
			s, ok := variable.Find(c.variables, args.Name, "")
			if !ok {
				c.t.Fatalf("sets the unknown variable %q", args.Name)
			}
			if _, err := variable.Check(s, args.Value); err != nil {
				c.t.Errorf("sets what the check refuses: %v", err)
			}
			c.values[args.Name] = args.Value
		case parley.ToolHandoff:
			c.handoff = args.Reason
		case parley.ToolEndConversation:
			c.ended = true
		case parley.ToolOfferChoices:
			c.choices = args.Choices
		}
		c.history = append(c.history, llm.Message{Role: parley.ByTool, Text: "ok", ToolCallID: call.ID})
	}
}

func shopDocuments() []parley.Document {
	return []parley.Document{
		{ID: "d1", Title: "Delivery and returns", Format: parley.FormatMarkdown, Content: `# Delivery and returns

## Delivery

We deliver within 2 working days in Belgium and in 3 to 5 working days in the rest of the EU. Delivery costs €4.90 and is free above €35.

## Switzerland and Norway

Parcels to Switzerland and Norway take 5 to 8 days. Customs duties are paid by the receiver.

## Returns

You may return unopened bags within 30 days of delivery. Write to us first and we send you a label; the refund arrives within 5 days after we got the parcel.

## Damaged parcels

If a parcel arrives damaged, send us a photo of it within 7 days. We send a new one at once and you keep the old one.
`},
		{ID: "d2", Title: "Our shop", Format: parley.FormatMarkdown, Content: `# Our shop

## Opening hours

We are open Monday to Friday from 9:00 to 18:00 and on Saturday from 10:00 to 16:00. On Sunday we are closed.

## Address

You find us at Kanaalstraat 12 in Ghent, two minutes from the tram stop.
`},
		{ID: "d3", Title: "Häufige Fragen", Format: parley.FormatMarkdown, Content: `## Öffnungszeiten

Wir haben montags bis freitags von 9 bis 18 Uhr und samstags von 10 bis 16 Uhr geöffnet. Sonntags ist geschlossen.

## Versand

Der Versand nach Deutschland dauert 3 bis 5 Werktage und kostet 4,90 €. Ab 35 € ist er kostenlos.

## Rückgabe

Ungeöffnete Packungen können Sie innerhalb von 30 Tagen zurückgeben.
`},
		{ID: "d4", Title: "Questions fréquentes", Format: parley.FormatMarkdown, Content: `## Livraison

La livraison en France prend 3 à 5 jours ouvrés et coûte 4,90 €. Elle est offerte dès 35 €.

## Horaires

Nous sommes ouverts du lundi au vendredi de 9 h à 18 h et le samedi de 10 h à 16 h.
`},
		{ID: "d5", Title: "Preguntas frecuentes", Format: parley.FormatMarkdown, Content: `## Envíos

El envío a España tarda de 3 a 5 días laborables y cuesta 4,90 €. Es gratis a partir de 35 €.

## Horario

Abrimos de lunes a viernes de 9 a 18 h y los sábados de 10 a 16 h.
`},
		{ID: "d6", Title: "Perguntas frequentes", Format: parley.FormatMarkdown, Content: `## Entregas

A entrega em Portugal demora 3 a 5 dias úteis e custa 4,90 €. É grátis a partir de 35 €.

## Horário

Estamos abertos de segunda a sexta das 9h às 18h e ao sábado das 10h às 16h.
`},
	}
}

func nameMailOrder() []parley.VariableSchema {
	return []parley.VariableSchema{
		{Name: "customer_name", Type: parley.TypeText, Source: parley.FromExtracted, Required: true},
		{Name: "email", Type: parley.TypeText, Source: parley.FromExtracted, Required: true},
		{Name: "order_number", Type: parley.TypeText, Source: parley.FromExtracted},
	}
}
