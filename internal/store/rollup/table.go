package rollup

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"parley"
)

// Table is what a day or a month holds: its cells, and how their conversations
// used labels.
type Table struct {
	Cells  map[Key]*Cell
	Labels map[Key]map[LabelID]*LabelUse
}

func newTable() *Table {
	return &Table{Cells: map[Key]*Cell{}, Labels: map[Key]map[LabelID]*LabelUse{}}
}

func (t *Table) cell(k Key) *Cell {
	c := t.Cells[k]
	if c == nil {
		c = &Cell{}
		t.Cells[k] = c
	}
	return c
}

func (t *Table) label(k Key, id LabelID) *LabelUse {
	uses := t.Labels[k]
	if uses == nil {
		uses = map[LabelID]*LabelUse{}
		t.Labels[k] = uses
	}
	if uses[id] == nil {
		uses[id] = &LabelUse{}
	}
	return uses[id]
}

// packed is a table as its row holds it. The cells stand in the same order in
// every part, so that a question reads only the parts that it needs. facts are
// those that a day is made of.
type packed struct{ cells, times, contacts, labels, facts []byte }

func compareKeys(a, b Key) int {
	return cmp.Or(
		strings.Compare(string(a.Source), string(b.Source)), strings.Compare(a.AssistantID, b.AssistantID),
		cmp.Compare(a.Version, b.Version), cmp.Compare(a.flags(), b.flags()),
	)
}

// flags are the truths of a key in one number.
func (k *Key) flags() int64 {
	v := int64(k.Resolved)
	for i, f := range k.truths() {
		if *f {
			v |= 4 << i
		}
	}
	return v
}

func (k *Key) setFlags(v int64) {
	k.Resolved = Outcome(v & 3)
	for i, f := range k.truths() {
		*f = v&(4<<i) != 0
	}
}

func (k *Key) truths() [5]*bool {
	return [...]*bool{&k.Ended, &k.Waiting, &k.HandedOver, &k.HasError, &k.HasAttachment}
}

// pack writes a table; equal tables are equal bytes.
func (t *Table) pack() packed {
	keys := slices.SortedFunc(maps.Keys(t.Cells), compareKeys)
	var cells, times, contacts, labels packer
	words := packWords(&cells, keys)
	cells.uint(int64(len(keys)))
	for _, k := range keys {
		c := t.Cells[k]
		cells.uint(words[string(k.Source)])
		cells.uint(words[k.AssistantID])
		cells.uint(int64(k.Version))
		cells.uint(k.flags())
		c.packNumbers(&cells)
		var own packer
		c.packTimes(&own)
		times.part(own.b)
		own.b = own.b[:0]
		last := int64(0)
		for _, n := range c.Contacts.Sorted() {
			own.uint(n - last)
			last = n
		}
		contacts.part(own.b)
		own.b = own.b[:0]
		packLabels(&own, t.Labels[k])
		labels.part(own.b)
	}
	return packed{cells: cells.b, times: times.b, contacts: contacts.b, labels: labels.b}
}

// packWords writes the texts of keys once and returns their numbers.
func packWords(p *packer, keys []Key) map[string]int64 {
	words, list := map[string]int64{}, []string{}
	for _, k := range keys {
		for _, w := range []string{string(k.Source), k.AssistantID} {
			if _, ok := words[w]; !ok {
				words[w] = int64(len(list))
				list = append(list, w)
			}
		}
	}
	p.uint(int64(len(list)))
	for _, w := range list {
		p.text(w)
	}
	return words
}

func (c *Cell) packNumbers(p *packer) {
	p.uint(c.Conversations)
	for _, n := range c.counts() {
		p.uint(*n)
	}
	for _, s := range c.spreads() {
		p.uint(s.N)
		p.int(s.Sum)
		p.float(s.Squares)
	}
	p.counts(c.FirstReplies[:])
}

func (c *Cell) addNumbers(k *Key, u *unpacker) {
	c.add(k, u.uint())
	for _, n := range c.counts() {
		*n += u.uint()
	}
	for _, s := range c.spreads() {
		s.N += u.uint()
		s.Sum += u.int()
		s.Squares += u.float()
	}
	u.counts(func(i int, n int64) {
		if i < len(c.FirstReplies) {
			c.FirstReplies[i] += n
		}
	})
}

func (c *Cell) packTimes(p *packer) {
	p.counts(c.Hours)
	all := c.spreads()
	for _, s := range all[len(all)-timed:] {
		p.counts(s.Buckets)
	}
}

func (c *Cell) addTimes(u *unpacker) {
	u.counts(c.addHour)
	all := c.spreads()
	for _, s := range all[len(all)-timed:] {
		u.counts(s.addBucket)
	}
}

func packLabels(p *packer, uses map[LabelID]*LabelUse) {
	last := LabelID(0)
	for _, id := range slices.Sorted(maps.Keys(uses)) {
		p.uint(int64(id - last))
		last = id
		for _, n := range uses[id].numbers() {
			p.uint(*n)
		}
	}
}

// reader says what becomes of the cells of packed tables.
type reader struct {
	// cell returns what to add a cell to; nil leaves it out.
	cell func(Key) *Cell
	// label is told how the conversations of a key used a label; nil: not wanted.
	label func(k Key, id LabelID, use *LabelUse)
	// times and contacts say whether these parts are wanted.
	times, contacts bool
}

// read hands out the cells of a table.
func (p *packed) read(r *reader) error {
	u := &unpacker{b: p.cells}
	words := make([]string, min(u.uint(), int64(len(u.b))))
	for i := range words {
		words[i] = u.text()
	}
	var skip Cell
	n := min(u.uint(), int64(len(u.b)))
	keys, into := make([]Key, n), make([]*Cell, n)
	for i := range into {
		k := &keys[i]
		k.Source, k.AssistantID = parley.Source(u.word(words)), u.word(words)
		k.Version = int(u.uint())
		k.setFlags(u.uint())
		if u.err != nil {
			return u.err
		}
		if into[i] = r.cell(*k); into[i] == nil {
			skip.addNumbers(k, u)
		} else {
			into[i].addNumbers(k, u)
		}
	}
	if u.err != nil {
		return u.err
	}
	return p.readParts(r, keys, into)
}

func (u *unpacker) word(words []string) string {
	i := u.uint()
	if i < 0 || i >= int64(len(words)) {
		u.fail()
		return ""
	}
	return words[i]
}

func (p *packed) readParts(r *reader, keys []Key, into []*Cell) error {
	times, contacts, labels := &unpacker{b: p.times}, &unpacker{b: p.contacts}, &unpacker{b: p.labels}
	for i, c := range into {
		if r.times {
			if part := times.part(); c != nil {
				own := &unpacker{b: part}
				if c.addTimes(own); own.err != nil {
					return own.err
				}
			}
		}
		if r.contacts {
			if part := contacts.part(); c != nil {
				own, last := &unpacker{b: part}, int64(0)
				for len(own.b) > 0 {
					last += own.uint()
					c.Contacts.Add(last)
				}
			}
		}
		if r.label != nil {
			if part := labels.part(); c != nil {
				readLabels(&unpacker{b: part}, func(id LabelID, use *LabelUse) { r.label(keys[i], id, use) })
			}
		}
	}
	if times.err != nil || contacts.err != nil || labels.err != nil {
		return errTorn
	}
	return nil
}

func readLabels(u *unpacker, add func(id LabelID, use *LabelUse)) {
	id := LabelID(0)
	for len(u.b) > 0 {
		id += LabelID(u.uint())
		var use LabelUse
		for _, n := range use.numbers() {
			*n = u.uint()
		}
		add(id, &use)
	}
}
