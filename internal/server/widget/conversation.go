package widget

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
	"parley/internal/engine"
	"parley/internal/store"
	"parley/internal/transcript"
	"parley/internal/variable"
)

// listed is how many conversations a visitor is shown.
const listed = 50

func (s *Visitors) list(c *call) error {
	found, err := s.Store.VisitorConversations(c, c.widget.WorkspaceID, c.widget.ID, c.who.ID, listed)
	if err != nil {
		return err
	}
	out := List{Data: []Conversation{}}
	for i := range found {
		out.Data = append(out.Data, conversationOf(&found[i]))
	}
	return c.answer(http.StatusOK, out)
}

func (s *Visitors) conversation(c *call) error {
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, conversationOf(row))
}

// active returns the visitor's active conversation with the widget's assistant,
// nil if there is none.
func (s *Visitors) active(c *call) (*store.VisitorRow, error) {
	found, err := s.Store.VisitorConversations(c, c.widget.WorkspaceID, c.widget.ID, c.who.ID, 10)
	if err != nil {
		return nil, err
	}
	for i := range found {
		if found[i].Status == parley.ConversationActive && found[i].AssistantID == c.widget.AssistantID {
			return &found[i], nil
		}
	}
	return nil, nil
}

// start begins a conversation with what the form says, or continues the active
// one.
func (s *Visitors) start(c *call) error {
	var in Start
	if err := c.decode(&in); err != nil {
		return err
	}
	if err := mayWrite(c); err != nil {
		return err
	}
	if err := s.answered(c); err != nil {
		return err
	}
	row, err := s.active(c)
	if err != nil {
		return err
	}
	filled := &parley.FilledForm{}
	if form := c.widget.Settings.Form; row == nil || len(in.Values) > 0 {
		if c.who.Member != "" {
			if form, err = draftForm(&in); err != nil {
				return err
			}
		} else if !form.Enabled {
			form.Fields = nil
		}
		if filled, err = form.Fill(in.Values, in.Consents); err != nil {
			return err
		}
	}
	vars, _, err := s.known(c, in.Variables, filled.Variables)
	if err != nil {
		return err
	}
	conv, created, err := s.begin(c, row, &opening{
		variables: append(vars, filled.Variables...), consents: filled.Consents, language: in.Language, page: in.Page,
		name: cmp.Or(filled.Name, c.who.name(), tidy(in.Name), filled.Email, tidy(in.Email)),
	})
	if err != nil {
		return err
	}
	return s.started(c, conv.ID, created)
}

// opening is what is known when a conversation begins.
type opening struct {
	variables      []parley.Variable
	consents       []parley.Consent
	language, page string
	name, email    string
}

// begin opens a conversation, within the limits of new ones, or continues row.
func (s *Visitors) begin(c *call, row *store.VisitorRow, o *opening) (*parley.Conversation, bool, error) {
	if row == nil {
		undo, err := s.limits.starts.visitor.Take(c.widget.ID + c.who.ID)
		if err != nil {
			return nil, false, err
		}
		if _, err := s.limits.starts.address.Take(s.Address(c.r)); err != nil {
			undo()
			return nil, false, err
		}
	}
	for i := range o.consents {
		o.consents[i].At = s.Now().UTC()
	}
	return s.Engine.Open(c, engine.OpenRequest{
		WorkspaceID: c.widget.WorkspaceID, AssistantID: c.widget.AssistantID, Source: c.who.source(),
		Identities: c.who.identities(), ContactName: o.name, Values: o.variables,
		Visitor: &parley.VisitorConversation{
			WidgetID: c.widget.ID, VisitorID: c.who.ID, Language: cleanLanguage(o.language), Page: cleanPage(o.page),
			Email: o.email, Consents: o.consents,
		},
	})
}

