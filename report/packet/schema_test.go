package packet

import (
	"bytes"
	"strings"
	"testing"

	"touchstone/assets"
	"touchstone/assets/schematest"
	"touchstone/report/notice"
)

// The dossier for machines has the form that its schema tells strangers, and the
// schema tells something: what is wrong in it is found.
func TestNoticeJSONHasTheFormOfItsSchema(t *testing.T) {
	schema := schematest.Compile(t, assets.Schemas, "schemas/notice.json")
	files := blobs{}
	d := dossier(t, len(scripts), files, func(int) []byte { return nil })
	var b bytes.Buffer
	if err := notice.WriteJSON(&b, d); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		old, new string
		wrong    bool
	}{
		"as written":                       {"", "", false},
		"with a verdict that is none":      {`"verdict": "counterfeit"`, `"verdict": "fake"`, true},
		"without the right":                {`"right": {`, `"rite": {`, true},
		"of another version":               {`"schema": 1`, `"schema": 2`, true},
		"with a hash cut short":            {`"manifest": "`, `"manifest": "zz`, true},
		"with a time that is none":         {`"created_at": "2026`, `"created_at": "the year 2026`, true},
		"with the operator among its ways": {`"provenance": {`, `"provenance": {"operator": "Ada",`, true},
	} {
		text := strings.Replace(b.String(), tt.old, tt.new, 1)
		if tt.wrong && text == b.String() {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := schema.Validate(schematest.Parse(t, []byte(text))); (err != nil) != tt.wrong {
			t.Errorf("%s: the schema says %v, wrong should be %v", name, err, tt.wrong)
		}
	}
}
