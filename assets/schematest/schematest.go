// Package schematest compiles the JSON schemas among the assets, for tests that hold
// documents against them.
package schematest

import (
	"bytes"
	"io/fs"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Compile is the schema of the name among the files. Formats count, as of dates.
func Compile(t testing.TB, files fs.FS, name string) *jsonschema.Schema {
	t.Helper()
	text, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, Parse(t, text)); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// Parse is a JSON text, as a schema takes it.
func Parse(t testing.TB, text []byte) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
