package metasim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley/internal/metasim/graph"
	"parley/internal/metasim/screen"
)

// maxTemplates of a verified account.
const maxTemplates = 6000

// getTemplates lists templates, filtered, page by page.
func (s *Sim) getTemplates(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(cmp.Or(q.Get("limit"), "25"))
	if err != nil || limit < 1 {
		return nil, graph.NewError(100, "The parameter limit must be a positive number.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, fault := s.accountOf(w, r)
	if fault != nil {
		return nil, fault
	}
	list, after := []any{}, q.Get("after")
	skipping := after != ""
	for _, t := range s.templates {
		if t.AccountID != a.ID || !graph.Listed(q, "status", t.Status) || !graph.Listed(q, "language", t.Language) || !graph.Listed(q, "category", t.Category) ||
			!strings.Contains(t.Name, q.Get("name")) {
			continue
		}
		switch {
		case skipping:
			skipping = t.ID != after
		case len(list) == limit:
			last := list[limit-1].(map[string]any)["id"].(string)
			return graph.Page(list, last), nil
		default:
			list = append(list, graph.Pick(t.Object(s.wall(s.now())), graph.Fields(r)))
		}
	}
	return graph.Page(list, ""), nil
}

func (s *Sim) postTemplates(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	var req graph.TemplateRequest
	if err := decodeGraph(w, r, &req); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.accountOf(w, r)
	if err != nil {
		return nil, err
	}
	t, err := req.Template(a.ID)
	if err != nil {
		return nil, err
	}
	of := 0
	for _, x := range s.templates {
		if x.AccountID != a.ID {
			continue
		}
		if of++; x.Name == t.Name && x.Language == t.Language {
			return nil, graph.Subcode(2388024, "Content in this language already exists", "There is already %s content for this template.", t.Language)
		}
	}
	if of >= maxTemplates {
		return nil, graph.NewError(100, "The account has %d templates already.", of)
	}
	s.templates = append(s.templates, t)
	s.review(t)
	s.event(screen.Event{Type: "template"})
	return map[string]any{"id": t.ID, "status": t.Status, "category": t.Category}, nil
}

// postTemplate changes a template, which is reviewed again.
func (s *Sim) postTemplate(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	var req graph.TemplateRequest
	if err := decodeGraph(w, r, &req); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := find(s.templates, func(t *graph.Template) bool { return t.ID == r.PathValue("id") })
	if t == nil {
		return nil, graph.NoObject(r.PathValue("id"))
	}
	a := s.accountByID(t.AccountID)
	if err := s.managed(w, a); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{graph.TemplateApproved, graph.TemplateRejected, graph.TemplatePaused}, t.Status) {
		return nil, graph.NewError(100, "A template that is %s cannot be changed.", t.Status)
	}
	req.Name, req.Language = t.Name, t.Language
	req.Category, req.Format = cmp.Or(req.Category, t.Category), cmp.Or(req.Format, t.Format)
	if len(req.Components) == 0 {
		req.Components = t.Components
	}
	changed, err := req.Template(a.ID)
	if err != nil {
		return nil, err
	}
	*t = *changed
	s.review(t)
	s.event(screen.Event{Type: "template"})
	return success(), nil
}

func (s *Sim) deleteTemplates(w http.ResponseWriter, r *http.Request) (any, *graph.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.accountOf(w, r)
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	name, id := q.Get("name"), q.Get("hsm_id")
	if name == "" {
		return nil, graph.NewError(100, "The parameter name is required.")
	}
	before := len(s.templates)
	s.templates = slices.DeleteFunc(s.templates, func(t *graph.Template) bool {
		return t.AccountID == a.ID && t.Name == name && (id == "" || t.ID == id)
	})
	if len(s.templates) == before {
		return nil, graph.Subcode(2593002, "Message template not found", "There is no template %s.", name)
	}
	s.event(screen.Event{Type: "template"})
	return success(), nil
}
