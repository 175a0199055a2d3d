package wire

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parley/internal/server/filter"
	"parley/internal/store/bulks"
)

// StartBulk is what is to be done to many conversations.
type StartBulk struct {
	Action          bulks.Action       `json:"action" doc:"evaluate: again. tag, untag, review and unreview can be undone."`
	TagID           string             `json:"tag_id,omitempty" maxLength:"36" doc:"For tag and untag."`
	ConversationIDs []string           `json:"conversation_ids,omitempty" maxItems:"1000" doc:"These conversations, those of them that the filter shows."`
	Filter          ConversationFilter `json:"filter,omitzero" doc:"As the list's; with no conversations named, all that it shows when their turn comes."`
}

// Which says what conversations are meant, with zone for times without one. It
// returns CodeInvalid for times that are none.
func (b *StartBulk) Which(zone filter.Zone) (bulks.Which, error) {
	f, err := b.Filter.of(zone)
	return bulks.Which{IDs: b.ConversationIDs, Filter: f}, err
}

// Bulk is one thing that is done to many conversations.
type Bulk struct {
	ID         string        `json:"id"`
	Action     bulks.Action  `json:"action"`
	TagID      *string       `json:"tag_id"`
	By         Ref           `json:"by"`
	State      bulks.State   `json:"state"`
	Total      *int64        `json:"total" doc:"Conversations that it is about; null: not known yet."`
	Done       int64         `json:"done" doc:"How many of them were looked at."`
	Changed    int64         `json:"changed" doc:"How many were not so before."`
	Failures   []BulkFailure `json:"failures" doc:"Why some could not be changed, the most frequent first."`
	CanUndo    bool          `json:"can_undo"`
	UndoOf     *string       `json:"undo_of" doc:"What this one takes back."`
	UndoneBy   *string       `json:"undone_by" doc:"What has taken this one back."`
	CreatedAt  time.Time     `json:"created_at"`
	FinishedAt *time.Time    `json:"finished_at"`
}

// BulkFailure is a reason for which some conversations could not be changed.
type BulkFailure struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// BulkOf shows a run.
func BulkOf(r *bulks.Run) Bulk {
	out := Bulk{
		ID: r.ID, Action: r.Action, TagID: OrNull(r.TagID), By: Ref{ID: r.By.ID, Name: r.By.Name}, State: r.State,
		Done: r.Looked, Changed: r.Changed, Failures: []BulkFailure{}, CanUndo: r.CanUndo(),
		UndoOf: OrNull(r.UndoOf), UndoneBy: OrNull(r.UndoneBy), CreatedAt: r.CreatedAt, FinishedAt: TimeOrNull(r.FinishedAt),
	}
	if r.Total >= 0 {
		out.Total = &r.Total
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Failures)) {
		out.Failures = append(out.Failures, BulkFailure{reason, r.Failures[reason]})
	}
	slices.SortStableFunc(out.Failures, func(a, b BulkFailure) int { return cmp.Compare(b.Count, a.Count) })
	return out
}
