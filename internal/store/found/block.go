package found

import (
	"context"
	"encoding/binary"
	"errors"

	"parley/internal/store"
)

// blockSize is how many numbers of messages share a block.
const blockSize = 1024

// place is a message and the conversation that it is in, by number.
type place struct{ message, conversation int64 }

// block is a row of message_block.
type block struct {
	number int64
	last   int64
	packed []byte
}

// add appends a message, which must be newer than all before.
func (b *block) add(p, before place) {
	b.packed = binary.AppendUvarint(b.packed, uint64(p.message-before.message))
	b.packed = binary.AppendVarint(b.packed, p.conversation-before.conversation)
	b.last = p.message
}

// each calls fn with what add was called with, and returns the last.
func (b *block) each(fn func(place)) (p place, err error) {
	p = b.before()
	for rest := b.packed; len(rest) > 0; {
		message, n := binary.Uvarint(rest)
		if n <= 0 {
			return p, errBlock
		}
		conversation, m := binary.Varint(rest[n:])
		if m <= 0 {
			return p, errBlock
		}
		rest = rest[n+m:]
		p = place{p.message + int64(message), p.conversation + conversation}
		fn(p)
	}
	return p, nil
}

// before is what the first message of a block is written against.
func (b *block) before() place { return place{message: b.number*blockSize - 1} }

var errBlock = errors.New("a row of message_block is damaged; delete all of them, and they are made again")

// newest returns the last block, an empty one if there is none.
func (f *Finder) newest(ctx context.Context) (block, error) {
	all, err := f.blocks(ctx, `ORDER BY block DESC LIMIT 1`)
	if err != nil || len(all) == 0 {
		return block{}, err
	}
	return all[0], nil
}

func (f *Finder) blocks(ctx context.Context, which string, args ...any) ([]block, error) {
	r, err := f.db.Query(ctx, `SELECT block, last, conversations FROM message_block `+which, args...)
	return store.Collect(r, err, func(row store.Row) (b block, err error) {
		return b, row.Scan(&b.number, &b.last, &b.packed)
	})
}

// Behind reports whether there are messages that Update has not seen.
func (f *Finder) Behind(ctx context.Context) (behind bool, err error) {
	return behind, f.db.QueryRow(ctx, `
		SELECT COALESCE((SELECT last FROM message_block ORDER BY block DESC LIMIT 1), 0) <
			(SELECT COALESCE(MAX(n), 0) FROM message)`).Scan(&behind)
}

// updateBatch is how many messages Update looks at.
const updateBatch = 20 * blockSize

// Update notes where the next new messages are, up to 20,480 of them. It reports
// whether there may be more.
func (f *Finder) Update(ctx context.Context) (more bool, err error) {
	at, err := f.newest(ctx)
	if err != nil {
		return false, err
	}
	to, err := f.db.SettledMessage(ctx)
	if err != nil || to <= at.last {
		return false, err
	}
	r, err := f.db.Query(ctx, `
		SELECT n, conversation_n FROM message WHERE n > $1 AND n <= $2 ORDER BY n LIMIT $3`, at.last, to, updateBatch)
	places, err := store.Collect(r, err, func(row store.Row) (p place, err error) {
		return p, row.Scan(&p.message, &p.conversation)
	})
	if err != nil || len(places) == 0 {
		return false, err
	}
	changed, err := extend(at, places)
	if err != nil {
		return false, err
	}
	err = f.db.Write(ctx, func(tx store.Tx) error {
		for _, b := range changed {
			n, err := tx.Exec(ctx, `
				INSERT INTO message_block (block, last, conversations) VALUES ($1, $2, $3)
				ON CONFLICT (block) DO UPDATE SET last = EXCLUDED.last, conversations = EXCLUDED.conversations
				WHERE message_block.last = $4`, b.number, b.last, b.packed, at.last)
			if err != nil {
				return err
			}
			if n == 0 {
				return errOvertaken
			}
		}
		return nil
	})
	if errors.Is(err, errOvertaken) {
		err = nil
	}
	return len(places) == updateBatch, err
}

// errOvertaken means that another node has noted the same messages.
var errOvertaken = errors.New("overtaken")

// extend returns the blocks that hold places too, which are newer than the block
// at: that one as it becomes, and new ones.
func extend(at block, places []place) (changed []block, err error) {
	before, err := at.each(func(place) {})
	if err != nil {
		return nil, err
	}
	if places[0].message/blockSize == at.number {
		changed = append(changed, at)
	}
	for _, p := range places {
		number := p.message / blockSize
		if len(changed) == 0 || changed[len(changed)-1].number != number {
			changed = append(changed, block{number: number})
			before = changed[len(changed)-1].before()
		}
		changed[len(changed)-1].add(p, before)
		before = p
	}
	return changed, nil
}
