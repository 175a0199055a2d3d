package store

import "slices"

// byTag makes the tags of the query what the list is read by, if its order is
// one that the rows of tags have: then the newest of each tag in each facet are
// found in order, however many there are. The query goes on without them.
func (l *listing) byTag() {
	if len(l.q.Tags) == 0 || l.q.Sort != SortActivity && l.q.Sort != SortStarted {
		return
	}
	own := *l.q
	l.tags = slices.Compact(slices.Sorted(slices.Values(own.Tags)))
	own.Tags, l.q = nil, &own
}

// listedFrom returns the table in which the conversations with a tag are read in
// order, or all for "", and the condition on a row c of it.
func listedFrom(tag string, b *Binder) (table, and string) {
	if tag == "" {
		return "conversation c", ""
	}
	return "desk_tagged c", ` AND c.tag_id = ` + b.Bind(tag)
}
