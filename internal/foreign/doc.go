// Package foreign reads the conversations of other systems out of the files in
// which people bring them: what Chatwoot's and Dify's APIs answer with, as
// scripts save it, Dify's tables, and the JSON Lines of Parley itself.
//
// A file is read twice: at first for where each conversation is in it, then one
// conversation at a time. It is hostile until shown otherwise: nothing of it is
// trusted, never more than one record is in memory, and no reason that is given
// repeats what people have written.
package foreign

import (
	"fmt"
	"time"

	"parley"
)

// System is where a file comes from.
type System string

// The systems.
const (
	Parley   System = "parley"
	Chatwoot System = "chatwoot"
	Dify     System = "dify"
)

// Name is the system as people read it.
func (s System) Name() string {
	switch s {
	case Parley:
		return "Parley"
	case Chatwoot:
		return "Chatwoot"
	case Dify:
		return "Dify"
	}
	return "another system"
}

// Problem says what of a file could not be taken, and why.
type Problem struct {
	Line         int         `json:"line"`                   // where it begins, from 1
	Conversation string      `json:"conversation,omitempty"` // its id there
	Code         parley.Code `json:"code"`
	Reason       string      `json:"reason"`
}

// Conversation is one conversation as its system has it. Ids are those of the
// system.
type Conversation struct {
	System    System
	ID        string
	Source    parley.Source
	Contact   Contact
	Inbox     string // where it came in; its id is unique in that
	StartedAt time.Time
	Resolved  bool // an operator has closed it
	Messages  []Message
	Notes     []Note
	Labels    []string
	Variables []Variable
}

// Contact is who wrote.
type Contact struct {
	ID       string // "" for one who is known by the conversation only
	Name     string
	Email    string
	Phone    string // E.164
	External string // what the business calls the person
}

// Message is a message.
type Message struct {
	ID       string
	Role     parley.MessageRole
	Type     parley.MessageType
	Author   string
	Text     string
	Files    []File
	ReplyTo  string
	Delivery parley.Delivery
	Deleted  bool
	At       time.Time
}

// File is a file of a message. It is not in the file that is read; URL is where
// the system has it.
type File struct{ ID, Name, MIMEType, URL string }

// Note is what somebody has written about a conversation.
type Note struct {
	ID, Author, Text string
	At               time.Time
}

// Variable is a value that a conversation began with: JSON of a string, a number
// or a boolean.
type Variable struct {
	Name  string
	Type  parley.VariableType
	Value []byte
}

func invalid(format string, args ...any) error {
	return &parley.Error{Code: parley.CodeInvalid, Message: fmt.Sprintf(format, args...)}
}

func tooLarge(why string) error { return &parley.Error{Code: parley.CodeTooLarge, Message: why} }

func invalidAt(line int, why string) string {
	return fmt.Sprintf("The file cannot be read from line %d on: %s Nothing of it was taken, because messages of a conversation may be missing.", line, why)
}
