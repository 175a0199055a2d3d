package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/internal/channel"
	"parley/internal/engine"
	"parley/internal/workshop"
)

// switchedAgo is when the assistant moved to the built-in answerer.
const switchedAgo = 12 * 24 * time.Hour

// replyTime bounds the wait for a reply while the history is made.
const replyTime = 20 * time.Second

// history plays the script from the oldest conversation to the newest.
func (s *seeder) history(ctx context.Context) error {
	script, err := text("conversations.txt")
	if err != nil {
		return err
	}
	scenes, err := parseScript(script)
	if err != nil {
		return err
	}
	slices.SortStableFunc(scenes, func(a, b scene) int { return int(b.ago - a.ago) })
	ctx, stop := s.start(ctx)
	defer stop()
	now := s.Now().UTC()
	switched := false
	for i, sc := range scenes {
		if !switched && sc.ago < switchedAgo {
			switched = true
			s.past.moveTo(now.Add(-switchedAgo))
			if err := s.switchToBuiltin(ctx); err != nil {
				return err
			}
		}
		s.past.moveTo(now.Add(-sc.ago))
		if err := s.play(ctx, i, sc, now); err != nil {
			return fmt.Errorf("conversation of %s: %w", sc.name, err)
		}
	}
	return s.settle(ctx)
}

// start runs an engine on the past's clock until the returned function is
// called, which waits for its end. The context ends if the engine fails.
func (s *seeder) start(ctx context.Context) (context.Context, func()) {
	makers := map[string]engine.NewModel{}
	for kind, open := range s.models() {
		makers[kind] = open
	}
	s.engine = engine.New(engine.Config{
		Store: s.Store, Providers: makers, Channels: s.Channels, Now: s.past.Now,
	})
	ctx, cancel := context.WithCancelCause(ctx)
	var work sync.WaitGroup
	work.Go(func() {
		if err := s.engine.Run(ctx); err != nil {
			cancel(err)
		}
	})
	return ctx, func() {
		cancel(nil)
		work.Wait()
	}
}

// chat is a conversation that is being played.
type chat struct {
	conv  *parley.Conversation
	scene scene
	dice  *rand.Rand // pauses; the same in every demo
	now   time.Time  // the real time, which nothing may pass
}

func (s *seeder) play(ctx context.Context, n int, sc scene, now time.Time) error {
	c := &chat{scene: sc, dice: rand.New(rand.NewPCG(1, uint64(n))), now: now}
	req := engine.OpenRequest{
		WorkspaceID: WorkspaceID, AssistantID: AssistantID, Source: sc.source, ContactName: sc.name, Fresh: true,
		Identities: []parley.Identity{identity(sc)},
	}
	if sc.version == "wholesale" {
		req.AssistantID = wholesaleID
	} else if sc.source == parley.SourceWidget {
		where := []string{"/", "/coffee", "/subscription", "/machines", "/help"}[n%5]
		page, err := json.Marshal(where)
		if err != nil {
			return err
		}
		req.Variables = map[string]json.RawMessage{"page": page}
		req.Visitor = &parley.VisitorConversation{WidgetID: WidgetID, VisitorID: sc.handle, Page: "https://quillmoor.example" + where}
	}
	if sc.source == parley.SourceWhatsApp && sc.version != "wholesale" {
		req.SenderID = senderID
	}
	if sc.source == parley.SourceAPI {
		req.ExternalID = sc.handle
	}
	var err error
	if c.conv, _, err = s.engine.Open(ctx, req); err != nil {
		return err
	}
	for _, line := range sc.lines {
		if directive, ok := strings.CutPrefix(line, "@"); ok {
			err = s.direct(ctx, c, directive)
		} else {
			err = s.write(ctx, c, line, nil)
		}
		if err != nil {
			return err
		}
	}
	if err := s.leave(ctx, c); err != nil || req.Visitor == nil {
		return err
	}
	return s.rate(ctx, c)
}

// rate lets two of three visitors rate a conversation that has ended: low, if a
// person was needed.
func (s *seeder) rate(ctx context.Context, c *chat) error {
	conv, err := s.Store.Conversation(ctx, WorkspaceID, c.conv.ID)
	if err != nil || conv.Status != parley.ConversationEnded || c.dice.IntN(3) == 0 {
		return err
	}
	score := 4 + c.dice.IntN(2)
	if conv.HandedOver {
		score = 2 + c.dice.IntN(3)
	}
	_, err = s.Store.RateConversation(ctx, WorkspaceID, conv.ID, score, "")
	return err
}

// identity returns how the contact of a scene is known.
func identity(sc scene) parley.Identity {
	switch sc.source {
	case parley.SourceWhatsApp:
		return parley.Identity{Kind: parley.IdentityPhone, Value: strings.ReplaceAll(sc.handle, " ", "")}
	case parley.SourceWidget:
		return parley.Identity{Kind: parley.IdentityVisitor, Value: sc.handle}
	case parley.SourceTest:
		return parley.Identity{Kind: parley.IdentityMember, Value: colleagueID}
	default:
		return parley.Identity{Kind: parley.IdentityExternal, Value: sc.handle}
	}
}

