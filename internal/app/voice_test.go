package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/speech/speechtest"
)

// upload sends a file as a browser does.
func (r *running) upload(t *testing.T, name, kind string, content []byte, into any) {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreatePart(map[string][]string{
		"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {kind},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL()+"/api/v1/attachments", &form)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminKey)
	req.Header.Set("Content-Type", w.FormDataContentType())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusCreated || json.Unmarshal(b, into) != nil {
		t.Fatalf("upload: %d %s, %v", res.StatusCode, b, err)
	}
}

// A voice note is heard by a real recogniser, from the upload to the answer and
// the transcript.
func TestAVoiceNoteIsHeardAndAnswered(t *testing.T) {
	t.Parallel()
	c := withAdmin(settings(t))
	c.SpeechCommand = speechtest.Recogniser
	r := serve(t, c)
	choice := map[string]any{"speech": map[string]string{"provider_id": parley.SpeechCommand}}
	if got := r.call(t, "PATCH", "/api/v1/workspace", choice, nil); got != http.StatusOK {
		t.Fatalf("workspace: %d", got)
	}
	var assistant, conversation struct{ ID string }
	r.call(t, "POST", "/api/v1/assistants", parley.AssistantConfig{
		Name: "Mira", Status: parley.AssistantActive, Prompt: "Help.", InactivityMinutes: 30, AfterEnd: parley.AfterEndNew,
		Model: parley.ModelChoice{ProviderID: parley.BuiltinProvider, Model: parley.BuiltinModel},
	}, &assistant)
	r.call(t, "POST", "/api/v1/conversations", map[string]string{"assistant_id": assistant.ID, "source": "api"}, &conversation)

	type file struct {
		ID, State, Reading, Error string
		MIMEType                  string `json:"mime_type"`
	}
	var note file
	r.upload(t, "PTT-1.opus", "audio/ogg; codecs=opus", speechtest.VoiceNote(t, "my order number is one two three four five"), &note)
	if note.MIMEType != "audio/ogg" {
		t.Errorf("the upload: %+v", note)
	}
	var sent struct {
		Message struct{ Attachments []file }
		Replies []message
	}
	if got := r.call(t, "POST", "/api/v1/conversations/"+conversation.ID+"/messages?wait=60",
		map[string][]string{"attachments": {note.ID}}, &sent); got >= 300 {
		t.Fatalf("message: %d", got)
	}
	if len(sent.Replies) != 1 || strings.Contains(sent.Replies[0].Content, "pictures or files") {
		t.Errorf("replies %+v", sent.Replies)
	}
	if a := sent.Message.Attachments[0]; a.State != string(parley.AttachmentReading) {
		t.Errorf("when it was sent: %+v", a)
	}
	var log struct {
		Data []struct{ Attachments []file }
	}
	r.call(t, "GET", "/api/v1/conversations/"+conversation.ID+"/messages", nil, &log)
	a := log.Data[0].Attachments[0]
	if speechtest.Digits(a.Reading) != "12345" || a.State != "" || a.Error != "" {
		t.Errorf("heard: %+v", a)
	}
	var detail struct {
		Cost struct{ Complete bool }
		Rows []struct{ Kind, Model string } `json:"usage_rows"`
	}
	r.call(t, "GET", "/api/v1/conversations/"+conversation.ID, nil, &detail)
	if !detail.Cost.Complete || len(detail.Rows) != 2 || detail.Rows[0].Kind != string(parley.UsageTranscription) || detail.Rows[0].Model != "pocketsphinx_continuous" {
		t.Errorf("the ledger: %+v", detail)
	}
	if text := r.text(t, "/api/v1/conversations/"+conversation.ID+"/transcript"); !strings.Contains(text, "User: [Voice note: "+a.Reading+"]") {
		t.Errorf("the transcript: %s", text)
	}
}

// text returns what an address answers.
func (r *running) text(t *testing.T, path string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminKey)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
