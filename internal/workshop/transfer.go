package workshop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"parley"
	"parley/internal/httptool"
)

// Export writes the newest version of an assistant to a file, on demand without
// its knowledge. It returns CodeNotFound, and CodeTooLarge if the knowledge does
// not fit into a file.
func (w *Workshop) Export(ctx context.Context, ws, id string, knowledge bool) (*parley.Assistant, []byte, error) {
	a, err := w.Store.Assistant(ctx, ws, id)
	if err != nil {
		return nil, nil, err
	}
	var docs []parley.Document
	if knowledge {
		docs, err = w.knowledge(ctx, a, maxInFile, "The knowledge is larger than 6 MB, which is too much for one file. Export the assistant without it.")
		if err != nil {
			return nil, nil, err
		}
	}
	providers, err := w.Store.Providers(ctx, ws)
	if err != nil {
		return nil, nil, err
	}
	f, err := fileOf(&a.Config, docs, providers)
	if err != nil {
		return nil, nil, err
	}
	data, err := f.write()
	return a, data, err
}

// Note says what of a file could not be taken over. Its code is part of the
// public contract.
type Note struct {
	Path    string
	Code    NoteCode
	Message string
}

// NoteCode classifies a note.
type NoteCode string

// The codes of notes.
const (
	NoteUnknownField    NoteCode = "unknown_field"    // the file says something that Parley does not know
	NoteProviderMissing NoteCode = "provider_missing" // the built-in answerer stands in
	NoteSecretMissing   NoteCode = "secret_missing"   // files hold no secrets; it has to be entered again
	NoteDocumentRefused NoteCode = "document_refused" // a document that cannot be kept was left out
)

// NoteCodes lists the codes of notes.
func NoteCodes() []NoteCode {
	return []NoteCode{NoteUnknownField, NoteProviderMissing, NoteSecretMissing, NoteDocumentRefused}
}

// Import makes a draft of a file, and says what it could not take over. It
// returns CodeInvalid for what is no such file or holds what no assistant can
// be, and CodeTooLarge.
func (w *Workshop) Import(ctx context.Context, ws string, data []byte, by string) (*parley.Assistant, []Note, error) {
	f, notes, err := read(data)
	if err != nil {
		return nil, nil, err
	}
	providers, err := w.Store.Providers(ctx, ws)
	if err != nil {
		return nil, nil, err
	}
	in := &reader{file: f, providers: providers, notes: notes}
	cfg, err := in.config()
	if err != nil {
		return nil, nil, err
	}
	a, err := w.create(ctx, ws, *cfg, in.documents(), by)
	return a, in.notes, err
}

// read reads a file. What it does not know becomes notes.
func read(data []byte) (*file, []Note, error) {
	if len(data) > MaxFile {
		return nil, nil, parley.Errorf(parley.CodeTooLarge, "The file of an assistant has at most 8 MB.")
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, nil, parley.Errorf(parley.CodeInvalid, "The file is not text.")
	}
	var head struct {
		Parley string `yaml:"parley"`
		Schema int    `yaml:"schema"`
	}
	if err := yaml.Unmarshal(data, &head); err != nil {
		return nil, nil, wrong(err)
	}
	switch {
	case head.Parley != fileKind:
		return nil, nil, parley.Errorf(parley.CodeInvalid, `This is not the file of an assistant: it does not say "parley: assistant".`)
	case head.Schema < 1:
		return nil, nil, parley.Errorf(parley.CodeInvalid, "The file does not say of which schema it is.")
	case head.Schema > fileSchema:
		return nil, nil, parley.Errorf(parley.CodeInvalid,
			"The file is of schema %d; this version of Parley reads schema %d at most. Update Parley to import it.", head.Schema, fileSchema)
	}
	var f file
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	err := d.Decode(&f)
	several, ok := errors.AsType[*yaml.TypeError](err)
	if err != nil && !ok {
		return nil, nil, wrong(err)
	}
	var notes []Note
	if ok {
		for _, problem := range several.Errors {
			m := unknownField.FindStringSubmatch(problem)
			if m == nil {
				return nil, nil, wrong(err)
			}
			notes = append(notes, Note{m[2], NoteUnknownField, fmt.Sprintf("Line %s: Parley does not know %q and has left it out.", m[1], m[2])})
		}
	}
	return &f, notes, nil
}

// unknownField is how the decoder reports one; goType is how it names types.
var (
	unknownField = regexp.MustCompile(`^line (\d+): field (.+) not found in type `)
	goType       = regexp.MustCompile(` into (?:\*?[a-z0-9.]+|\[\][a-z.A-Z]+|map\[.*|struct.*)$`)
)

// wrong says in words why a file could not be read.
func wrong(err error) error {
	what := err.Error()
	if several, ok := errors.AsType[*yaml.TypeError](err); ok {
		for _, problem := range several.Errors {
			if !unknownField.MatchString(problem) {
				what = goType.ReplaceAllString(problem, ", which is not what belongs there")
				break
			}
		}
	}
	what = strings.ReplaceAll(strings.TrimPrefix(what, "yaml: "), "!!", "")
	return &parley.Error{Code: parley.CodeInvalid, Message: "The file cannot be read: " + what + ".", Err: err}
}

