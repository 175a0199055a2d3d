package world

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"parley/internal/metasim/graph"
)

// Person is a customer with a phone.
type Person struct {
	ID           string `json:"id"`
	Name         string `json:"name"` // of the profile; may be empty
	Phone        string `json:"phone"`
	UserID       string `json:"user_id"` // business-scoped; made from the phone if empty
	ParentUserID string `json:"parent_user_id,omitempty"`
	Username     string `json:"username,omitempty"`
	// Identity says what the business is told: both, user_id (the phone is
	// hidden) or phone (as before user ids existed).
	Identity string `json:"identity"`
	AutoRead bool   `json:"auto_read"` // what arrives is read at once
	Offline  bool   `json:"offline"`   // nothing arrives until the phone is on again
}

// What a business is told about who a person is.
const (
	IdentityBoth   = "both"
	IdentityUserID = "user_id"
	IdentityPhone  = "phone"
)

// DefaultPeople are a handful of customers, one of each kind of identity.
func DefaultPeople() []Person {
	return []Person{
		{ID: "sheena", Name: "Sheena Nelson", Phone: "16505551234", UserID: "US.13491208655302741918", AutoRead: true},
		{ID: "pablo", Name: "Pablo Morales", Phone: "34655501122", UserID: "ES.22907741650038841177", Username: "pablomorales", AutoRead: true},
		{ID: "yuki", Name: "Yuki Tanaka", Phone: "819055501133", UserID: "JP.30551177420099316624", Username: "yuki.t", Identity: IdentityUserID, AutoRead: true},
		{ID: "amina", Name: "أمينة حداد", Phone: "212655501144", Identity: IdentityPhone},
		{ID: "no-name", Phone: "4915155501155", UserID: "DE.41120065508831907752", AutoRead: true},
	}
}

// UserIDOf makes a business-scoped user id. It does not depend on the seed, so
// that a person stays the same when the simulator starts again.
func UserIDOf(phone, change string) string {
	sum := sha256.Sum256([]byte("user " + phone + " " + change))
	return fmt.Sprintf("US.%d%09d", binary.BigEndian.Uint64(sum[:])>>1, binary.BigEndian.Uint32(sum[8:])%1_000_000_000)
}

// ShowsPhone reports whether the business is told the phone number.
func (p *Person) ShowsPhone() bool { return p.Identity != IdentityUserID }

// ShowsUserID reports whether the business is told the user id.
func (p *Person) ShowsUserID() bool { return p.Identity != IdentityPhone }

// Contact is the person as a webhook describes it.
func (p *Person) Contact() json.RawMessage {
	profile := map[string]any{}
	if p.Name != "" {
		profile["name"] = p.Name
	}
	c := map[string]any{"profile": profile}
	if p.ShowsPhone() {
		c["wa_id"] = p.Phone
	}
	if p.ShowsUserID() {
		c["user_id"] = p.UserID
		if p.Username != "" {
			profile["username"] = "@" + p.Username
		}
		if p.ParentUserID != "" {
			c["parent_user_id"] = p.ParentUserID
		}
	}
	return graph.Raw(c)
}

// Identify writes who the person is into a message or a status, with the names
// that the fields have there.
func (p *Person) Identify(m map[string]any, phone, userID, parentID string) {
	if p.ShowsPhone() {
		m[phone] = p.Phone
	}
	if p.ShowsUserID() {
		m[userID] = p.UserID
		if p.ParentUserID != "" {
			m[parentID] = p.ParentUserID
		}
	}
}
