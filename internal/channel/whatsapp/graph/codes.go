package graph

import (
	"time"

	"parley"
	"parley/internal/channel"
)

const (
	fail  = channel.Fail
	retry = channel.Retry
	none  = parley.StopNothing
)

// noTemplate is the subcode of a template that Meta does not have.
const noTemplate = 2593002

// verdicts is Meta's list of error codes (support/error-codes, 2026-09-11, and
// the template API's subcodes) with what each means here.
var verdicts = []verdict{
	// The token and what it may do.
	{0, 0, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The access token does not work any more: make a new one in Meta's Business Settings and enter it under this number."},
	{190, 190, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The access token is invalid or has expired: make a new one in Meta's Business Settings and enter it under this number."},
	{3, 3, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The app lacks a capability or a permission for this: give its system user access to the account in Meta's Business Settings."},
	{10, 10, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The token lacks a permission: make one with whatsapp_business_messaging and whatsapp_business_management."},
	{200, 299, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The token lacks a permission: make one with whatsapp_business_messaging and whatsapp_business_management."},
	{131005, 131005, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The token may not use this number: give its system user access to the number's account in Meta's Business Settings."},

	// What passes by itself.
	{1, 1, retry, "", none, false, ShortPause, false, "WhatsApp had an unknown fault; the message is sent again."},
	{2, 2, retry, "", none, false, ShortPause, false, "WhatsApp is down or overloaded; the message is sent again."},
	{131000, 131000, retry, "", none, false, ShortPause, false, "WhatsApp had an unknown fault; the message is sent again."},
	{131016, 131016, retry, "", none, false, ShortPause, false, "A service of WhatsApp is down; the message is sent again."},
	{133004, 133004, retry, "", none, false, ShortPause, false, "WhatsApp's server is not available; it is tried again."},
	{131057, 131057, retry, channel.ScopeSender, none, false, longPause, false,
		"Meta is maintaining the number, perhaps to make it faster; its messages wait a minute."},

	// Rates.
	{4, 4, retry, channel.ScopeAccount, none, false, longPause, false,
		"The app has made too many calls to Meta in an hour; messages wait. If this stays, find out what else uses the app."},
	{80007, 80007, retry, channel.ScopeAccount, none, false, longPause, false,
		"Too many calls to Meta were made for this WhatsApp business account; messages wait. If this stays, find out what else uses it."},
	{130429, 130429, retry, channel.ScopeSender, none, false, ShortPause, false,
		"The number sends and receives more messages a second than Meta allows; its messages wait a little."},
	{131056, 131056, retry, channel.ScopeRecipient, none, false, time.Second, false,
		"Too many messages went to this person in a short time; the next ones wait."},

	// What Meta restricts.
	{131048, 131048, fail, channel.ScopeSender, parley.StopTemplates, true, 0, false,
		"People have blocked or reported too many messages of this number, so Meta limits what it starts: " +
			"look at its quality in WhatsApp Manager before templates are sent again."},
	{131064, 131064, fail, channel.ScopeAccount, parley.StopTemplates, true, 0, false,
		"Meta limits the account because its templates are in the wrong category: correct them in WhatsApp Manager."},
	{368, 368, fail, channel.ScopeAccount, parley.StopAll, true, 0, false,
		"Meta has blocked the account for a time because of its policy: look into Business Support Home."},
	{131031, 131031, fail, channel.ScopeAccount, parley.StopAll, true, 0, false,
		"Meta has locked the account: look into Business Support Home, and check that the two-step PIN is the right one."},
	{130497, 130497, fail, channel.ScopeRecipient, none, true, 0, false,
		"The account may not write to people in this country because of Meta's policy: read what WhatsApp Manager says about it."},
	{131042, 131042, fail, channel.ScopeAccount, parley.StopAll, true, 0, false,
		"Meta cannot charge the account, and delivers nothing: repair its payment method in Meta's Billing settings."},
	{134011, 134011, fail, channel.ScopeAccount, none, true, 0, false,
		"The terms of WhatsApp Payments are not accepted: accept them in WhatsApp Manager."},

	// The person.
	{131047, 131047, fail, "", none, false, 0, false,
		"More than 24 hours have passed since the person wrote: send an approved template instead."},
	{131026, 131026, fail, channel.ScopeRecipient, none, false, 0, false,
		"The message cannot be delivered: the number may not be on WhatsApp, its app may be too old, " +
			"or the person has not accepted WhatsApp's terms. Reach them in another way."},
	{131049, 131049, fail, channel.ScopeRecipient, none, false, dayPause, false,
		"Meta did not deliver this marketing message because the person gets many of them: wait a day before the next one."},
	{130472, 130472, fail, channel.ScopeRecipient, none, false, dayPause, false,
		"Meta did not deliver this marketing message because the person is in one of its experiments: wait a day, or until they write."},
	{131050, 131050, fail, channel.ScopeRecipient, none, false, 0, false,
		"The person does not want marketing messages from this business: send them none."},
	{130403, 130403, fail, channel.ScopeRecipient, none, false, 0, false,
		"The business has blocked this person: unblock them in WhatsApp to write to them."},
	{131021, 131021, fail, "", none, false, 0, false, "The number cannot write to itself."},
	{131030, 131030, fail, channel.ScopeRecipient, none, false, 0, false,
		"A test number writes only to people on its list: add this one to the list on the app's API Setup page."},

	// The number.
	{131037, 131037, fail, channel.ScopeSender, none, true, 0, false,
		"The number needs an approved display name before it Sends: set one in WhatsApp Manager."},
	{131045, 131045, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The number is not registered for the Cloud API, or its certificate is wrong: register it again."},
	{133010, 133010, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The number is not registered for the Cloud API: register it with its PIN."},
	{133006, 133006, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"The number is not verified: verify it in WhatsApp Manager, then register it."},
	{33, 33, fail, channel.ScopeSender, parley.StopAll, true, 0, false,
		"Meta does not know the number any more: it was deleted, or its id is wrong."},
	{133005, 133005, fail, channel.ScopeSender, none, true, 0, false,
		"The two-step PIN is wrong: enter the right one, or set a new one in WhatsApp Manager."},
	{133007, 133007, fail, channel.ScopeSender, none, true, 0, false,
		"The number cannot be registered with this PIN: set a new one in WhatsApp Manager."},
	{133008, 133008, fail, channel.ScopeSender, none, true, 0, true,
		"The PIN was entered wrongly too often: wait as long as WhatsApp says."},
	{133009, 133009, fail, channel.ScopeSender, none, true, 0, false,
		"The PIN was entered too quickly: wait a minute and enter it again."},
	{133015, 133015, fail, channel.ScopeSender, none, true, 0, false,
		"The number was deleted a moment ago: wait five minutes and register it again."},
	{133016, 133016, fail, channel.ScopeSender, none, true, 0, false,
		"The number was registered or deregistered too often: Meta allows ten attempts in 72 hours; wait until they are over."},

	// The message.
	{100, 100, fail, "", none, false, 0, true,
		"WhatsApp does not accept the request: check the ids of the number and of the account; if they are right, Parley made a mistake."},
	{131008, 131008, fail, "", none, false, 0, true, "WhatsApp misses a part of the message; this is a mistake of Parley's."},
	{131009, 131009, fail, "", none, false, 0, true, "WhatsApp does not accept a part of the message."},
	{135000, 135000, fail, "", none, false, 0, true,
		"WhatsApp does not accept the message and does not say which part: if it is a template, check its values."},
	{131051, 131051, fail, "", none, false, 0, false, "WhatsApp does not support this kind of message."},
	{131052, 131052, fail, "", none, false, 0, false,
		"The file that the person sent cannot be fetched; it may be larger than 100 MB. Ask them to send it in another way."},
	{131053, 131053, fail, "", none, false, 0, true,
		"WhatsApp does not take the file: check that its kind and size are among those that WhatsApp supports."},
	{131060, 131060, fail, "", none, false, 0, false,
		"WhatsApp could not deliver the person's message here; it can be read in the phone app."},
	{131062, 131062, fail, "", none, false, 0, false,
		"This kind of message needs a phone number, and this person is known only by an id of WhatsApp's: ask for their number."},

	// Marketing Messages API, which Parley does not use.
	{131055, 131055, fail, "", none, false, 0, true, "This is for the Marketing Messages API only, which Parley does not use."},
	{134100, 134102, fail, "", none, false, 0, true, "This is for the Marketing Messages API only, which Parley does not use."},
	{131063, 131063, fail, channel.ScopeTemplate, none, true, 0, false,
		"The account sends marketing templates only through Meta's Marketing Messages API: allow them on the Cloud API in WhatsApp Manager."},

	// The template.
	{132000, 132000, fail, channel.ScopeTemplate, none, false, 0, true,
		"The template has another number of variables: synchronise the templates and fill it again."},
	{132001, 132001, fail, channel.ScopeTemplate, none, false, 0, true,
		"There is no approved template of this name and language: synchronise the templates."},
	{132005, 132005, fail, channel.ScopeTemplate, none, false, 0, true, "The template is too long with these values: shorten them."},
	{132007, 132007, fail, channel.ScopeTemplate, none, true, 0, true, "The template breaks WhatsApp's policy: change it in WhatsApp Manager."},
	{132008, 132008, fail, channel.ScopeTemplate, none, false, 0, true, "A value does not fit its variable in the template."},
	{132012, 132012, fail, channel.ScopeTemplate, none, false, 0, true, "A value of the template does not have the right form."},
	{132015, 132015, fail, channel.ScopeTemplate, none, true, 0, false,
		"Meta has paused the template because of its low quality: change it, or wait until it is active again."},
	{132016, 132016, fail, channel.ScopeTemplate, none, true, 0, false,
		"Meta has disabled the template for good because of its low quality: make another one."},
	{132018, 132018, fail, channel.ScopeTemplate, none, false, 0, true, "The values of the template do not pass WhatsApp's check."},
	{132068, 132068, fail, channel.ScopeTemplate, none, true, 0, false, "The flow of the template is blocked: repair it in WhatsApp Manager."},
	{132069, 132069, retry, channel.ScopeTemplate, none, true, 10 * longPause, false,
		"The flow of the template is throttled because of its faults: repair it in WhatsApp Manager."},

	// Making a template.
	{2388019, 2388019, fail, channel.ScopeAccount, none, false, 0, false, "The account has as many templates as Meta allows: delete some."},
	{2388039, 2388039, fail, channel.ScopeTemplate, none, false, 0, true, "The template's parts are not formed as Meta wants them."},
	{2388040, 2388040, fail, channel.ScopeTemplate, none, false, 0, true, "A part of the template is too long: shorten it."},
	{2388047, 2388047, fail, channel.ScopeTemplate, none, false, 0, true,
		"The header is not formed as Meta wants it: no line breaks, no emoji, no formatting, at most one variable."},
	{2388072, 2388072, fail, channel.ScopeTemplate, none, false, 0, true, "The body is not formed as Meta wants it."},
	{2388073, 2388073, fail, channel.ScopeTemplate, none, false, 0, true,
		"The footer is not formed as Meta wants it: no line breaks, no emoji, no variables."},
	{2388293, 2388293, fail, channel.ScopeTemplate, none, false, 0, false,
		"The text has too many variables for its Length: write more words around them."},
	{noTemplate, noTemplate, fail, channel.ScopeTemplate, none, false, 0, false,
		"Meta does not have this template any more: synchronise the templates."},
	{2388299, 2388299, fail, channel.ScopeTemplate, none, false, 0, false,
		"A variable must not be the first or the last word of the text."},
}
