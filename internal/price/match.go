package price

import (
	"net/url"
	"strings"
	"time"

	"parley"
)

// known names the providers whose prices the delivered table holds, by the host
// of their endpoint.
var known = map[string]string{
	"api.openai.com":                    "openai",
	"api.anthropic.com":                 "anthropic",
	"generativelanguage.googleapis.com": "google",
	"api.mistral.ai":                    "mistral",
	"api.groq.com":                      "groq",
	"api.deepseek.com":                  "deepseek",
	"openrouter.ai":                     "openrouter",
	"api.x.ai":                          "xai",
}

// ProviderOf returns the name under which a provider's prices are listed: the
// name of a known provider, else the host of its endpoint with its port, in
// lower case. The kind alone says nothing about prices: the same model costs
// different things at different hosts. It is used only where there is no host.
func ProviderOf(kind, baseURL string) string {
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" {
		return strings.ToLower(kind)
	}
	if name, ok := known[strings.ToLower(u.Hostname())]; ok {
		return name
	}
	return strings.ToLower(u.Host)
}

// Names returns the names under which a model's price may be listed, the best
// first: its own, and that without the date of its version. A price is never
// taken from a name that is merely similar.
func Names(model string) []string {
	model = strings.TrimPrefix(strings.TrimSpace(model), "models/") // Gemini's own form
	names := []string{model}
	for _, layout := range []string{"-2006-01-02", "-20060102"} {
		cut := len(model) - len(layout)
		if cut <= 0 {
			continue
		}
		if t, err := time.Parse(layout, model[cut:]); err == nil && t.Year() >= 2020 {
			names = append(names, model[:cut])
		}
	}
	return names
}

// Find returns the price of a model in a table that holds one version of each
// price, or nil. The provider is what ProviderOf returns.
func Find(table []parley.Price, provider, model string) *parley.Price {
	for _, name := range Names(model) {
		for i := range table {
			if table[i].Provider == provider && table[i].Model == name {
				return &table[i]
			}
		}
	}
	return nil
}
