package metasim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/metasim/screen"
	"parley/internal/metasim/world"

	"parley"
)

type person struct {
	world.Person
	chats map[*number]*chat
}

// addPerson makes a person complete and keeps it. mu is held, or nobody else
// knows s yet.
func (s *Sim) addPerson(p world.Person) *person {
	p.Identity = cmp.Or(p.Identity, world.IdentityBoth)
	p.UserID = cmp.Or(p.UserID, world.UserIDOf(p.Phone, ""))
	p.ID = cmp.Or(p.ID, "p"+p.Phone)
	x := &person{Person: p, chats: map[*number]*chat{}}
	s.people = append(s.people, x)
	s.name(x)
	return x
}

// maxPeople bounds the customers.
const maxPeople = 200_000

// AddPerson adds a customer. Errors: invalid, conflict when the phone or the
// id is taken.
func (s *Sim) AddPerson(p world.Person) (world.Person, error) {
	p.Phone = digits(p.Phone)
	switch {
	case len(p.Phone) < 7 || len(p.Phone) > 15:
		return world.Person{}, parley.Errorf(parley.CodeInvalid, "A phone number has 7 to 15 digits, with the country code.")
	case len(p.Name) > 500 || len(p.Username) > 100 || len(p.ID) > 100 || len(p.UserID) > 140:
		return world.Person{}, parley.Errorf(parley.CodeInvalid, "The name is too long.")
	case p.Identity != "" && !slices.Contains([]string{world.IdentityBoth, world.IdentityUserID, world.IdentityPhone}, p.Identity):
		return world.Person{}, parley.Errorf(parley.CodeInvalid, "The identity is both, user_id or phone.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ID = cmp.Or(p.ID, "p"+p.Phone)
	if len(s.people) >= maxPeople {
		return world.Person{}, parley.Errorf(parley.CodeConflict, "There are %d phones already.", maxPeople)
	}
	if s.personByID(p.ID) != nil || s.personByPhone(p.Phone) != nil {
		return world.Person{}, parley.Errorf(parley.CodeConflict, "There is a phone with that number already.")
	}
	x := s.addPerson(p)
	s.event(screen.Event{Type: "person", PersonID: x.ID})
	return x.Person, nil
}

// People returns the customers.
func (s *Sim) People() []world.Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]world.Person, len(s.people))
	for i, p := range s.people {
		out[i] = p.Person
	}
	return out
}

// PersonChange is what may be changed about a person; nil leaves it.
type PersonChange struct {
	Name     *string `json:"name"`
	Username *string `json:"username"`
	Identity *string `json:"identity"`
	AutoRead *bool   `json:"auto_read"`
	Offline  *bool   `json:"offline"`
}

// UpdatePerson changes a person. A phone that is on again gets what waited.
// Errors: not_found, invalid.
func (s *Sim) UpdatePerson(id string, c PersonChange) (world.Person, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.personByID(id)
	switch {
	case p == nil:
		return world.Person{}, noPerson(id)
	case c.Identity != nil && !slices.Contains([]string{world.IdentityBoth, world.IdentityUserID, world.IdentityPhone}, *c.Identity):
		return world.Person{}, parley.Errorf(parley.CodeInvalid, "The identity is both, user_id or phone.")
	case c.Name != nil && len(*c.Name) > 500, c.Username != nil && len(*c.Username) > 100:
		return world.Person{}, parley.Errorf(parley.CodeInvalid, "The name is too long.")
	}
	set(&p.Name, c.Name)
	set(&p.Username, c.Username)
	set(&p.Identity, c.Identity)
	set(&p.AutoRead, c.AutoRead)
	was := p.Offline
	if set(&p.Offline, c.Offline); was && !p.Offline {
		for _, n := range s.numbers {
			if c := p.chats[n]; c != nil {
				s.arriveAll(c)
			}
		}
	}
	s.event(screen.Event{Type: "person", PersonID: p.ID})
	return p.Person, nil
}

func noPerson(id string) error {
	return parley.Errorf(parley.CodeNotFound, "There is no phone %q.", id)
}

// HasPerson reports whether there is such a person.
func (s *Sim) HasPerson(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.personByID(id) != nil
}

// The people by what names them; who holds all three.
func (s *Sim) personByID(id string) *person         { return s.who["id "+id] }
func (s *Sim) personByPhone(phone string) *person   { return s.who["phone "+phone] }
func (s *Sim) personByUserID(userID string) *person { return s.who["user "+userID] }

// name makes a person found, by its first or its new names.
func (s *Sim) name(p *person) {
	s.who["id "+p.ID], s.who["phone "+p.Phone], s.who["user "+p.UserID] = p, p, p
	if p.ParentUserID != "" {
		s.who["user "+p.ParentUserID] = p
	}
}

// digits keeps the digits of a phone number.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// changeIdentity gives the person another user id, and another phone if there
// is one, and tells every number that knows the person.
func (s *Sim) changeIdentity(p *person, phone string) {
	old := p.Person
	delete(s.who, "phone "+old.Phone)
	delete(s.who, "user "+old.UserID)
	defer s.name(p)
	kind, body := "user_changed_user_id", fmt.Sprintf("User %s changed user id", p.Name)
	system := map[string]any{"previous_user_id": old.UserID}
	if phone != "" {
		kind, body = "user_changed_number", fmt.Sprintf("User %s changed from %s to %s", p.Name, old.Phone, phone)
	}
	s.lastID++
	p.UserID = world.UserIDOf(cmp.Or(phone, old.Phone), fmt.Sprint(s.lastID, s.now().UnixNano()))
	if phone != "" {
		p.Phone = phone
		if p.ShowsPhone() {
			system["wa_id"] = phone
		}
	}
	system["type"], system["body"] = kind, body
	if p.ShowsUserID() {
		system["user_id"] = p.UserID
	} else {
		delete(system, "previous_user_id")
	}
	for _, n := range s.numbers {
		c := p.chats[n]
		if c == nil {
			continue
		}
		m := map[string]any{
			"id": s.wamid(c, p.Phone, inboundMark), "timestamp": stamp(s.wall(s.now())), "type": "system", "system": system,
		}
		old.Identify(m, "from", "from_user_id", "from_parent_user_id")
		s.emit(s.news(n, "messages", "messages", m, nil, m["id"].(string)))
	}
	s.event(screen.Event{Type: "person", PersonID: p.ID})
}

// stamp writes a time as webhooks do.
func stamp(t time.Time) string { return fmt.Sprint(t.Unix()) }
