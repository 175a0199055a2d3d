package rollup

import (
	"context"

	"parley/internal/store"
)

// LabelNames returns the names of labels of a workspace. One that is gone has
// none.
func (r *Rollups) LabelNames(ctx context.Context, ws string, labels []LabelID) (map[LabelID]string, error) {
	names := make(map[LabelID]string, len(labels))
	rows := make([]int64, len(labels))
	kinds := make(map[int64]LabelID, len(labels))
	for i, l := range labels {
		rows[i] = l.row()
		kinds[l.row()] = l
	}
	b := &binder{}
	in := b.Ints(rows)
	found, err := r.db.Query(ctx, `SELECT id, name FROM rollup_label WHERE id IN (`+in+`) AND workspace_id = `+b.Bind(ws), b.Args...)
	_, err = store.Collect(found, err, func(row store.Row) (struct{}, error) {
		var id int64
		var name string
		err := row.Scan(&id, &name)
		names[kinds[id]] = name
		return struct{}{}, err
	})
	return names, err
}

// AssistantNames returns the names of a workspace's assistants by id, of those
// that were deleted too.
func (r *Rollups) AssistantNames(ctx context.Context, ws string) (map[string]string, error) {
	names := map[string]string{}
	rows, err := r.db.Query(ctx, `SELECT id, name FROM assistant WHERE workspace_id = $1`, ws)
	_, err = store.Collect(rows, err, func(row store.Row) (struct{}, error) {
		var id, name string
		err := row.Scan(&id, &name)
		names[id] = name
		return struct{}{}, err
	})
	return names, err
}
