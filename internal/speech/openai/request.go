package openai

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"parley/internal/speech"
)

// request writes the form of the protocol around the recording, which is not
// copied: https://platform.openai.com/docs/api-reference/audio/createTranscription.
func (r *Recogniser) request(ctx context.Context, a speech.Audio) (*http.Request, error) {
	endpoint, err := r.endpoint()
	if err != nil {
		return nil, err
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	fields := [][2]string{{"model", a.Model}, {"response_format", "json"}}
	if a.Language != "" {
		fields = append(fields, [2]string{"language", a.Language})
	}
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, err
		}
	}
	if _, err := w.CreateFormFile("file", fileName(a)); err != nil {
		return nil, err
	}
	head := form.Len()
	if err := w.Close(); err != nil {
		return nil, err
	}
	written := form.Bytes()
	body := io.MultiReader(bytes.NewReader(written[:head]), io.LimitReader(a.Content, a.Size), bytes.NewReader(written[head:]))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, body)
	if err != nil {
		return nil, &speech.Error{Class: speech.Unreachable, Message: "The base URL cannot be called.", Err: r.clean(err)}
	}
	req.ContentLength = int64(len(written)) + a.Size
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Accept", "application/json")
	if r.key != "" {
		req.Header.Set("Authorization", "Bearer "+r.key)
	}
	return req, nil
}

// extensions are what the protocol tells the format by; it does not look at
// the type of the part.
var extensions = map[string]string{
	"audio/ogg": ".ogg", "audio/opus": ".ogg", "application/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp3": ".mp3",
	"audio/mp4": ".m4a", "audio/x-m4a": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr", "audio/wav": ".wav",
	"audio/wave": ".wav", "audio/x-wav": ".wav", "audio/webm": ".webm", "video/webm": ".webm", "audio/flac": ".flac",
}

// fileName is a name with nothing of the sender's in it but the extension.
func fileName(a speech.Audio) string {
	kind, _, _ := strings.Cut(strings.ToLower(a.MIMEType), ";")
	if ext := extensions[strings.TrimSpace(kind)]; ext != "" {
		return "recording" + ext
	}
	if ext := path.Ext(a.Name); len(ext) > 1 && len(ext) <= 5 && strings.Trim(strings.ToLower(ext[1:]), "abcdefghijklmnopqrstuvwxyz0123456789") == "" {
		return "recording" + ext
	}
	return "recording"
}
