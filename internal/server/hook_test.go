package server_test

import (
	"net/http"
	"strings"
	"testing"

	"parley"
	"parley/internal/server/api"
	"parley/internal/server/wire"
	"parley/internal/store/hooks"
)

// The life of a webhook through the API: its secret is shown when it is made and
// renewed, and never again.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	ask := func(method, path string, body any) answer {
		return w.send(request{method: method, path: "/api/v1/webhooks" + path, key: w.ours.key, body: body})
	}
	made := read[wire.NewWebhookEndpoint](t, ask("POST", "", wire.SaveWebhookEndpoint{
		URL: "https://shop.example/hooks", Description: "The shop", Events: []hooks.Type{hooks.Sent, hooks.Ended, hooks.Sent},
	}))
	if !made.Enabled || !strings.HasPrefix(made.Secret, "whsec_") || len(made.Events) != 2 {
		t.Errorf("made %+v", made)
	}
	path, off := "/"+made.ID, false
	saved := read[wire.WebhookEndpoint](t, ask("PUT", path, wire.SaveWebhookEndpoint{
		URL: "https://shop.example/other", Events: []hooks.Type{hooks.Started}, Enabled: &off,
	}))
	if saved.Enabled || saved.URL != "https://shop.example/other" || saved.Description != "" {
		t.Errorf("saved %+v", saved)
	}
	renewed := read[wire.NewWebhookEndpoint](t, ask("POST", path+"/secret", nil))
	if renewed.Secret == made.Secret || renewed.OldSecretUntil == nil {
		t.Errorf("renewed %+v", renewed)
	}
	test := read[wire.WebhookDeliveryDetail](t, ask("POST", path+"/test", nil))
	if test.State != hooks.Failed || len(test.Log) != 1 || test.Log[0].Error == "" || test.Log[0].Status != nil || !strings.Contains(test.Body, `"webhook.test"`) {
		t.Errorf("the test says %+v", test)
	}
	again := read[wire.WebhookDeliveryDetail](t, ask("POST", path+"/deliveries/"+test.ID+"/send", nil))
	if len(again.Log) != 2 || again.Log[0].Number != 2 || again.EventID != test.EventID {
		t.Errorf("sent again: %+v", again)
	}
	for range 2 {
		ask("POST", path+"/test", nil)
	}
	first := read[api.Page[wire.WebhookDelivery]](t, ask("GET", path+"/deliveries?limit=2&state=failed", nil))
	rest := read[api.Page[wire.WebhookDelivery]](t, ask("GET", path+"/deliveries?limit=2&state=failed&cursor="+*first.NextCursor, nil))
	if len(first.Data) != 2 || len(rest.Data) != 1 || rest.NextCursor != nil || rest.Data[0].ID != test.ID {
		t.Errorf("pages %+v, %+v", first, rest)
	}
	if page := read[api.Page[wire.WebhookDelivery]](t, ask("GET", path+"/deliveries?state=delivered", nil)); len(page.Data) != 0 {
		t.Errorf("delivered are %+v", page)
	}
	for _, p := range []string{"", path, path + "/deliveries", path + "/deliveries/" + test.ID} {
		a := ask("GET", p, nil)
		if a.status != http.StatusOK || strings.Contains(string(a.body), "whsec_") {
			t.Errorf("GET %s: %s", p, a)
		}
	}
	for name, body := range map[string]wire.SaveWebhookEndpoint{
		"no address":        {URL: "shop", Events: hooks.Types()},
		"a private address": {URL: "http://10.0.0.1/", Events: hooks.Types()},
		"no event":          {URL: "https://shop.example/"},
		"an unknown event":  {URL: "https://shop.example/", Events: []hooks.Type{"message.deleted"}},
		"a test event":      {URL: "https://shop.example/", Events: []hooks.Type{hooks.Test}},
	} {
		if a := ask("POST", "", body); a.code() != parley.CodeInvalid {
			t.Errorf("%s: %s", name, a)
		}
	}
	for range hooks.MaxHooks - 2 {
		read[wire.NewWebhookEndpoint](t, ask("POST", "", wire.SaveWebhookEndpoint{URL: "https://shop.example/", Events: hooks.Types()}))
	}
	if a := ask("POST", "", wire.SaveWebhookEndpoint{URL: "https://shop.example/", Events: hooks.Types()}); a.code() != parley.CodeConflict {
		t.Errorf("one too many: %s", a)
	}
	if a := ask("DELETE", path, nil); a.status != http.StatusNoContent {
		t.Errorf("delete: %s", a)
	}
	if a := ask("GET", path+"/deliveries", nil); a.code() != parley.CodeNotFound {
		t.Errorf("the log of one that is gone: %s", a)
	}
}
