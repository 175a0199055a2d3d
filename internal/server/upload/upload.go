// Package upload reads files out of forms.
package upload

import (
	"io"
	"mime"
	"mime/multipart"

	"parley"
)

// FilePart returns the part of a form that is named file. It returns CodeInvalid
// if there is none.
func FilePart(contentType string, body io.Reader) (*multipart.Part, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return nil, parley.Errorf(parley.CodeInvalid, "Send the file as multipart/form-data, in a part named file.")
	}
	form := multipart.NewReader(body, params["boundary"])
	for range 10 {
		part, err := form.NextPart()
		if err != nil {
			break
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
	return nil, parley.Errorf(parley.CodeInvalid, "There is no file: send it in a part named file, with a file name.")
}
