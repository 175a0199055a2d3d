package whatsapp

import (
	"regexp"
	"strconv"
	"strings"

	"parley/internal/channel/whatsapp/graph"
)

// What Markdown writes, to be written as WhatsApp shows it: *bold*, _italic_,
// ~struck~, code as it is, and no links but plain addresses.
var (
	isHeading = regexp.MustCompile(`^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$`)
	isRule    = regexp.MustCompile(`^ {0,3}([-*_])[ \t]*(?:[-*_][ \t]*){2,}$`)
	isBullet  = regexp.MustCompile(`^(\s*)[*+][ \t]+`)
	isTable   = regexp.MustCompile(`^\s*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)+\|?\s*$`)
	aLink     = regexp.MustCompile(`!?\[([^\[\]\n]*)\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\))?[^()\s<>]*)>?(?:\s+"[^"\n]*")?\s*\)`)
	inAngles  = regexp.MustCompile(`<https?://[^<>\s]+>`)
	anAddress = regexp.MustCompile(`https?://[^\s*<>()\x02\x03]+`)
	bold      = regexp.MustCompile(`\*\*([^*\s](?:[^*\n]*[^*\s])?)\*\*|__([^_\s](?:[^_\n]*[^_\s])?)__`)
	bothMarks = regexp.MustCompile(`\*\*\*([^*\s](?:[^*\n]*[^*\s])?)\*\*\*`)
	italic    = regexp.MustCompile(`(^|[^*\w])\*([^*\s](?:[^*\n]*[^*\s])?)\*($|[^*\w])`)
	struck    = regexp.MustCompile(`~~([^~\s](?:[^~\n]*[^~\s])?)~~`)
	escaped   = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!|>~-])")
	inCode    = regexp.MustCompile("`[^`\n]+`")
)

// formatted turns Markdown into WhatsApp's formatting.
func formatted(markdown string) string {
	lines := strings.Split(markers.Replace(graph.Clean(markdown)), "\n")
	var out []string
	code := false
	for _, line := range lines {
		if strings.HasPrefix(strings.TrimLeft(line, " "), fence) {
			code = !code
			// WhatsApp would show the language as code.
			out = append(out, fence)
			continue
		}
		switch {
		case code:
		case isTable.MatchString(line):
			continue
		case isRule.MatchString(line):
			line = "—"
		default:
			line = formattedLine(line)
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// formattedLine leaves code and addresses as they are.
func formattedLine(line string) string {
	heading := false
	if m := isHeading.FindStringSubmatch(line); m != nil {
		line, heading = strings.NewReplacer("**", "", "__", "").Replace(m[1]), true
	}
	var kept []string
	keep := func(s string) string {
		kept = append(kept, s)
		return "\x02" + strconv.Itoa(len(kept)-1) + "\x03"
	}
	line = isBullet.ReplaceAllString(line, "$1- ")
	line = inCode.ReplaceAllStringFunc(line, keep)
	line = escaped.ReplaceAllStringFunc(line, func(s string) string { return keep(s[1:]) })
	line = aLink.ReplaceAllStringFunc(line, func(link string) string {
		m := aLink.FindStringSubmatch(link)
		text, address := strings.TrimSpace(m[1]), strings.TrimPrefix(m[2], "mailto:")
		if text == "" || text == address {
			return keep(address)
		}
		return text + " (" + keep(address) + ")"
	})
	line = inAngles.ReplaceAllStringFunc(line, func(s string) string { return keep(strings.Trim(s, "<>")) })
	line = anAddress.ReplaceAllStringFunc(line, keep)
	line = bothMarks.ReplaceAllString(line, "\x01_${1}_\x01")
	line = bold.ReplaceAllString(line, "\x01$1$2\x01")
	line = italic.ReplaceAllString(line, "${1}_${2}_${3}")
	line = struck.ReplaceAllString(line, "~$1~")
	line = strings.ReplaceAll(line, "\x01", "*")
	for i := len(kept) - 1; i >= 0; i-- {
		line = strings.Replace(line, "\x02"+strconv.Itoa(i)+"\x03", kept[i], 1)
	}
	if heading && line != "" {
		return "*" + line + "*"
	}
	return line
}

// markers are used on the way and must not come from outside: \x01 is the star
// of bold text until the stars of italic text are gone, \x02 and \x03 enclose
// the number of what is left as it is.
var markers = strings.NewReplacer("\x01", "", "\x02", "", "\x03", "", "\r\n", "\n")
