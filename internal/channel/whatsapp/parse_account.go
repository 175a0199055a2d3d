package whatsapp

import (
	"cmp"
	"strings"
	"time"

	"parley"
	"parley/internal/channel/whatsapp/graph"
)

// templateUpdate reads news of a template.
func templateUpdate(field string, v graph.Object) *TemplateUpdate {
	t := &TemplateUpdate{
		MetaID: v.Label("message_template_id", 64), Name: v.Label("message_template_name", 512),
		Language: strings.ReplaceAll(v.Label("message_template_language", 32), "-", "_"),
	}
	switch field {
	case "message_template_status_update":
		t.Status = strings.ToUpper(v.Label("event", 64))
		t.Category = strings.ToUpper(v.Label("message_template_category", 64))
		t.Reason = templateReason(v)
	case "message_template_quality_update":
		t.Quality = graph.QualityOf(v.Text("new_quality_score"))
	case "template_category_update":
		t.Category = strings.ToUpper(v.Label("new_category", 64))
		t.OldCategory = strings.ToUpper(v.Label("previous_category", 64))
	}
	return t
}

// templateReason joins what Meta says about why a template was refused or
// stopped.
func templateReason(v graph.Object) string {
	reason := v.Label("reason", 256)
	if strings.EqualFold(reason, "none") {
		reason = ""
	}
	rejection, other := v.Object("rejection_info"), v.Object("other_info")
	parts := graph.NonEmpty(
		reason, rejection.Label("reason", 1024), rejection.Label("recommendation", 1024),
		other.Label("title", 256), other.Label("description", 1024),
		v.Object("disable_info").Label("disable_date", 64),
	)
	for i, part := range parts {
		parts[i] = strings.TrimSuffix(part, ".")
	}
	return strings.Join(parts, ". ")
}

// numberUpdate reads news of a business number. Its quality is not in them: that
// has to be asked for.
func numberUpdate(field string, v graph.Object) *NumberUpdate {
	n := &NumberUpdate{Event: strings.ToUpper(v.Label("event", 64))}
	if field == "phone_number_name_update" {
		n.Event = "NAME_UPDATE"
		n.VerifiedName, n.NameStatus = v.Label("requested_verified_name", 256), strings.ToUpper(v.Label("decision", 64))
		n.Text = strings.Join(graph.NonEmpty("The display name “"+n.VerifiedName+"”: "+strings.ToLower(cmp.Or(n.NameStatus, "no decision")),
			v.Label("rejection_reason", 512)), ". ")
		return n
	}
	tier := cmp.Or(v.Label("max_daily_conversations_per_business", 32), v.Label("current_limit", 32))
	if n.Event == "THROUGHPUT_UPGRADE" {
		n.Throughput = graph.UpgradedThroughput
		n.Text = "The number sends up to 1,000 messages a second now."
		return n
	}
	n.LimitTier, n.Limit = graph.LimitOf(tier)
	switch n.Event {
	case "FLAGGED":
		n.Text = "The quality of the number became low; Meta may restrict it."
	case "UNFLAGGED":
		n.Text = "The quality of the number is not low any more."
	case "DOWNGRADE":
		n.Text = "The messaging limit was lowered."
	case "UPGRADE", "ONBOARDING":
		n.Text = "The messaging limit was set."
	default:
		n.Text = "News of the number: " + cmp.Or(n.Event, "none") + "."
	}
	return n
}

// accountUpdate reads news of an account.
func accountUpdate(field string, v graph.Object) *AccountUpdate {
	a := &AccountUpdate{Event: strings.ToUpper(cmp.Or(v.Label("event", 64), field))}
	switch field {
	case "business_capability_update":
		a.LimitTier, a.Limit = graph.LimitOf(cmp.Or(
			v.Label("max_daily_conversations_per_business", 32), v.Label("max_daily_conversation_per_phone", 32)))
		a.Text = "The limits of the account changed."
	case "account_review_update":
		a.review(strings.ToUpper(v.Label("decision", 64)))
	case "account_alerts":
		info := v.Object("alert_info")
		if info == nil {
			info = v
		}
		a.Event = strings.ToUpper(cmp.Or(info.Label("alert_type", 128), a.Event))
		severity := strings.ToUpper(info.Label("alert_severity", 32))
		a.Alert = severity != "INFORMATIONAL"
		a.Text = strings.Join(graph.NonEmpty("Meta's alert "+a.Event, cmp.Or(
			info.Label("alert_description", 1024), info.Label("description", 1024))), ": ")
	default:
		a.event(v)
	}
	return a
}

