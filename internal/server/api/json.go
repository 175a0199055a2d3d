package api

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"parley"
)

// MaxJSON is the largest JSON body.
const MaxJSON = 1 << 20

// ReadBody reads a JSON body. It returns CodeTooLarge and CodeInvalid.
func ReadBody(c *Call) ([]byte, error) {
	if kind, _, _ := strings.Cut(c.R.Header.Get("Content-Type"), ";"); kind != "" && kind != "application/json" {
		return nil, parley.Errorf(parley.CodeInvalid, "The body must be JSON, with Content-Type: application/json.")
	}
	if c.R.ContentLength > MaxJSON {
		return nil, parley.Errorf(parley.CodeTooLarge, "The body is too large: at most 1 MB are taken.")
	}
	var data []byte
	var err error
	if n := c.R.ContentLength; n >= 0 {
		data = make([]byte, n)
		_, err = io.ReadFull(c.Body, data)
	} else {
		data, err = io.ReadAll(io.LimitReader(c.Body, MaxJSON+1))
	}
	switch {
	case err != nil:
		return nil, parley.Errorf(parley.CodeInvalid, "The body could not be read: %w", err)
	case len(data) > MaxJSON:
		return nil, parley.Errorf(parley.CodeTooLarge, "The body is too large: at most 1 MB are taken.")
	}
	return data, nil
}

// WriteJSON answers with v.
func WriteJSON(c *Call, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := c.W.Header()
	h["Content-Type"] = jsonType
	h.Set("Content-Length", strconv.Itoa(len(b)+1))
	c.W.WriteHeader(status)
	_, _ = c.W.Write(append(b, '\n')) // the reader may have gone
	return nil
}
