package app

import (
	"errors"

	"parley"
	"parley/internal/llm"
)

// sentenceOf returns what a person should read of an error.
func sentenceOf(err error) string {
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e.Message
	}
	if e, ok := errors.AsType[*llm.Error](err); ok {
		return e.Message
	}
	return err.Error()
}
