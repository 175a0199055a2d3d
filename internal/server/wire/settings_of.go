package wire

import (
	"parley"
	"parley/internal/price"
)

// ProviderOf is a provider, without its key.
func ProviderOf(p *parley.Provider) Provider {
	return Provider{
		ID: p.ID, Name: p.Name, Kind: p.Kind, BaseURL: p.BaseURL, HasKey: p.APIKey != "", Models: NotNil(p.Models),
		CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
	}
}

// PriceOf is a price.
func PriceOf(p *parley.Price) Price {
	return Price{
		ID: p.ID, Builtin: p.WorkspaceID == "", Provider: p.Provider, Model: p.Model, Input: usd(p.Input),
		Output: usd(p.Output), Cached: usd(p.Cached), CacheWrite: usd(p.CacheWrite), Source: p.Source, ReadOn: p.ReadOn,
		ValidFrom: p.ValidFrom.UTC(),
	}
}

func usd(micro *int64) *string {
	if micro == nil {
		return nil
	}
	text := price.FormatUSD(*micro)
	return &text
}

// WorkspaceOf is a workspace, on a server where providers of some kinds can
// transcribe.
func WorkspaceOf(w *parley.Workspace, speechKinds []string) Workspace {
	out := Workspace{
		ID: w.ID, Name: w.Name, TimeZone: w.TimeZone, CreditUSD: price.FormatUSD(w.Settings.CreditMicroUSD),
		TestChatPercent: w.Settings.TestChatPercent, FreeServiceMessages: w.Settings.FreeService(), SpeechKinds: NotNil(speechKinds),
	}
	if s := w.Settings.Speech; s.ProviderID != "" {
		out.Speech = &Speech{ProviderID: s.ProviderID, Model: s.Model}
	}
	return out
}

// MemberOf is a member.
func MemberOf(m *parley.Member) Member {
	return Member{
		ID: m.ID, Email: m.Email, Name: m.Name, Role: m.Role, Disabled: !m.DisabledAt.IsZero(),
		CreatedAt: m.CreatedAt.UTC(), LastSeenAt: TimeOrNull(m.LastSeenAt),
	}
}

// InviteOf is an invite, without its link.
func InviteOf(i *parley.Invite) Invite {
	return Invite{
		ID: i.ID, Email: i.Email, Role: i.Role, CreatedAt: i.CreatedAt.UTC(), ExpiresAt: i.ExpiresAt.UTC(),
		Used: !i.UsedAt.IsZero(),
	}
}

// KeyOf is an API key, without the key itself.
func KeyOf(k *parley.APIKey) APIKey {
	return APIKey{
		ID: k.ID, Name: k.Name, Prefix: k.Prefix, Scopes: NotNil(k.Scopes), CreatedAt: k.CreatedAt.UTC(),
		LastUsedAt: TimeOrNull(k.LastUsedAt),
	}
}
