package rollup

import (
	"encoding/binary"
	"errors"
	"math"
)

// packer writes numbers and texts one after the other.
type packer struct{ b []byte }

func (p *packer) uint(v int64)     { p.b = binary.AppendUvarint(p.b, uint64(v)) }
func (p *packer) int(v int64)      { p.b = binary.AppendVarint(p.b, v) }
func (p *packer) float(v float64)  { p.b = binary.LittleEndian.AppendUint64(p.b, math.Float64bits(v)) }
func (p *packer) text(s string)    { p.uint(int64(len(s))); p.b = append(p.b, s...) }
func (p *packer) part(part []byte) { p.uint(int64(len(part))); p.b = append(p.b, part...) }

// counts writes what is not zero of a list, by the distance from the one
// before.
func (p *packer) counts(all []int64) {
	n, last := int64(0), 0
	for _, v := range all {
		if v != 0 {
			n++
		}
	}
	p.uint(n)
	for i, v := range all {
		if v != 0 {
			p.uint(int64(i - last))
			p.uint(v)
			last = i
		}
	}
}

// errTorn says that packed data does not hold what it should.
var errTorn = errors.New("a rollup is torn")

// unpacker reads what packer wrote. After the first error it gives zeros.
type unpacker struct {
	b   []byte
	err error
}

func (u *unpacker) fail() {
	u.b = nil
	u.err = errTorn
}

func (u *unpacker) uint() int64 {
	if len(u.b) > 0 && u.b[0] < 0x80 {
		v := u.b[0]
		u.b = u.b[1:]
		return int64(v)
	}
	v, n := binary.Uvarint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return int64(v)
}

func (u *unpacker) int() int64 {
	v, n := binary.Varint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return v
}

func (u *unpacker) float() float64 {
	if len(u.b) < 8 {
		u.fail()
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(u.b))
	u.b = u.b[8:]
	return v
}

func (u *unpacker) part() []byte {
	n := u.uint()
	if n < 0 || n > int64(len(u.b)) {
		u.fail()
		return nil
	}
	part := u.b[:n]
	u.b = u.b[n:]
	return part
}

func (u *unpacker) text() string { return string(u.part()) }

// counts hands out what counts wrote.
func (u *unpacker) counts(add func(i int, n int64)) {
	at := int64(0)
	for range u.uint() {
		at += u.uint()
		n := u.uint()
		if u.err != nil || at < 0 || at > math.MaxInt32 {
			u.fail()
			return
		}
		add(int(at), n)
	}
}
