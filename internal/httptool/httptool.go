// Package httptool calls the HTTP tools of assistants.
//
// The address of a tool is written by a member and its arguments by a model,
// which repeats what strangers say. So every address is checked when it is
// dialled, again at each redirect, and the answer is bounded in time and size.
// The package must never reach an address that its guard does not allow.
package httptool

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"parley"
)

// The bounds of one call.
const (
	maxBody        = 256 << 10 // bytes read of an answer
	maxResult      = 16 << 10  // bytes of it given to the model
	maxRedirects   = 5
	defaultTimeout = 10 * time.Second
)

// Client calls tools. It is safe for concurrent use.
type Client struct{ http *http.Client }

// New returns a client that reaches what guard allows. It uses no proxy: a
// proxy would resolve names itself, past the guard.
func New(guard Guard) *Client {
	return &Client{http: &http.Client{
		Transport:     guard.Transport(),
		CheckRedirect: checkRedirect,
	}}
}

// Close releases idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Result is the answer of a tool.
type Result struct {
	Status int    // of HTTP
	Text   string // for the model, at most 16 KB
}

// Call calls the tool with args, a JSON object. key is sent as
// Idempotency-Key, "" for none. An error is a *parley.Error with a sentence
// that both a model and an operator understand: CodeInvalid if the arguments
// do not fit, CodeForbidden for an address that may not be reached and
// CodeUnavailable for everything that goes wrong on the way. An answer outside
// 2xx is an error too, and Result holds it.
func (c *Client) Call(ctx context.Context, tool parley.HTTPTool, args json.RawMessage, key string) (Result, error) {
	object, err := checkArguments(&tool, args)
	if err != nil {
		return Result{}, err
	}
	timeout := defaultTimeout
	if tool.TimeoutSeconds > 0 {
		timeout = time.Duration(tool.TimeoutSeconds) * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	req, err := newRequest(ctx, &tool, object)
	if err != nil {
		return Result{}, err
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Result{}, describe(err, timeout)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return Result{}, describe(err, timeout)
	}
	res := Result{Status: resp.StatusCode, Text: readable(resp.Header.Get("Content-Type"), body)}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return res, parley.Errorf(parley.CodeUnavailable, "The tool answered %d %s: %s",
			resp.StatusCode, http.StatusText(resp.StatusCode), cut(res.Text, 500))
	}
	return res, nil
}

// checkArguments reads args as an object and holds it against the schema.
func checkArguments(tool *parley.HTTPTool, args json.RawMessage) (map[string]json.RawMessage, error) {
	if len(bytes.TrimSpace(args)) == 0 {
		args = json.RawMessage("{}")
	}
	object := map[string]json.RawMessage{}
	if err := json.Unmarshal(args, &object); err != nil || object == nil {
		return nil, refusal("The arguments are not a JSON object.")
	}
	if len(tool.Parameters) == 0 {
		return object, nil
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(tool.Parameters))
	if err != nil {
		return nil, refusal("The tool's parameters are not a JSON schema.")
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource("tool:parameters", schema); err != nil {
		return nil, refusal("The tool's parameters are not a JSON schema.")
	}
	compiled, err := compiler.Compile("tool:parameters")
	if err != nil {
		return nil, refusal("The tool's parameters are not a JSON schema.")
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(args))
	if err != nil {
		return nil, refusal("The arguments are not a JSON object.")
	}
	if err := compiled.Validate(value); err != nil {
		return nil, refusal("The arguments do not fit the tool: %s", violations(err))
	}
	return object, nil
}

// noLoader refuses schemas that refer to others elsewhere.
type noLoader struct{}

// Load implements jsonschema.URLLoader.
func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("a schema may not refer to %s", url)
}

// violations puts what is wrong with arguments on one line.
func violations(err error) string {
	v, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return err.Error()
	}
	_, detail, found := strings.Cut(v.Error(), "\n")
	if !found {
		detail = v.Error()
	}
	return cut(strings.Join(strings.Fields(detail), " "), 500)
}

// checkRedirect follows a redirect on the same origin. To another one it
// follows only what carries neither a body nor the tool's headers, which may
// hold keys; and never from https to http.
func checkRedirect(req *http.Request, via []*http.Request) error {
	first, last := via[0], via[len(via)-1]
	switch {
	case len(via) > maxRedirects:
		return refusal("The tool redirects too often.")
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		return refusal("The tool redirects to something that is not HTTP.")
	case last.URL.Scheme == "https" && req.URL.Scheme == "http":
		return refusal("The tool redirects from https to http.")
	case req.URL.Host == first.URL.Host:
		return nil
	case req.Method != http.MethodGet || first.Method != http.MethodGet:
		return refusal("The tool redirects to another host, %s, where its arguments are not sent.", req.URL.Host)
	}
	for name := range req.Header {
		if name != "Accept" && name != "User-Agent" {
			req.Header.Del(name)
		}
	}
	return nil
}

// readable returns the body as text for a model.
func readable(contentType string, body []byte) string {
	media, _, _ := mime.ParseMediaType(contentType)
	text := strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "json") ||
		strings.HasSuffix(media, "xml") || media == ""
	switch {
	case len(body) == 0:
		return "(no content)"
	case !text, len(body) <= maxBody && !utf8.Valid(body):
		return fmt.Sprintf("(%d bytes of %s, which cannot be read as text)", len(body), media)
	}
	return cut(strings.ReplaceAll(strings.ToValidUTF8(string(body), "\uFFFD"), "\x00", "\uFFFD"), maxResult)
}

// cut shortens s to at most n bytes and says so.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + " … (cut)"
}

// describe says in words why there is no answer.
func describe(err error, timeout time.Duration) error {
	if e, ok := errors.AsType[*parley.Error](err); ok {
		return e
	}
	if e, ok := errors.AsType[*PrivateError](err); ok {
		return &parley.Error{Code: parley.CodeForbidden, Message: "The tool was not called: " + e.Error() + ".", Err: err}
	}
	msg := "The tool cannot be reached."
	dns, isDNS := errors.AsType[*net.DNSError](err)
	_, isCert := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		msg = fmt.Sprintf("The tool did not answer within %s.", timeout)
	case errors.Is(err, context.Canceled):
		msg = "The call of the tool was cancelled."
	case isDNS:
		msg = fmt.Sprintf("The tool's host %s is not known.", dns.Name)
	case isCert:
		msg = "The tool's certificate is not valid."
	}
	return &parley.Error{Code: parley.CodeUnavailable, Message: msg, Err: err}
}

// refusal is an error about what was asked for.
func refusal(format string, args ...any) error {
	return parley.Errorf(parley.CodeInvalid, format, args...)
}
