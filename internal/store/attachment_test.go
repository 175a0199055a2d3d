package store_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/store/storetest"
)

func TestAttachments(t *testing.T) {
	t.Parallel()
	onClock(t, func(t *testing.T, s *store.Store, c *storetest.Clock) {
		ctx, w := t.Context(), newWorkspace(t, s)
		file := func(conversation string) *store.StoredAttachment {
			a := &store.StoredAttachment{
				Attachment:  parley.Attachment{Name: "bill.pdf", MIMEType: "application/pdf", Size: 12},
				WorkspaceID: w.ID, ConversationID: conversation, Key: "ab/cd", CreatedBy: "ada",
			}
			must(t, s.CreateAttachment(ctx, a))
			return a
		}
		free, taken := file(""), file("some")
		got, err := s.Attachment(ctx, w.ID, free.ID)
		if err != nil || *got != *free {
			t.Errorf("got %+v, %v; want %+v", got, err, free)
		}
		_, err = s.Attachment(ctx, newWorkspace(t, s).ID, free.ID)
		wantCode(t, err, parley.CodeNotFound)
		all, err := s.Attachments(ctx, w.ID, []string{taken.ID, "nope", free.ID})
		if err != nil || len(all) != 2 {
			t.Errorf("got %+v, %v", all, err)
		}
		if all, err = s.OrphanAttachments(ctx, c.Now(), 10); err != nil || len(all) != 0 {
			t.Errorf("orphans too early: %+v, %v", all, err)
		}
		c.Move(time.Hour)
		if all, err = s.OrphanAttachments(ctx, c.Now(), 10); err != nil || len(all) != 1 || all[0].ID != free.ID {
			t.Errorf("got %+v, %v", all, err)
		}
		wantCode(t, s.DeleteAttachment(ctx, w.ID, taken.ID), parley.CodeNotFound)
		must(t, s.DeleteAttachment(ctx, w.ID, free.ID))
	})
}
