package parley

import "slices"

// widgetOwn are the texts that say something about the widget's owner. Where
// the visitor's language has none, that of the widget's own language is better
// than a general one.
var widgetOwn = []string{
	"title", "subtitle", "greeting", "placeholder", "launcher", "offline_message", "form_title", "form_button",
	"tab_chat", "tab_history",
}

// widgetTexts are the other texts that a visitor may read.
var widgetTexts = []string{
	"open", "close", "back", "cancel", "menu", "send", "attach", "remove", "retry", "copy", "copied", "log", "suggestions",
	"you", "new_messages", "typing", "writing", "tool", "today", "yesterday", "edited", "deleted", "file_download", "image",
	"sending", "queued", "delivered", "seen", "uploading", "sound_on", "sound_off",
	"start_over", "start_over_confirm", "end_chat", "end_confirm", "new_chat", "history_empty", "transcript",
	"ended", "ended_inactivity", "reopened", "takeover", "release", "waiting", "withdrawn", "canceled",
	"rating_title", "rating_star", "rating_comment", "rating_send", "rating_thanks",
	"leave_title", "leave_email", "leave_name", "leave_message", "leave_send", "leave_thanks", "closed_until",
	"optional", "choose", "form_errors", "field_required", "field_email", "field_phone", "field_number", "field_min",
	"field_max", "field_long", "field_pattern", "field_option",
	"error_offline", "error_connection", "error_send", "error_rate", "error_file_size", "error_file_type", "error_file_count",
	"error_files",
	"error_limit", "error_long", "error_identity", "error_unavailable", "error_closed",
}

// WidgetTextKeys lists the keys of every text of the widget.
func WidgetTextKeys() []string { return slices.Concat(widgetOwn, widgetTexts) }

// OwnWidgetText reports whether a text is about the widget's owner rather than
// about how the widget works.
func OwnWidgetText(key string) bool { return slices.Contains(widgetOwn, key) }