// write sends a message of the contact and waits for the reply.
func (s *seeder) write(ctx context.Context, c *chat, content string, files []parley.Attachment) error {
	s.pause(c, 12, 55)
	got, err := s.engine.Receive(ctx, channel.Inbound{
		WorkspaceID: WorkspaceID, ConversationID: c.conv.ID, Source: c.scene.source, Content: content,
		SenderID: c.conv.SenderID, Attachments: files,
	})
	if err != nil {
		return err
	}
	c.conv = got.Conversation
	if c.conv.Owner == parley.OwnerOperator {
		return nil
	}
	replies, err := s.engine.WaitReplies(ctx, WorkspaceID, c.conv.ID, got.Message.Seq, replyTime)
	if err == nil && len(replies) == 0 {
		err = fmt.Errorf("no reply to %q within %s", content, replyTime)
	}
	return err
}

// pause lets some seconds pass, but never up to the real time.
func (s *seeder) pause(c *chat, least, most int) {
	d := time.Duration(least+c.dice.IntN(most-least+1)) * time.Second
	if s.past.Now().Add(d).Before(c.now) {
		s.past.advance(d)
	}
}

// direct carries out what else happens in a conversation:
//
//	@fail                 the next model call fails
//	@photo TEXT           the contact sends a picture with a text
//	@takeover             the colleague takes over
//	@operator TEXT        the colleague writes
//	@example QUESTION     what the colleague wrote last is how this is answered from now on
//	@release              the colleague gives it back
//	@end                  the colleague ends it
func (s *seeder) direct(ctx context.Context, c *chat, directive string) error {
	name, rest, _ := strings.Cut(directive, " ")
	who := engine.Actor{ID: colleagueID, Name: colleagueName}
	s.pause(c, 30, 150)
	var err error
	switch name {
	case "fail":
		s.model.fail.Store(true)
	case "photo":
		var file parley.Attachment
		if file, err = s.photo(ctx); err == nil {
			err = s.write(ctx, c, rest, []parley.Attachment{file})
		}
	case "takeover":
		_, err = s.engine.Takeover(ctx, WorkspaceID, c.conv.ID, who)
	case "operator":
		_, err = s.engine.OperatorMessage(ctx, WorkspaceID, c.conv.ID, who, &parley.Message{Content: rest})
	case "example":
		err = s.example(ctx, c, rest)
	case "release":
		_, err = s.engine.Release(ctx, WorkspaceID, c.conv.ID, who)
	case "end":
		_, err = s.engine.End(ctx, WorkspaceID, c.conv.ID, parley.EndOperator, who)
	default:
		err = fmt.Errorf("no directive %q", directive)
	}
	return err
}

// example makes what the colleague wrote last an example of the assistant.
func (s *seeder) example(ctx context.Context, c *chat, question string) error {
	log, err := s.Store.Messages(ctx, WorkspaceID, c.conv.ID, 0, 0)
	if err != nil {
		return err
	}
	for _, m := range slices.Backward(log) {
		if m.Role == parley.ByOperator {
			w := &workshop.Workshop{Store: s.Store, Now: s.past.Now}
			_, err := w.Keep(ctx, WorkspaceID, c.conv.ID, m.ID, question, "", s.OwnerID)
			return err
		}
	}
	return fmt.Errorf("nobody answered %q", question)
}

// leave lets a conversation end by inactivity that nobody ended, if it was long
// enough ago.
func (s *seeder) leave(ctx context.Context, c *chat) error {
	conv, err := s.Store.Conversation(ctx, WorkspaceID, c.conv.ID)
	if err != nil || conv.Status == parley.ConversationEnded {
		return err
	}
	quiet := 30 * time.Minute
	if conv.Waiting || conv.Owner == parley.OwnerOperator {
		quiet = 24 * time.Hour
	}
	if !conv.LastActivityAt.Add(quiet).Before(c.now) {
		return nil
	}
	s.past.advance(min(quiet, 30*time.Minute))
	_, err = s.engine.End(ctx, WorkspaceID, conv.ID, parley.EndInactivity, engine.Actor{})
	return err
}

// settle waits until nothing is due any more: the evaluations, above all.
func (s *seeder) settle(ctx context.Context) error {
	for deadline := time.Now().Add(replyTime); time.Now().Before(deadline); {
		stats, err := s.Store.WorkStats(ctx)
		if err != nil {
			return err
		}
		due := 0
		for _, k := range stats {
			if k.Kind == parley.WorkEvaluate || k.Kind == parley.WorkTurn {
				due += k.Due
			}
		}
		if due == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}
