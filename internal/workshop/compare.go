package workshop

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"parley"
)

// Side is one version of a comparison.
type Side struct {
	Version   parley.AssistantVersion
	Documents []parley.Document // without content
}

// Step is a version with what it changed of the one before it.
type Step struct {
	Version parley.AssistantVersion
	Changed []string
}

// Comparison is two versions beside each other.
type Comparison struct {
	A, B    Side
	Changed []string // the fields of the configuration in which they differ
	Steps   []Step   // from the later of the two down to the one after the earlier
	More    bool     // there are further steps
}

// mostSteps bounds the steps of a comparison.
const mostSteps = 50

// Compare puts two versions beside each other; 0 stands for the newest as b and
// for the one before b as a. It returns CodeNotFound.
func (w *Workshop) Compare(ctx context.Context, ws, id string, a, b int) (*Comparison, error) {
	newest, err := w.Store.Assistant(ctx, ws, id)
	if err != nil {
		return nil, err
	}
	if b == 0 {
		b = newest.Version
	}
	if a == 0 {
		a = max(1, b-1)
	}
	var c Comparison
	if c.A, err = w.side(ctx, ws, id, a); err != nil {
		return nil, err
	}
	if c.B, err = w.side(ctx, ws, id, b); err != nil {
		return nil, err
	}
	c.Changed = Changed(&c.A.Version.Config, &c.B.Version.Config)
	if first, last := min(a, b), max(a, b); first < last {
		all, err := w.Store.AssistantVersions(ctx, ws, id, last+1, min(last-first, mostSteps)+1)
		if err != nil {
			return nil, err
		}
		for i := range all[:max(0, len(all)-1)] {
			c.Steps = append(c.Steps, Step{Version: all[i], Changed: Changed(&all[i+1].Config, &all[i].Config)})
		}
		c.More = last-first > mostSteps
	}
	return &c, nil
}

func (w *Workshop) side(ctx context.Context, ws, id string, version int) (s Side, err error) {
	v, err := w.Store.AssistantVersion(ctx, ws, id, version)
	if err != nil {
		return s, err
	}
	s.Version = *v
	s.Documents, err = w.Store.Documents(ctx, ws, id, version)
	return s, err
}

// Changed names the fields in which two configurations differ, in alphabetical
// order.
func Changed(a, b *parley.AssistantConfig) []string {
	x, y := fields(a), fields(b)
	for name, value := range y {
		if bytes.Equal(x[name], value) {
			delete(x, name)
		} else {
			x[name] = value
		}
	}
	return slices.Sorted(maps.Keys(x))
}

func fields(c *parley.AssistantConfig) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	raw, err := json.Marshal(c)
	if err != nil || json.Unmarshal(raw, &out) != nil {
		return map[string]json.RawMessage{} // a configuration that was read as JSON is JSON
	}
	return out
}
