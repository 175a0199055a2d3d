package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/channel"
)

// Client asks and changes what Meta knows of numbers, accounts and templates.
// It is safe for concurrent use, and there should be one in a process: it keeps
// within Meta's budget of calls for each account. Its errors are *parley.Error
// with a sentence that says what to do; they wrap the *channel.Error where a
// call was made. CodeRateLimited: the budget is spent.
type Client struct {
	graph  *API
	budget *budget
}

// NewClient returns a client.
func NewClient(c Config) *Client {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Client{graph: NewAPI(c), budget: newBudget(c.Now)}
}

// Meta's calls in an hour for each app and account: the second once the account
// has a registered number ("Rate limits").
const (
	callsAnHour           = 200
	callsAnHourRegistered = 5000
)

// budget counts the calls for each account.
type budget struct {
	now func() time.Time

	mu       sync.Mutex
	accounts map[string]*Bucket
}

func newBudget(now func() time.Time) *budget {
	return &budget{now: now, accounts: map[string]*Bucket{}}
}

// spend takes one call of an account's budget, or says how long to wait.
func (b *budget) spend(s *parley.Sender) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	most := float64(callsAnHour)
	if s.Health.Status == parley.SenderOnline {
		most = callsAnHourRegistered
	}
	a := b.accounts[s.WABAID]
	if a == nil {
		a = NewBucket(most, time.Hour/time.Duration(most), now)
		b.accounts[s.WABAID] = a
	}
	a.Fill(now)
	if most > a.Capacity {
		a.Resize(most, time.Hour/time.Duration(most))
	}
	if wait := a.Wait(); wait > 0 {
		return wait
	}
	a.Level--
	return 0
}

// exhausted empties the budget after Meta has said that it is spent: somebody
// else uses it too.
func (b *budget) exhausted(s *parley.Sender) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a := b.accounts[s.WABAID]; a != nil {
		a.Level = min(a.Level, 0)
	}
}

// do makes a call within the account's budget.
func (c *Client) do(ctx context.Context, s *parley.Sender, what Call) (Object, error) {
	if wait := c.budget.spend(s); wait > 0 {
		return nil, &parley.Error{Code: parley.CodeRateLimited, RetryAfter: wait.Round(time.Second) + time.Second,
			Message: "Meta allows a number of calls in an hour for each WhatsApp business account, and they are spent: try again later."}
	}
	res, e := c.graph.Do(ctx, s, what)
	if e != nil && e.Scope == channel.ScopeAccount && e.Action == channel.Retry {
		c.budget.exhausted(s)
	}
	return res, clientError(e)
}

// clientError says in the words of the API what went wrong.
func clientError(e *channel.Error) error {
	if e == nil {
		return nil
	}
	out := &parley.Error{Code: parley.CodeInvalid, Message: e.Message, RetryAfter: e.RetryAfter, Err: e}
	switch {
	case e.Scope == channel.ScopeAccount && e.Action == channel.Retry:
		out.Code = parley.CodeRateLimited
	case e.Action != channel.Fail:
		out.Code = parley.CodeUnavailable
	case e.Code == strconv.Itoa(noTemplate):
		out.Code = parley.CodeNotFound
	case e.Stop == parley.StopAll:
		out.Code = parley.CodeForbidden
	}
	return out
}

// maxPages bounds a list that never ends.
const maxPages = 100

// list reads all pages of a list.
func (c *Client) list(ctx context.Context, s *parley.Sender, path []string, query url.Values) ([]Object, error) {
	var all []Object
	for range maxPages {
		res, err := c.do(ctx, s, Call{Method: http.MethodGet, Path: path, Query: query})
		if err != nil {
			return nil, err
		}
		items := res.List("data")
		for _, raw := range items {
			if o := AsObject(raw); o != nil {
				all = append(all, o)
			}
		}
		paging := res.Object("paging")
		after := paging.Object("cursors").Text("after")
		if after == "" || len(items) == 0 || !paging.Has("next") || after == query.Get("after") {
			return all, nil
		}
		query.Set("after", after)
	}
	return nil, parley.Errorf(parley.CodeUnavailable, "Meta's list does not end after %d pages.", maxPages)
}

