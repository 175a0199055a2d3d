package workshop

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"parley"
	"parley/internal/httptool"
)

// What a file says that it is. A file of a later schema is not read.
const (
	fileKind   = "assistant"
	fileSchema = 1
)

// MaxFile is the largest file that is read, in bytes.
const MaxFile = 8 << 20

// file is an assistant as a file holds it. The words are those of the API where
// it has them; what only this installation knows, ids, is left out.
type file struct {
	Parley            string         `yaml:"parley"`
	Schema            int            `yaml:"schema"`
	Name              string         `yaml:"name"`
	Avatar            string         `yaml:"avatar,omitempty"`
	Prompt            string         `yaml:"prompt"`
	Greeting          string         `yaml:"greeting,omitempty"`
	SpeaksFirst       bool           `yaml:"speaks_first"`
	Languages         []string       `yaml:"languages,omitempty,flow"`
	TimeZone          string         `yaml:"time_zone,omitempty"`
	Model             fileModel      `yaml:"model"`
	Fallback          *fileModel     `yaml:"fallback,omitempty"`
	InactivityMinutes int            `yaml:"inactivity_minutes"`
	ReleaseMinutes    int            `yaml:"release_minutes,omitempty"`
	ReplyDelaySeconds int            `yaml:"reply_delay_seconds"`
	AfterEnd          string         `yaml:"after_end,omitempty"`
	TroubleText       string         `yaml:"trouble_text,omitempty"`
	BudgetText        string         `yaml:"budget_text,omitempty"`
	Variables         []fileVariable `yaml:"variables,omitempty"`
	Tools             []fileTool     `yaml:"tools,omitempty"`
	Examples          []fileExample  `yaml:"examples,omitempty"`
	Knowledge         []fileDocument `yaml:"knowledge,omitempty"`
}

// fileModel names a model by its provider's name, which another installation may
// have too.
type fileModel struct {
	Provider    string   `yaml:"provider"`
	Kind        string   `yaml:"kind"`
	Model       string   `yaml:"model"`
	Temperature *float64 `yaml:"temperature,omitempty"`
}

type fileVariable struct {
	Name        string   `yaml:"name"`
	Type        string   `yaml:"type"`
	Source      string   `yaml:"source,omitempty"`
	Description string   `yaml:"description,omitempty"`
	Question    string   `yaml:"question,omitempty"`
	Options     []string `yaml:"options,omitempty,flow"`
	Default     string   `yaml:"default,omitempty"`
	Required    bool     `yaml:"required,omitempty"`
}

type fileTool struct {
	Name           string            `yaml:"name"`
	Description    string            `yaml:"description,omitempty"`
	Method         string            `yaml:"method"`
	URL            string            `yaml:"url"`
	Headers        map[string]string `yaml:"headers,omitempty"` // secrets are empty
	Parameters     yaml.Node         `yaml:"parameters,omitempty"`
	TimeoutSeconds int               `yaml:"timeout_seconds,omitempty"`
}

type fileExample struct {
	Question string `yaml:"question"`
	Answer   string `yaml:"answer"`
}

type fileDocument struct {
	Title   string `yaml:"title"`
	Format  string `yaml:"format,omitempty"`
	Content string `yaml:"content"`
}