// review reads Meta's decision about an account.
func (a *AccountUpdate) review(decision string) {
	a.Event = "REVIEW_" + cmp.Or(decision, "UNKNOWN")
	switch decision {
	case "APPROVED":
		a.Text, a.Resumed = "Meta has approved the account.", true
	case "REJECTED":
		a.Text, a.Stop, a.Alert = "Meta has rejected the account: look into Business Support Home.", parley.StopAll, true
	default:
		a.Text = "Meta has not decided about the account yet."
	}
}

// event reads an account_update.
func (a *AccountUpdate) event(v graph.Object) {
	switch a.Event {
	case "ACCOUNT_VIOLATION":
		a.Alert = true
		a.Text = "Meta reports a violation of its policy (" +
			cmp.Or(v.Object("violation_info").Label("violation_type", 64), "no type given") +
			"): look into Business Support Home before it restricts the account."
	case "ACCOUNT_RESTRICTION":
		a.restriction(v)
	case "DISABLED_UPDATE":
		a.ban(strings.ToUpper(v.Object("ban_info").Label("waba_ban_state", 64)), v.Object("ban_info").Label("waba_ban_date", 64))
	case "ACCOUNT_DELETED":
		a.Stop, a.Alert, a.Text = parley.StopAll, true, "The WhatsApp business account was deleted."
	case "ACCOUNT_OFFBOARDED":
		a.Stop, a.Alert, a.Text = parley.StopAll, true, "The number was taken off the Cloud API: connect it again."
	case "ACCOUNT_RECONNECTED":
		a.Resumed, a.Text = true, "The number is connected to the Cloud API again."
	case "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED":
		a.Alert, a.Text = true, "An app or a partner lost its access to the account. If it is the app of this server, connect the number again."
	case "VOLUME_BASED_PRICING_TIER_UPDATE":
		info := v.Object("volume_tier_info")
		a.Text = strings.Join(graph.NonEmpty("Meta's volume tier changed", info.Label("pricing_category", 64),
			info.Label("region", 64), info.Label("tier", 64), info.Label("effective_month", 16)), ", ") + "."
	default:
		a.Text = "News of the account: " + cmp.Or(a.Event, "none") + "."
	}
}

func (a *AccountUpdate) restriction(v graph.Object) {
	a.Alert = true
	var of []string
	for _, raw := range v.List("restriction_info") {
		r := graph.AsObject(raw)
		kind := strings.ToUpper(r.Label("restriction_type", 128))
		of = append(of, graph.NonEmpty(kind, r.Label("remediation", 512))...)
		switch {
		case strings.Contains(kind, "CUSTOMER_INITIATED"):
			a.Stop = parley.StopAll
		case strings.Contains(kind, "BIZ_INITIATED") && a.Stop == parley.StopNothing:
			a.Stop = parley.StopTemplates
		}
		if until := r.Time("expiration"); until.After(a.Until) {
			a.Until = until
		}
	}
	a.Text = "Meta restricts the account (" + cmp.Or(strings.Join(of, ", "), "no type given") + ")"
	if !a.Until.IsZero() {
		a.Text += " until " + a.Until.Format(time.DateTime) + " UTC"
	}
	a.Text += ": look into Business Support Home; a review can be asked for there."
}

func (a *AccountUpdate) ban(state, date string) {
	date = cmp.Or(date, "no date given")
	switch {
	case strings.HasPrefix(state, "SCHEDULE"):
		a.Alert, a.Text = true, "Meta is going to disable the account ("+date+"): ask for a review in Business Support Home now."
	case strings.HasPrefix(state, "REINSTATE"):
		a.Resumed, a.Text = true, "Meta has enabled the account again."
	default:
		a.Stop, a.Alert = parley.StopAll, true
		a.Text = "Meta has disabled the account (" + date + "): ask for a review in Business Support Home."
	}
}
