package wire

import (
	"time"
)

// Provider is a place where models are called.
type Provider struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	BaseURL   string    `json:"base_url"`
	HasKey    bool      `json:"has_key" doc:"The key itself is never returned."`
	Models    []string  `json:"models"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// SaveProvider is the settings of a provider.
type SaveProvider struct {
	Name    string   `json:"name" minLength:"1" maxLength:"100"`
	Kind    string   `json:"kind" minLength:"1" maxLength:"40"`
	BaseURL string   `json:"base_url,omitempty" maxLength:"2000"`
	APIKey  string   `json:"api_key,omitempty" maxLength:"4000" doc:"Left out: the stored key is kept."`
	Models  []string `json:"models,omitempty" maxItems:"200"`
}

// TestProvider names the settings to try: those of a stored provider, those
// given, or stored ones with what is given in their place.
type TestProvider struct {
	ID      string `json:"id,omitempty"`
	Kind    string `json:"kind,omitempty" maxLength:"40"`
	BaseURL string `json:"base_url,omitempty" maxLength:"2000"`
	APIKey  string `json:"api_key,omitempty" maxLength:"4000"`
	Model   string `json:"model" maxLength:"200"`
}

// ProviderCheck says in words whether a provider can be used.
type ProviderCheck struct {
	OK               bool   `json:"ok"`
	Message          string `json:"message"`
	Hint             string `json:"hint" doc:"What to do about it."`
	FirstTokenMillis int64  `json:"first_token_ms"`
	UsageReported    bool   `json:"usage_reported" doc:"Whether the provider says how many tokens were used."`
}

// ProviderModels is what a provider says of its models.
type ProviderModels struct {
	Listed  bool          `json:"listed" doc:"Whether the provider gave a list. Any name can be typed all the same."`
	Models  []ListedModel `json:"models" doc:"In the provider's order, or by name; at most 2,000."`
	Message string        `json:"message" doc:"Why there is no list, in words."`
	Hint    string        `json:"hint" doc:"What to do about it."`
}

// ListedModel is a model of a provider.
type ListedModel struct {
	ID   string `json:"id" doc:"The name to call it by."`
	Name string `json:"name" doc:"For people; empty if the provider gives none."`
}

// Price is one version of a model's price.
type Price struct {
	ID         string    `json:"id"`
	Builtin    bool      `json:"builtin" doc:"Delivered with Parley."`
	Provider   string    `json:"provider"`
	Model      string    `json:"model"`
	Input      *string   `json:"input_usd" doc:"US dollars for a million tokens, as a decimal; null: unknown."`
	Output     *string   `json:"output_usd"`
	Cached     *string   `json:"cached_usd" doc:"For tokens that the provider read from its cache; null: as input."`
	CacheWrite *string   `json:"cache_write_usd" doc:"For tokens that the provider wrote into its cache; null: as input."`
	Source     string    `json:"source" doc:"Where the price was read."`
	ReadOn     string    `json:"read_on"`
	ValidFrom  time.Time `json:"valid_from"`
}

// NewPrice sets a model's price from now on.
type NewPrice struct {
	Provider   string  `json:"provider" minLength:"1" maxLength:"200"`
	Model      string  `json:"model" minLength:"1" maxLength:"200"`
	Input      *string `json:"input_usd,omitempty" pattern:"^[0-9]{1,7}([.][0-9]{1,6})?$" doc:"US dollars for a million tokens; left out: unknown."`
	Output     *string `json:"output_usd,omitempty" pattern:"^[0-9]{1,7}([.][0-9]{1,6})?$"`
	Cached     *string `json:"cached_usd,omitempty" pattern:"^[0-9]{1,7}([.][0-9]{1,6})?$"`
	CacheWrite *string `json:"cache_write_usd,omitempty" pattern:"^[0-9]{1,7}([.][0-9]{1,6})?$"`
	Source     string  `json:"source" minLength:"1" maxLength:"500" doc:"Where the price was read: without it, it counts as unknown."`
	ReadOn     string  `json:"read_on,omitempty" format:"date" doc:"YYYY-MM-DD; today if left out."`
}

// PriceImport says what an import did.
type PriceImport struct {
	Imported int `json:"imported"`
}
