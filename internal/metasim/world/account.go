package world

import (
	"cmp"
	"fmt"
	"strings"
)

// Portfolio is the business that owns everything; the messaging limit is its.
type Portfolio struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Limit string `json:"limit"` // such as TIER_250
}

// Account is a WhatsApp business account with its numbers.
type Account struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Numbers []Number `json:"numbers"`
}

// Number is one business number.
type Number struct {
	ID           string `json:"id"`
	Phone        string `json:"phone"` // digits with the country code
	CountryCode  string `json:"country_code"`
	VerifiedName string `json:"verified_name"`
	NameStatus   string `json:"name_status"`
	Quality      string `json:"quality"` // GREEN, YELLOW, RED or UNKNOWN
	Status       string `json:"status"`  // CONNECTED, or why it cannot send
	Throughput   int    `json:"throughput"`
	Coexistence  bool   `json:"coexistence"` // it is in the WhatsApp Business app too
	PIN          string `json:"-"`
}

// Throughputs of Meta, in messages a second, in and out together.
const (
	ThroughputStandard    = 80
	ThroughputHigh        = 1000
	throughputCoexistence = 20
)

// Connected is the status of a number that works.
const Connected = "CONNECTED"

// Fill sets what was left empty.
func (n *Number) Fill() {
	n.NameStatus = cmp.Or(n.NameStatus, "APPROVED")
	n.Quality = cmp.Or(n.Quality, "GREEN")
	n.Status = cmp.Or(n.Status, Connected)
	n.PIN = cmp.Or(n.PIN, "123456")
	switch {
	case n.Throughput > 0:
	case n.Coexistence:
		n.Throughput = throughputCoexistence
	default:
		n.Throughput = ThroughputStandard
	}
}

// Display writes the number as Meta's API does, such as +1 555-078-3881.
func (n *Number) Display() string {
	rest := strings.TrimPrefix(n.Phone, n.CountryCode)
	if len(rest) < 7 {
		return "+" + n.CountryCode + " " + rest
	}
	return fmt.Sprintf("+%s %s-%s-%s", n.CountryCode, rest[:len(rest)-7], rest[len(rest)-7:len(rest)-4], rest[len(rest)-4:])
}

// Limits are the tiers of Meta by name; -1 is any number.
var Limits = map[string]int{
	"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1000, "TIER_2K": 2000, "TIER_10K": 10_000, "TIER_100K": 100_000, "TIER_UNLIMITED": -1,
}

// DefaultPortfolio owns the default accounts.
func DefaultPortfolio() Portfolio {
	return Portfolio{ID: "900150000000001", Name: "Quillmoor Coffee", Limit: "TIER_250"}
}

// DefaultAccounts are two accounts with three numbers, the last of which is in
// the WhatsApp Business app too.
func DefaultAccounts() []Account {
	return []Account{
		{ID: "102290129340398", Name: "Quillmoor Coffee", Numbers: []Number{
			{ID: "106540352242922", Phone: "15550783881", CountryCode: "1", VerifiedName: "Quillmoor Coffee"},
			{ID: "106540352242923", Phone: "15550783882", CountryCode: "1", VerifiedName: "Quillmoor Wholesale"},
		}},
		{ID: "524126980791429", Name: "Quillmoor Café Antwerp", Numbers: []Number{
			{ID: "206540352242931", Phone: "3235550177", CountryCode: "32", VerifiedName: "Quillmoor Café", Coexistence: true},
		}},
	}
}
