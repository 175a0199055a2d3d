package parley

import "time"

// Work is one piece of due work in the queue. Kind and Key name it: adding the
// same kind and key again merges into one piece and raises its generation, and
// never are two workers at one key of a kind at a time.
type Work struct {
	Kind        WorkKind
	Key         string // a conversation id, unless the kind says otherwise
	WorkspaceID string
	Generation  int64  // raised by every merge; completion holds only for the generation claimed
	Attempt     int    // from 1
	Token       string // proves the lease; every result transaction checks it
	Due         time.Time
	LeaseUntil  time.Time // by the database's clock
}

// WorkKind says what is to be done.
type WorkKind string

// The kinds of work.
const (
	WorkTurn     WorkKind = "turn"     // answer what is unanswered
	WorkDeliver  WorkKind = "deliver"  // send what is queued, in order
	WorkIdle     WorkKind = "idle"     // end the conversation if nothing happened for long enough
	WorkEvaluate WorkKind = "evaluate" // judge an ended conversation
	WorkMedia    WorkKind = "media"    // fetch and read the files of the conversation that are not read yet
	WorkWebhooks WorkKind = "webhooks" // process what an app has posted; key is the app's id
	WorkRollup   WorkKind = "rollup"   // bring what analytics are counted from up to date; one key
	WorkExport   WorkKind = "export"   // write conversations to a file; key is the export's id
	WorkTopics   WorkKind = "topics"   // group the questions of a workspace; key is its id
	WorkEvents   WorkKind = "events"   // record what webhooks are told of; one key
	WorkHook     WorkKind = "hook"     // post the events of a conversation to a webhook; key is both their ids
	WorkErase    WorkKind = "erase"    // forget a contact; key is the id of the erasure
	WorkSweep    WorkKind = "sweep"    // remove what has expired; key is the name of the sweep
)
