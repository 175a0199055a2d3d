package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley"
)

const templateFields = "id,name,language,status,category,rejected_reason,quality_score,parameter_format,components"

// Template reads one template by Meta's id.
func (c *Client) Template(ctx context.Context, s *parley.Sender, metaID string) (*parley.Template, error) {
	o, err := c.do(ctx, s, Call{Method: http.MethodGet, Path: []string{metaID}, Query: url.Values{"fields": {templateFields}}})
	if err != nil {
		return nil, err
	}
	t := templateOf(s, o, c.budget.now())
	return &t, nil
}

// Templates lists the templates of the sender's account, all pages of them.
func (c *Client) Templates(ctx context.Context, s *parley.Sender) ([]parley.Template, error) {
	items, err := c.list(ctx, s, []string{s.WABAID, "message_templates"}, url.Values{"fields": {templateFields}, "limit": {"100"}})
	var templates []parley.Template
	for _, o := range items {
		templates = append(templates, templateOf(s, o, c.budget.now()))
	}
	return templates, err
}

func templateOf(s *parley.Sender, o Object, now time.Time) parley.Template {
	t := parley.Template{
		WorkspaceID: s.WorkspaceID, WABAID: s.WABAID, MetaID: o.Label("id", 64), Name: o.Label("name", 512),
		Language: o.Label("language", 32), Category: strings.ToUpper(o.Label("category", 64)),
		Status: strings.ToUpper(o.Label("status", 64)), Reason: o.Label("rejected_reason", 1024),
		Quality: QualityOf(o.Object("quality_score").Text("score")), Format: strings.ToLower(o.Label("parameter_format", 16)),
		Components: json.RawMessage("[]"), SyncedAt: now,
	}
	if strings.EqualFold(t.Reason, "none") {
		t.Reason = ""
	}
	if AsList(o["components"]) != nil {
		t.Components = o["components"]
	}
	if t.Format != "named" {
		t.Format = "positional"
	}
	return t
}

// CreateTemplate checks a template and asks Meta to approve it. It returns t
// with Meta's id, status and category; CodeInvalid with Fields for what
// CheckTemplate finds.
func (c *Client) CreateTemplate(ctx context.Context, s *parley.Sender, t *parley.Template) (*parley.Template, error) {
	if err := CheckTemplate(t); err != nil {
		return nil, err
	}
	res, err := c.do(ctx, s, Call{Method: http.MethodPost, Path: []string{s.WABAID, "message_templates"}, JSON: map[string]any{
		"name": t.Name, "language": t.Language, "category": t.Category, "parameter_format": formatOf(t), "components": t.Components,
	}})
	if err != nil {
		return nil, err
	}
	made := *t
	made.WABAID, made.SyncedAt, made.Reason = s.WABAID, c.budget.now(), ""
	made.MetaID, made.Status, made.Quality = res.Label("id", 64), strings.ToUpper(res.Label("status", 64)), parley.QualityUnknown
	if category := strings.ToUpper(res.Label("category", 64)); category != "" {
		made.Category = category
	}
	if made.MetaID == "" {
		return nil, parley.Errorf(parley.CodeUnavailable, "Meta took the template and gave it no id: synchronise the templates.")
	}
	return &made, nil
}

// DeleteTemplate deletes one template, or with "" as metaID the template in
// every language.
func (c *Client) DeleteTemplate(ctx context.Context, s *parley.Sender, name, metaID string) error {
	query := url.Values{"name": {name}}
	if metaID != "" {
		query.Set("hsm_id", metaID)
	}
	return done(c.do(ctx, s, Call{Method: http.MethodDelete, Path: []string{s.WABAID, "message_templates"}, Query: query}))
}
