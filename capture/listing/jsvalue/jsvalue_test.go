package jsvalue

import (
	"errors"
	"strings"
	"testing"
)

// show writes a value in a form that tests can compare.
func show(v Value) string {
	switch v.Kind {
	case Null:
		return "null"
	case String:
		return "'" + v.Text + "'"
	case List, Object:
		var parts []string
		for i, item := range v.Items {
			s := show(item)
			if v.Kind == Object {
				s = v.Keys[i] + ":" + s
			}
			parts = append(parts, s)
		}
		if v.Kind == Object {
			return "{" + strings.Join(parts, " ") + "}"
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	return v.Text
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"JSON", `{"a":[1,2.50,"x",true,null],"b":{}}`, "{a:[1 2.50 'x' true null] b:{}}"},
		{"members keep their order", `{"z":1,"a":2,"m":3}`, "{z:1 a:2 m:3}"},
		{"escapes and surrogates", `"\u00e9\ud83d\ude00\n\/\x41"`, "'é😀\n/A'"},
		{"trailing and doubled commas", `[1,,2,]`, "[1 2]"},
		{"comments", "/* a */ {\"a\": // b\n 1}", "{a:1}"},
		{"single quotes and bare keys", `{a:'b', $c_1:"d"}`, "{a:'b' $c_1:'d'}"},
		{"raw line breaks in strings", "{\"a\":\"one\ntwo\"}", "{a:'one\ntwo'}"},
		{"unknown escapes", `"it\'s \q"`, "'it's q'"},
		{"undefined, NaN and minified booleans", `{a:undefined,b:NaN,c:!0,d:!1}`, "{a:null b:null c:true d:false}"},
		{"calls and functions are no data", `{a:new Date(1,2),b:function(){return {x:"}"}},c:1}`, "{a:null b:null c:1}"},
		{"what stands behind the value", `{"a":1};var x = 2`, "{a:1}"},
		{"numbers as written", `[1.10,-5e3,007]`, "[1.10 -5e3 007]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, n, err := Parse(c.in)
			if err != nil || show(v) != c.want {
				t.Errorf("Parse(%q) = %s, %v, want %s", c.in, show(v), err, c.want)
			}
			if n <= 0 || n > len(c.in) {
				t.Errorf("Parse(%q) took %d bytes", c.in, n)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want error
	}{
		"nothing":               {"", ErrSyntax},
		"a value cut off":       {`{"a":[1,2`, ErrSyntax},
		"a string cut off":      {`{"a":"b`, ErrSyntax},
		"a key without a value": {`{"a"}`, ErrSyntax},
		"two values unparted":   {`[1 2]`, ErrSyntax},
		"nesting without end":   {strings.Repeat("[", 1000), ErrLimit},
		"values without end":    {"[" + strings.Repeat("0,", maxValues+1) + "0]", ErrLimit},
	} {
		if _, _, err := Parse(c.in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestPath(t *testing.T) {
	v, _, err := Parse(`{"a":{"b":[{"c":"x"},{"c":5}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"a.b.0.c": "x", "a.b.1.c": "5", "a.b.2.c": "", "a.x": "", "a.b.c": "", "a.b.-1": ""} {
		if got := v.Path(path).Scalar(); got != want {
			t.Errorf("Path(%q) = %q, want %q", path, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2]}`, `{a:'b\u00`, `[!0,-]`, `{"a":new Date("`, "/*", `"\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, n, err := Parse(s); err == nil && (n <= 0 || n > len(s)) {
			t.Errorf("Parse(%q) took %d bytes", s, n)
		}
	})
}