// fileOf is a configuration with its documents as a file holds it.
func fileOf(c *parley.AssistantConfig, docs []parley.Document, providers []parley.Provider) (*file, error) {
	f := &file{
		Parley: fileKind, Schema: fileSchema, Name: c.Name, Avatar: c.Avatar, Prompt: c.Prompt, Greeting: c.Greeting,
		SpeaksFirst: c.SpeaksFirst, Languages: c.Languages, TimeZone: c.TimeZone, Model: modelOf(&c.Model, providers),
		InactivityMinutes: c.InactivityMinutes, ReleaseMinutes: c.ReleaseMinutes, ReplyDelaySeconds: c.ReplyDelaySeconds, AfterEnd: string(c.AfterEnd),
		TroubleText: c.TroubleText, BudgetText: c.BudgetText,
	}
	if c.Fallback != nil {
		m := modelOf(c.Fallback, providers)
		f.Fallback = &m
	}
	for _, v := range c.Variables {
		f.Variables = append(f.Variables, fileVariable{
			Name: v.Name, Type: string(v.Type), Source: string(v.Source), Description: v.Description, Question: v.Question,
			Options: v.Options, Default: v.Default, Required: v.Required,
		})
	}
	for i := range c.Tools {
		t, err := toolOf(&c.Tools[i])
		if err != nil {
			return nil, err
		}
		f.Tools = append(f.Tools, t)
	}
	for _, x := range c.Examples {
		f.Examples = append(f.Examples, fileExample{x.Question, x.Answer})
	}
	for _, d := range docs {
		f.Knowledge = append(f.Knowledge, fileDocument{d.Title, string(d.Format), d.Content})
	}
	return f, nil
}

func modelOf(m *parley.ModelChoice, providers []parley.Provider) fileModel {
	out := fileModel{Provider: m.ProviderID, Kind: m.ProviderID, Model: m.Model, Temperature: m.Temperature}
	for i := range providers {
		if providers[i].ID == m.ProviderID {
			out.Provider, out.Kind = providers[i].Name, providers[i].Kind
		}
	}
	return out
}

func toolOf(t *parley.HTTPTool) (fileTool, error) {
	out := fileTool{
		Name: t.Name, Description: t.Description, Method: t.Method, URL: withoutSecret(t.URL),
		Headers: maps.Clone(t.Headers), TimeoutSeconds: t.TimeoutSeconds,
	}
	for name := range out.Headers {
		if !httptool.OpenHeader(name) {
			out.Headers[name] = ""
		}
	}
	if len(t.Parameters) == 0 {
		return out, nil
	}
	// JSON is YAML, and keeps its order so; only its look changes.
	var doc yaml.Node
	if err := yaml.Unmarshal(t.Parameters, &doc); err != nil {
		return out, err
	}
	out.Parameters = *doc.Content[0]
	plain(&out.Parameters)
	return out, nil
}

// plain lets the encoder choose the look: blocks, and quotes only where needed.
func plain(n *yaml.Node) {
	n.Style = 0
	for _, inner := range n.Content {
		plain(inner)
	}
}

// secretParameter tells the names of query parameters that hold secrets.
var secretParameter = regexp.MustCompile(`(?i)(?:token|secret|password|signature|apikey)$|^(?:.*[_-])?(?:key|sig|auth)$`)

// withoutSecret takes what may be a secret out of an address.
func withoutSecret(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	clean := address
	if u.User != nil {
		// Cut out rather than written anew, which would escape {parameters}.
		scheme, rest, _ := strings.Cut(address, "://")
		_, host, _ := strings.Cut(rest, "@")
		clean = scheme + "://" + host
	}
	before, query, found := strings.Cut(clean, "?")
	if !found {
		return clean
	}
	query, fragment, hasFragment := strings.Cut(query, "#")
	parts := strings.Split(query, "&")
	for i, part := range parts {
		if name, value, _ := strings.Cut(part, "="); !strings.HasPrefix(value, "{") && secretParameter.MatchString(name) {
			parts[i] = name + "="
		}
	}
	clean = before + "?" + strings.Join(parts, "&")
	if hasFragment {
		clean += "#" + fragment
	}
	return clean
}

// write returns the file as text.
func (f *file) write() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# An assistant of Parley. It holds no keys: the secret values of tools' headers are empty.\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}

// parametersOf is a tool's schema as JSON.
func parametersOf(n *yaml.Node) (json.RawMessage, error) {
	if n.IsZero() {
		return nil, nil
	}
	var v map[string]any
	if err := n.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}
