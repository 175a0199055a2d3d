package whatsapp

import (
	"slices"
	"strconv"
	"strings"

	"parley/internal/channel/whatsapp/graph"
)

// form is how suggested replies are shown.
type form int

const (
	withoutChoices form = iota
	inButtons
	inList
	inNumbers // in the text, where neither buttons nor a list take them
)

// spoken marks the id of an option that Parley offered: what follows it is the
// whole reply, of which the title may be a part only.
const spoken = "say:"

// formOf chooses the form that shows all replies as they are.
func formOf(choices []string) form {
	longest := 0
	for _, c := range choices {
		longest = max(longest, graph.Length(c))
		if strings.TrimSpace(c) == "" || len(c) > maxOptionID-len(spoken) {
			return inNumbers
		}
	}
	unique := len(slices.Compact(slices.Sorted(slices.Values(choices)))) == len(choices)
	switch {
	case len(choices) == 0:
		return withoutChoices
	case !unique || longest > maxRowText || len(choices) > maxRows:
		return inNumbers
	case len(choices) <= maxButtons && longest <= maxButtonTitle:
		return inButtons
	}
	return inList
}

// choices writes buttons or a list.
func choices(text string, of []string, f form) *interactive {
	if strings.TrimSpace(text) == "" {
		text = "…" // WhatsApp wants some text above
	}
	in := &interactive{Type: "button", Body: textOnly{text}}
	if f == inList {
		in.Type = "list"
		// A list opens from a button, whose label is in nobody's language.
		in.Action.Button = "☰"
		in.Action.Sections = []section{{}}
	}
	for _, c := range of {
		o := option{ID: spoken + c, Title: c}
		if f == inButtons {
			in.Action.Buttons = append(in.Action.Buttons, button{Type: "reply", Reply: o})
			continue
		}
		if graph.Length(c) > maxRowTitle {
			o.Title, o.Description = strings.TrimRight(head(c, maxRowTitle-1), " ")+"…", c
		}
		rows := &in.Action.Sections[0].Rows
		*rows = append(*rows, o)
	}
	return in
}

// The bounds of replies that are listed in the text, so that they fit.
const (
	mostNumbered    = 30
	longestNumbered = 90
)

// numbered lists replies in the text.
func numbered(of []string) string {
	var lines []string
	for i, c := range of[:min(len(of), mostNumbered)] {
		c = strings.Join(strings.Fields(c), " ")
		if graph.Length(c) > longestNumbered {
			c = head(c, longestNumbered-1) + "…"
		}
		lines = append(lines, strconv.Itoa(i+1)+". "+c)
	}
	return strings.Join(lines, "\n")
}
