package apidoc_test

import (
	"regexp"
	"strings"
	"testing"

	"parley/internal/apidoc"
)

const spec = `{
  "info": {"title": "Things", "description": "About <things>.\n\nMore."},
  "tags": [{"name": "Zebras"}],
  "paths": {
    "/apes": {"get": {"operationId": "get-apes", "summary": "List apes", "tags": ["Apes"], "responses": {"200": {"description": "OK",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Loop"}}}}}}},
    "/zebras/{id}": {"post": {"operationId": "post-zebra", "summary": "Make a zebra", "tags": ["Zebras"],
      "security": [{"key": ["zebras:write"]}],
      "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "enum": ["a", "b"]}}],
      "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["name", "loop"],
        "properties": {"name": {"type": ["string", "null"], "description": "It's <b>bold</b>."}, "loop": {"$ref": "#/components/schemas/Loop"}}}}}},
      "responses": {"default": {"description": "An error"}}}}
  },
  "components": {"schemas": {"Loop": {"type": "object", "required": ["next"], "properties": {"next": {"anyOf": [{"$ref": "#/components/schemas/Loop"}, {"type": "null"}]}}}}}
}`

func TestRender(t *testing.T) {
	t.Parallel()
	b, err := apidoc.Render([]byte(spec))
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	for _, want := range []string{
		"<title>Things API</title>", "About &lt;things&gt;.", "It&#39;s &lt;b&gt;bold&lt;/b&gt;.", "string or null", "One of a, b.",
		"zebras:write", "open to everybody", `curl -X POST &#34;$PARLEY/zebras/$id&#34;`, `id="post-zebra"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Index(page, "Make a zebra") > strings.Index(page, "List apes") {
		t.Error("the order of the tags is not the document's")
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("the id %s is there twice", m[1])
		}
		ids[m[1]] = true
	}
}

func TestRenderRefusesWhatIsNoDocument(t *testing.T) {
	t.Parallel()
	if _, err := apidoc.Render([]byte("[]")); err == nil {
		t.Error("a list is rendered")
	}
}
