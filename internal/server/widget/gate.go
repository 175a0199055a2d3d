package widget

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
)

// need says what a route asks for.
type need int

const (
	noToken need = iota
	maybeToken
	token
	preflight // nothing but the headers
)

// serve lets a request through to its handler if it may pass: the widget
// exists, the site is allowed, the token holds, and there were not too many.
func (s *Visitors) serve(w http.ResponseWriter, r *http.Request, needs need, handler func(*call) error) {
	w.Header().Set("Cache-Control", "no-store")
	c := &call{Context: r.Context(), r: r, w: w}
	err := s.admit(c, needs)
	if err == nil && needs == preflight {
		s.allowRequest(c)
		return
	}
	if err == nil {
		err = handler(c)
	}
	if err != nil {
		api.Drain(r.Body)
		wire.ProblemOf(r.Context(), s.Log, err).Write(w)
	}
}

// admit fills in the call. It returns CodeNotFound, CodeForbidden,
// CodeUnauthorized and CodeRateLimited.
func (s *Visitors) admit(c *call, needs need) error {
	c.w.Header().Add("Vary", "Origin")
	if err := wire.CheckQuery(c.r.URL.RawQuery); err != nil {
		return err
	}
	if _, err := s.limits.requests.address.Take(s.Address(c.r)); err != nil {
		return err
	}
	var err error
	if c.widget, c.epoch, err = s.find(c, c.r.PathValue("widget")); err != nil {
		return err
	}
	if c.origin, err = s.allowed(c.r, c.widget); err != nil {
		return err
	}
	if c.origin != "" {
		h := c.w.Header()
		h.Set("Access-Control-Allow-Origin", c.origin)
		h.Set("Access-Control-Expose-Headers", "Retry-After, Content-Disposition")
	}
	given, has := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if needs == token || needs == maybeToken && has {
		if c.who, err = s.open(given, c.widget.ID, c.epoch); err != nil && needs == token {
			return err
		}
	}
	if c.who != nil {
		if c.who.Member != "" {
			c.widget = drafted(c.widget)
		}
		_, err := s.limits.requests.visitor.Take(c.widget.ID + c.who.ID)
		return err
	}
	return nil
}

// allowRequest answers a preflight.
func (s *Visitors) allowRequest(c *call) {
	h := c.w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	h.Set("Access-Control-Max-Age", "7200")
	c.w.WriteHeader(http.StatusNoContent)
}

// allowed returns the origin that a request comes from, "" if it says none and
// needs none. It returns CodeForbidden for a site that is not on the widget's
// list.
func (s *Visitors) allowed(r *http.Request, w *parley.Widget) (string, error) {
	forbidden := refuse(parley.CodeForbidden, "origin", "This widget may not be used on this site.")
	given := r.Header.Values("Origin")
	switch {
	case len(given) > 1:
		return "", forbidden
	case len(given) == 0 || given[0] == "":
		if len(w.Settings.Origins) == 0 || r.Header.Get("Sec-Fetch-Site") == "same-origin" {
			return "", nil
		}
		return "", forbidden
	case s.own(r, given[0]), w.Settings.AllowsOrigin(given[0]):
		return given[0], nil
	}
	return "", forbidden
}

// own reports whether an origin is Parley's own.
func (s *Visitors) own(r *http.Request, origin string) bool {
	if s.origin != "" {
		return strings.EqualFold(origin, s.origin)
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// widgetCache keeps the settings of widgets that are in use. Whether they are
// those of now is asked at every request; what it spares is to read them.
type widgetCache struct {
	mu  sync.RWMutex
	all map[string]*parley.Widget
}

// maxWidgets bounds the cache.
const maxWidgets = 1000

// find returns a widget with its settings and epochs as they are now. It
// returns CodeNotFound.
func (s *Visitors) find(c *call, id string) (*parley.Widget, parley.VisitorEpoch, error) {
	if !parley.ValidID(id) {
		return nil, parley.VisitorEpoch{}, parley.Errorf(parley.CodeNotFound, "There is no such widget.")
	}
	st, err := s.Store.WidgetState(c, id)
	if err != nil {
		return nil, st.Epoch, err
	}
	s.widgets.mu.RLock()
	w := s.widgets.all[id]
	s.widgets.mu.RUnlock()
	if w != nil && w.UpdatedAt.Equal(st.UpdatedAt) {
		return w, st.Epoch, nil
	}
	if w, err = s.Store.PublicWidget(c, id); err != nil {
		return nil, st.Epoch, err
	}
	s.widgets.mu.Lock()
	defer s.widgets.mu.Unlock()
	if len(s.widgets.all) >= maxWidgets || s.widgets.all == nil {
		s.widgets.all = map[string]*parley.Widget{}
	}
	s.widgets.all[id] = w
	return w, st.Epoch, nil
}

// openStreams bounds the streams of one visitor.
type openStreams struct {
	mu  sync.Mutex
	all map[string][]chan struct{}
}

// maxStreams is how many streams a visitor may have: tabs.
const maxStreams = 5

// enter makes room for a stream: the oldest of too many is told to end. leave
// must be called when the stream has ended.
func (o *openStreams) enter(visitor string) (ended <-chan struct{}, leave func()) {
	mine := make(chan struct{})
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.all == nil {
		o.all = map[string][]chan struct{}{}
	}
	open := o.all[visitor]
	if len(open) >= maxStreams {
		close(open[0])
		open = open[1:]
	}
	o.all[visitor] = append(open, mine)
	return mine, func() { o.leave(visitor, mine) }
}

func (o *openStreams) leave(visitor string, mine chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	open := o.all[visitor]
	for i, c := range open {
		if c == mine {
			open = append(open[:i:i], open[i+1:]...)
			break
		}
	}
	if len(open) == 0 {
		delete(o.all, visitor)
		return
	}
	o.all[visitor] = open
}

// mayWrite returns CodeForbidden for a visitor who has to be verified first.
func mayWrite(c *call) error {
	if c.widget.Settings.Identity == parley.IdentityRequired && c.who.User == nil && c.who.Member == "" {
		return refuse(parley.CodeForbidden, "identity", "Sign in on the site to chat.")
	}
	return nil
}

// answered returns CodeConflict while nobody answers because of the hour.
func (s *Visitors) answered(c *call) error {
	h := &c.widget.Settings.Hours
	if closed, _ := h.Closed(s.Now()); closed && !h.AssistantAnswers {
		return refuse(parley.CodeConflict, "hours", "Nobody answers at the moment. You can leave an e-mail address.")
	}
	return nil
}

// perMinute is the time between two of n events in a minute.
func perMinute(n int) time.Duration { return time.Minute / time.Duration(max(n, 1)) }
