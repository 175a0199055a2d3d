package engine

import (
	"context"
	"slices"
	"sync"

	"parley"
	"parley/internal/knowledge"
)

// maxIndexes bounds the knowledge indexes in memory.
const maxIndexes = 32

// indexes keeps the knowledge index of the versions that answered lately.
type indexes struct {
	mu   sync.Mutex
	kept []*versionIndex // the latest used last
}

// versionIndex is the index of one set of documents.
type versionIndex struct {
	workspace string
	documents []string
	build     sync.Mutex
	index     *knowledge.Index
}

// entry returns the place of a set of documents, which never change.
func (x *indexes) entry(workspace string, documents []string) *versionIndex {
	x.mu.Lock()
	defer x.mu.Unlock()
	i := slices.IndexFunc(x.kept, func(v *versionIndex) bool {
		return v.workspace == workspace && slices.Equal(v.documents, documents)
	})
	var v *versionIndex
	if i >= 0 {
		v = x.kept[i]
		x.kept = slices.Delete(x.kept, i, i+1)
	} else {
		v = &versionIndex{workspace: workspace, documents: documents}
		if len(x.kept) == maxIndexes {
			x.kept = slices.Delete(x.kept, 0, 1)
		}
	}
	x.kept = append(x.kept, v)
	return v
}

// SearchKnowledge returns the passages of documents, given by id, that fit a
// question, best first.
func (e *Engine) SearchKnowledge(
	ctx context.Context, ws string, documents []string, question string, n int,
) ([]parley.Passage, error) {
	if len(documents) == 0 {
		return nil, nil
	}
	v := e.indexes.entry(ws, documents)
	index, err := v.get(func() ([]parley.Document, error) { return e.store.DocumentsWithContent(ctx, ws, documents) })
	if err != nil {
		return nil, err
	}
	return index.Search(question, n), nil
}

// get returns the index, and builds it the first time.
func (v *versionIndex) get(load func() ([]parley.Document, error)) (*knowledge.Index, error) {
	v.build.Lock()
	defer v.build.Unlock()
	if v.index == nil {
		docs, err := load()
		if err != nil {
			return nil, err
		}
		v.index = knowledge.New(docs)
	}
	return v.index, nil
}

// retrieve finds the passages for the turn's question.
func (r *run) retrieve(ctx context.Context) error {
	found, err := r.e.SearchKnowledge(ctx, r.conv.WorkspaceID, r.cfg.Knowledge, r.question, r.e.cfg.Limits.Passages)
	if err != nil {
		return err
	}
	r.passages = found
	r.turn.Trace.Passages = found
	return nil
}
