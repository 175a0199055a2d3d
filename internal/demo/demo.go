// Package demo fills a workspace with a small shop of its own invention, for
// those who want to look before they set up anything: an assistant with
// knowledge and variables, and a month of conversations.
//
// The conversations are made by the engine itself, on a clock that is set back:
// what the demo shows is what Parley does. Nothing in it is about a real
// company or person; numbers and addresses are from the ranges kept for fiction.
package demo

import (
	"context"
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/store"
)

// The ids of the demo's things.
const (
	WorkspaceID = "0190dec0-0000-7000-8000-000000000001"
	AssistantID = "0190dec0-0000-7000-8000-000000000002"
	wholesaleID = "0190dec0-0000-7000-8000-000000000003"
	providerID  = "0190dec0-0000-7000-8000-000000000004"
	colleagueID = "0190dec0-0000-7000-8000-000000000005"
	WidgetID    = "0190dec0-0000-7000-8000-000000000006"
)

// OwnerEmail is the address of the demo's owner where the environment names
// none. Nobody can receive mail there.
const OwnerEmail = "owner@quillmoor.example"

//go:embed content
var content embed.FS

// Workspace returns the demo's workspace as it is at first.
func Workspace() *parley.Workspace {
	settings := parley.DefaultWorkspaceSettings()
	return &parley.Workspace{ID: WorkspaceID, Name: "Quillmoor Coffee (demo)", TimeZone: "Europe/Brussels", Settings: settings}
}

// Config is what seeding needs.
type Config struct {
	Store    *store.Store
	Blobs    Blobs
	OwnerID  string // member of the demo's workspace
	Channels map[parley.Source]channel.Channel
	Now      func() time.Time // the real clock
	// SetClock makes the store and everybody who shares its clock see the time
	// that fn returns; nil gives them the real one back.
	SetClock func(fn func() time.Time)
}

// Seed fills the demo's workspace, which has just been made.
func Seed(ctx context.Context, c Config) error {
	now := c.Now().UTC()
	p := newPast(now.AddDate(0, 0, -pastDays))
	c.SetClock(p.Now)
	defer c.SetClock(nil)
	s := &seeder{Config: &c, past: p, model: new(sampleModel)}
	for _, step := range []func(context.Context) error{s.colleague, s.assistants, s.sender, s.history, s.budgets, s.desk} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("seed the demo: %w", err)
		}
	}
	return nil
}

// seeder writes the demo's history.
type seeder struct {
	*Config
	past   *past
	engine *engine.Engine
	model  *sampleModel
}

// pastDays is how far back the demo's history goes.
const pastDays = 30

// colleague adds the member who answers in the conversations that a person
// took over.
func (s *seeder) colleague(ctx context.Context) error {
	return s.Store.CreateMember(ctx, &parley.Member{
		ID: colleagueID, WorkspaceID: WorkspaceID, Email: "lotte@quillmoor.example", Name: colleagueName,
		Role: parley.RoleOperator,
	})
}

// sender adds the number that the demo's WhatsApp conversations are with; the
// simulator is connected to it when it starts.
func (s *seeder) sender(ctx context.Context) error {
	_, err := Sender(ctx, s.Store, "")
	return err
}

// colleagueName is the operator of the demo's history.
const colleagueName = "Lotte Maes"

// documents are the files of the knowledge with their titles, in order.
var documents = []struct{ file, title string }{
	{"delivery.md", "Delivery and orders"},
	{"returns.md", "Returns and complaints"},
	{"coffee.md", "Our coffee"},
	{"subscription.md", "Subscription"},
	{"shop.md", "Shop and contact"},
	{"haeufige-fragen.md", "Häufige Fragen"},
	{"questions-frequentes.md", "Questions fréquentes"},
	{"preguntas-frecuentes.md", "Preguntas frecuentes"},
	{"perguntas-frequentes.md", "Perguntas frequentes"},
}

// knowledge returns the documents of an assistant: the files that are named,
// all if none is.
func knowledge(assistantID string, files ...string) ([]parley.Document, error) {
	var docs []parley.Document
	for _, d := range documents {
		if len(files) > 0 && !slices.Contains(files, d.file) {
			continue
		}
		b, err := content.ReadFile(path.Join("content", d.file))
		if err != nil {
			return nil, err
		}
		docs = append(docs, parley.Document{
			WorkspaceID: WorkspaceID, AssistantID: assistantID, Title: d.title, Format: parley.FormatMarkdown, Content: string(b),
			State: parley.DocumentReady,
		})
	}
	return docs, nil
}

func text(file string) (string, error) {
	b, err := content.ReadFile(path.Join("content", file))
	return strings.TrimSpace(string(b)), err
}
