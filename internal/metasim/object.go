package metasim

import (
	"cmp"
	"context"
	"net/http"

	"parley"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/screen"
	"parley/internal/metasim/world"
)

// getObject reads whatever an id names: a number, an account, a template or a
// file.
func (s *Sim) getObject(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	id := r.PathValue("id")
	s.mu.Lock()
	defer s.mu.Unlock()
	fields := graph.Fields(r)
	if n := s.numberByID(id); n != nil {
		if err := s.allowed(w, n.account); err != nil {
			return nil, err
		}
		if len(fields) == 0 {
			fields = []string{"verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput"}
		}
		return graph.Pick(s.numberObject(n), fields), nil
	}
	if a := s.accountByID(id); a != nil {
		if err := s.allowed(w, a); err != nil {
			return nil, err
		}
		return graph.Pick(s.accountObject(a), fields), nil
	}
	if t := find(s.templates, func(t *graph.Template) bool { return t.ID == id }); t != nil {
		if err := s.allowed(w, s.accountByID(t.AccountID)); err != nil {
			return nil, err
		}
		return graph.Pick(t.Object(s.wall(s.now())), fields), nil
	}
	if !s.tokenHas(scopeMessaging) {
		return nil, graph.NewError(131005, "The token lacks the permission %s.", scopeMessaging)
	}
	return s.mediaObject(r, id)
}

// allowed checks and counts a management call.
func (s *Sim) allowed(w http.ResponseWriter, a *account) *graph.Error {
	if !s.tokenHas(scopeManagement) {
		return graph.NewError(200, "Requires the permission %s.", scopeManagement)
	}
	return s.managed(w, a)
}

func (s *Sim) numberObject(n *number) map[string]any {
	level := "STANDARD"
	if n.Throughput >= world.ThroughputHigh {
		level = "HIGH"
	}
	can := "AVAILABLE"
	var problems []any
	switch {
	case n.Status != world.Connected:
		can = "BLOCKED"
		problems = append(problems, map[string]any{
			"error_code": 141000, "error_description": "The phone number is " + n.Status + ".",
			"possible_solution": "Look at the number in WhatsApp Manager.",
		})
	case n.account.noPayment:
		can = "LIMITED"
		problems = append(problems, map[string]any{
			"error_code": 141006, "error_description": "There is a payment issue with the account.",
			"possible_solution": "Add a payment method in WhatsApp Manager.",
		})
	}
	entity := map[string]any{"entity_type": "PHONE_NUMBER", "id": n.ID, "can_send_message": can}
	if problems != nil {
		entity["errors"] = problems
	}
	return map[string]any{
		"id": n.ID, "display_phone_number": n.Display(), "verified_name": n.VerifiedName, "name_status": n.NameStatus,
		"quality_rating": n.Quality, "status": n.Status, "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
		"throughput": map[string]any{"level": level}, "is_on_biz_app": n.Coexistence, "account_mode": "LIVE",
		"whatsapp_business_manager_messaging_limit": s.portfolio.Limit,
		"health_status":         map[string]any{"can_send_message": can, "entities": []any{entity}},
		"webhook_configuration": map[string]any{"application": s.target(n.account)},
	}
}

func (s *Sim) accountObject(a *account) map[string]any {
	return map[string]any{
		"id": a.ID, "name": a.Name, "currency": "USD", "timezone_id": "1", "status": "ACTIVE", "account_review_status": "APPROVED",
		"business_verification_status": "verified", "message_template_namespace": "simulated_" + a.ID,
		"whatsapp_business_manager_messaging_limit": s.portfolio.Limit,
		"owner_business_info":                       map[string]any{"id": s.portfolio.ID, "name": s.portfolio.Name},
	}
}

// accountOf returns the account of the path for a management call. mu is held.
func (s *Sim) accountOf(w http.ResponseWriter, r *http.Request) (*account, *graph.Error) {
	a := s.accountByID(r.PathValue("id"))
	if a == nil {
		return nil, graph.NoObject(r.PathValue("id"))
	}
	return a, s.managed(w, a)
}

func (s *Sim) getNumbers(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.accountOf(w, r)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, n := range s.numbers {
		if n.account == a {
			list = append(list, graph.Pick(s.numberObject(n), graph.Fields(r)))
		}
	}
	return graph.Page(list, ""), nil
}

func (s *Sim) postRegister(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	var body struct {
		Product string `json:"messaging_product"`
		PIN     string `json:"pin"`
	}
	if err := decodeGraph(w, r, &body); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.numberByID(r.PathValue("id"))
	switch {
	case n == nil:
		return nil, graph.NoObject(r.PathValue("id"))
	case body.Product != "whatsapp":
		return nil, graph.NewError(100, "Parameter messaging_product must be whatsapp.")
	case len(body.PIN) != 6:
		return nil, graph.NewError(100, "Param pin must be 6 digits.")
	case body.PIN != n.PIN:
		return nil, graph.NewError(133005, "")
	}
	n.Status = world.Connected
	s.event(screen.Event{Type: "number", NumberID: n.ID})
	return success(), nil
}

func (s *Sim) getSubscribed(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.accountOf(w, r)
	if err != nil {
		return nil, err
	}
	list := []any{}
	if a.subscribed {
		app := map[string]any{"whatsapp_business_api_data": map[string]any{
			"id": s.cfg.AppID, "name": "Simulated app", "link": "https://www.facebook.com/games/?app_id=" + s.cfg.AppID,
		}}
		if a.override != "" {
			app["override_callback_uri"] = a.override
		}
		list = append(list, app)
	}
	return graph.Page(list, ""), nil
}

// postSubscribed turns the account's webhooks on, to another address if one is
// given that passes the handshake.
func (s *Sim) postSubscribed(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	var body struct {
		URL   string `json:"override_callback_uri"`
		Token string `json:"verify_token"`
	}
	if r.ContentLength != 0 {
		if err := decodeGraph(w, r, &body); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	a, fault := s.accountOf(w, r)
	s.mu.Unlock()
	if fault != nil {
		return nil, fault
	}
	if err := s.subscribe(r.Context(), a, body.URL, body.Token); err != nil {
		return nil, graph.NewError(2200, "Callback verification failed with the following errors: %v", err)
	}
	return success(), nil
}

// subscribe turns the account's webhooks on, to another address if that is not
// "" and passes the handshake.
func (s *Sim) subscribe(ctx context.Context, a *account, address, token string) error {
	if address != "" {
		if err := s.handshake(ctx, address, token); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.subscribed, a.override = true, address
	s.event(screen.Event{Type: "number"})
	return nil
}

// OverrideWebhook lets the webhooks of one account go to an address of its own,
// after the handshake. Errors: not_found, and those of SetWebhook.
func (s *Sim) OverrideWebhook(ctx context.Context, accountID, address string) error {
	s.mu.Lock()
	a := s.accountByID(accountID)
	s.mu.Unlock()
	if a == nil {
		return parley.Errorf(parley.CodeNotFound, "There is no account %q.", accountID)
	}
	return s.subscribe(ctx, a, address, s.cfg.VerifyToken)
}

func (s *Sim) deleteSubscribed(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.accountOf(w, r)
	if err != nil {
		return nil, err
	}
	a.subscribed, a.override = false, ""
	s.event(screen.Event{Type: "number"})
	return success(), nil
}

// target is where an account's webhooks go.
func (s *Sim) target(a *account) string { return cmp.Or(a.override, s.webhook) }
