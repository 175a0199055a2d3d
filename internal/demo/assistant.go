package demo

import (
	"context"
	"time"

	"parley"
)

// variables are what the shop's assistant collects.
func variables() []parley.VariableSchema {
	return []parley.VariableSchema{
		{Name: "name", Type: parley.TypeText, Source: parley.FromExtracted, Required: true, Description: "How the customer would like to be called."},
		{Name: "email", Type: parley.TypeText, Source: parley.FromExtracted, Required: true, Description: "The customer's e-mail address."},
		{Name: "order_number", Type: parley.TypeText, Source: parley.FromExtracted, Description: "The number of the order that the customer writes about, such as QM-20417."},
		{
			Name: "grind", Type: parley.TypeEnum, Source: parley.FromExtracted, Description: "How the customer wants the coffee ground.",
			Options: []string{"Whole bean", "Espresso", "Filter", "French press"},
		},
		{Name: "page", Type: parley.TypeText, Source: parley.FromPreChat, Description: "The page on which the chat was opened."},
		{
			Name: "product", Type: parley.TypeEnum, Source: parley.FromEvaluation, Description: "What the conversation was about.",
			Options: []string{"Beans", "Machine", "Subscription", "Gift card", "Course"},
		},
		{Name: "refund_requested", Type: parley.TypeBoolean, Source: parley.FromEvaluation, Description: "Whether the customer asked for money back."},
	}
}

// examples are the good answers that the shop's assistant began with; its
// history adds one.
func examples() []parley.Example {
	return []parley.Example{{
		Question: "Can I taste the coffee before I buy it?",
		Answer: "Gladly! Ask at our coffee bar, Molenkaai 14 in Ghent: a small cup of anything that we roast is on the house. " +
			"There is also a tasting on every first Saturday of the month at 10:30.",
	}}
}

// shopConfig is the assistant's first version, on the sample provider.
func shopConfig(prompt string) parley.AssistantConfig {
	return parley.AssistantConfig{
		Name: "Mira", Avatar: "☕", Status: parley.AssistantActive, Prompt: prompt,
		Greeting:    "Hello, I'm {assistant_name} from Quillmoor Coffee. What can I do for you?",
		SpeaksFirst: true, Languages: []string{"en", "de", "fr", "es", "pt"}, TimeZone: "Europe/Brussels",
		Model:             parley.ModelChoice{ProviderID: providerID, Model: sampleModelName},
		InactivityMinutes: 30, AfterEnd: parley.AfterEndNew, Variables: variables(), Examples: examples(),
		TroubleText: "I'm sorry, I can't answer right now. A colleague will get back to you.",
	}
}

// wholesaleConfig is the second assistant, for cafés and offices.
func wholesaleConfig() parley.AssistantConfig {
	return parley.AssistantConfig{
		Name: "Wholesale desk", Avatar: "WD", Status: parley.AssistantActive,
		Prompt: "You are {assistant_name} of Quillmoor Coffee. You talk to cafés, restaurants and offices. " +
			"Find out how many kilograms they need a month and when they want to start, then hand over to a person.",
		Languages: []string{"en", "de", "fr"}, TimeZone: "Europe/Brussels",
		Model:             parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
		InactivityMinutes: 120, AfterEnd: parley.AfterEndReopen,
		Variables: []parley.VariableSchema{
			{Name: "company", Type: parley.TypeText, Source: parley.FromExtracted, Required: true, Question: "What is the name of your company?"},
			{Name: "kilograms", Type: parley.TypeNumber, Source: parley.FromExtracted, Required: true, Question: "How many kilograms of coffee do you need a month?", Description: "Kilograms of coffee a month."},
			{Name: "start_date", Type: parley.TypeDate, Source: parley.FromExtracted, Required: true, Question: "When would you like to start?", Description: "The day of the first delivery."},
		},
	}
}

// assistants makes the two assistants with their knowledge.
func (s *seeder) assistants(ctx context.Context) error {
	err := s.Store.CreateProvider(ctx, &parley.Provider{
		ID: providerID, WorkspaceID: WorkspaceID, Name: "Sample provider (made-up usage)", Kind: "openai",
		BaseURL: "https://api.openai.com/v1", Models: []string{sampleModelName},
	})
	if err != nil {
		return err
	}
	prompt, err := text("prompt.md")
	if err != nil {
		return err
	}
	shopDocs, err := knowledge(AssistantID)
	if err != nil {
		return err
	}
	wholesaleDocs, err := knowledge(wholesaleID, "shop.md", "delivery.md", "coffee.md", "haeufige-fragen.md")
	if err != nil {
		return err
	}
	if err := s.assistant(ctx, wholesaleID, wholesaleConfig(), wholesaleDocs); err != nil {
		return err
	}
	return s.assistant(ctx, AssistantID, shopConfig(prompt), shopDocs)
}

// assistant makes one assistant whose first version has all its knowledge.
func (s *seeder) assistant(ctx context.Context, id string, cfg parley.AssistantConfig, docs []parley.Document) error {
	err := s.Store.CreateAssistant(ctx, &parley.Assistant{ID: id, WorkspaceID: WorkspaceID, Config: cfg}, s.OwnerID)
	if err != nil {
		return err
	}
	for i := range docs {
		s.past.advance(time.Minute)
		if err := s.Store.CreateDocument(ctx, &docs[i], s.OwnerID); err != nil {
			return err
		}
	}
	return nil
}

// switchToBuiltin saves the assistant's next version: on the built-in answerer,
// which needs no key.
func (s *seeder) switchToBuiltin(ctx context.Context) error {
	a, err := s.Store.Assistant(ctx, WorkspaceID, AssistantID)
	if err != nil {
		return err
	}
	cfg := a.Config
	cfg.Model = parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel}
	_, err = s.Store.UpdateAssistant(ctx, WorkspaceID, AssistantID, 0, cfg, s.OwnerID)
	return err
}
