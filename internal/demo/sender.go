package demo

import (
	"context"
	"strings"

	"parley"
	"parley/internal/metasim/world"
	"parley/internal/price"
	"parley/internal/store"
	"parley/internal/token"
)

// The demo's sender, as the simulator knows it.
const (
	senderID      = "0190dec0-0000-7000-8000-000000000006"
	appID         = "0190dec0-0000-7000-8000-000000000007"
	wabaID        = "109900000000001"
	phoneNumberID = "109900000000011"
	senderPhone   = "+15550100177"
)

// SimulatedAccounts are what the simulator has for the demo: the account of the
// number that is connected.
func SimulatedAccounts() []world.Account {
	return []world.Account{
		{ID: wabaID, Name: "Quillmoor Coffee", Numbers: []world.Number{
			{ID: phoneNumberID, Phone: strings.TrimPrefix(senderPhone, "+"), CountryCode: "1", VerifiedName: "Quillmoor Coffee"},
		}},
	}
}

// SenderToken is the simulator's bearer token. It opens nothing else.
const SenderToken = "EAAsimulatedtoken"

// Sender connects the demo's number to a simulator whose Graph API is at
// baseURL, and returns the app whose secrets verify its webhooks. It may be
// called at every start; a sender that somebody removed stays removed.
func Sender(ctx context.Context, s *store.Store, baseURL string) (*parley.WhatsAppApp, error) {
	app, err := s.WhatsAppApp(ctx, appID)
	if parley.ErrorCode(err) == parley.CodeNotFound {
		app = &parley.WhatsAppApp{
			ID: appID, WorkspaceID: WorkspaceID, Name: "Simulated Meta app", AppSecret: token.New(""), VerifyToken: token.New(""),
		}
		err = s.SaveWhatsAppApp(ctx, app)
	}
	if err != nil {
		return nil, err
	}
	x, err := s.Sender(ctx, WorkspaceID, senderID)
	if err == nil {
		x.BaseURL, x.Token = baseURL, SenderToken
		return app, s.UpdateSender(ctx, x)
	}
	if parley.ErrorCode(err) != parley.CodeNotFound {
		return nil, err
	}
	x = &parley.Sender{
		ID: senderID, WorkspaceID: WorkspaceID, Name: "Quillmoor Coffee (simulated)", Kind: parley.SenderCloud, Simulated: true,
		AppID: appID, WABAID: wabaID, PhoneNumberID: phoneNumberID, DisplayPhone: senderPhone, BaseURL: baseURL,
		Token: SenderToken, AssistantID: AssistantID, AIOn: true,
		Health: parley.SenderHealth{Status: parley.SenderConnecting, Quality: parley.QualityUnknown},
	}
	err = s.CreateSender(ctx, x)
	if parley.ErrorCode(err) == parley.CodeConflict {
		return app, nil // it was removed
	}
	if err != nil {
		return nil, err
	}
	return app, s.AddPrices(ctx, WorkspaceID, messagePrices())
}

// messagePrices are made up, as the simulator that takes them is.
func messagePrices() []parley.Price {
	var all []parley.Price
	for category, microUSD := range map[string]int64{"utility": 10_000, "authentication": 10_000, "marketing": 60_000} {
		all = append(all, parley.Price{
			Provider: price.Messages, Model: category + "/*", Input: &microUSD, Output: new(int64),
			Source: "Made up for the demo", ReadOn: "2026-10-01",
		})
	}
	return all
}
