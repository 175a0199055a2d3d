package parley

import (
	"errors"
	"fmt"
	"time"
)

// Code classifies an error for whoever has to react to it. The codes are part
// of the public contract: programs compare them, so they are never renamed.
type Code string

// The stable error codes.
const (
	CodeInvalid         Code = "invalid"          // the input breaks a rule that the message names
	CodeUnauthorized    Code = "unauthorized"     // nobody is signed in, or the key is unknown
	CodeForbidden       Code = "forbidden"        // signed in, but the role or scope does not allow it
	CodeNotFound        Code = "not_found"        // no such thing in this workspace
	CodeConflict        Code = "conflict"         // the state of the thing does not allow it now
	CodeWindowClosed    Code = "window_closed"    // WhatsApp forbids free-form messages now
	CodeTakeoverActive  Code = "takeover_active"  // an operator holds the conversation
	CodeBudgetExhausted Code = "budget_exhausted" // the budget of the month is spent
	CodeRateLimited     Code = "rate_limited"     // too many requests; RetryAfter says when
	CodeTooLarge        Code = "too_large"        // the body or a field is larger than allowed
	CodeUnavailable     Code = "unavailable"      // something needed does not answer now; try again
	CodeInternal        Code = "internal"         // a fault of ours; details are in the log only
)

// Error is the one error type that crosses package borders. Message is a
// sentence for a person and never holds a secret or an internal detail.
type Error struct {
	Code       Code
	Message    string
	Fields     []FieldError  // what is wrong with which part of the input, if known
	RetryAfter time.Duration // how long to wait, for rate_limited and unavailable; 0 = unknown
	Err        error         // the cause, for the log only
}

// FieldError says what is wrong with one part of the input. Path is dotted, as
// in `config.variables.0.name`.
type FieldError struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

// Error returns the code and the message, and the cause where there is one.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return string(e.Code) + ": " + e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an *Error with a formatted message. An error passed to a %w
// verb becomes the cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Err: errors.Unwrap(err)}
}

// ErrorCode returns the code of err: "" for nil, CodeInternal for an error that
// is not, and does not wrap, an *Error.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
