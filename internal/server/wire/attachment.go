package wire

import "parley"

// Attachment is a file that belongs to a message.
type Attachment struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	MIMEType string `json:"mime_type" doc:"As the bytes say."`
	Size     int64  `json:"size" doc:"Bytes; 0 while the file is not here yet."`
	Voice    bool   `json:"voice" doc:"It was recorded as a voice note."`
	// Declared is left out where nobody lied.
	Declared string                 `json:"declared_type,omitempty" doc:"What the sender said that it is, where the bytes say another."`
	State    parley.AttachmentState `json:"state" enum:",pending,reading,missing" doc:"pending: to be fetched from the source; reading: here, and about to be looked at or listened to; missing: it could not be fetched; empty: all is done."`
	Reading  string                 `json:"reading" doc:"What the assistant saw in it, or what was said; empty: it was not read."`
	Error    string                 `json:"error" doc:"Why it is missing or was not read, in a sentence."`
}

// AttachmentOf is a file, without what only the server needs to know.
func AttachmentOf(a *parley.Attachment) Attachment {
	return Attachment{
		ID: a.ID, Name: a.Name, MIMEType: a.MIMEType, Size: a.Size, Voice: a.Voice, Declared: a.Declared, State: a.State,
		Reading: a.Reading, Error: a.Error,
	}
}
