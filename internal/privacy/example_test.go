package privacy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"parley"
	"parley/internal/privacy"
	kept "parley/internal/store/privacy"
	"parley/internal/store/storetest"
)

// What assistants were taught by a conversation goes with it from all versions of
// all of them, those of copies and of deleted ones included; all else stays.
func TestExamplesGoWithTheirConversation(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		ctx := t.Context()
		w.lives(ada, 1, 2)
		gone := w.conversations()[0]
		w.lives(bob, 1, 2)
		stays := taken(bob, w.conversations()[1])
		if stays.ConversationID == gone {
			stays = taken(bob, w.conversations()[0])
		}
		own := parley.Example{Question: "When do you open?", Answer: "At nine"}
		w.teach(w.assistant, own)
		newest, err := w.Assistant(ctx, w.ws, w.assistant)
		w.ok(err)
		edited := newest.Config
		var copies []string
		for range 50 {
			a := &parley.Assistant{WorkspaceID: w.ws, Config: newest.Config}
			w.ok(w.CreateAssistant(ctx, a, ""))
			copies = append(copies, a.ID)
		}
		w.ok(w.DeleteAssistant(ctx, w.ws, copies[0]))
		elsewhere, _ := w.workspace()
		if n, err := kept.New(w.Store).ForgetExamples(ctx, elsewhere, []string{gone}); err != nil || n != 0 {
			t.Errorf("from another workspace %d went, %v", n, err)
		}
		if err := w.privacy.Delete(ctx, elsewhere, gone); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("from another workspace: %v", err)
		}
		if left := fmt.Sprint(w.taught(w.assistant)); !strings.Contains(left, ada.word) {
			t.Errorf("there is nothing to go: %s", left)
		}

		w.ok(w.privacy.Delete(ctx, w.ws, gone))
		if len(w.gone) != 1 || w.gone[0] != gone {
			t.Errorf("told to be gone: %v", w.gone)
		}
		if err := w.privacy.Delete(ctx, w.ws, gone); parley.ErrorCode(err) != parley.CodeNotFound {
			t.Errorf("once more: %v", err)
		}
		if left := w.taught(w.assistant); len(left) != 4 || fmt.Sprint(left[0]) != fmt.Sprint([]parley.Example{stays, own}) || len(left[2]) != 0 {
			t.Errorf("the assistant has been taught %+v", left)
		}
		for _, id := range append(copies, w.assistant) {
			if strings.Contains(fmt.Sprint(w.taught(id)), ada.word) {
				t.Errorf("%s has been taught %+v", id, w.taught(id))
			}
		}
		newest, err = w.Assistant(ctx, w.ws, w.assistant)
		w.ok(err)
		if newest.Version != 4 || newest.Config.Tools[0].Headers["X-Key"] != "tool-secret-xyz" {
			t.Errorf("version %d has the tools %+v", newest.Version, newest.Config.Tools)
		}

		// Who has edited the assistant meanwhile, or restores an old version.
		saved, err := w.UpdateAssistant(ctx, w.ws, w.assistant, 4, edited, "")
		w.ok(err)
		if fmt.Sprint(saved.Config.Examples) != fmt.Sprint([]parley.Example{stays, own}) {
			t.Errorf("it was saved with %+v", saved.Config.Examples)
		}
		if len(edited.Examples) != 3 {
			t.Errorf("what was edited has changed: %+v", edited.Examples)
		}
		a := &parley.Assistant{WorkspaceID: elsewhere, Config: parley.AssistantConfig{Name: "Eve", Examples: []parley.Example{stays}}}
		a.Config.Default()
		w.ok(w.CreateAssistant(ctx, a, ""))
		if len(a.Config.Examples) != 0 {
			t.Error("an example of another workspace's conversation was kept")
		}
		w.ok(w.Close())
		held := storetest.Live(t, w.engine, w.dsn)
		for _, trace := range []string{taken(ada, "").Question, taken(ada, "").Answer} {
			if at := strings.Index(held, trace); at >= 0 {
				t.Errorf("the database holds %q: %q", trace, held[max(0, at-60):min(len(held), at+60)])
			}
		}
	})
}

// teaching takes an example from a conversation just before it is gone.
type teaching struct {
	privacy.Conversations
	teach func(conv string)
}

func (c teaching) DeleteConversation(ctx context.Context, ws, id string) error {
	c.teach(id)
	return c.Conversations.DeleteConversation(ctx, ws, id)
}

// Who takes an example while its conversation is being erased has not got it in
// the end.
func TestExamplesThatAreTakenMeanwhile(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		contact := w.lives(ada, 2, 1)
		w.privacy.Conversations = teaching{w.Store, func(conv string) {
			x := taken(ada, conv)
			x.MessageID = contact // another answer
			w.teach(w.assistant, x)
		}}
		if e := w.erase(contact); e.Gone.Examples != 4 {
			t.Errorf("the receipt is %+v", e.Gone)
		}
		if left := fmt.Sprint(w.taught(w.assistant)); strings.Contains(left, ada.word) {
			t.Errorf("the assistant has been taught %s", left)
		}
	})
}
