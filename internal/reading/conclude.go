package reading

import (
	"context"
	"errors"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/lang"
	"parley/internal/llm"
	"parley/internal/speech"
)

// How often a file is tried while its source or a model may yet give it. The
// pause is two seconds and doubles: most of a fetch's tries are within ten
// minutes, and a reading's within half of what a turn waits.
const (
	fetchTries = 10
	readTries  = 4
	firstPause = 2 * time.Second
	longPause  = 5 * time.Minute
	mostPause  = time.Hour // that a source or a provider may ask for
)

// maxReading is the longest reading, in bytes.
const maxReading = 16 << 10

// sentence is a trouble that no further try will mend, in words for a person.
type sentence string

// Error implements error.
func (s sentence) Error() string { return string(s) }

// conclude writes the outcome of a reading into the file. It returns what is
// neither the file's nor the model's fault.
func (r *Reader) conclude(ctx context.Context, f *file, text string, err error) error {
	a := &f.attachment
	if err == nil {
		a.State, a.Reading, a.Error = "", lang.Clean(text, maxReading), ""
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	words, after, retryable, ok := inWords(err)
	if !ok {
		return err
	}
	r.cfg.Log.WarnContext(ctx, "a file could not be read", "attachment", a.ID, "error", err)
	if retryable && r.putOff(a, after, readTries) {
		return nil
	}
	a.State, a.Error = "", words
	return nil
}

// inWords says what a person should read of a trouble, and whether it may pass.
// ok is false for what is the server's own.
func inWords(err error) (words string, after time.Duration, retryable, ok bool) {
	if s, ok := errors.AsType[sentence](err); ok {
		return string(s), 0, false, true
	}
	if e, ok := errors.AsType[*llm.Error](err); ok {
		return e.Message, e.RetryAfter, e.Retryable(), true
	}
	if e, ok := errors.AsType[*speech.Error](err); ok {
		return e.Message, e.RetryAfter, e.Retryable(), true
	}
	if e, ok := errors.AsType[*channel.Error](err); ok {
		return e.Message, e.RetryAfter, e.Action == channel.Retry, true
	}
	return "", 0, false, false
}

// putOff plans another try, and reports whether one is left.
func (r *Reader) putOff(a *parley.Attachment, after time.Duration, most int) bool {
	next := parley.PendingFile{}
	if a.Pending != nil {
		next = *a.Pending // the message has the other
	}
	if next.Tries++; next.Tries >= most {
		return false
	}
	if after <= 0 {
		after = min(firstPause<<(next.Tries-1), longPause)
	}
	next.RetryAt = r.cfg.Now().Add(min(after, mostPause)).UTC().Truncate(time.Microsecond)
	a.Pending = &next
	return true
}
