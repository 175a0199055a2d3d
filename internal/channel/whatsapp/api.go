package whatsapp

import (
	"context"
	"time"

	"parley"
)

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
