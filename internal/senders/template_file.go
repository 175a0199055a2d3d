package senders

import (
	"context"
	"strings"

	"parley"
	"parley/internal/channel/whatsapp/graph"
	"parley/internal/store"
)

// file returns an attachment of the workspace. It returns CodeInvalid with the
// field path if there is none.
func (s *Service) file(ctx context.Context, ws, path, id string) (*store.StoredAttachment, error) {
	if parley.ValidID(id) {
		a, err := s.Store.Attachment(ctx, ws, id)
		if parley.ErrorCode(err) != parley.CodeNotFound {
			return a, err
		}
	}
	return nil, &parley.Error{Code: parley.CodeInvalid, Message: path + ": there is no such file.",
		Fields: []parley.FieldError{{Path: path, Message: "There is no such file: choose it again."}}}
}

// sampleToCome stands for the handle of a sample that is not uploaded yet.
const sampleToCome = "to come"

// uploadSample gives Meta the sample of a template's header and puts its handle
// into the template.
func (s *Service) uploadSample(ctx context.Context, x *parley.Sender, t *parley.Template) error {
	const path = "header_sample"
	a, err := s.file(ctx, x.WorkspaceID, path, t.Sample)
	if err != nil {
		return err
	}
	if err := graph.CheckHeaderFile(path, graph.TemplateVariables(t).HeaderMedia, &a.Attachment, true); err != nil {
		return err
	}
	content, err := s.Files.Get(ctx, a.Key)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	handle, err := s.Meta.UploadSample(ctx, x, &a.Attachment, content)
	if err != nil {
		return err
	}
	t.Components, err = graph.WithSample(t.Components, handle)
	return err
}

// headerFile adds the file of the header, if the template has one.
func (s *Service) headerFile(ctx context.Context, m *Message, id string) error {
	if id == "" {
		return nil
	}
	const path = "header_file"
	a, err := s.file(ctx, m.Template.WorkspaceID, path, id)
	if err != nil {
		return err
	}
	kind := graph.TemplateVariables(m.Template).HeaderMedia
	if err := graph.CheckHeaderFile(path, kind, &a.Attachment, false); err != nil {
		return err
	}
	m.Values.HeaderMedia, m.Files = strings.ToLower(kind), []parley.Attachment{a.Attachment}
	return nil
}
