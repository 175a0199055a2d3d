package wire

import (
	"html"
	"strings"
	"time"

	"parley"
	"parley/internal/search"
	"parley/internal/store"
	"parley/internal/store/desk"
)

// ConversationOf is a row with its marks as it is at the time now.
func ConversationOf(r *store.ListRow, m *desk.Marks, now time.Time) Conversation {
	c := Conversation{
		ID: r.ID, Source: r.Source, Status: r.Status,
		Assistant:    AssistantRef{ID: r.AssistantID, Name: r.AssistantName, Version: r.AssistantVersion},
		Contact:      ContactRef{ID: r.ContactID, Name: r.ContactName, Phone: r.ContactPhone, Identifier: r.ContactIdentifier},
		ExternalID:   r.ExternalID,
		MessageCount: r.MessageCount, Owner: r.Owner, Waiting: r.Waiting, HandedOver: r.HandedOver,
		HasError: r.HasError, HasAttachment: r.HasAttachment, Resolved: r.Resolved,
		Reviewed: r.Reviewed, Review: ReviewOf(m.Review), Tags: Mapped(m.Tags, TagOf), NoteCount: m.Notes, Unread: m.Unread,
		Usage:     Tokens{InputTokens: r.InputTokens, OutputTokens: r.OutputTokens},
		Cost:      Cost{Complete: r.UnknownCalls == 0},
		StartedAt: r.StartedAt.UTC(), LastActivityAt: r.LastActivityAt.UTC(), EndedAt: TimeOrNull(r.EndedAt),
		DurationSeconds: r.Duration().Seconds(), Rev: r.Rev,
	}
	if r.OperatorID != "" {
		c.Operator = &Ref{ID: r.OperatorID, Name: r.OperatorName}
	}
	if !r.LastMessage.At.IsZero() {
		c.LastMessage = &LastMessage{Content: r.LastMessage.Text, Role: r.LastMessage.Role, CreatedAt: r.LastMessage.At.UTC()}
	}
	if r.UnknownCalls == 0 || r.Credits != 0 {
		credits := r.Credits
		c.Cost.Credits = &credits
	}
	if !r.WindowExpiresAt.IsZero() {
		c.Window = &Window{Open: r.WindowOpen(now), ExpiresAt: r.WindowExpiresAt.UTC()}
	}
	if r.SenderID != "" {
		c.Sender = &SenderRef{ID: r.SenderID, Name: r.SenderName, DisplayPhone: r.SenderPhone, Simulated: r.SenderSimulated}
	}
	for i := range r.Snippets {
		sn := &r.Snippets[i]
		c.Snippets = append(c.Snippets, Snippet{MessageID: sn.MessageID, Seq: sn.Seq, Role: sn.Role, HTML: markedHTML(sn.Segments)})
	}
	return c
}

// markedHTML shows a snippet with what was found in <mark>.
func markedHTML(segments []search.Segment) string {
	var b strings.Builder
	for _, seg := range segments {
		if seg.Hit {
			b.WriteString("<mark>" + html.EscapeString(seg.Text) + "</mark>")
		} else {
			b.WriteString(html.EscapeString(seg.Text))
		}
	}
	return b.String()
}

// VariableOf is a variable.
func VariableOf(v *parley.Variable) Variable {
	return Variable{
		Name: v.Name, Type: v.Type, Source: v.Source, Value: v.Value, MessageID: OrNull(v.MessageID),
		Model: v.Model, AssistantVersion: v.AssistantVersion, SetAt: v.SetAt.UTC(),
	}
}

// UsageOf is a row of the ledger.
func UsageOf(u *parley.Usage) UsageRow {
	return UsageRow{
		ID: u.ID, TurnID: u.TurnID, Kind: u.Kind, ProviderID: u.ProviderID, Model: u.Model,
		AssistantVersion: u.AssistantVersion, Complete: u.Complete, InputTokens: u.InputTokens, OutputTokens: u.OutputTokens,
		CachedTokens: u.CachedTokens, CacheWriteTokens: u.CacheWriteTokens, ReasoningTokens: u.ReasoningTokens,
		AudioInTokens: u.AudioInTokens, AudioOutTokens: u.AudioOutTokens, Raw: u.Raw, PriceID: u.PriceID,
		Credits: u.Credits, Error: u.Error, StartedAt: u.StartedAt.UTC(), SettledAt: TimeOrNull(u.SettledAt),
	}
}
