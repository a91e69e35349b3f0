package listing

import (
	"strconv"
	"strings"

	"touchstone/capture/listing/jsvalue"
)

// Web frameworks write their data in forms of their own, from which these
// functions take it.

// maxFlatDepth bounds how deep a list of values that name each other is followed.
const maxFlatDepth = 64

// unflatten reads the list in which Nuxt 3 writes a page's data
// (https://github.com/Rich-Harris/devalue): objects and lists hold, in the place of
// each value, its index in the list. It reports false where v is no such list.
func unflatten(v jsvalue.Value) (jsvalue.Value, bool) {
	if v.Kind != jsvalue.List || len(v.Items) < 2 || v.Items[0].Kind != jsvalue.List && v.Items[0].Kind != jsvalue.Object {
		return jsvalue.Value{}, false
	}
	f := flat{values: v.Items, known: make([]jsvalue.Value, len(v.Items)), begun: make([]bool, len(v.Items))}
	return f.value(0, 0), true
}

// flat is such a list and what was read of it. A value that holds itself ends there.
type flat struct {
	values []jsvalue.Value
	known  []jsvalue.Value
	begun  []bool
}

func (f *flat) value(i, depth int) jsvalue.Value {
	if i < 0 || i >= len(f.values) || depth > maxFlatDepth || f.begun[i] {
		if i >= 0 && i < len(f.values) {
			return f.known[i]
		}
		return jsvalue.Value{} // -1 and below stand for undefined, NaN and the like
	}
	f.begun[i] = true
	v := f.values[i]
	switch {
	case v.Kind == jsvalue.List && len(v.Items) == 2 && v.Items[0].Kind == jsvalue.String && v.Items[1].Kind == jsvalue.Number: // ["Reactive", 1]
		v = f.named(v.Items[1], depth)
	case v.Kind == jsvalue.List, v.Kind == jsvalue.Object:
		items := make([]jsvalue.Value, len(v.Items))
		for k, item := range v.Items {
			items[k] = f.named(item, depth)
		}
		v.Items = items
	}
	f.known[i] = v
	return v
}

// named is the value at the index that a number gives.
func (f *flat) named(index jsvalue.Value, depth int) jsvalue.Value {
	i, err := strconv.Atoi(index.Text)
	if index.Kind != jsvalue.Number || err != nil {
		return index
	}
	return f.value(i, depth+1)
}

// pushed begins the calls by which Next.js hands over a page's data, a string at a
// time.
const pushed = "self.__next_f.push("

// pushedText is the part of the data in such a call.
func pushedText(script string) string {
	_, call, ok := strings.Cut(script, pushed)
	if !ok {
		return ""
	}
	v, _, err := jsvalue.Parse(call)
	if err != nil || len(v.Items) < 2 {
		return ""
	}
	return v.Items[1].Text
}

// rows reads what was pushed, all parts joined: rows of an identifier, a colon and
// a value, a line each. Rows of plain text give its length in hexadecimal digits
// instead of ending with the line.
func rows(s string) []jsvalue.Value {
	var out []jsvalue.Value
	for s != "" {
		_, row, ok := strings.Cut(s, ":")
		if !ok {
			break
		}
		if n, text, ok := textRow(row); ok {
			s = text[min(n, len(text)):]
			continue
		}
		line, rest, _ := strings.Cut(row, "\n")
		if i := strings.IndexAny(line, "[{"); i >= 0 && i <= 2 { // before it a letter says what the row is for
			if v, _, err := jsvalue.Parse(line[i:]); err == nil {
				out = append(out, v)
			}
		}
		s = rest
	}
	return out
}

// textRow is the length of a row of plain text, and what follows that length.
func textRow(row string) (int, string, bool) {
	const mostDigits = 7
	i := strings.IndexByte(row[:min(len(row), mostDigits+2)], ',')
	if i < 2 || row[0] != 'T' {
		return 0, "", false
	}
	n, err := strconv.ParseUint(row[1:i], 16, 4*mostDigits)
	return int(n), row[i+1:], err == nil
}