// done reads {"success": true}.
func done(res Object, err error) error {
	if err == nil && res.Has("success") && !res.Flag("success") {
		return parley.Errorf(parley.CodeUnavailable, "Meta says that this did not succeed, and not why.")
	}
	return err
}

// Register registers the number for the Cloud API with its six-digit PIN. It
// returns CodeInvalid for a PIN of another form.
func (c *Client) Register(ctx context.Context, s *parley.Sender, pin string) error {
	if len(pin) != 6 || strings.Trim(pin, "0123456789") != "" {
		return &parley.Error{Code: parley.CodeInvalid, Message: "The PIN has six digits.",
			Fields: []parley.FieldError{{Path: "pin", Message: "Six digits."}}}
	}
	return done(c.do(ctx, s, Call{Method: http.MethodPost, Path: []string{s.PhoneNumberID, "register"},
		JSON: map[string]string{"messaging_product": "whatsapp", "pin": pin}}))
}

// SubscribedApp is an app that gets the webhooks of an account.
type SubscribedApp struct{ ID, Name, CallbackURL string }

// SubscribedApps lists the apps that get the account's webhooks.
func (c *Client) SubscribedApps(ctx context.Context, s *parley.Sender) ([]SubscribedApp, error) {
	items, err := c.list(ctx, s, []string{s.WABAID, "subscribed_apps"}, url.Values{})
	var apps []SubscribedApp
	for _, o := range items {
		app := o.Object("whatsapp_business_api_data")
		if app == nil {
			app = o
		}
		apps = append(apps, SubscribedApp{app.Label("id", 64), app.Label("name", 256), o.Label("override_callback_uri", 2048)})
	}
	return apps, err
}

// Subscribe subscribes the token's app to the account's webhooks. With a
// callback, they go to this address instead of the app's own.
func (c *Client) Subscribe(ctx context.Context, s *parley.Sender, callback, verifyToken string) error {
	body := map[string]string{}
	if callback != "" {
		body["override_callback_uri"], body["verify_token"] = callback, verifyToken
	}
	return done(c.do(ctx, s, Call{Method: http.MethodPost, Path: []string{s.WABAID, "subscribed_apps"}, JSON: body}))
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

// permissions that Parley needs: the first sends and receives, the second reads
// the number and its templates.
var permissions = []string{"whatsapp_business_messaging", "whatsapp_business_management"}

// ReadToken reads what the sender's token is and may do. Where the token's
// permission is for named accounts only, the sender's must be among them.
func (c *Client) ReadToken(ctx context.Context, s *parley.Sender) (*Token, error) {
	res, err := c.do(ctx, s, Call{Method: http.MethodGet, Path: []string{"debug_token"},
		Query: url.Values{"input_token": {strings.TrimSpace(s.Token)}}})
	if err != nil {
		return nil, err
	}
	d := res.Object("data")
	t := &Token{
		AppID: d.Label("app_id", 64), AppName: d.Label("application", 256), Type: d.Label("type", 64),
		Valid: d.Flag("is_valid"), ExpiresAt: d.Time("expires_at"),
	}
	for _, raw := range d.List("scopes") {
		t.Scopes = append(t.Scopes, AsText(raw))
	}
	elsewhere := map[string]bool{}
	for _, raw := range d.List("granular_scopes") {
		g := AsObject(raw)
		targets := g.List("target_ids")
		elsewhere[g.Text("scope")] = len(targets) > 0 &&
			!slices.ContainsFunc(targets, func(id json.RawMessage) bool { return AsText(id) == s.WABAID })
	}
	for _, p := range permissions {
		if !slices.Contains(t.Scopes, p) || elsewhere[p] {
			t.Missing = append(t.Missing, p)
		}
	}
	return t, nil
}

// isMissing reports whether Meta does not know a field that was asked for.
func isMissing(err error) bool {
	e, ok := errors.AsType[*channel.Error](err)
	return ok && e.Code == strconv.Itoa(100)
}
