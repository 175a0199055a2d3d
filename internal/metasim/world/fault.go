package world

import "parley"

// Faults are what goes wrong, as probabilities from 0 to 1 where nothing else is
// said. They can be changed while the simulator runs.
type Faults struct {
	// Webhooks.
	Duplicate float64 `json:"duplicate"` // an update is sent a second time
	Reorder   float64 `json:"reorder"`   // an update is held back, so that later ones overtake it
	LostAck   float64 `json:"lost_ack"`  // the answer 200 is taken as no answer
	Batch     int     `json:"batch"`     // updates in one POST, at most; 0 and 1: each alone

	// Statuses.
	Shuffle      float64 `json:"shuffle"`       // the statuses of a message come in another order
	Skip         float64 `json:"skip"`          // delivered is left out when read follows
	FailedStatus float64 `json:"failed_status"` // what was accepted fails (131026)

	// Sends.
	LostSend    float64 `json:"lost_send"`    // accepted, and the connection cut before the answer
	CutSend     float64 `json:"cut_send"`     // the connection is cut and nothing accepted
	Hang        float64 `json:"hang"`         // no answer for HangMillis, then the connection is cut; every other one was accepted
	Slow        float64 `json:"slow"`         // the answer takes SlowMillis
	RateNumber  float64 `json:"rate_number"`  // refused with 130429
	RatePair    float64 `json:"rate_pair"`    // refused with 131056
	RateAccount float64 `json:"rate_account"` // refused with 80007
	ServerError float64 `json:"server_error"` // refused with 131000 and status 500
	HangMillis  int     `json:"hang_millis"`
	SlowMillis  int     `json:"slow_millis"`

	// WindowAsync accepts free-form messages outside the window and lets them
	// fail by a status, as Meta often does, instead of refusing them at once.
	WindowAsync bool `json:"window_async"`
}

// Check returns CodeInvalid for what is no probability or out of bounds.
func (f *Faults) Check() error {
	for name, p := range map[string]float64{
		"duplicate": f.Duplicate, "reorder": f.Reorder, "lost_ack": f.LostAck, "shuffle": f.Shuffle, "skip": f.Skip,
		"failed_status": f.FailedStatus, "lost_send": f.LostSend, "cut_send": f.CutSend, "hang": f.Hang, "slow": f.Slow,
		"rate_number": f.RateNumber, "rate_pair": f.RatePair, "rate_account": f.RateAccount, "server_error": f.ServerError,
	} {
		if p < 0 || p > 1 {
			return parley.Errorf(parley.CodeInvalid, "%s is a probability: 0 to 1.", name)
		}
	}
	const longest = 10 * 60 * 1000
	if f.Batch < 0 || f.Batch > MaxBatch || f.HangMillis < 0 || f.HangMillis > longest || f.SlowMillis < 0 || f.SlowMillis > longest {
		return parley.Errorf(parley.CodeInvalid, "batch is at most %d, and no wait is longer than ten minutes.", MaxBatch)
	}
	return nil
}

// MaxBatch is how many updates Meta puts into one webhook at most.
const MaxBatch = 1000
