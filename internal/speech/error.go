package speech

import (
	"errors"
	"fmt"
	"time"
)

// Class says what kind of trouble a transcription met, and so what to do about
// it. The names are those of the model contract where both have one.
type Class string

// The classes.
const (
	Unreachable Class = "unreachable"  // no connection, or no such program
	Auth        Class = "auth"         // the key is missing, wrong or has no right
	NoModel     Class = "no_model"     // the provider does not know the model
	RateLimited Class = "rate_limited" // too many requests; RetryAfter may say when
	NoCredit    Class = "no_credit"    // the account at the provider is out of money
	Overloaded  Class = "overloaded"   // the provider answers 5xx
	Timeout     Class = "timeout"      // it took too long
	Malformed   Class = "malformed"    // what came is no transcript
	TooLong     Class = "too_long"     // the recording is too large
	BadAudio    Class = "bad_audio"    // the recording cannot be read
	BadRequest  Class = "bad_request"  // the provider rejects the request
	Canceled    Class = "canceled"     // by the caller's context
)

// Error is the failure of a transcription.
type Error struct {
	Class      Class
	Message    string        // a sentence for the operator; holds no secret
	RetryAfter time.Duration // 0: unknown
	Err        error         // the cause, for the log
}

// Error returns the message and the cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Class, e.Message, e.Err)
	}
	return string(e.Class) + ": " + e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Retryable reports whether the same recording may be understood later.
func (e *Error) Retryable() bool {
	switch e.Class {
	case Unreachable, RateLimited, Overloaded, Timeout, Malformed:
		return true
	default:
		return false
	}
}

// ErrorClass returns the class of err, or "" when it is no *Error.
func ErrorClass(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return ""
}
