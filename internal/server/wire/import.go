package wire

import (
	"time"

	"parley"
	"parley/internal/foreign"
	"parley/internal/store/imports"
)

// Import is a file of conversations that was brought, and how far the taking of
// it is.
type Import struct {
	ID         string          `json:"id"`
	File       ImportFile      `json:"file"`
	System     foreign.System  `json:"system,omitempty" enum:"parley,chatwoot,dify" doc:"What wrote the file, as its form says; left out while that is not known."`
	State      imports.State   `json:"state" enum:"queued,running,done,failed,canceled" doc:"canceled: what was taken until then stays."`
	Total      *int            `json:"total" doc:"Conversations in the file; null: not known yet."`
	Done       int             `json:"done" doc:"Conversations that were looked at so far."`
	Taken      int             `json:"taken" doc:"Of them, those that were not here yet."`
	Messages   int             `json:"messages" doc:"Of those that were taken."`
	Present    int             `json:"present" doc:"Of them, those that were here already and stay as they are."`
	Refused    int             `json:"refused" doc:"Of them, those that could not be taken."`
	Problems   []ImportProblem `json:"problems" doc:"What could not be taken and why: the first hundred."`
	ProblemsN  int             `json:"problem_count" doc:"How many problems there are."`
	Error      *ImportError    `json:"error" doc:"Why it failed; null: it has not."`
	CreatedBy  *Ref            `json:"created_by" doc:"null: a program, or somebody who has left."`
	CreatedAt  time.Time       `json:"created_at"`
	FinishedAt *time.Time      `json:"finished_at"`
}

// ImportFile is the file of an import.
type ImportFile struct {
	Name string `json:"name"`
	Size int64  `json:"size" doc:"Bytes."`
}

// ImportError says why an import failed.
type ImportError struct {
	Code    parley.Code `json:"code"`
	Message string      `json:"message"`
}

// ImportProblem says what of a file could not be taken.
type ImportProblem struct {
	Line         int         `json:"line" doc:"Where it begins in the file, from 1."`
	Conversation string      `json:"conversation,omitempty" doc:"Its id in the system that it comes from."`
	Code         parley.Code `json:"code"`
	Reason       string      `json:"reason"`
}

// ImportOf is an import; by is the member who brought it, nil if there is none.
func ImportOf(m *imports.Import, by *Ref) Import {
	d := &m.Done
	out := Import{
		ID: m.ID, File: ImportFile{m.Name, m.Size}, System: m.System, State: m.State, Done: d.Position, Taken: d.Taken, Messages: d.Messages,
		Present: d.Present, Refused: d.Position - d.Taken - d.Present, ProblemsN: d.Problems.Count,
		Problems:  Mapped(d.Problems.First, func(p *foreign.Problem) ImportProblem { return ImportProblem(*p) }),
		CreatedBy: by, CreatedAt: m.CreatedAt.UTC(), FinishedAt: TimeOrNull(m.FinishedAt),
	}
	if m.Total >= 0 {
		out.Total = &m.Total
	}
	if m.Error != "" {
		out.Error = &ImportError{m.Code, m.Error}
	}
	return out
}
