package whatsapp

import (
	"context"
	"io"
	"net/http"
	"time"

	"parley"
	"parley/internal/channel"
)

// Config says how Meta is called. The zero value calls Meta itself.
type Config struct {
	Transport    http.RoundTripper // nil: http.DefaultTransport
	BaseURL      string            // for senders without one; "": https://graph.facebook.com
	GraphVersion string            // for senders without one; "": v25.0
	Timeout      time.Duration     // of one call; 0: 20 s
	MediaTimeout time.Duration     // of one upload or download; 0: 2 minutes
	Now          func() time.Time  // nil: time.Now
}

// Channel sends for every sender. It is safe for concurrent use, and there
// should be one in a process: it knows how fast each number may be used.
type Channel struct{}

// New returns a channel.
func New(c Config) *Channel { return &Channel{} }

// Source implements channel.Channel.
func (c *Channel) Source() parley.Source { return parley.SourceWhatsApp }

// Send implements channel.Pusher.
func (c *Channel) Send(ctx context.Context, out *channel.Outbound) (*channel.Receipt, error) {
	return nil, nil
}

// Split implements channel.Splitter.
func (c *Channel) Split(m parley.Message) []parley.Message { return nil }

// Pace implements channel.Pacer.
func (c *Channel) Pace(out *channel.Outbound) time.Duration { return 0 }

// Signal implements channel.Signaller.
func (c *Channel) Signal(ctx context.Context, sender *parley.Sender, providerID string, typing bool) error {
	return nil
}

// Fetch implements channel.Fetcher.
func (c *Channel) Fetch(ctx context.Context, sender *parley.Sender, m channel.Media, limit int64) (io.ReadCloser, error) {
	return nil, nil
}

// NoteInbound counts n received messages: Meta's throughput is in and out
// together.
func (c *Channel) NoteInbound(sender *parley.Sender, n int) {}

// NoteError takes a failure that was reported later, by a status or outside of
// any message, into the rates, as Send does with its own. to are the
// recipient's identities, nil if it concerns no one in particular.
func (c *Channel) NoteError(sender *parley.Sender, to []parley.Identity, e *channel.Error) {}

// Parse reads the body of a webhook. It returns CodeInvalid for what is not a
// JSON object; everything else becomes updates in the order of the document,
// and nothing is left out.
func Parse(body []byte) ([]Update, error) { return nil, nil }

// Inbound returns the message as the engine takes it. Its time is not later than
// arrived: a window must not be opened into the future.
func (m *Message) Inbound(sender *parley.Sender, arrived time.Time) channel.Inbound {
	return channel.Inbound{}
}

// ErrorOf returns what Meta's error code means and what to do about it. details
// are Meta's words, for the log.
func ErrorOf(code int, details string) *channel.Error { return nil }

// Client asks and changes what Meta knows of numbers, accounts and templates.
// It is safe for concurrent use, and there should be one in a process: it keeps
// within Meta's budget of calls for each account. Its errors are *parley.Error
// with a sentence that says what to do; they wrap the *channel.Error where Meta
// gave one. CodeRateLimited: the budget is spent.
type Client struct{}

// NewClient returns a client.
func NewClient(c Config) *Client { return &Client{} }

// Number is what Meta says of a business number.
type Number struct {
	PhoneNumberID string
	DisplayPhone  string // E.164
	Registered    bool
	Health        parley.SenderHealth // without what only Parley knows
	Notes         []string            // what could not be understood or deserves attention, in words
}

// ReadNumber reads the sender's number.
func (c *Client) ReadNumber(ctx context.Context, s *parley.Sender) (*Number, error) { return nil, nil }

// PhoneNumbers lists the numbers of the sender's account.
func (c *Client) PhoneNumbers(ctx context.Context, s *parley.Sender) ([]Number, error) {
	return nil, nil
}

// Register registers the number for the Cloud API with its six-digit PIN.
func (c *Client) Register(ctx context.Context, s *parley.Sender, pin string) error { return nil }

// SubscribedApp is an app that gets the webhooks of an account.
type SubscribedApp struct{ ID, Name, CallbackURL string }

// SubscribedApps lists the apps that get the account's webhooks.
func (c *Client) SubscribedApps(ctx context.Context, s *parley.Sender) ([]SubscribedApp, error) {
	return nil, nil
}

// Subscribe subscribes the token's app to the account's webhooks. With a
// callback, they go to this address instead of the app's own.
func (c *Client) Subscribe(ctx context.Context, s *parley.Sender, callback, verifyToken string) error {
	return nil
}

// Token is what Meta says of an access token.
type Token struct {
	AppID     string
	AppName   string
	Type      string // SYSTEM_USER, USER, …
	Valid     bool
	ExpiresAt time.Time // zero: never
	Scopes    []string
	Missing   []string // the permissions that Parley needs and that it lacks
}

// ReadToken reads what the sender's token is and may do.
func (c *Client) ReadToken(ctx context.Context, s *parley.Sender) (*Token, error) { return nil, nil }

// Templates lists the templates of the sender's account, all pages of them.
func (c *Client) Templates(ctx context.Context, s *parley.Sender) ([]parley.Template, error) {
	return nil, nil
}

// CreateTemplate checks a template and asks Meta to approve it. It returns t
// with Meta's id, status and category.
func (c *Client) CreateTemplate(ctx context.Context, s *parley.Sender, t *parley.Template) (*parley.Template, error) {
	return nil, nil
}

// DeleteTemplate deletes one template, or with "" as metaID the template in
// every language.
func (c *Client) DeleteTemplate(ctx context.Context, s *parley.Sender, name, metaID string) error {
	return nil
}
