package price

import (
	"cmp"
	"strings"

	"parley"
)

// Messages is the provider under which the prices of WhatsApp messages are
// listed.
const Messages = "whatsapp"

// Told is what Meta has said of a message's price; it is empty until then.
type Told struct{ Category, Type string }

// Charge is what is known of a message that has left, beside its price.
type Charge struct {
	Category string `json:"category"`
	Type     string `json:"type,omitempty"` // as Meta says
	Nth      int64  `json:"nth,omitempty"`  // service message of the number in its month
	Free     string `json:"free,omitempty"` // why Meta charges nothing
}

// Why a message is free; the second and the third are Meta's types.
const (
	freeAllowance  = "allowance"
	freeEntryPoint = "free_entry_point"
	freeByMeta     = "free_customer_service"
	freeFailed     = "failed"
)

// ChargeOf says under which category a message is charged, and whether it is. It
// is a template of a category, or the nth service message of its month, of which
// some are free: those are counted here, because what Meta says of their type was
// never seen.
func ChargeOf(template string, told Told, nth, free int64, failed bool) Charge {
	c := Charge{Category: cmp.Or(told.Category, strings.ToLower(template), ServiceCategory), Type: told.Type, Nth: nth}
	switch {
	case failed:
		c.Free = freeFailed
	case told.Type == freeEntryPoint:
		c.Free = freeEntryPoint
	case nth == 0 && told.Type == freeByMeta:
		c.Free = freeByMeta
	case nth > 0 && nth <= free && c.Category == ServiceCategory:
		c.Free = freeAllowance
	}
	return c
}

// ServiceCategory is Meta's category of what is no template.
const ServiceCategory = "service"

// MessageNames returns the names under which the price of a message may be
// listed, the best first: its category and its market, which is the country
// code of the recipient's phone, as in "utility/+49", else the country of their
// business-scoped id, as in "utility/DE"; "utility/*" is for all others. A
// service message costs what utility does unless it has a price of its own.
func MessageNames(category, phone, bsuid string) []string {
	var markets []string
	if phone = strings.TrimPrefix(phone, "+"); phone != "" {
		const longestCode = 4 // as +1 and a digit of the area tell Jamaica from the United States
		for n := min(longestCode, len(phone)); n > 0; n-- {
			markets = append(markets, "+"+phone[:n])
		}
	}
	if country, _, ok := strings.Cut(bsuid, "."); ok {
		markets = append(markets, country)
	}
	markets = append(markets, "*")
	categories := []string{strings.ToLower(category)}
	if categories[0] == ServiceCategory {
		categories = append(categories, "utility")
	}
	var names []string
	for _, c := range categories {
		for _, m := range markets {
			names = append(names, c+"/"+m)
		}
	}
	return names
}

// MessageCredits returns what one message costs, nil if that is not known.
func MessageCredits(p *parley.Price, creditMicroUSD int64) *parley.Credits {
	if p == nil || p.Input == nil {
		return nil
	}
	const million = 1_000_000 // a price is for so many tokens, and for one message
	cost := parley.Cost(million, *p.Input, creditMicroUSD)
	return &cost
}
