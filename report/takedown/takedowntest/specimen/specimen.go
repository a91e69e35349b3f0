// Package specimen draws JSON values from the schemas of an OpenAPI 3.1 document:
// valid ones, and ones with something wrong with them. Whether a value is valid is
// said by a JSON Schema validator that knows nothing of how it was drawn, so that
// client and server can both be held against the document by values that nobody
// thought of.
package specimen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// Document is an OpenAPI document to draw from. It is not safe for concurrent use.
type Document struct {
	t        testing.TB
	tree     map[string]any
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
	Dice     *rand.Rand
}

// place is the name under which the validator knows the document.
const place = "https://specimen.example/openapi"

// Read reads the document. What is drawn follows from the seed.
func Read(t testing.TB, document []byte, seed int64) *Document {
	t.Helper()
	var loose any
	if err := yaml.Unmarshal(document, &loose); err != nil {
		t.Fatalf("read the OpenAPI document: %v", err)
	}
	text, err := json.Marshal(loose)
	if err != nil {
		t.Fatalf("read the OpenAPI document: %v", err)
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &Document{t: t, tree: tree.(map[string]any), compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}, Dice: rand.New(rand.NewPCG(uint64(seed), 0x73706563))}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource(place, tree); err != nil {
		t.Fatal(err)
	}
	return d
}

// Operation is one operation of the document.
type Operation struct {
	Method, Path string
	ID           string
	Request      string // pointer to the schema of its JSON body; empty where it takes none
	Query        map[string]string
	Answer       string // pointer to the schema of its JSON answer; empty where it gives none
}

// Operations lists the operations of the document, in the order of their paths.
func (d *Document) Operations() []Operation {
	var list []Operation
	paths := d.tree["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		methods := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			at := fmt.Sprintf("#/paths/%s/%s", escape(path), method)
			o := Operation{Method: strings.ToUpper(method), Path: path, ID: d.at(at + "/operationId").(string), Query: map[string]string{}}
			o.Request = d.json(at + "/requestBody/content")
			for _, status := range []string{"200", "201"} {
				if answer := d.json(at + "/responses/" + status + "/content"); answer != "" {
					o.Answer = answer
				}
			}
			parameters, _ := methods[method].(map[string]any)["parameters"].([]any)
			for i := range parameters {
				pointer := d.settle(fmt.Sprintf("%s/parameters/%d", at, i))
				if d.at(pointer+"/in") == "query" {
					o.Query[d.at(pointer+"/name").(string)] = pointer + "/schema"
				}
			}
			list = append(list, o)
		}
	}
	return list
}

// json is the pointer to the JSON schema of a content map, or empty.
func (d *Document) json(content string) string {
	schema := content + "/application~1json/schema"
	if d.at(schema) == nil {
		return ""
	}
	return schema
}

// Valid reports whether the text is a value of the schema.
func (d *Document) Valid(schema string, text []byte) bool {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	return err == nil && d.valid(schema, v)
}

func (d *Document) valid(schema string, v any) bool {
	s := d.schemas[schema]
	if s == nil {
		var err error
		if s, err = d.compiler.Compile(place + schema); err != nil {
			d.t.Fatalf("compile %s: %v", schema, err)
		}
		d.schemas[schema] = s
	}
	return s.Validate(v) == nil
}

// at is what the pointer leads to, or nil.
func (d *Document) at(pointer string) any {
	var v any = d.tree
	for _, step := range strings.Split(pointer, "/")[1:] {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch node := v.(type) {
		case map[string]any:
			v = node[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(node) {
				return nil
			}
			v = node[i]
		default:
			return nil
		}
	}
	return v
}

// settle follows references.
func (d *Document) settle(pointer string) string {
	for {
		node, _ := d.at(pointer).(map[string]any)
		ref, ok := node["$ref"].(string)
		if !ok {
			return pointer
		}
		pointer = ref
	}
}

func escape(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }

// Example is an example that the document gives, with the pointer to its schema.
type Example struct {
	Schema string
	Text   []byte
}

// Examples lists the examples of bodies that the document gives.
func (d *Document) Examples() []Example {
	var list []Example
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch node := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(node)) {
				walk(at+"/"+escape(name), node[name])
			}
			if _, ok := node["schema"]; !ok {
				return
			}
			given, _ := node["examples"].(map[string]any)
			values := []any{node["example"]}
			for _, name := range slices.Sorted(maps.Keys(given)) {
				values = append(values, given[name].(map[string]any)["value"])
			}
			for _, value := range values {
				if text, err := json.Marshal(value); value != nil && err == nil {
					list = append(list, Example{at + "/schema", text})
				}
			}
		case []any:
			for i, e := range node {
				walk(fmt.Sprintf("%s/%d", at, i), e)
			}
		}
	}
	walk("#", d.tree)
	return list
}
