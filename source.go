package parley

// Source says where a conversation comes from.
type Source string

// The sources, with the names that appear in the API.
const (
	SourceTest     Source = "test"     // Test Chat, in the dashboard
	SourceWidget   Source = "widget"   // the Web Widget, on a website
	SourceWhatsApp Source = "whatsapp" // a WhatsApp business number
	SourceAPI      Source = "api"      // a program
)

// Sources lists every source in the order in which they are shown.
func Sources() []Source {
	return []Source{SourceTest, SourceWidget, SourceWhatsApp, SourceAPI}
}

// Valid reports whether s is one of Sources.
func (s Source) Valid() bool {
	switch s {
	case SourceTest, SourceWidget, SourceWhatsApp, SourceAPI:
		return true
	}
	return false
}

// Name is the source as people read it.
func (s Source) Name() string {
	switch s {
	case SourceTest:
		return "Test Chat"
	case SourceWidget:
		return "Web Widget"
	case SourceWhatsApp:
		return "WhatsApp"
	case SourceAPI:
	}
	return "API"
}
