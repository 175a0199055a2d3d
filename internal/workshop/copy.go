package workshop

import (
	"context"
	"strings"

	"parley"
	"parley/internal/lang"
)

// The most knowledge, in bytes, that is copied at once, and that a file holds.
const (
	maxCopied = 32 << 20
	maxInFile = 6 << 20
)

// maxName is the longest name of an assistant, in bytes that are surely allowed.
const maxName = 120

// Duplicate makes a draft that is like the newest version of an assistant, with
// documents of its own. The name may be "". It returns CodeNotFound and
// CodeTooLarge.
func (w *Workshop) Duplicate(ctx context.Context, ws, id, name, by string) (*parley.Assistant, error) {
	a, err := w.Store.Assistant(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	docs, err := w.knowledge(ctx, a, maxCopied, "The knowledge of the assistant is larger than 32 MB, which is not copied at once.")
	if err != nil {
		return nil, err
	}
	cfg := a.Config
	cfg.Status = parley.AssistantDraft
	if cfg.Name = strings.TrimSpace(name); cfg.Name == "" {
		const ending = " (copy)"
		cfg.Name = lang.Clean(a.Config.Name, maxName-len(ending)) + ending
	}
	return w.create(ctx, ws, cfg, docs, by)
}

// knowledge reads the documents of the newest version. It returns CodeTooLarge
// with a sentence if they have more than so many bytes.
func (w *Workshop) knowledge(ctx context.Context, a *parley.Assistant, most int, sentence string) ([]parley.Document, error) {
	listed, err := w.Store.Documents(ctx, a.WorkspaceID, a.ID, a.Version)
	if err != nil {
		return nil, err
	}
	size := 0
	for i := range listed {
		size += listed[i].Size
	}
	if size > most {
		return nil, parley.Errorf(parley.CodeTooLarge, "%s", sentence)
	}
	return w.Store.DocumentsWithContent(ctx, a.WorkspaceID, a.Config.Knowledge)
}

// create makes an assistant of a configuration and documents, which it gives ids.
func (w *Workshop) create(ctx context.Context, ws string, cfg parley.AssistantConfig, docs []parley.Document, by string) (*parley.Assistant, error) {
	cfg.Default()
	now := w.Now()
	a := &parley.Assistant{ID: parley.NewID(now), WorkspaceID: ws, CreatedAt: now}
	cfg.Knowledge = nil
	for i := range docs {
		d := &docs[i]
		d.ID, d.WorkspaceID, d.AssistantID, d.CreatedAt = parley.NewID(now), ws, a.ID, now
		d.Size = len(d.Content)
		cfg.Knowledge = append(cfg.Knowledge, d.ID)
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	a.Config = cfg
	return a, w.Store.CreateAssistant(ctx, a, by, docs...)
}
