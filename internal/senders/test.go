package senders

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"parley"
)

// The steps of a test, in order.
const (
	StepToken        = "token"
	StepPermissions  = "permissions"
	StepNumber       = "number"
	StepSubscription = "subscription"
	StepWebhook      = "webhook"
)

// CheckState says how a step went.
type CheckState string

// The states of a check.
const (
	CheckOK      CheckState = "ok"
	CheckWarning CheckState = "warning"
	CheckFailed  CheckState = "failed"
	CheckSkipped CheckState = "skipped"
)

// Check is how one step of a test went, and what to do about it.
type Check struct {
	Step    string
	State   CheckState
	Message string
	Hint    string
}

// Test tries the settings of a sender: the token, what it may do, the number,
// the subscription to webhooks, and whether they reach this server. A step that
// cannot be tried because an earlier one failed is skipped. webhookURL and
// verifyToken are "" while the sender has no app.
func (s *Service) Test(ctx context.Context, x *parley.Sender, webhookURL, verifyToken string) []Check {
	checks := s.testToken(ctx, x)
	if checks[0].State == CheckFailed {
		for _, step := range []string{StepNumber, StepSubscription} {
			checks = append(checks, Check{step, CheckSkipped, "Not tried: the token does not work.", ""})
		}
	} else {
		checks = append(checks, s.testNumber(ctx, x), s.testSubscription(ctx, x))
	}
	return append(checks, s.testWebhook(ctx, x, webhookURL, verifyToken))
}

func (s *Service) testToken(ctx context.Context, x *parley.Sender) []Check {
	skipped := Check{StepPermissions, CheckSkipped, "Not tried: the token does not work.", ""}
	if x.Token == "" {
		return []Check{{StepToken, CheckFailed, "There is no token.",
			"Make a token of a system user in Meta Business Suite, under Users → System users, and enter it."}, skipped}
	}
	t, err := s.Meta.ReadToken(ctx, x)
	if err != nil {
		return []Check{{StepToken, CheckFailed, words(err), "Copy the token again, whole. It must belong to the app of this account."}, skipped}
	}
	if !t.Valid {
		return []Check{{StepToken, CheckFailed, "Meta says that the token is not valid any more.",
			"Make a new token of a system user, without an end, and enter it."}, skipped}
	}
	token := Check{StepToken, CheckOK, "The token works.", ""}
	if !t.ExpiresAt.IsZero() {
		token.State = CheckWarning
		token.Message = "The token works until " + t.ExpiresAt.UTC().Format("2 January 2006 15:04") + " UTC."
		token.Hint = "Replace it by a token of a system user that does not end."
	}
	if len(t.Missing) > 0 {
		return []Check{token, {StepPermissions, CheckFailed, "The token lacks " + strings.Join(t.Missing, " and ") + ".",
			"Give the system user these permissions for the app and the WhatsApp account, and make the token anew."}}
	}
	return []Check{token, {StepPermissions, CheckOK, "It may send messages and manage the account.", ""}}
}

func (s *Service) testNumber(ctx context.Context, x *parley.Sender) Check {
	n, err := s.Meta.ReadNumber(ctx, x)
	if err != nil {
		return Check{StepNumber, CheckFailed, words(err), "Check the phone number id: it is not the phone number itself."}
	}
	check := Check{StepNumber, CheckOK, fmt.Sprintf("%s, %s.", n.DisplayPhone, n.Health.VerifiedName), ""}
	switch {
	case n.Health.Status != parley.SenderOnline:
		check.State = CheckWarning
		check.Message = fmt.Sprintf("%s is %s.", n.DisplayPhone, n.Health.Status)
		check.Hint = "Finish its registration in WhatsApp Manager. Messages can be sent when it is connected."
	case n.Health.Quality == parley.QualityRed:
		check.State, check.Hint = CheckWarning, "Its quality is low: templates would be stopped."
	}
	if len(n.Notes) > 0 {
		check.Hint = strings.TrimSpace(check.Hint + " " + strings.Join(n.Notes, " "))
	}
	return check
}

func (s *Service) testSubscription(ctx context.Context, x *parley.Sender) Check {
	apps, err := s.Meta.SubscribedApps(ctx, x)
	if err != nil {
		return Check{StepSubscription, CheckFailed, words(err), "Check the WhatsApp business account id."}
	}
	if len(apps) == 0 {
		return Check{StepSubscription, CheckWarning, "No app gets the webhooks of this account yet.",
			"Parley subscribes its app when the sender is saved."}
	}
	names := make([]string, len(apps))
	for i, a := range apps {
		names[i] = a.Name
	}
	slices.Sort(names)
	return Check{StepSubscription, CheckOK, "These apps get the webhooks: " + strings.Join(names, ", ") + ".", ""}
}

func (s *Service) testWebhook(ctx context.Context, x *parley.Sender, webhookURL, verifyToken string) Check {
	switch {
	case webhookURL == "":
		return Check{StepWebhook, CheckSkipped, "Parley makes the webhook's address when the sender is saved.", ""}
	case x.Simulated:
		return Check{StepWebhook, CheckOK, "The simulator posts to this server directly.", ""}
	case s.Reachable == nil:
		return Check{StepWebhook, CheckSkipped, "The webhook was not tried.", ""}
	}
	hint := "Meta must reach " + webhookURL + " over https: set --public-url to the address that the world sees."
	if !strings.HasPrefix(webhookURL, "https://") && (!onThisMachine(webhookURL) || !onThisMachine(x.BaseURL)) {
		return Check{StepWebhook, CheckFailed, "Meta posts to https addresses only, and this is none.", hint}
	}
	if err := s.Reachable(ctx, webhookURL, verifyToken); err != nil {
		return Check{StepWebhook, CheckFailed, words(err), hint}
	}
	return Check{StepWebhook, CheckOK, "The webhook answers at " + webhookURL + ".", "Enter it as the callback URL in Meta's app dashboard, with the verify token."}
}

// onThisMachine reports whether an address is on loopback: a simulator there
// posts to http too.
func onThisMachine(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// words are those of an error that a person may read.
func words(err error) string {
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e.Message
	}
	return "Meta could not be asked."
}
