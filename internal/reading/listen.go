package reading

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"parley"
	"parley/internal/llm"
	"parley/internal/speech"
)

// listen lets what the workspace has chosen transcribe a recording.
func (r *Reader) listen(ctx context.Context, f *file) (string, error) {
	workspace, err := r.cfg.Settings.Workspace(ctx, f.conv.WorkspaceID)
	if err != nil {
		return "", err
	}
	if f.attachment.Size > speech.MaxAudio {
		return "", sentence(fmt.Sprintf("The recording is larger than %d MB, the most that is transcribed.", speech.MaxAudio>>20))
	}
	choice := workspace.Settings.Speech
	recogniser, provider, err := r.recogniser(ctx, workspace.ID, choice)
	if err != nil {
		return "", err
	}
	assistant, err := r.cfg.Settings.Assistant(ctx, workspace.ID, f.conv.AssistantID)
	if err != nil && parley.ErrorCode(err) != parley.CodeNotFound {
		return "", err
	}
	sound, err := r.open(ctx, f.key())
	if err != nil {
		return "", err
	}
	defer func() { _ = sound.Close() }()
	model := choice.Model
	if named, ok := recogniser.(interface{ Name() string }); ok {
		model = cmp.Or(model, named.Name())
	}
	u := r.usage(f, assistant, parley.UsageTranscription, choice.ProviderID, model)
	account := Account{provider, workspace, f.conv.Source}
	if err := r.openCall(ctx, u, account); err != nil {
		return "", err
	}
	t, err := recogniser.Transcribe(ctx, speech.Audio{
		Model: choice.Model, Name: f.attachment.Name, MIMEType: f.attachment.MIMEType, Size: f.attachment.Size,
		Content: sound, Language: language(assistant),
	})
	r.cfg.Ledger.Settle(ctx, u, account, used(choice.ProviderID, t), err)
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(t.Text) == "" {
		return "", sentence("No words were understood in the recording.")
	}
	return t.Text, nil
}

// recogniser opens what was chosen, with the provider that it is at.
func (r *Reader) recogniser(
	ctx context.Context, ws string, choice parley.SpeechChoice,
) (speech.Recogniser, *parley.Provider, error) {
	const where = "in Settings › Models."
	p := &parley.Provider{ID: parley.SpeechCommand, Kind: parley.SpeechCommand, Name: "This server"}
	switch choice.ProviderID {
	case "":
		return nil, nil, sentence("Nothing transcribes recordings in this workspace: choose what does " + where)
	case parley.SpeechCommand:
	default:
		var err error
		p, err = r.cfg.Settings.Provider(ctx, ws, choice.ProviderID)
		if parley.ErrorCode(err) == parley.CodeNotFound {
			return nil, nil, sentence("The provider that transcribed does not exist any more: choose another " + where)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	maker, ok := r.cfg.Recognisers[p.Kind]
	if !ok {
		return nil, nil, sentence("This server cannot transcribe as the workspace has chosen: choose again " + where)
	}
	recogniser, err := maker(p)
	return recogniser, p, err
}

// language is the one that a contact most likely speaks: the assistant's, if it
// has only one.
func language(a *parley.Assistant) string {
	if a == nil || len(a.Config.Languages) != 1 {
		return ""
	}
	base, _, _ := strings.Cut(strings.ToLower(a.Config.Languages[0]), "-")
	return base
}

// used is what a transcription used: as the provider says, else the seconds that
// were transcribed. A program of the server's own uses no tokens.
func used(provider string, t *speech.Transcript) *llm.Usage {
	var u *llm.Usage
	if t != nil && t.Usage != nil {
		u = &llm.Usage{
			InputTokens: t.Usage.InputTokens, OutputTokens: t.Usage.OutputTokens, AudioInTokens: t.Usage.AudioTokens, Raw: t.Usage.Raw,
		}
	}
	if u == nil && t != nil && t.Seconds > 0 {
		raw, _ := json.Marshal(map[string]float64{"seconds": t.Seconds}) // a number always marshals
		u = &llm.Usage{Raw: raw}
	}
	if provider == parley.SpeechCommand {
		if u == nil {
			u = &llm.Usage{}
		}
		u.InputTokens, u.OutputTokens = new(int64), new(int64)
	}
	return u
}
