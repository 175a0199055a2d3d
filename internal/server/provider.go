package server

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/llm"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

// listProviders names the built-in answerer first: every workspace has it.
func (s *Server) listProviders(ctx context.Context, _ *api.None) (*api.Reply[api.List[wire.Provider]], error) {
	all, err := s.Store.Providers(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	builtin := wire.Provider{
		ID: parley.BuiltinProvider, Name: "Built-in answerer", Kind: parley.BuiltinProvider,
		Models: []string{parley.BuiltinModel},
	}
	return api.Answer(api.List[wire.Provider]{Data: append([]wire.Provider{builtin}, wire.Mapped(all, wire.ProviderOf)...)}), nil
}

func (s *Server) getProvider(ctx context.Context, in *api.ByID) (*api.Reply[wire.Provider], error) {
	p, err := s.Store.Provider(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.ProviderOf(p)), nil
}

// checkProvider refuses settings that cannot work.
func (s *Server) checkProvider(p *parley.Provider) error {
	kinds := slices.Sorted(maps.Keys(s.Providers))
	kinds = slices.DeleteFunc(kinds, func(k string) bool { return k == parley.BuiltinProvider })
	if !slices.Contains(kinds, p.Kind) {
		return parley.Errorf(parley.CodeInvalid, "kind: there is no kind of provider %q; known are %s.", p.Kind, strings.Join(kinds, ", "))
	}
	u, err := url.Parse(p.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return parley.Errorf(parley.CodeInvalid, "base_url: give an address such as https://api.openai.com/v1.")
	}
	for _, m := range p.Models {
		if strings.TrimSpace(m) == "" || len(m) > 200 {
			return parley.Errorf(parley.CodeInvalid, "models: a model's name has 1 to 200 characters.")
		}
	}
	return nil
}

func (s *Server) createProvider(ctx context.Context, in *api.Body[wire.SaveProvider]) (*api.Reply[wire.Provider], error) {
	now := s.now()
	p := &parley.Provider{
		ID: parley.NewID(now), WorkspaceID: api.Who(ctx).Workspace, Name: in.Body.Name, Kind: in.Body.Kind,
		BaseURL: in.Body.BaseURL, APIKey: in.Body.APIKey, Models: in.Body.Models, CreatedAt: now, UpdatedAt: now,
	}
	if err := s.checkProvider(p); err != nil {
		return nil, err
	}
	if err := s.Store.CreateProvider(ctx, p); err != nil {
		return nil, err
	}
	return api.Answer(wire.ProviderOf(p)), nil
}

func (s *Server) saveProvider(ctx context.Context, in *api.BodyFor[wire.SaveProvider]) (*api.Reply[wire.Provider], error) {
	ws := api.Who(ctx).Workspace
	p, err := s.Store.Provider(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	moved := !wire.SameHost(p.BaseURL, in.Body.BaseURL)
	p.Name, p.Kind, p.BaseURL, p.Models, p.UpdatedAt = in.Body.Name, in.Body.Kind, in.Body.BaseURL, in.Body.Models, s.now()
	if err := s.checkProvider(p); err != nil {
		return nil, err
	}
	if moved && p.APIKey != "" && in.Body.APIKey == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "api_key: give the key again, because the address has changed.")
	}
	p.APIKey = in.Body.APIKey
	if err := s.Store.UpdateProvider(ctx, p); err != nil {
		return nil, err
	}
	return s.getProvider(ctx, &api.ByID{ID: in.ID})
}

func (s *Server) deleteProvider(ctx context.Context, in *api.ByID) (*api.None, error) {
	return nil, s.Store.DeleteProvider(ctx, api.Who(ctx).Workspace, in.ID)
}

// testTime bounds the test of a provider.
const testTime = 30 * time.Second

