package jointforce

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// ReadRequest reads a request's body as the protocol wants it: no member that is
// not documented, none twice, none null or empty, none missing. The violations are
// those that can be pointed at; with an error the body is not a request at all.
// What the members say is for the request's own Validate.
func ReadRequest(body []byte, v any) ([]ProblemField, error) { return read(body, v, true) }

// readAnswer reads a marketplace's answer. Members that are not documented are
// left out; an answer that lacks one, or says what the protocol has no word for, is
// no answer.
func readAnswer(body []byte, v any) error {
	violations, err := read(body, v, false)
	if err == nil && len(violations) > 0 {
		err = fmt.Errorf("%s %s", violations[0].Pointer, violations[0].Detail)
	}
	return err
}

// read holds the body against the type of v, and reads it. Package encoding/json
// alone is more lenient: it takes other spellings of a name, and the last of two.
func read(body []byte, v any, strict bool) ([]ProblemField, error) {
	if err := once(json.NewDecoder(bytes.NewReader(body))); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	r := reader{strict: strict}
	tree = r.value("", tree, reflect.TypeOf(v).Elem(), "")
	if r.unknown != nil {
		return nil, r.unknown
	}
	if len(r.violations) > 0 {
		return r.violations, nil
	}
	known, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	return nil, json.Unmarshal(known, v)
}

// reader walks over a JSON value beside the Go type that it is to be.
type reader struct {
	strict     bool
	violations violations
	unknown    error // the first thing that is of no documented name or type
}

func (r *reader) malformed(at, why string) any {
	if r.unknown == nil {
		r.unknown = fmt.Errorf("%s %s", cmp.Or(at, "the body"), why)
	}
	return nil
}

// value checks one value, and is what of it is documented.
func (r *reader) value(at string, v any, t reflect.Type, rule string) any {
	if t.Kind() == reflect.Pointer {
		if v == nil && rule == "share" { // the only members that may be null
			return nil
		}
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		text, ok := v.(string)
		if _, err := time.Parse(time.RFC3339, text); !ok || err != nil {
			return r.malformed(at, "must be a time such as 2026-11-30T09:00:00Z")
		}
	case t.Kind() == reflect.Struct:
		return r.object(at, v, t)
	case t.Kind() == reflect.Slice:
		return r.array(at, v, t, rule)
	case t.Kind() == reflect.Map:
		entries, ok := v.(map[string]any)
		if !ok {
			return r.malformed(at, "must be an object")
		}
		for name, entry := range entries {
			r.value(at+"/"+escape(name), entry, t.Elem(), "")
		}
	case t.Kind() == reflect.String:
		text, ok := v.(string)
		if !ok {
			return r.malformed(at, "must be a string")
		}
		r.text(at, text, t, rule)
	case t.Kind() == reflect.Bool:
		if _, ok := v.(bool); !ok {
			return r.malformed(at, "must be true or false")
		}
	default:
		return r.number(at, v, t, rule)
	}
	return v
}

func (r *reader) object(at string, v any, t reflect.Type) any {
	members, ok := v.(map[string]any)
	if !ok {
		return r.malformed(at, "must be an object")
	}
	known := map[string]any{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			continue
		}
		member, present := members[name]
		switch {
		case present:
			known[name] = r.value(at+"/"+name, member, f.Type, f.Tag.Get("rule"))
		case !strings.HasPrefix(options, "omit"):
			r.violations.add(at+"/"+name, "is missing")
		}
	}
	if r.strict {
		for name := range members {
			if _, ok := known[name]; !ok {
				return r.malformed(at+"/"+escape(name), "is not documented")
			}
		}
	}
	return known
}

func (r *reader) array(at string, v any, t reflect.Type, rule string) any {
	entries, ok := v.([]any)
	if !ok {
		return r.malformed(at, "must be an array")
	}
	if rule == "some" && len(entries) == 0 {
		r.violations.add(at, "must not be empty")
	}
	known := make([]any, len(entries))
	for i, e := range entries {
		known[i] = r.value(fmt.Sprintf("%s/%d", at, i), e, t.Elem(), rule)
	}
	return known
}

// maxWhole is the largest whole number that every reader of JSON has exactly
// (RFC 8259, section 6).
const maxWhole = 1<<53 - 1

