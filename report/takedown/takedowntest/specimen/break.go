package specimen

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Break is the value as JSON text with something done to it: to one of its parts,
// or to the text. The result may still be valid; Valid says whether it is. A text
// with a member twice counts as wrong whatever the member says: twice is true then.
func (d *Document) Break(v any) (text []byte, twice bool) {
	v = normal(v)
	if d.Dice.IntN(8) > 0 {
		spots := d.spots(&v)
		spots[d.Dice.IntN(len(spots))]()
	}
	text, err := json.Marshal(v)
	if err != nil {
		d.t.Fatal(err)
	}
	switch d.Dice.IntN(24) {
	case 0:
		return text[:d.Dice.IntN(len(text))], false
	case 1:
		return append(text, " {}"...), false
	case 2:
		if o, ok := v.(map[string]any); ok && len(o) > 0 {
			name := slices.Sorted(maps.Keys(o))[d.Dice.IntN(len(o))]
			member, _ := json.Marshal(map[string]any{name: o[name]})
			return append(append(member[:len(member)-1], ','), text[1:]...), true
		}
	case 3:
		return []byte(strings.Repeat("[", 1+d.Dice.IntN(20000))), false
	}
	return text, false
}

// spots are the things that can be done to the value, each to one of its parts.
func (d *Document) spots(v *any) []func() {
	var list []func()
	var walk func(get any, set func(any))
	walk = func(get any, set func(any)) {
		for _, other := range d.others(get) {
			list = append(list, func() { set(other) })
		}
		switch node := get.(type) {
		case map[string]any:
			list = append(list, func() { node["unheard_of"] = true })
			for _, name := range slices.Sorted(maps.Keys(node)) {
				walk(node[name], func(other any) { node[name] = other })
				list = append(list,
					func() { delete(node, name) },
					func() { node[strings.ToUpper(name)] = node[name]; delete(node, name) },
					func() { node[strings.ToUpper(name[:1])+name[1:]] = "another" })
			}
		case []any:
			for i := range node {
				walk(node[i], func(other any) { node[i] = other })
			}
			if len(node) > 0 {
				list = append(list, func() { set(slices.Repeat(node, 1+400/len(node))) }, func() { set(node[1:]) })
			}
		}
	}
	walk(*v, func(other any) { *v = other })
	return list
}

// others are values to put in a part's place.
func (d *Document) others(v any) []any {
	list := []any{nil, "", "another_word", true, 7, -1, 1.5, 1e300, []any{}, map[string]any{}, "\u0000", "2026-02-31", "2026-13-01T00:00:00Z", strings.Repeat("y", 9000)}
	if text, ok := v.(string); ok {
		list = append(list, text+" ", strings.ToUpper(text), text+"\n", []any{text}, strings.Repeat(text, 70))
	}
	return list
}
