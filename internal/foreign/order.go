package foreign

import (
	"cmp"
	"slices"
	"strconv"

	"parley"
)

// order puts messages and notes into the order of their times, each once: pages
// of an API may overlap.
func (c *Conversation) order() {
	c.Messages = distinct(c.Messages, func(m *Message) string { return m.ID })
	slices.SortStableFunc(c.Messages, func(a, b Message) int { return cmp.Or(a.At.Compare(b.At), byNumber(a.ID, b.ID)) })
	c.Notes = distinct(c.Notes, func(n *Note) string { return n.ID })
	slices.SortStableFunc(c.Notes, func(a, b Note) int { return a.At.Compare(b.At) })
	seen := map[string]bool{}
	var labels []string
	for _, l := range c.Labels {
		if l = line(l, 40); l != "" && !seen[l] {
			seen[l] = true
			labels = append(labels, l)
		}
	}
	c.Labels = labels
	named := map[string]bool{}
	c.Variables = slices.DeleteFunc(c.Variables, func(v Variable) bool {
		again := named[v.Name]
		named[v.Name] = true
		return again
	})
}

// distinct leaves out what has an id that is there already.
func distinct[T any](all []T, id func(*T) string) []T {
	seen := make(map[string]bool, len(all))
	out := make([]T, 0, len(all))
	for i := range all {
		if key := id(&all[i]); !seen[key] {
			seen[key] = true
			out = append(out, all[i])
		}
	}
	return out
}

// byNumber compares ids that are numbers, which rise with time where two times
// are the same.
func byNumber(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX != nil || errY != nil {
		return 0
	}
	return cmp.Compare(x, y)
}

// finish puts a conversation into order and looks whether it can be one. It
// returns CodeInvalid and CodeTooLarge.
func (c *Conversation) finish() error {
	if len(c.Messages) > maxMessages {
		return tooLarge("It has more than 20,000 messages.")
	}
	c.order()
	if len(c.Messages) == 0 {
		return invalid("It has no messages.")
	}
	for i := range c.Messages {
		if err := parley.CheckContent(c.Messages[i].Text); err != nil {
			return err
		}
	}
	for i := range c.Notes {
		if err := parley.CheckContent(c.Notes[i].Text); err != nil {
			return err
		}
	}
	if c.StartedAt.IsZero() || c.StartedAt.After(c.Messages[0].At) {
		c.StartedAt = c.Messages[0].At
	}
	return nil
}
