// Package apidoc renders an OpenAPI document as one page that can be read
// offline: no script, style or font comes from elsewhere.
package apidoc

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
)

//go:embed page.html.tmpl
var pageText string

//go:embed page.css
var css string

//go:embed page.js
var js string

// Policy returns the script-src and style-src of the page's security policy:
// its own script and style, by their hashes.
func Policy() string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "script-src " + hash(js) + "; style-src " + hash(css)
}

// Render returns the page of an OpenAPI 3.1 document in JSON.
func Render(spec []byte) ([]byte, error) {
	var doc document
	if err := json.Unmarshal(spec, &doc); err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	page, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("parse the page of the API: %w", err)
	}
	var b bytes.Buffer
	err = page.Execute(&b, map[string]any{
		"Title": doc.Info.Title, "Intro": paragraphs(doc.Info.Description), "Groups": doc.groups(),
		"CSS": template.CSS(css), "JS": template.JS(js), //nolint:gosec // both are our own files
	})
	return b.Bytes(), err
}

// document is the part of OpenAPI that the page shows.
type document struct {
	Info struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"info"`
	Tags []struct {
		Name string `json:"name"`
	} `json:"tags"` // in the order in which they are shown
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	Summary     string                `json:"summary"`
	Description string                `json:"description"`
	OperationID string                `json:"operationId"`
	Tags        []string              `json:"tags"`
	Parameters  []parameter           `json:"parameters"`
	RequestBody *content              `json:"requestBody"`
	Responses   map[string]*content   `json:"responses"`
	Security    []map[string][]string `json:"security"`
}

type parameter struct {
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description"`
	Required    bool    `json:"required"`
	Schema      *schema `json:"schema"`
}

type content struct {
	Description string `json:"description"`
	Content     map[string]struct {
		Schema *schema `json:"schema"`
	} `json:"content"`
}

// Group is the operations on one resource.
type Group struct {
	Name       string
	Operations []Operation
}

// Operation is one route, ready to be shown.
type Operation struct {
	ID, Method, Path, Summary, Permission string
	Description                           []string
	Parameters                            []Field
	Body                                  []Field
	BodyType                              string
	Answers                               []Answer
	Curl                                  string
	Words                                 string // what the search looks in
}

// Answer is one possible answer.
type Answer struct {
	Status, Type, Description string
	Fields                    []Field
}

func (d *document) groups() []Group {
	byTag := map[string][]Operation{}
	order := map[string]int{"get": 0, "post": 1, "put": 2, "patch": 3, "delete": 4}
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		methods := slices.SortedFunc(maps.Keys(d.Paths[path]), func(a, b string) int { return order[a] - order[b] })
		for _, method := range methods {
			op := d.Paths[path][method]
			tag := "api"
			if len(op.Tags) > 0 {
				tag = op.Tags[0]
			}
			byTag[tag] = append(byTag[tag], d.operation(method, path, &op))
		}
	}
	var groups []Group
	for _, tag := range d.Tags {
		groups = append(groups, Group{Name: tag.Name, Operations: byTag[tag.Name]})
		delete(byTag, tag.Name)
	}
	for _, tag := range slices.Sorted(maps.Keys(byTag)) { // the document does not list it
		groups = append(groups, Group{Name: tag, Operations: byTag[tag]})
	}
	return groups
}

func (d *document) operation(method, path string, op *operation) Operation {
	out := Operation{
		ID: op.OperationID, Method: strings.ToUpper(method), Path: path, Summary: op.Summary,
		Description: paragraphs(op.Description), Permission: permission(op.Security),
	}
	for _, p := range op.Parameters {
		typ, notes := d.describe(p.Schema)
		out.Parameters = append(out.Parameters, Field{
			Name: p.Name, Type: typ, Where: p.In, Required: p.Required, Notes: join(p.Description, notes),
		})
	}
	if op.RequestBody != nil {
		kind, s := first(op.RequestBody)
		out.BodyType, out.Body = kind, d.fields(s, "", 0)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		if status == "default" {
			continue
		}
		kind, s := first(op.Responses[status])
		out.Answers = append(out.Answers, Answer{
			Status: status, Type: kind, Description: op.Responses[status].Description, Fields: d.fields(s, "", 0),
		})
	}
	out.Curl = d.curl(&out, op)
	out.Words = strings.ToLower(out.Method + " " + out.Path + " " + out.Summary + " " + out.Permission)
	return out
}

// permission is what the security of an operation asks for, in words.
func permission(security []map[string][]string) string {
	for _, s := range security {
		if scopes, ok := s["key"]; ok {
			if len(scopes) > 0 {
				return scopes[0]
			}
			return "any key or session"
		}
	}
	return "open to everybody"
}

func first(c *content) (kind string, s *schema) {
	for _, kind := range slices.Sorted(maps.Keys(c.Content)) {
		return kind, c.Content[kind].Schema
	}
	return "", nil
}

// curl is a request that can be pasted into a shell.
func (d *document) curl(out *Operation, op *operation) string {
	var b strings.Builder
	b.WriteString("curl")
	if out.Method != "GET" {
		b.WriteString(" -X " + out.Method)
	}
	path := strings.NewReplacer("{", "$", "}", "").Replace(out.Path)
	fmt.Fprintf(&b, " \"$PARLEY%s\"", path)
	if out.Permission != "open to everybody" {
		b.WriteString(" \\\n  -H \"Authorization: Bearer $PARLEY_API_KEY\"")
	}
	switch {
	case op.RequestBody == nil:
	case out.BodyType == "multipart/form-data":
		b.WriteString(" \\\n  -F file=@picture.png")
	case out.BodyType == "text/csv":
		b.WriteString(" \\\n  -H 'Content-Type: text/csv' --data-binary @prices.csv")
	default:
		_, s := first(op.RequestBody)
		example, err := json.MarshalIndent(d.example(s, 0), "  ", "  ")
		if err == nil {
			b.WriteString(" \\\n  -H 'Content-Type: application/json' \\\n  -d '" + strings.ReplaceAll(string(example), "'", `'\''`) + "'")
		}
	}
	return b.String()
}

func paragraphs(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.ReplaceAll(s, "`", ""), "\n\n")
}

func join(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, " ")
}
