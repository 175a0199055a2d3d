package price

import (
	"strings"

	"parley"
)

// Messages is the provider under which the prices of WhatsApp messages are
// listed.
const Messages = "whatsapp"

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
