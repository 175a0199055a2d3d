package wire

import (
	"net/http"
	"strings"
	"time"

	"parley"
	"parley/internal/store/hooks"
)

// WebhookEndpoint is an address that is told of events.
type WebhookEndpoint struct {
	ID             string       `json:"id"`
	URL            string       `json:"url"`
	Description    string       `json:"description"`
	Events         []hooks.Type `json:"events"`
	Enabled        bool         `json:"enabled"`
	FailingSince   *time.Time   `json:"failing_since" doc:"Since when every attempt has failed; null: the last one succeeded, or there was none."`
	DisabledAt     *time.Time   `json:"disabled_at" doc:"When Parley switched it off after days of failure; null: it did not."`
	DisabledReason string       `json:"disabled_reason" doc:"Why, in words."`
	OldSecretUntil *time.Time   `json:"old_secret_until" doc:"Until when the secret before this one signs too; null: it does not."`
	CreatedAt      time.Time    `json:"created_at"`
	UpdatedAt      time.Time    `json:"updated_at"`
}

// WebhookEndpoints are those of a workspace, with what can be chosen.
type WebhookEndpoints struct {
	Data   []WebhookEndpoint `json:"data"`
	Events []hooks.Type      `json:"events" doc:"The events that there are."`
}

// SaveWebhookEndpoint is what can be set.
type SaveWebhookEndpoint struct {
	URL         string       `json:"url" minLength:"1" maxLength:"2000" doc:"http or https; a private address only if the server allows its network."`
	Description string       `json:"description,omitempty" maxLength:"200"`
	Events      []hooks.Type `json:"events" minItems:"1" maxItems:"20"`
	Enabled     *bool        `json:"enabled,omitempty" doc:"Left out: it is enabled when it is new, and else stays as it is."`
}

// NewWebhookEndpoint is an address with its secret, which is shown once.
type NewWebhookEndpoint struct {
	WebhookEndpoint
	Secret string `json:"secret" doc:"Signs what is posted. It is not shown again."`
}

// WebhookDelivery is an event on its way to an address.
type WebhookDelivery struct {
	ID             string          `json:"id"`
	EventID        string          `json:"event_id" doc:"The webhook-id of every attempt."`
	Type           hooks.Type      `json:"type"`
	ConversationID *string         `json:"conversation_id"`
	State          hooks.State     `json:"state" doc:"failed: given up; it can be sent again."`
	Attempts       int             `json:"attempts"`
	NextAttemptAt  *time.Time      `json:"next_attempt_at" doc:"null: it is finished."`
	CreatedAt      time.Time       `json:"created_at"`
	FinishedAt     *time.Time      `json:"finished_at"`
	LastAttempt    *WebhookAttempt `json:"last_attempt"`
}

// WebhookDeliveryDetail is a delivery with what was posted and answered.
type WebhookDeliveryDetail struct {
	WebhookDelivery
	Body string           `json:"body" doc:"What is posted, byte for byte."`
	Log  []WebhookAttempt `json:"log" doc:"The attempts, the newest first."`
}

// WebhookAttempt is one posting.
type WebhookAttempt struct {
	Number          int               `json:"number"`
	At              time.Time         `json:"at"`
	DurationMillis  int64             `json:"duration_ms"`
	RequestHeaders  map[string]string `json:"request_headers"`
	Status          *int              `json:"status" doc:"Of HTTP; null: there was no answer."`
	ResponseHeaders map[string]string `json:"response_headers"`
	Response        string            `json:"response" doc:"The beginning of the answer's body."`
	Error           string            `json:"error" doc:"Why it failed, in words; empty: it did not."`
}

// WebhookData is what an event tells, the value of data.
type WebhookData struct {
	Conversation Conversation `json:"conversation" doc:"As it was when the event was recorded."`
	Message      Message      `json:"message" doc:"The message that was received or sent; of a conversation that ended or was handed over, the entry of the log that says so; of one that started, its first."`
	Reason       string       `json:"reason,omitempty" doc:"Of an end: inactivity, assistant, operator or contact. Of a handover: asked, or taken."`
}

// WebhookEndpointOf is an address, without its secrets.
func WebhookEndpointOf(h *hooks.Hook, now time.Time) WebhookEndpoint {
	out := WebhookEndpoint{
		ID: h.ID, URL: h.URL, Description: h.Description, Events: h.Events, Enabled: h.Enabled,
		FailingSince: TimeOrNull(h.FailingSince), DisabledAt: TimeOrNull(h.DisabledAt), DisabledReason: h.DisabledWhy,
		CreatedAt: h.CreatedAt.UTC(), UpdatedAt: h.UpdatedAt.UTC(),
	}
	if now.Before(h.OldUntil) {
		out.OldSecretUntil = TimeOrNull(h.OldUntil)
	}
	return out
}

// WebhookDeliveryOf is a delivery.
func WebhookDeliveryOf(d *hooks.Delivery) WebhookDelivery {
	out := WebhookDelivery{
		ID: d.ID, EventID: d.EventID, Type: d.Type, ConversationID: OrNull(d.ConversationID), State: d.State, Attempts: d.Attempts,
		CreatedAt: d.CreatedAt.UTC(), FinishedAt: TimeOrNull(d.FinishedAt),
	}
	if d.State == hooks.Pending {
		out.NextAttemptAt = TimeOrNull(d.NextAt)
	}
	if d.Last != nil {
		last := webhookAttemptOf(d.Last)
		out.LastAttempt = &last
	}
	return out
}

// WebhookDeliveryDetailOf is a delivery with its attempts.
func WebhookDeliveryDetailOf(d *hooks.Delivery, log []hooks.Attempt) WebhookDeliveryDetail {
	return WebhookDeliveryDetail{WebhookDelivery: WebhookDeliveryOf(d), Body: d.Body, Log: Mapped(log, webhookAttemptOf)}
}

func webhookAttemptOf(a *hooks.Attempt) WebhookAttempt {
	return WebhookAttempt{
		Number: a.Number, At: a.At.UTC(), DurationMillis: a.Took.Milliseconds(), RequestHeaders: flatHeader(a.Request),
		Status: OrNull(a.Status), ResponseHeaders: flatHeader(a.Headers), Response: a.Answer, Error: a.Error,
	}
}

// flatHeader is a header as it is written in documents: in small letters, one
// value each.
func flatHeader(h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		out[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return out
}

// ReasonOf says why a conversation ended or was handed over, "" for another
// entry of the log.
func ReasonOf(e parley.Event) string {
	switch e {
	case parley.EventHandoff:
		return "asked"
	case parley.EventTakeover:
		return "taken"
	default:
		return string(e.EndReason())
	}
}
