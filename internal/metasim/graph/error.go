package graph

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Error is an error of the Graph API.
type Error struct {
	Code, Subcode int
	Title         string
	Details       string
}

// NewError returns the error of a code, with what Meta says of it.
func NewError(code int, details string, args ...any) *Error {
	if len(args) > 0 {
		details = fmt.Sprintf(details, args...)
	}
	title, ok := errorTitles[code]
	if !ok {
		title = "Something went wrong"
	}
	return &Error{Code: code, Title: title, Details: cmp.Or(details, title)}
}

// errorTitles are Meta's own words by code.
var errorTitles = map[int]string{
	1:      "API Unknown",
	2:      "API Service",
	3:      "API Method",
	4:      "API Too Many Calls",
	10:     "Permission Denied",
	33:     "Parameter value is not valid",
	100:    "Invalid parameter",
	190:    "Access token has expired",
	200:    "API Permission",
	368:    "Temporarily blocked for policies violations",
	2200:   "Callback verification failed",
	80007:  "Rate limit issues",
	130403: "Business has blocked the user",
	130429: "Rate limit hit",
	130472: "User's number is part of an experiment",
	130497: "Business account is restricted from messaging users in this country.",
	131000: "Something went wrong",
	131005: "Access denied",
	131008: "Required parameter is missing",
	131009: "Parameter value is not valid",
	131016: "Service unavailable",
	131021: "Recipient cannot be sender",
	131026: "Message undeliverable",
	131030: "Recipient phone number not in allowed list",
	131031: "Account has been locked",
	131037: "WhatsApp provided number needs display name approval before message can be sent.",
	131042: "Business eligibility payment issue",
	131045: "Incorrect certificate",
	131047: "Re-engagement message",
	131048: "Spam rate limit hit",
	131049: "This message was not delivered to maintain healthy ecosystem engagement.",
	131050: "User has stopped marketing messages",
	131051: "Message type unknown",
	131052: "Media download error",
	131053: "Media upload error",
	131055: "Method not allowed",
	131056: "(Business Account, Consumer Account) pair rate limit hit",
	131057: "Account in maintenance mode",
	131062: "Business-scoped user ids are not supported for this message",
	131063: "Marketing templates cannot be sent",
	131064: "Template misclassification limit hit",
	132000: "Template Param Count Mismatch",
	132001: "Template does not exist",
	132005: "Template Hydrated Text Too Long",
	132007: "Template Format Character Policy Violated",
	132008: "Invalid parameter value",
	132012: "Template Parameter Format Mismatch",
	132015: "Template is Paused",
	132016: "Template is Disabled",
	132018: "Template validation failed",
	132068: "Flow is blocked",
	132069: "Flow is throttled",
	133004: "Server Temporarily Unavailable",
	133005: "Two step verification PIN Mismatch",
	133010: "Phone number not registered",
	135000: "Generic user error",
}

// Missing is the error of a parameter that is not there.
func Missing(what string) *Error {
	return NewError(131008, "Required parameter is missing: %s.", what)
}

// NoObject is what Meta says of an id that it does not know.
func NoObject(id string) *Error {
	e := NewError(100, "Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation.", id)
	e.Title, e.Subcode = "Unsupported request", 33
	return e
}

// first returns the first error.
func first(errs ...*Error) *Error {
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}

// failsLater are the codes that come as a failed status after the message was
// accepted.
var failsLater = []int{130472, 131026, 131047, 131049, 131050, 131052, 131053}

// CodeInNumber reads the error that the last six digits of a recipient ask for.
func CodeInNumber(digits string) (code int, later, ok bool) {
	if len(digits) <= 6 {
		return 0, false, false
	}
	last := digits[len(digits)-6:]
	if rest, short := strings.CutPrefix(last, "9"); short {
		last = rest
	}
	code, err := strconv.Atoi(last)
	if err != nil || errorTitles[code] == "" || code < 100_000 && digits[len(digits)-6] != '9' {
		return 0, false, false
	}
	return code, slices.Contains(failsLater, code), true
}

// Status is the HTTP status of the error. Meta no longer documents them: most
// are 400, and clients should look at the code.
func (e *Error) Status() int {
	switch e.Code {
	case 190:
		return http.StatusUnauthorized
	case 3, 10, 200, 368, 131005, 131031:
		return http.StatusForbidden
	case 132001:
		return http.StatusNotFound
	case 131000, 1:
		return http.StatusInternalServerError
	case 2, 131016, 133004:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// Body is the error as the Graph API answers it.
func (e *Error) Body(trace string) map[string]any {
	b := map[string]any{
		"message": fmt.Sprintf("(#%d) %s", e.Code, e.Title), "type": "OAuthException", "code": e.Code, "fbtrace_id": trace,
		"error_data": map[string]any{"messaging_product": "whatsapp", "details": e.Details},
	}
	if e.Subcode != 0 {
		b["error_subcode"] = e.Subcode
		b["error_user_title"], b["error_user_msg"] = e.Title, e.Details
	}
	return map[string]any{"error": b}
}

// InWebhook is the error as it hangs on a status or a message.
func (e *Error) InWebhook() map[string]any {
	return map[string]any{
		"code": e.Code, "title": e.Title, "message": e.Title, "error_data": map[string]any{"details": e.Details},
		"href": "/documentation/business-messaging/whatsapp/support/error-codes",
	}
}