func (s *Server) testProvider(ctx context.Context, in *api.Body[wire.TestProvider]) (*api.Reply[wire.ProviderCheck], error) {
	p := &parley.Provider{WorkspaceID: api.Who(ctx).Workspace}
	if in.Body.ID != "" {
		stored, err := s.Store.Provider(ctx, p.WorkspaceID, in.Body.ID)
		if err != nil {
			return nil, err
		}
		p = stored
		if in.Body.BaseURL != "" && !wire.SameHost(p.BaseURL, in.Body.BaseURL) {
			p.APIKey = ""
		}
	}
	p.Kind, p.BaseURL = orDefault(in.Body.Kind, p.Kind), orDefault(in.Body.BaseURL, p.BaseURL)
	p.APIKey = orDefault(in.Body.APIKey, p.APIKey)
	if err := s.checkProvider(p); err != nil {
		return nil, err
	}
	if in.Body.Model == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "model: name a model to try.")
	}
	model, err := s.Providers[p.Kind](p)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	return api.Answer(tryModel(ctx, model, in.Body.Model)), nil
}

// tryModel makes one short call and says in words how it went.
func tryModel(ctx context.Context, model llm.Model, name string) wire.ProviderCheck {
	start, first := time.Now(), time.Duration(0)
	res, err := model.Stream(ctx, &llm.Request{
		Model: name, MaxTokens: 16, System: "Answer with one word.",
		Messages: []llm.Message{{Role: parley.ByUser, Text: "Say hello."}},
	}, func(string) error {
		if first == 0 {
			first = time.Since(start)
		}
		return nil
	})
	if err != nil {
		return wire.ProviderCheck{Message: inWords(err, "The provider cannot be used."), Hint: hintFor(llm.ErrorClass(err))}
	}
	check := wire.ProviderCheck{
		OK: true, Message: "The model answers, with streaming.", FirstTokenMillis: first.Milliseconds(),
		UsageReported: res.Usage != nil,
	}
	if res.Usage == nil {
		check.Hint = "The provider does not say how many tokens were used, so costs will show as unknown."
	}
	return check
}

// inWords returns what a model's error says to people, or else the words given.
func inWords(err error, otherwise string) string {
	if e, ok := errors.AsType[*llm.Error](err); ok {
		return e.Message
	}
	return otherwise
}

// listModels asks a provider for its models. That it gives no list is an answer
// and no failure: a name can be typed.
func (s *Server) listModels(ctx context.Context, in *api.ByID) (*api.Reply[wire.ProviderModels], error) {
	p, err := s.Store.Provider(ctx, api.Who(ctx).Workspace, in.ID)
	if err != nil {
		return nil, err
	}
	open, ok := s.Providers[p.Kind]
	if !ok {
		return nil, parley.Errorf(parley.CodeInvalid, "There is no kind of model provider called %q.", p.Kind)
	}
	model, err := open(p)
	if err != nil {
		return nil, err
	}
	lister, ok := model.(llm.Lister)
	if !ok {
		return api.Answer(wire.ProviderModels{Models: []wire.ListedModel{}, Message: "This kind of provider does not list its models."}), nil
	}
	all, err := lister.Models(ctx)
	if err != nil {
		return api.Answer(wire.ProviderModels{
			Models: []wire.ListedModel{}, Message: inWords(err, "The provider gave no list of its models."), Hint: listHint(llm.ErrorClass(err)),
		}), nil
	}
	out := make([]wire.ListedModel, len(all))
	for i, m := range all {
		out[i] = wire.ListedModel{ID: m.ID, Name: m.Name}
	}
	return api.Answer(wire.ProviderModels{Listed: true, Models: out}), nil
}

// listHint says what to do where there is no list; a provider that has none
// needs nothing.
func listHint(class llm.Class) string {
	if class == llm.BadRequest || class == llm.NoModel {
		return ""
	}
	return hintFor(class)
}

// hintFor says what to do about a class of trouble.
func hintFor(class llm.Class) string {
	switch class {
	case llm.Unreachable:
		return "Check the address, and that this server may reach it."
	case llm.Auth:
		return "Check the API key, and that it is allowed to use this model."
	case llm.NoModel:
		return "Check the model's name: it must be written as the provider writes it."
	case llm.RateLimited, llm.Overloaded:
		return "The provider is busy. Try again in a minute."
	case llm.NoCredit:
		return "Add credit to the account at the provider."
	case llm.Timeout:
		return "The provider did not answer in time. A local model may still be loading; try again."
	case llm.NoStreaming:
		return "Turn streaming on at the endpoint, or use one that streams."
	case llm.Malformed, llm.Truncated:
		return "The address does not seem to be an endpoint of this kind of provider. It often ends in /v1."
	default:
		return "Check the settings."
	}
}
