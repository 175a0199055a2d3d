package rollup

import "context"

// kept is a fact with its labels on its way into the row of its day, which holds
// all of the day in the order in which they started. Reading them from there
// takes a tenth of the time that it takes row by row.
type kept struct {
	fact   Fact
	data   []byte
	labels packer
}

func (k *kept) label(id LabelID, use *LabelUse) {
	k.labels.uint(int64(id))
	for _, v := range use.numbers() {
		k.labels.uint(*v)
	}
}

func packKept(all []*kept) []byte {
	var p packer
	var n, started int64
	for _, k := range all {
		f := &k.fact
		p.int(f.N - n)
		p.uint(f.Started - started)
		n, started = f.N, f.Started
		p.uint(f.Facet)
		p.uint(f.FirstReply + 1)
		p.part(k.data)
		p.part(k.labels.b)
	}
	return p.b
}

// eachKept hands out the facts of a day that wanted wants by their number and
// the time they started, each with its labels, for eachLabel.
func (r *Rollups) eachKept(
	ctx context.Context, day []byte, wanted func(n, started int64) bool, take func(f *Fact, labels []byte) error,
) error {
	u := &unpacker{b: day}
	var f Fact
	for len(u.b) > 0 {
		f.N += u.int()
		f.Started += u.uint()
		f.Facet, f.FirstReply = u.uint(), u.uint()-1
		data, labels := u.part(), u.part()
		if u.err != nil || !wanted(f.N, f.Started) {
			continue
		}
		var err error
		if f.Key, err = r.facet(ctx, f.Facet); err != nil {
			return err
		}
		if err := f.unpack(data); err != nil {
			return err
		}
		if err := take(&f, labels); err != nil {
			return err
		}
	}
	return u.err
}

// eachLabel hands out the labels of a fact.
func eachLabel(labels []byte, take func(id LabelID, use *LabelUse)) error {
	u := &unpacker{b: labels}
	for len(u.b) > 0 {
		id := LabelID(u.uint())
		var use LabelUse
		for _, v := range use.numbers() {
			*v = u.uint()
		}
		if u.err == nil {
			take(id, &use)
		}
	}
	return u.err
}
