package server

import (
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/price"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

func (s *Server) getWorkspace(ctx context.Context, _ *api.None) (*api.Reply[wire.Workspace], error) {
	w, err := s.Store.Workspace(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	return api.Answer(wire.WorkspaceOf(w, s.SpeechKinds)), nil
}

func (s *Server) editWorkspace(ctx context.Context, in *api.Body[wire.EditWorkspace]) (*api.Reply[wire.Workspace], error) {
	w, err := s.Store.Workspace(ctx, api.Who(ctx).Workspace)
	if err != nil {
		return nil, err
	}
	if in.Body.Name != nil {
		if w.Name = strings.TrimSpace(*in.Body.Name); w.Name == "" {
			return nil, parley.Errorf(parley.CodeInvalid, "name: a workspace needs a name.")
		}
	}
	if in.Body.TimeZone != nil {
		if _, err := loadZone(*in.Body.TimeZone); err != nil {
			return nil, err
		}
		w.TimeZone = *in.Body.TimeZone
	}
	if in.Body.CreditUSD != nil {
		worth, err := price.ParseUSD(*in.Body.CreditUSD)
		if err != nil {
			return nil, err
		}
		if worth == 0 {
			return nil, parley.Errorf(parley.CodeInvalid, "credit_usd: a credit must be worth something.")
		}
		w.Settings.CreditMicroUSD = worth
	}
	if in.Body.TestChatPercent != nil {
		w.Settings.TestChatPercent = *in.Body.TestChatPercent
	}
	if in.Body.FreeServiceMessages != nil {
		w.Settings.FreeServiceMessages = in.Body.FreeServiceMessages
	}
	if in.Body.Speech != nil {
		if w.Settings.Speech, err = s.speechChoice(ctx, w.ID, in.Body.Speech); err != nil {
			return nil, err
		}
	}
	if err := s.Store.UpdateWorkspace(ctx, w); err != nil {
		return nil, err
	}
	return api.Answer(wire.WorkspaceOf(w, s.SpeechKinds)), nil
}

// speechChoice returns what was chosen to transcribe. It returns CodeInvalid for
// what this server or the workspace does not have.
func (s *Server) speechChoice(ctx context.Context, ws string, in *wire.Speech) (parley.SpeechChoice, error) {
	choice := parley.SpeechChoice{ProviderID: in.ProviderID, Model: strings.TrimSpace(in.Model)}
	switch choice.ProviderID {
	case "":
		return parley.SpeechChoice{}, nil
	case parley.SpeechCommand:
		if !slices.Contains(s.SpeechKinds, parley.SpeechCommand) {
			return choice, parley.Errorf(parley.CodeInvalid,
				"speech.provider_id: this server has no program that transcribes; whoever runs it can name one with --speech-command.")
		}
		choice.Model = ""
		return choice, nil
	}
	p, err := s.Store.Provider(ctx, ws, choice.ProviderID)
	switch {
	case parley.ErrorCode(err) == parley.CodeNotFound:
		err = parley.Errorf(parley.CodeInvalid, "speech.provider_id: there is no such provider.")
	case err == nil && !slices.Contains(s.SpeechKinds, p.Kind):
		err = parley.Errorf(parley.CodeInvalid, "speech.provider_id: %s has no endpoint that transcribes.", p.Name)
	case err == nil && choice.Model == "":
		err = parley.Errorf(parley.CodeInvalid, "speech.model: name the model that transcribes, such as whisper-1.")
	}
	return choice, err
}