func (r *reader) number(at string, v any, t reflect.Type, rule string) any {
	n, ok := v.(json.Number)
	if !ok {
		return r.malformed(at, "must be a number")
	}
	f, err := n.Float64()
	if t.Kind() != reflect.Float64 {
		if err != nil || f != math.Trunc(f) || math.Abs(f) > maxWhole {
			return r.malformed(at, "must be a whole number")
		}
		v = int64(f) // 1e3 is a whole number too
	}
	switch {
	case rule == "share" && (f < 0 || f > 1):
		r.violations.add(at, "must be from 0 to 1")
	case rule == "count" && f < 0:
		r.violations.add(at, "must not be negative")
	case rule == "number" && f < 1:
		r.violations.add(at, "must be 1 or more")
	}
	return v
}

// The closed sets of words that answers are made of, by type.
var words = map[reflect.Type][]string{
	reflect.TypeFor[InquiryState]():     {"open", "answered", "expired", "recalled"},
	reflect.TypeFor[CounterState]():     {"open", "answered", "accepted", "rejected", "missed", "escalated"},
	reflect.TypeFor[InformationState](): {"open", "answered", "declined"},
	reflect.TypeFor[SampleState]():      {"ordered", "shipped", "received", "examined", "lost"},
	reflect.TypeFor[Party]():            {"brand", "marketplace", "seller"},
	reflect.TypeFor[Position]():         {"accept", "reject", "escalate"},
	reflect.TypeFor[evidence.ItemState](): {"under_review", "removed", "rejected", "counter_received", "escalated_legal",
		"reinstated", "withdrawn"},
	reflect.TypeFor[evidence.Verdict](): verdictWords(),
}

func verdictWords() []string {
	list := make([]string, len(evidence.Verdicts))
	for i, v := range evidence.Verdicts {
		list[i] = string(v)
	}
	return list
}

// forms are what a member of an answer must look like, by its rule.
var forms = map[string]func(string) bool{
	"":         func(string) bool { return true },
	"some":     func(s string) bool { return s != "" },
	"entries":  func(s string) bool { return s != "" }, // of a list that may be empty itself
	"code":     codeForm.MatchString,
	"word":     regexp.MustCompile(`^[a-z_]{1,64}$`).MatchString,
	"language": func(s string) bool { return languageForm.MatchString(s) && len(s) <= 254 },
	"country":  countryForm.MatchString,
	"amount":   func(s string) bool { return amountForm.MatchString(s) && len(s) <= 254 },
	"currency": currencyForm.MatchString,
	"uri": func(s string) bool {
		u, err := url.Parse(s)
		return err == nil && u.IsAbs()
	},
}

func (r *reader) text(at, text string, t reflect.Type, rule string) {
	if r.strict {
		if text == "" {
			r.violations.add(at, "must not be empty: what there is nothing to say about is left out")
		}
		return
	}
	closed := words[t]
	if list, ok := strings.CutPrefix(rule, "one "); ok {
		closed, rule = strings.Split(list, "|"), ""
	}
	switch {
	case closed != nil && !slices.Contains(closed, text):
		r.violations.add(at, fmt.Sprintf("is %q, for which the protocol has no word", text))
	case !forms[rule](text):
		r.violations.add(at, fmt.Sprintf("is %.60q, which is not of the form", text))
	case t == reflect.TypeFor[evidence.Hash]():
		if _, err := evidence.ParseHash(text); err != nil {
			r.violations.add(at, "is not a SHA-256")
		}
	}
}

// escape is a name in a JSON Pointer (RFC 6901).
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// once wants exactly one value, in which no object has a name twice.
func once(d *json.Decoder) error {
	var names []map[string]bool // of the objects around; nil for an array
	wantName := false
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return errors.New("there is no whole JSON value")
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case json.Delim:
			switch t {
			case '{':
				names = append(names, map[string]bool{})
			case '[':
				names = append(names, nil)
			default:
				names = names[:len(names)-1]
			}
		case string:
			if wantName {
				if names[len(names)-1][t] {
					return fmt.Errorf("the member %.60q comes twice", t)
				}
				names[len(names)-1][t] = true
				wantName = false
				continue
			}
		}
		if len(names) == 0 {
			return end(d)
		}
		wantName = names[len(names)-1] != nil
	}
}

// end wants nothing after the value.
func end(d *json.Decoder) error {
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON value")
	}
	return nil
}
