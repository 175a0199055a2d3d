package wire

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

// Assistant is a configured AI in its newest version.
type Assistant struct {
	ID        string                 `json:"id"`
	Name      string                 `json:"name"`
	Status    parley.AssistantStatus `json:"status"`
	Version   int                    `json:"version"`
	Config    parley.AssistantConfig `json:"config"`
	CreatedAt time.Time              `json:"created_at"`
	UpdatedAt time.Time              `json:"updated_at"`
}

// NewAssistant is the configuration of a new assistant.
type NewAssistant struct {
	parley.AssistantConfig
}

// TransformSchema implements huma.SchemaTransformer: only a name is needed, the
// rest has defaults, see parley.AssistantConfig.Default.
func (NewAssistant) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Required = []string{"name"}
	return s
}

// SaveAssistant is the configuration of a new version.
type SaveAssistant struct {
	parley.AssistantConfig
	ExpectedVersion int `json:"expected_version,omitempty" minimum:"0" doc:"The version that was edited; if another is the newest, the answer is conflict. 0: save anyway."`
}

// AssistantVersion is one saved state of an assistant.
type AssistantVersion struct {
	AssistantID string                 `json:"assistant_id"`
	Version     int                    `json:"version"`
	Config      parley.AssistantConfig `json:"config"`
	CreatedBy   string                 `json:"created_by" doc:"Id of the member or the API key."`
	Author      *Ref                   `json:"author" doc:"The same with its name; null once it is gone."`
	CreatedAt   time.Time              `json:"created_at"`
}

// ToolTest is a call of a tool that is not saved.
type ToolTest struct {
	Tool      parley.HTTPTool `json:"tool"`
	Arguments map[string]any  `json:"arguments,omitempty"`
}

// ToolResult is what a tool's endpoint answered.
type ToolResult struct {
	OK     bool   `json:"ok"`
	Result string `json:"result" doc:"What the model would be told."`
	Error  string `json:"error" doc:"Why it failed, in words."`
	Millis int64  `json:"millis"`
}

// Document is a piece of an assistant's knowledge.
type Document struct {
	ID          string                `json:"id"`
	AssistantID string                `json:"assistant_id"`
	Title       string                `json:"title"`
	Format      parley.DocumentFormat `json:"format"`
	Content     string                `json:"content,omitempty" doc:"Not in listings."`
	Size        int                   `json:"size" doc:"Bytes."`
	State       parley.DocumentState  `json:"state"`
	Error       string                `json:"error,omitempty"`
	CreatedAt   time.Time             `json:"created_at"`
}

// SaveDocument is the content of a document.
type SaveDocument struct {
	Title   string                `json:"title" minLength:"1" maxLength:"200"`
	Format  parley.DocumentFormat `json:"format" default:"markdown" required:"false"`
	Content string                `json:"content" minLength:"1"`
}

// KnowledgeQuestion asks what an assistant's knowledge has about something.
type KnowledgeQuestion struct {
	Question string `json:"question" minLength:"1" maxLength:"2000"`
}
