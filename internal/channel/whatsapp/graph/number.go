package graph

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"

	"parley"
)

// Number is what Meta says of a business number.
type Number struct {
	PhoneNumberID string
	DisplayPhone  string // E.164
	Registered    bool
	Health        parley.SenderHealth // without what only Parley knows
	Notes         []string            // what could not be understood or deserves attention, in words
}

// The fields of a number, with the name that the limit has since October 2025
// and with the one before.
const (
	numberFields = "id,display_phone_number,verified_name,quality_rating,status,name_status,code_verification_status," +
		"platform_type,throughput,is_on_biz_app,health_status"
	newLimitField = ",whatsapp_business_manager_messaging_limit"
	oldLimitField = ",messaging_limit_tier"
)

// ReadNumber reads the sender's number.
func (c *Client) ReadNumber(ctx context.Context, s *parley.Sender) (*Number, error) {
	var res Object
	var err error
	// Versions differ in the fields that they know, and one that is not known
	// spoils the whole answer.
	for _, fields := range []string{numberFields + newLimitField, numberFields + oldLimitField} {
		res, err = c.do(ctx, s, Call{Method: http.MethodGet, Path: []string{s.PhoneNumberID}, Query: url.Values{"fields": {fields}}})
		if !isMissing(err) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return c.number(s, res), nil
}

// PhoneNumbers lists the numbers of the sender's account.
func (c *Client) PhoneNumbers(ctx context.Context, s *parley.Sender) ([]Number, error) {
	items, err := c.list(ctx, s, []string{s.WABAID, "phone_numbers"}, url.Values{
		"fields": {"id,display_phone_number,verified_name,quality_rating,status,name_status,platform_type,throughput"}, "limit": {"100"},
	})
	var numbers []Number
	for _, o := range items {
		numbers = append(numbers, *c.number(s, o))
	}
	return numbers, err
}

// statuses translates Meta's words for the state of a number.
var statuses = map[string]parley.SenderStatus{
	"CONNECTED": parley.SenderOnline, "PENDING": parley.SenderPending, "UNVERIFIED": parley.SenderPending,
	"OFFLINE": parley.SenderOffline, "DISCONNECTED": parley.SenderOffline, "DELETED": parley.SenderOffline,
	"MIGRATED": parley.SenderOffline, "UNKNOWN": parley.SenderConnecting,
	"FLAGGED": parley.SenderSuspended, "RESTRICTED": parley.SenderSuspended, "BANNED": parley.SenderSuspended,
	"RATE_LIMITED": parley.SenderSuspended,
}

// number reads what Meta says of a number.
func (c *Client) number(s *parley.Sender, o Object) *Number {
	n := &Number{PhoneNumberID: cmp.Or(o.Label("id", 64), s.PhoneNumberID), DisplayPhone: Phone(o.Text("display_phone_number"))}
	h := &n.Health
	h.CheckedAt = c.budget.now()
	h.VerifiedName, h.NameStatus = o.Label("verified_name", 256), strings.ToUpper(o.Label("name_status", 64))
	h.Quality = QualityOf(cmp.Or(o.Text("quality_rating"), o.Object("quality_score").Text("score")))
	n.readStatus(strings.ToUpper(o.Label("status", 64)), o)
	n.readLimit(o)
	n.readThroughput(o)
	for _, raw := range o.Object("health_status").List("entities") {
		n.readEntity(AsObject(raw))
	}
	if h.Quality == parley.QualityRed {
		n.note("The quality of the number is low: people block or report its messages.")
	}
	if h.NameStatus == "DECLINED" || h.NameStatus == "REJECTED" {
		n.note("Meta has declined the display name: choose another one in WhatsApp Manager.")
	}
	return n
}

func (n *Number) note(s string) { n.Notes = append(n.Notes, s) }

func (n *Number) readStatus(word string, o Object) {
	status, known := statuses[word]
	switch {
	case word == "":
		n.Health.Status = parley.SenderConnecting
		n.note("Meta does not say whether the number is connected.")
	case !known:
		n.Health.Status = parley.SenderOffline
		n.note("Meta calls the state of the number “" + word + "”, which Parley does not know; it is taken for offline.")
	default:
		n.Health.Status = status
	}
	platform := strings.ToUpper(o.Text("platform_type"))
	n.Registered = word == "CONNECTED" && platform != "NOT_APPLICABLE" && platform != "ON_PREMISE"
	switch {
	case platform == "ON_PREMISE":
		n.note("The number is on the On-Premises API: move it to the Cloud API.")
	case word != "" && word != "CONNECTED":
		n.note("The number must be CONNECTED to send; Meta says " + word + ".")
	case platform == "NOT_APPLICABLE":
		n.note("The number is not registered for the Cloud API: register it with its PIN.")
	}
}

// readLimit reads the limit of the portfolio. A tier that is not known counts as
// the lowest.
func (n *Number) readLimit(o Object) {
	limit := o.Object("whatsapp_business_manager_messaging_limit")
	tier := cmp.Or(limit.Label("current_limit", 64), limit.Label("tier", 64),
		o.Label("whatsapp_business_manager_messaging_limit", 64), o.Label("messaging_limit_tier", 64))
	n.Health.LimitTier, n.Health.Limit = LimitOf(tier)
	if tier != "" && !knownTier(tier) {
		n.note("Meta calls the messaging limit “" + tier + "”, which Parley does not know; it counts with 250.")
	}
	n.Health.PortfolioID = o.Object("owner_business_info").Label("id", 64)
}

func (n *Number) readThroughput(o Object) {
	t := o.Object("throughput")
	level := strings.ToUpper(cmp.Or(t.Text("level"), o.Text("throughput")))
	switch level {
	case "STANDARD":
		n.Health.Throughput = DefaultThroughput
	case "HIGH":
		n.Health.Throughput = UpgradedThroughput
	case "", "NOT_APPLICABLE":
	default:
		n.note("Meta calls the throughput “" + Cut(level, 64) + "”, which Parley does not know; it counts with 80 a second.")
	}
	if o.Flag("is_on_biz_app") {
		n.Health.Throughput = coexistThroughput
		n.note("The number is also used in the WhatsApp Business app: it sends 20 messages a second, and what is written there takes a conversation over.")
	}
}

// paymentFault is the code by which Meta's check says that it cannot charge
// ("Messaging health status").
const paymentFault = 141006

// readEntity reads one part of Meta's own check of what may send.
func (n *Number) readEntity(o Object) {
	kind := o.Label("entity_type", 32)
	if kind == "BUSINESS" && n.Health.PortfolioID == "" {
		n.Health.PortfolioID = o.Label("id", 64)
	}
	can := strings.ToUpper(o.Label("can_send_message", 32))
	if can != "BLOCKED" && can != "LIMITED" {
		return
	}
	why := []string{kind + ": " + strings.ToLower(can)}
	for _, raw := range o.List("errors") {
		e := AsObject(raw)
		if code, ok := e.Integer("error_code"); ok && code == paymentFault {
			n.Health.Unpaid = true
		}
		why = append(why, NonEmpty(e.Label("error_description", 300), e.Label("possible_solution", 300))...)
	}
	for _, raw := range o.List("additional_info") {
		why = append(why, NonEmpty(Cut(AsText(raw), 300))...)
	}
	n.note("Meta's check says " + strings.Join(why, ". "))
	if can == "BLOCKED" && n.Health.Status == parley.SenderOnline {
		n.Health.Status = parley.SenderSuspended
	}
}