// reader makes an assistant of a file.
type reader struct {
	file      *file
	providers []parley.Provider
	notes     []Note
}

func (r *reader) note(code NoteCode, path, format string, args ...any) {
	r.notes = append(r.notes, Note{path, code, fmt.Sprintf(format, args...)})
}

func (r *reader) config() (*parley.AssistantConfig, error) {
	f := r.file
	c := &parley.AssistantConfig{
		Name: f.Name, Avatar: f.Avatar, Status: parley.AssistantDraft, Prompt: f.Prompt, Greeting: f.Greeting, SpeaksFirst: f.SpeaksFirst,
		Languages: f.Languages, TimeZone: f.TimeZone, Model: r.model(&f.Model, "model"), InactivityMinutes: f.InactivityMinutes,
		ReleaseMinutes: f.ReleaseMinutes, ReplyDelaySeconds: f.ReplyDelaySeconds, AfterEnd: parley.AfterEnd(f.AfterEnd), TroubleText: f.TroubleText, BudgetText: f.BudgetText,
	}
	if f.Fallback != nil {
		m := r.model(f.Fallback, "fallback")
		c.Fallback = &m
	}
	for _, v := range f.Variables {
		c.Variables = append(c.Variables, parley.VariableSchema{
			Name: v.Name, Type: parley.VariableType(v.Type), Source: parley.VariableSource(v.Source), Description: v.Description,
			Question: v.Question, Options: v.Options, Default: v.Default, Required: v.Required,
		})
	}
	for i := range f.Tools {
		t, err := r.tool(&f.Tools[i], fmt.Sprintf("tools.%d", i))
		if err != nil {
			return nil, err
		}
		c.Tools = append(c.Tools, t)
	}
	for _, x := range f.Examples {
		c.Examples = append(c.Examples, parley.Example{Question: x.Question, Answer: x.Answer})
	}
	return c, nil
}

// model finds the provider by its name, else by its kind if there is one only.
func (r *reader) model(m *fileModel, path string) parley.ModelChoice {
	builtin := parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel}
	if m.Kind == parley.BuiltinProvider || m.Kind == "" && m.Provider == "" {
		return builtin
	}
	var named, alike []parley.Provider
	for _, p := range r.providers {
		if p.Kind != m.Kind {
			continue
		}
		alike = append(alike, p)
		if p.Name == m.Provider {
			named = append(named, p)
		}
	}
	if len(named) == 0 && len(alike) == 1 {
		named = alike
	}
	if len(named) == 0 {
		r.note(NoteProviderMissing, path, "There is no provider %q here. The built-in answerer stands in for %s; choose a model.", m.Provider, m.Model)
		return builtin
	}
	return parley.ModelChoice{ProviderID: named[0].ID, Model: m.Model, Temperature: m.Temperature}
}

func (r *reader) tool(t *fileTool, path string) (parley.HTTPTool, error) {
	out := parley.HTTPTool{Name: t.Name, Description: t.Description, Method: t.Method, URL: t.URL, TimeoutSeconds: t.TimeoutSeconds}
	for _, name := range slices.Sorted(maps.Keys(t.Headers)) {
		value := t.Headers[name]
		if value == "" && !httptool.OpenHeader(name) {
			r.note(NoteSecretMissing, path+".headers."+name, "The tool %s needs the header %s, whose value is a secret and not in the file. Enter it again.", t.Name, name)
			continue
		}
		if out.Headers == nil {
			out.Headers = map[string]string{}
		}
		out.Headers[name] = value
	}
	if lacksSecret(t.URL) {
		r.note(NoteSecretMissing, path+".url", "The address of the tool %s holds a secret that is not in the file. Enter it again.", t.Name)
	}
	var err error
	if out.Parameters, err = parametersOf(&t.Parameters); err != nil {
		return out, &parley.Error{
			Code: parley.CodeInvalid, Message: fmt.Sprintf("The file cannot be read: the parameters of the tool %q are no JSON schema.", t.Name),
			Fields: []parley.FieldError{{Path: path + ".parameters", Message: "is not a JSON schema"}}, Err: err,
		}
	}
	return out, nil
}

// lacksSecret reports whether a secret was taken out of an address.
func lacksSecret(address string) bool {
	_, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	return slices.ContainsFunc(strings.Split(query, "&"), func(part string) bool {
		name, value, found := strings.Cut(part, "=")
		return found && value == "" && secretParameter.MatchString(name)
	})
}

// documents returns the documents of the file that can be kept.
func (r *reader) documents() []parley.Document {
	var docs []parley.Document
	for i, d := range r.file.Knowledge {
		format := parley.DocumentFormat(d.Format)
		if format == "" {
			format = parley.FormatMarkdown
		}
		doc := parley.Document{Title: d.Title, Format: format, Content: d.Content, State: parley.DocumentReady}
		if err := doc.Validate(); err != nil {
			e, _ := errors.AsType[*parley.Error](err)
			r.note(NoteDocumentRefused, fmt.Sprintf("knowledge.%d", i), "The document %q was left out: %s", d.Title, e.Message)
			continue
		}
		docs = append(docs, doc)
	}
	return docs
}
