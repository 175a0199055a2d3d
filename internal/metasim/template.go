package metasim

import (
	"slices"
	"strings"

	"parley"
	"parley/internal/metasim/graph"
	"parley/internal/metasim/screen"
)

// review decides on a template as the rules of the simulator say: a name with
// "reject", or variables side by side, is refused; one with "hold" waits for a
// person; every other is approved.
func (s *Sim) review(t *graph.Template) {
	s.after(s.cfg.ReviewDelay, func() {
		switch {
		case t.Status != graph.TemplatePending || strings.Contains(t.Name, "hold"):
		case strings.Contains(t.Name, "reject"):
			s.decide(t, graph.TemplateRejected, "PROMOTIONAL")
		case strings.Contains(strings.ReplaceAll(t.Body(), " ", ""), "}}{{"):
			s.decide(t, graph.TemplateRejected, "INVALID_FORMAT")
		default:
			s.decide(t, graph.TemplateApproved, "")
		}
	})
}

// templateStates are what a template may become by hand.
var templateStates = []string{graph.TemplateApproved, graph.TemplateRejected, graph.TemplatePending, graph.TemplatePaused, graph.TemplateDisabled, "FLAGGED", "ARCHIVED", "IN_APPEAL"}

// ReviewTemplate sets the state of a template and tells the business. Errors:
// not_found, invalid.
func (s *Sim) ReviewTemplate(id, status, reason string) (graph.Template, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := find(s.templates, func(t *graph.Template) bool { return t.ID == id })
	switch {
	case t == nil:
		return graph.Template{}, parley.Errorf(parley.CodeNotFound, "There is no template %q.", id)
	case !slices.Contains(templateStates, status):
		return graph.Template{}, parley.Errorf(parley.CodeInvalid, "A template is %s.", strings.Join(templateStates, ", "))
	}
	s.decide(t, status, reason)
	return *t, nil
}

func (s *Sim) decide(t *graph.Template, status, reason string) {
	t.Status, t.Reason = status, reason
	if a := s.accountByID(t.AccountID); a != nil {
		s.notify(a, "message_template_status_update", t.Update(s.wall(s.now())))
	}
	s.event(screen.Event{Type: "template"})
}

// Templates returns the templates of all accounts.
func (s *Sim) Templates() []graph.Template {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]graph.Template, len(s.templates))
	for i, t := range s.templates {
		out[i] = *t
	}
	return out
}
