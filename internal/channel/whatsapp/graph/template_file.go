package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// headerFile is what Meta takes as the file of a header.
type headerFile struct {
	ask    string   // for one that is missing
	types  []string // of a message; nil: any
	sample []string // of the sample that its reviewers see
	most   int64    // bytes
}

// noHeaderFile is said of a template whose header is no file.
const noHeaderFile = "The header of this template has no file."

var headerFiles = map[string]headerFile{
	"IMAGE": {"The header needs a picture, JPEG or PNG.", []string{"image/jpeg", "image/png"}, []string{"image/jpeg", "image/png"}, 5 << 20},
	"VIDEO": {"The header needs a video, MP4 or 3GP.", []string{"video/mp4", "video/3gpp"}, []string{"video/mp4"}, 16 << 20},
	// Reviewers are shown PDF only.
	"DOCUMENT": {"The header needs a document.", nil, []string{"application/pdf"}, 100 << 20},
}

// CheckHeaderFile finds what Meta would refuse of the file of a header of the
// kind IMAGE, VIDEO or DOCUMENT: of a message, or the sample of a template. It
// returns CodeInvalid with the field path.
func CheckHeaderFile(path, kind string, a *parley.Attachment, sample bool) error {
	h, ok := headerFiles[strings.ToUpper(kind)]
	types := h.types
	if sample {
		types = h.sample
	}
	mimeType, _, _ := strings.Cut(a.MIMEType, ";")
	f := &faults{}
	switch {
	case !ok:
		f.add(path, noHeaderFile)
	case types != nil && !slices.Contains(types, strings.TrimSpace(mimeType)):
		f.add(path, "The file has to be "+strings.Join(types, " or ")+"; this one is "+cmp.Or(a.MIMEType, "of an unknown type")+".")
	case a.Size > h.most:
		f.add(path, fmt.Sprintf("The file has at most %d MB.", h.most>>20))
	}
	return f.error("WhatsApp would refuse the file.")
}

// UploadSample gives Meta a file that a template shows its reviewers, and
// returns the handle that the template names it by ("Resumable Upload API").
func (c *Client) UploadSample(ctx context.Context, s *parley.Sender, a *parley.Attachment, content io.Reader) (string, error) {
	token, err := c.ReadToken(ctx, s)
	if err != nil {
		return "", err
	}
	begun, err := c.do(ctx, s, Call{Method: http.MethodPost, Path: []string{token.AppID, "uploads"}, Query: url.Values{
		"file_length": {strconv.FormatInt(a.Size, 10)}, "file_type": {a.MIMEType}, "file_name": {a.Name},
	}})
	if err != nil {
		return "", err
	}
	// The id of the session carries its signature as a query.
	session, signature, _ := strings.Cut(begun.Label("id", 4096), "?")
	query, err := url.ParseQuery(signature)
	if err != nil || session == "" {
		return "", parley.Errorf(parley.CodeUnavailable, "Meta began the upload of the sample and did not say where it goes: try again.")
	}
	done, err := c.do(ctx, s, Call{
		Method: http.MethodPost, Path: []string{session}, Query: query, Resumable: true,
		Body: io.LimitReader(content, a.Size), Length: a.Size, MIME: "application/octet-stream",
	})
	if err != nil {
		return "", err
	}
	handle := done.Label("h", 4096)
	if handle == "" {
		return "", parley.Errorf(parley.CodeUnavailable, "Meta took the sample and gave it no handle: try again.")
	}
	return handle, nil
}

// WithSample returns the parts of a template with handle as the sample of the
// header's file. It returns CodeInvalid if no header has a file.
func WithSample(components json.RawMessage, handle string) (json.RawMessage, error) {
	var parts []Object
	err := json.Unmarshal(components, &parts)
	i := slices.IndexFunc(parts, func(o Object) bool {
		_, file := headerFiles[strings.ToUpper(o.Text("format"))]
		return strings.EqualFold(o.Text("type"), "HEADER") && file
	})
	if err != nil || i < 0 {
		return nil, &parley.Error{Code: parley.CodeInvalid, Message: noHeaderFile,
			Fields: []parley.FieldError{{Path: "header_sample", Message: noHeaderFile}}}
	}
	example, err := json.Marshal(map[string][]string{"header_handle": {handle}})
	if err != nil {
		return nil, err
	}
	parts[i]["example"] = example
	return json.Marshal(parts)
}
