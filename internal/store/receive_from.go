package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"parley"
)

// openTries bounds how often a conversation is looked for that ends meanwhile.
const openTries = 3

// ReceiveFrom records a message of a contact whose conversation is not known
// yet: in one transaction it finds or makes the contact, continues or opens the
// conversation and receives the message. A provider id that was here before
// gives the stored message, wherever it is. It returns what OpenConversation
// and Receive return.
func (s *Store) ReceiveFrom(ctx context.Context, o OpenConversation, in ReceiveMessage) (got *Received, created bool, err error) {
	if err := parley.CheckContent(in.Message.Content); err != nil {
		return nil, false, err
	}
	receiveOnce := func(t *tx) error {
		o, in, m := o, in, *in.Message
		o.Ended = in.Reopen
		id, isNew, err := placeFor(ctx, t, &o, &in)
		if err != nil {
			return err
		}
		if m.ReplyTo, err = replied(ctx, t, &in, id); err != nil {
			return err
		}
		if err := in.takeBack(ctx, t, &m); err != nil {
			return err
		}
		in.ConversationID, in.Message = id, &m
		got, err = receive(ctx, t, &in, &m)
		created = isNew
		return err
	}
	// On PostgreSQL the conversation may end, or be erased, between its being
	// found and its being locked. The next look finds another one.
	for range openTries {
		err = s.write(ctx, receiveOnce)
		if !errors.Is(err, ErrEnded) && parley.ErrorCode(err) != parley.CodeNotFound {
			break
		}
	}
	if errors.Is(err, errRepeated) {
		got, err = s.repeated(ctx, in.WorkspaceID, in.ConversationID, in.SenderID, in.Message)
		return got, false, err
	}
	return got, created, err
}

// placeFor returns the conversation that a message belongs to, continued or
// opened.
func placeFor(ctx context.Context, t *tx, o *OpenConversation, in *ReceiveMessage) (id string, isNew bool, err error) {
	if id, err = knownPlace(ctx, t, o); err != nil || id != "" {
		return id, false, err
	}
	if err := unlessRepeated(ctx, t, in); err != nil {
		return "", false, err
	}
	c, isNew, err := openConversation(ctx, t, o)
	if err != nil {
		return "", false, err
	}
	return c.ID, isNew, nil
}

// knownPlace returns the active conversation of a contact about whom there is
// nothing to add, "" for any other: one statement in place of the many of
// openConversation. A repeat is found by its insert.
func knownPlace(ctx context.Context, t *tx, o *OpenConversation) (id string, err error) {
	if o.Fresh || len(o.Variables) > 0 || len(o.Identities) == 0 {
		return "", nil
	}
	args := []any{
		o.WorkspaceID, string(o.Identities[0].Kind), o.Identities[0].Value, string(o.Source), o.AssistantID, o.SenderID, o.ExternalID,
		len(o.Identities), flag(o.ContactName != ""), flag(slices.ContainsFunc(o.Identities, func(i parley.Identity) bool {
			return i.Kind == parley.IdentityPhone
		})),
	}
	var all []string
	for _, i := range o.Identities {
		args = append(args, string(i.Kind), i.Value)
		all = append(all, "x.kind = "+placeholder(len(args)-1)+" AND x.value = "+placeholder(len(args)))
	}
	err = t.queryRow(ctx, `
		SELECT c.id FROM identity i JOIN contact p ON p.id = i.contact_id
		JOIN conversation c ON c.contact_id = i.contact_id AND c.status = 'active'
		WHERE i.workspace_id = $1 AND i.kind = $2 AND i.value = $3
			AND c.workspace_id = $1 AND c.source = $4 AND c.assistant_id = $5 AND c.sender_id = $6 AND c.external_id = $7
			AND ($9 = 0 OR p.name <> '') AND ($10 = 0 OR p.phone <> '')
			AND $8 = (SELECT count(*) FROM identity x
				WHERE x.contact_id = i.contact_id AND x.workspace_id = $1 AND (`+strings.Join(all, " OR ")+`))
		ORDER BY c.n DESC LIMIT 1`, args...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// unlessRepeated returns errRepeated if the message is here already.
func unlessRepeated(ctx context.Context, t *tx, in *ReceiveMessage) error {
	if in.Message.ProviderID == "" {
		return nil
	}
	_, err := messageByProviderID(ctx, t, in.WorkspaceID, in.SenderID, in.Message.ProviderID)
	switch {
	case err == nil:
		return errRepeated
	case parley.ErrorCode(err) != parley.CodeNotFound:
		return err
	}
	return nil
}

// replied returns the id of the message that a message answers, which its
// source has named by its own id; "" for none, and for one of another
// conversation.
func replied(ctx context.Context, t *tx, in *ReceiveMessage, conversation string) (string, error) {
	if in.ReplyToSource == "" {
		return in.Message.ReplyTo, nil
	}
	m, err := messageByProviderID(ctx, t, in.WorkspaceID, in.SenderID, in.ReplyToSource)
	if parley.ErrorCode(err) == parley.CodeNotFound || err == nil && m.ConversationID != conversation {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return m.ID, nil
}
