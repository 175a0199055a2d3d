package store

import (
	"context"

	"parley"
)

// maxFindings bounds what Check reports.
const maxFindings = 20

// Check reads the whole database and returns what is wrong with it, in words;
// nothing if all is well. On PostgreSQL, which checks its own pages, it looks
// only whether rows that belong together are there.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	var findings []string
	if !s.dialect.postgres() {
		rs, err := s.read.query(ctx, `PRAGMA quick_check(20)`)
		lines, err := collect(rs, err, func(r scanner) (line string, err error) { return line, r.Scan(&line) })
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if l != "ok" {
				findings = append(findings, l)
			}
		}
	}
	rs, err := s.read.query(ctx, `
		SELECT c.id FROM conversation c LEFT JOIN assistant a ON a.id = c.assistant_id
		WHERE a.id IS NULL LIMIT $1`, maxFindings)
	orphans, err := collect(rs, err, func(r scanner) (id string, err error) { return id, r.Scan(&id) })
	for _, id := range orphans {
		findings = append(findings, "The conversation "+id+" belongs to an assistant that does not exist.")
	}
	return findings, err
}

// Drift compares a conversation with what its log says. It returns the names of
// the fields that differ, and CodeNotFound.
func (s *Store) Drift(ctx context.Context, ws, conv string) ([]string, error) {
	stored, err := s.Conversation(ctx, ws, conv)
	if err != nil {
		return nil, err
	}
	made, err := s.Recompute(ctx, ws, conv)
	if err != nil {
		return nil, err
	}
	var differ []string
	for name, same := range map[string]bool{
		"status":           stored.Status == made.Status,
		"owner":            stored.Owner == made.Owner && stored.OperatorID == made.OperatorID,
		"flags":            sameFlags(stored, made),
		"message_count":    stored.MessageCount == made.MessageCount && stored.AssistantCount == made.AssistantCount,
		"last_message":     stored.LastMessage.Text == made.LastMessage.Text && stored.LastMessage.At.Equal(made.LastMessage.At),
		"last_activity_at": stored.LastActivityAt.Equal(made.LastActivityAt),
		"usage":            stored.InputTokens == made.InputTokens && stored.OutputTokens == made.OutputTokens,
		"credits":          stored.Credits == made.Credits && stored.UnknownCalls == made.UnknownCalls,
		"next_seq":         stored.NextSeq == made.NextSeq,
	} {
		if !same {
			differ = append(differ, name)
		}
	}
	return differ, nil
}

func sameFlags(a, b *parley.Conversation) bool {
	return a.Waiting == b.Waiting && a.HandedOver == b.HandedOver && a.HasError == b.HasError && a.HasAttachment == b.HasAttachment
}
