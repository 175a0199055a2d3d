package whatsapp

import (
	"cmp"
	"context"
	"net/url"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/token"
)

// ListSenders lists the numbers of the workspace.
func (h *Handlers) ListSenders(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.Sender]], error) {
	all, err := h.Store.Senders(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	out := make([]wire.Sender, len(all))
	for i := range all {
		if out[i], err = h.shown(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return api.Answer(api.List[wire.Sender]{Data: out}), nil
}

// GetSender reads a number, with its newest failures.
func (h *Handlers) GetSender(ctx context.Context, in *api.ByID) (*api.Reply[wire.Sender], error) {
	x, err := h.Store.Sender(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, x)
}

func (h *Handlers) answer(ctx context.Context, x *parley.Sender) (*api.Reply[wire.Sender], error) {
	out, err := h.shown(ctx, x)
	if err != nil {
		return nil, err
	}
	failed, err := h.Store.SenderErrors(ctx, x.WorkspaceID, x.ID, 10)
	out.Health.RecentErrors = wire.Mapped(failed, wire.SenderErrorOf)
	return api.Answer(out), err
}

// shown is a sender as the API has it.
func (h *Handlers) shown(ctx context.Context, x *parley.Sender) (wire.Sender, error) {
	facts, err := h.Store.SenderFacts(ctx, x)
	if err != nil {
		return wire.Sender{}, err
	}
	path := HookPath(x.AppID)
	app := wire.SenderApp{ID: x.AppID, WebhookPath: path, WebhookURL: h.URL(api.CallOf(ctx).R, path)}
	a, err := h.Store.WhatsAppApp(ctx, x.AppID)
	if err == nil {
		app.Name, app.HasSecret = a.Name, a.AppSecret != ""
		if api.Who(ctx).May(parley.PermSettingsWrite) {
			app.VerifyToken = a.VerifyToken
		}
	} else if parley.ErrorCode(err) != parley.CodeNotFound {
		return wire.Sender{}, err
	}
	var assistant *wire.Ref
	if a, err := h.Store.Assistant(ctx, x.WorkspaceID, x.AssistantID); err == nil {
		assistant = &wire.Ref{ID: a.ID, Name: a.Name}
	}
	return wire.SenderOf(x, app, assistant, facts), nil
}

// HookPath is where Meta posts the webhooks of an app.
func HookPath(app string) string { return "/webhooks/whatsapp/" + app }

// CreateSender connects a number.
func (h *Handlers) CreateSender(ctx context.Context, in *api.Body[wire.SaveSender]) (*api.Reply[wire.Sender], error) {
	x := &parley.Sender{WorkspaceID: api.Who(ctx).Workspace, Kind: parley.SenderCloud, AIOn: true}
	x.Health.Status, x.Health.Quality = parley.SenderConnecting, parley.QualityUnknown
	if err := h.fill(ctx, x, &in.Body); err != nil {
		return nil, err
	}
	if x.Token == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "token: a sender needs the token of its app.")
	}
	if in.Body.App == nil {
		return nil, parley.Errorf(parley.CodeInvalid, "app: name the Meta app that its webhooks come from, by its secret.")
	}
	var err error
	if x.AppID, err = h.saveApp(ctx, x, in.Body.App); err != nil {
		return nil, err
	}
	if err := h.Store.CreateSender(ctx, x); err != nil {
		return nil, err
	}
	return h.answer(ctx, h.connected(ctx, x))
}

// connected subscribes to a new number's webhooks and reads its health. That
// Meta cannot be asked keeps nobody from saving: the health says so.
func (h *Handlers) connected(ctx context.Context, x *parley.Sender) *parley.Sender {
	if err := h.Senders.Meta.Subscribe(ctx, x, "", ""); err != nil {
		h.Log.WarnContext(ctx, "could not subscribe to the webhooks of a sender", "sender", x.ID, "error", err)
	}
	fresh, err := h.Senders.Check(ctx, x)
	if err != nil {
		h.Log.WarnContext(ctx, "could not read the number of a sender", "sender", x.ID, "error", err)
	}
	if fresh == nil {
		return x
	}
	return fresh
}

// SaveSender changes the settings of a number.
func (h *Handlers) SaveSender(ctx context.Context, in *api.BodyFor[wire.SaveSender]) (*api.Reply[wire.Sender], error) {
	ws := api.Who(ctx).Workspace
	x, err := h.Store.Sender(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	before, token := x.BaseURL, x.Token
	x.Token = ""
	if err := h.fill(ctx, x, &in.Body); err != nil {
		return nil, err
	}
	if x.Token == "" && token != "" && !wire.SameHost(before, x.BaseURL) {
		return nil, parley.Errorf(parley.CodeInvalid, "token: give the token again, because the address has changed.")
	}
	if in.Body.App != nil {
		if x.AppID, err = h.saveApp(ctx, x, in.Body.App); err != nil {
			return nil, err
		}
	}
	if err := h.Store.UpdateSender(ctx, x); err != nil {
		return nil, err
	}
	fresh, err := h.Store.Sender(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, fresh)
}

// fill takes over the settings. It returns CodeInvalid for an address that is
// none and CodeNotFound for an assistant that does not exist.
func (h *Handlers) fill(ctx context.Context, x *parley.Sender, in *wire.SaveSender) error {
	if in.BaseURL != "" {
		u, err := url.Parse(in.BaseURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return parley.Errorf(parley.CodeInvalid, "base_url: give an address such as https://graph.facebook.com, or leave it out.")
		}
	}
	if in.AssistantID == "" {
		return parley.Errorf(parley.CodeInvalid, "assistant_id: choose the assistant that answers on this number.")
	}
	if _, err := h.Store.Assistant(ctx, x.WorkspaceID, in.AssistantID); err != nil {
		return err
	}
	x.Name, x.PhoneNumberID, x.WABAID, x.BaseURL, x.GraphVersion = in.Name, in.PhoneNumberID, in.WABAID, in.BaseURL, in.GraphVersion
	x.DisplayPhone = cmp.Or(in.DisplayPhone, x.DisplayPhone)
	x.Token, x.AssistantID, x.ReplyDelaySeconds = in.Token, in.AssistantID, in.ReplyDelaySeconds
	if in.AIOn != nil {
		x.AIOn = *in.AIOn
	}
	return nil
}

// saveApp returns the id of the app that is meant: one of the workspace's, with
// what is given changed, or a new one.
func (h *Handlers) saveApp(ctx context.Context, x *parley.Sender, in *wire.SaveSenderApp) (string, error) {
	a := &parley.WhatsAppApp{
		WorkspaceID: x.WorkspaceID, ID: cmp.Or(in.ID, x.AppID), Name: in.Name, AppSecret: in.AppSecret, VerifyToken: in.VerifyToken,
	}
	if a.ID != "" {
		known, err := h.Store.WhatsAppApp(ctx, a.ID)
		if err == nil && known.WorkspaceID != x.WorkspaceID {
			err = parley.Errorf(parley.CodeNotFound, "app: there is no such app in this workspace.")
		}
		if err != nil || in.Name == "" && in.AppSecret == "" && in.VerifyToken == "" {
			return a.ID, err
		}
		return a.ID, h.Store.SaveWhatsAppApp(ctx, a)
	}
	if a.AppSecret == "" {
		return "", parley.Errorf(parley.CodeInvalid, "app.app_secret: without the app's secret its webhooks cannot be verified.")
	}
	a.Name = cmp.Or(a.Name, "Meta app of "+x.Name)
	if a.VerifyToken == "" {
		a.VerifyToken = token.New("")
	}
	err := h.Store.SaveWhatsAppApp(ctx, a)
	return a.ID, err
}

// DeleteSender disconnects a number. Its conversations stay.
func (h *Handlers) DeleteSender(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, h.Store.DeleteSender(ctx, api.Who(ctx).Workspace, in.ID)
}

// TestSender tries settings and says in words what is wrong.
func (h *Handlers) TestSender(ctx context.Context, in *api.Body[wire.TestSender]) (*api.Reply[wire.SenderTest], error) {
	ws, b := api.Who(ctx).Workspace, &in.Body
	x := &parley.Sender{WorkspaceID: ws}
	hook, verify := "", ""
	if b.ID != "" {
		stored, err := h.Store.Sender(ctx, ws, b.ID)
		if err != nil {
			return nil, err
		}
		if b.BaseURL != "" && !wire.SameHost(stored.BaseURL, b.BaseURL) {
			stored.Token = ""
		}
		x = stored
		if app, err := h.Store.WhatsAppApp(ctx, x.AppID); err == nil {
			hook, verify = h.URL(api.CallOf(ctx).R, HookPath(app.ID)), app.VerifyToken
		}
	}
	x.PhoneNumberID, x.WABAID = cmp.Or(b.PhoneNumberID, x.PhoneNumberID), cmp.Or(b.WABAID, x.WABAID)
	x.BaseURL, x.GraphVersion = cmp.Or(b.BaseURL, x.BaseURL), cmp.Or(b.GraphVersion, x.GraphVersion)
	x.Token = cmp.Or(b.Token, x.Token)
	checks := h.Senders.Test(ctx, x, hook, verify)
	out := wire.SenderTest{OK: true, Checks: wire.Mapped(checks, wire.CheckOf)}
	for _, c := range out.Checks {
		out.OK = out.OK && c.State != "failed"
	}
	return api.Answer(out), nil
}

// CheckSender reads a number's health from Meta now.
func (h *Handlers) CheckSender(ctx context.Context, in *api.ByID) (*api.Reply[wire.Sender], error) {
	x, err := h.Store.Sender(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	fresh, err := h.Senders.Check(ctx, x)
	if fresh == nil {
		return nil, err
	}
	return h.answer(ctx, fresh)
}

// ResumeSender lets a number send again.
func (h *Handlers) ResumeSender(ctx context.Context, in *api.ByID) (*api.Reply[wire.Sender], error) {
	x, err := h.Senders.Resume(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, x)
}
