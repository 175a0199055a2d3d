package server

import "parley"

// Problem is how every error leaves: RFC 9457, with a stable code.
type Problem struct {
	Type   string              `json:"type" example:"about:blank"`
	Title  string              `json:"title"`
	Status int                 `json:"status"`
	Code   parley.Code         `json:"code" enum:"invalid,unauthorized,forbidden,not_found,conflict,window_closed,takeover_active,budget_exhausted,rate_limited,too_large,unavailable,internal"`
	Detail string              `json:"detail" doc:"A sentence for a person."`
	Errors []parley.FieldError `json:"errors,omitempty" doc:"What is wrong with which part of the input."`
}
