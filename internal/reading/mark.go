package reading

import (
	"fmt"
	"strings"

	"parley"
)

// Heard reports whether a file is a recording whose words are known: they count
// as the contact's.
func Heard(a *parley.Attachment) bool { return isSound(a.MIMEType) && a.Reading != "" }

// Mark is how a file stands in the text that a model reads. What was seen in a
// picture is inside the brackets, what was said in a recording behind them.
func Mark(a *parley.Attachment) string {
	sound := isSound(a.MIMEType)
	switch {
	case Heard(a):
		return "[Voice note] " + a.Reading
	case a.Reading != "":
		return "[Image: " + inBrackets(a.Reading) + "]"
	case a.State == parley.AttachmentMissing:
		return fmt.Sprintf("[File: %s, %s; it could not be fetched]", inBrackets(a.Name), a.MIMEType)
	case a.State == parley.AttachmentPending:
		return fmt.Sprintf("[File: %s, %s; it has not arrived yet]", inBrackets(a.Name), a.MIMEType)
	case sound:
		return fmt.Sprintf("[File: %s, %s; nobody could listen to it]", inBrackets(a.Name), a.MIMEType)
	}
	return fmt.Sprintf("[File: %s, %s]", inBrackets(a.Name), a.MIMEType)
}

// inBrackets keeps text in one line and out of the way of the brackets.
func inBrackets(s string) string {
	return strings.NewReplacer("[", "(", "]", ")").Replace(strings.Join(strings.Fields(s), " "))
}