// tidy makes one line of at most 200 bytes of what a page calls its visitor.
func tidy(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	for len(s) > maxUserLen {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

func cleanLanguage(tag string) string {
	if len(tag) > 35 || strings.ContainsFunc(tag, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return ""
	}
	return tag
}

// cleanPage keeps an address without what may hold secrets.
func cleanPage(page string) string {
	u, err := url.Parse(page)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || len(page) > 2000 {
		return ""
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	return u.String()
}

// known turns what a page says through setVariables into variables: those that
// the assistant or the form declare. The rest is named. What the form says
// goes before.
func (s *Visitors) known(c *call, given map[string]any, form []parley.Variable) (vars []parley.Variable, ignored []string, err error) {
	ignored = []string{}
	if len(given) == 0 {
		return nil, ignored, nil
	}
	a, err := s.Store.Assistant(c, c.widget.WorkspaceID, c.widget.AssistantID)
	if err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if slices.ContainsFunc(form, func(v parley.Variable) bool { return v.Name == name }) {
			continue
		}
		if v, ok := s.declared(c, a, name, given[name]); ok {
			vars = append(vars, v)
		} else {
			ignored = append(ignored, name)
		}
	}
	return vars, ignored, nil
}

// declared returns the variable of a name with a value that fits; false if
// nobody declares it or the value does not fit.
func (s *Visitors) declared(c *call, a *parley.Assistant, name string, value any) (parley.Variable, bool) {
	v := parley.Variable{Name: name, Source: parley.FromPreChat}
	schema, ok := variable.Find(a.Config.Variables, name, "")
	if ok && schema.Source != parley.FromEvaluation {
		raw, err := json.Marshal(value)
		if err != nil {
			return v, false
		}
		v.Type = schema.Type
		v.Value, err = variable.Check(schema, raw)
		return v, err == nil
	}
	for i := range c.widget.Settings.Form.Fields {
		f := &c.widget.Settings.Form.Fields[i]
		if f.Name == name && f.Consent == "" {
			value, wrong := f.Check(value)
			v.Type, v.Value = f.Variable(), value
			return v, wrong == "" && value != nil
		}
	}
	return v, false
}

func (s *Visitors) variables(c *call) error {
	var in Variables
	if err := c.decode(&in); err != nil {
		return err
	}
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	if err := mayWrite(c); err != nil {
		return err
	}
	if row.Status != parley.ConversationActive {
		return refuse(parley.CodeConflict, "ended", "The conversation has ended.")
	}
	vars, ignored, err := s.known(c, in.Variables, nil)
	if err != nil {
		return err
	}
	if len(vars) > 0 {
		conv, err := s.Store.SaveVariables(c, row.WorkspaceID, row.ID, vars)
		if err != nil {
			return err
		}
		s.changed(conv)
	}
	return c.answer(http.StatusOK, Ignored{Ignored: ignored})
}

func (s *Visitors) end(c *call) error {
	if err := c.decode(&struct{}{}); err != nil {
		return err
	}
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	if _, err := s.Engine.End(c, row.WorkspaceID, row.ID, parley.EndContact, engine.Actor{}); err != nil {
		return err
	}
	return s.conversation(c)
}

// maxComment is the longest comment of a rating, in runes.
const maxComment = 2000

func (s *Visitors) rate(c *call) error {
	var in Rate
	if err := c.decode(&in); err != nil {
		return err
	}
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	switch {
	case in.Score < 1 || in.Score > 5:
		return refuse(parley.CodeInvalid, "score", "A rating is from 1 to 5.")
	case utf8.RuneCountInString(in.Comment) > maxComment:
		return refuse(parley.CodeTooLarge, "comment", "A comment has at most 2000 characters.")
	}
	conv, err := s.Store.RateConversation(c, row.WorkspaceID, row.ID, in.Score, strings.TrimSpace(in.Comment))
	if err != nil {
		return err
	}
	s.changed(conv)
	return s.conversation(c)
}

func (s *Visitors) read(c *call) error {
	var in Read
	if err := c.decode(&in); err != nil {
		return err
	}
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	if in.Seq <= row.Visitor.ReadSeq {
		return c.done()
	}
	conv, changed, err := s.Store.MarkRead(c, row.WorkspaceID, row.ID, in.Seq)
	if err != nil {
		return err
	}
	if changed {
		s.changed(conv)
	}
	return c.done()
}

// readAll bounds how many messages are read at once.
const readAll = 500

// transcript is what was said, as a download. What is for members only is not
// in it.
func (s *Visitors) transcript(c *call) error {
	row, err := s.mine(c)
	if err != nil {
		return err
	}
	zone := time.UTC
	if tz := c.r.URL.Query().Get("tz"); tz != "" && tz != "Local" && len(tz) <= 64 {
		if zone, err = time.LoadLocation(tz); err != nil {
			return refuse(parley.CodeInvalid, "tz", "There is no such time zone.")
		}
	}
	var said []parley.Message
	for after := int64(0); ; {
		some, err := s.Store.Messages(c, row.WorkspaceID, row.ID, after, readAll)
		if err != nil {
			return err
		}
		for i := range some {
			if some[i].Role.Counts() {
				said = append(said, some[i])
			}
		}
		if len(some) < readAll {
			break
		}
		after = some[len(some)-1].Seq
	}
	assistant := "" // it may be gone
	switch a, err := s.Store.Assistant(c, row.WorkspaceID, row.AssistantID); {
	case err == nil:
		assistant = a.Config.Name
	case parley.ErrorCode(err) != parley.CodeNotFound:
		return err
	}
	tag, _ := s.accepted(&c.widget.Settings, c.r.Header.Get("Accept-Language"))
	info := transcript.Info{
		StartedAt: row.StartedAt, LastAt: row.LastActivityAt, Zone: zone,
		Speakers: map[parley.MessageRole]string{parley.ByUser: s.text(&c.widget.Settings, tag, "you"), parley.ByAssistant: assistant},
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="conversation-`+row.StartedAt.In(zone).Format(time.DateOnly)+`.txt"`)
	_, _ = c.w.Write([]byte(transcript.Text(info, said))) // the reader may have gone
	return nil
}
