package whatsapp

import (
	"regexp"
	"slices"
	"strings"

	"parley"
	"parley/internal/channel/whatsapp/graph"
)

// isBSUID knows a business-scoped user id: a country, then letters and digits,
// with ENT between them for that of the portfolio.
var isBSUID = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)

// person is one of the contacts that come with messages and statuses.
type person struct {
	waID, userID, parentID string
	name, username         string
}

// people are the contacts of a value.
type people struct {
	only person // of a list of one
	one  bool
	byID map[string]person
}

func peopleOf(value graph.Object) people {
	all := people{byID: map[string]person{}}
	list := value.List("contacts")
	for _, raw := range list {
		o := graph.AsObject(raw)
		profile := o.Object("profile")
		p := person{
			waID: o.Text("wa_id"), userID: o.Text("user_id"), parentID: o.Text("parent_user_id"),
			name: nameOf(profile.Label("name", 256)), username: nameOf(profile.Label("username", 128)),
		}
		for _, id := range []string{p.waID, p.userID} {
			if _, known := all.byID[id]; id != "" && !known {
				all.byID[id] = p
			}
		}
		all.only, all.one = p, len(list) == 1
	}
	return all
}

// nameOf leaves out the signs that stand for broken characters.
func nameOf(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\uFFFD", "")) }

// contact joins what a message or a status says of its person with the contact
// that comes beside it.
func (in *place) contact(phone, userID, parentID string) Contact {
	var c Contact
	p := in.person(phone, userID)
	for _, v := range []string{phone, p.waID, userID, p.userID, parentID, p.parentID} {
		c.add(v)
	}
	slices.SortStableFunc(c.Identities, func(a, b parley.Identity) int { return strength(a.Kind) - strength(b.Kind) })
	c.Name, c.Username = p.name, p.username
	return c
}

// person finds the contact that belongs to a message. Where ids differ, as those
// of Brazilian numbers with and without their ninth digit, it is the only one
// beside the only message.
func (in *place) person(phone, userID string) person {
	for _, id := range []string{phone, userID} {
		if p, ok := in.people.byID[id]; ok {
			return p
		}
	}
	if in.alone && in.people.one && alike(in.people.only.waID, phone) {
		return in.people.only
	}
	return person{}
}

// alike reports whether two ids can be the same person's: two phone numbers that
// end differently cannot.
func alike(a, b string) bool {
	const tail = 8
	a, b = graph.Phone(a), graph.Phone(b)
	return len(a) <= tail || len(b) <= tail || a[len(a)-tail:] == b[len(b)-tail:]
}

// add takes an id, whatever field it was in: a BSUID has been seen in the place
// of a phone number.
func (c *Contact) add(v string) {
	v = strings.TrimSpace(v)
	id := parley.Identity{Kind: parley.IdentityPhone, Value: graph.Phone(v)}
	if m := isBSUID.FindStringSubmatch(v); m != nil {
		id = parley.Identity{Kind: parley.IdentityBSUID, Value: v}
		if m[1] != "" {
			id.Kind = parley.IdentityBSUIDGroup
		}
	}
	if id.Value != "" && !slices.Contains(c.Identities, id) {
		c.Identities = append(c.Identities, id)
	}
}

// strength orders the kinds of identities.
func strength(k parley.IdentityKind) int {
	return slices.Index([]parley.IdentityKind{
		parley.IdentityPhone, parley.IdentityBSUID, parley.IdentityBSUIDGroup,
	}, k)
}

func firstPhone(of ...string) string {
	for _, s := range of {
		if phone := graph.Phone(s); phone != "" {
			return phone
		}
	}
	return ""
}
