package packet

import (
	"reflect"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// listCoverage has a font name the glyphs of its rules one by one, where it names
// them by ranges. The shaper keeps a quick test for each rule of which glyphs it
// may concern, and that of typesetting v0.3.4 and v0.3.5 (harfbuzz/set_digest.go,
// addRange) leaves out the ranges that come after a wide one: some Arabic letters
// were not joined.
func listCoverage(f *font.Font) {
	for _, l := range f.GSUB.Lookups {
		for i, s := range l.Subtables {
			l.Subtables[i] = listed(reflect.ValueOf(s)).Interface().(tables.GSUBLookup)
		}
	}
	for _, l := range f.GPOS.Lookups {
		for i, s := range l.Subtables {
			l.Subtables[i] = listed(reflect.ValueOf(s)).Interface().(tables.GPOSLookup)
		}
	}
}

// listed is a copy of a rule with its coverage listed.
func listed(rule reflect.Value) reflect.Value {
	out := reflect.New(rule.Type()).Elem()
	out.Set(rule)
	listFields(out)
	return out
}

func listFields(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				listFields(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type().Elem() == reflect.TypeFor[tables.Coverage]() {
			for i := range v.Len() {
				listFields(v.Index(i))
			}
		}
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		if ranges, ok := v.Interface().(tables.Coverage2); ok {
			var list tables.Coverage1
			for _, r := range ranges.Ranges {
				for g := int(r.StartGlyphID); g <= int(r.EndGlyphID); g++ {
					list.Glyphs = append(list.Glyphs, tables.GlyphID(g))
				}
			}
			v.Set(reflect.ValueOf(list))
			return
		}
		if v.Elem().Kind() == reflect.Struct {
			v.Set(listed(v.Elem()))
		}
	}
}
