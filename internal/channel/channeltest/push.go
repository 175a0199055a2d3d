package channeltest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/channel"
)

// Push is a channel that posts each message to a URL.
type Push struct {
	source parley.Source
	url    string
	http   *http.Client
}

// letter is what goes over the wire.
type letter struct {
	Key  string `json:"key"`
	Text string `json:"text"`
}

// NewPush returns a channel that posts to url.
func NewPush(source parley.Source, url string) *Push {
	return &Push{source, url, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
}

// Source implements channel.Channel.
func (p *Push) Source() parley.Source { return p.source }

// Send implements channel.Pusher.
func (p *Push) Send(ctx context.Context, out *channel.Outbound) (*channel.Receipt, error) {
	body, err := json.Marshal(letter{out.Key, out.Message.Content})
	if err != nil {
		return nil, &channel.Error{Action: channel.Fail, Code: "encoding", Message: "The message cannot be encoded.", Err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return nil, &channel.Error{Action: channel.Fail, Code: "url", Message: "The address is not usable.", Err: err}
	}
	resp, err := p.http.Do(req)
	if err != nil {
		return nil, transportError(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, statusError(resp)
	}
	var accepted struct {
		ID string `json:"id"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&accepted); err != nil {
		return nil, &channel.Error{Action: channel.Ambiguous, Code: "answer", Message: "The answer cannot be read.", Err: err}
	}
	return &channel.Receipt{ProviderID: accepted.ID, Delivery: parley.DeliverySent}, nil
}

// transportError says whether the message can have left. Only a connection
// that was never made is proof that it has not.
func transportError(err error) *channel.Error {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return &channel.Error{Action: channel.Retry, Code: "dial", Message: "The peer cannot be reached.", Err: err}
	}
	return &channel.Error{Action: channel.Ambiguous, Code: "transport", Message: "The peer took the message and gave no answer.", Err: err}
}

func statusError(resp *http.Response) *channel.Error {
	e := &channel.Error{
		Action: channel.Fail, Code: strconv.Itoa(resp.StatusCode), Message: "The peer refuses the message.",
		Err: fmt.Errorf("status %s", resp.Status),
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		e.Action, e.Message = channel.Retry, "The peer is busy."
		e.RetryAfter = cmp.Or(time.Duration(seconds)*time.Second, time.Second)
	case resp.StatusCode >= http.StatusInternalServerError:
		e.Action, e.Message = channel.Ambiguous, "The peer failed, perhaps after it had taken the message."
	}
	return e
}
