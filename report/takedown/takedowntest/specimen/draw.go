package specimen

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
)

// Draw is a valid value of the schema that the pointer leads to. Its mend, if
// any, may put better values into it before it is judged.
func (d *Document) Draw(schema string, mend func(any)) any {
	for range 200 {
		v := d.draw(schema, 0)
		if mend != nil {
			mend(v)
		}
		if d.valid(schema, normal(v)) {
			return v
		}
	}
	d.t.Fatalf("no valid value of %s was drawn in 200 tries", schema)
	return nil
}

// normal is the value as a JSON reader would have it.
func normal(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var n any
	if json.Unmarshal(text, &n) != nil {
		return nil
	}
	return n
}

func (d *Document) draw(pointer string, depth int) any {
	pointer = d.settle(pointer)
	schema, _ := d.at(pointer).(map[string]any)
	if c, ok := schema["const"]; ok {
		return c
	}
	if words, ok := schema["enum"].([]any); ok {
		return words[d.Dice.IntN(len(words))]
	}
	kind, _ := schema["type"].(string)
	if kinds, ok := schema["type"].([]any); ok {
		kind = kinds[d.Dice.IntN(len(kinds))].(string)
	}
	switch kind {
	case "string":
		return d.text(schema)
	case "integer":
		least, most := bounds(schema, "minimum", "maximum", 0, 1000)
		return least + d.Dice.IntN(most-least+1)
	case "number":
		return float64(d.Dice.IntN(1_000_001)) / 1e6
	case "boolean":
		return d.Dice.IntN(2) == 0
	case "null":
		return nil
	case "array":
		least, most := bounds(schema, "minItems", "maxItems", 0, 3)
		list := []any{}
		for range least + d.Dice.IntN(min(most-least, 3)+1) {
			list = append(list, d.draw(pointer+"/items", depth+1))
		}
		return list
	}
	return d.object(pointer, schema, depth)
}

// object draws the required members, and others half the time.
func (d *Document) object(pointer string, schema map[string]any, depth int) any {
	o := map[string]any{}
	if parts, ok := schema["allOf"].([]any); ok && schema["properties"] == nil {
		for i := range parts {
			if part, ok := d.draw(fmt.Sprintf("%s/allOf/%d", pointer, i), depth).(map[string]any); ok {
				maps.Copy(o, part)
			}
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if slices.Contains(required, any(name)) || d.Dice.IntN(2+depth/3) == 0 {
			o[name] = d.draw(pointer+"/properties/"+escape(name), depth+1)
		}
	}
	return o
}

func bounds(schema map[string]any, low, high string, least, most int) (int, int) {
	number := func(key string, otherwise int) int {
		if n, ok := schema[key].(json.Number); ok {
			i, _ := n.Int64()
			return int(i)
		}
		return otherwise
	}
	least = number(low, least)
	return least, max(least, number(high, max(most, least)))
}

// letters are what free texts are made of.
var letters = []rune("abc XYZ 09-_.,:;/\\\"'<&>éß漢字😀\u202e\n\t")

func (d *Document) text(schema map[string]any) string {
	switch format, _ := schema["format"].(string); format {
	case "date-time":
		return d.moment().Format(time.RFC3339Nano)
	case "date":
		return d.moment().Format(time.DateOnly)
	case "uri":
		return fmt.Sprintf("https://market-%d.example/item/%d.html?q=%%C3%%A9", d.Dice.IntN(9), d.Dice.IntN(1e6))
	}
	if pattern, ok := schema["pattern"].(string); ok {
		if tree, err := syntax.Parse(pattern, syntax.Perl); err == nil {
			return d.match(tree.Simplify())
		}
	}
	least, most := bounds(schema, "minLength", "maxLength", 0, 40)
	n := least + d.Dice.IntN(min(most-least, 40)+1)
	if d.Dice.IntN(20) == 0 && most <= 300 { // the longest that is allowed
		n = most
	}
	var b strings.Builder
	for range n {
		b.WriteRune(letters[d.Dice.IntN(len(letters))])
	}
	return b.String()
}

func (d *Document) moment() time.Time {
	return time.Unix(1_700_000_000+d.Dice.Int64N(200_000_000), d.Dice.Int64N(2)*123_000_000).UTC()
}

// match is a text that the expression matches.
func (d *Document) match(re *syntax.Regexp) string {
	var b strings.Builder
	times := func(least, most int) {
		if most < 0 || most > least+12 {
			most = least + 12
		}
		for range least + d.Dice.IntN(most-least+1) {
			b.WriteString(d.match(re.Sub[0]))
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		pair := 2 * d.Dice.IntN(len(re.Rune)/2)
		low, high := re.Rune[pair], min(re.Rune[pair+1], re.Rune[pair]+90)
		b.WriteRune(low + rune(d.Dice.IntN(int(high-low)+1)))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpStar:
		times(0, -1)
	case syntax.OpPlus:
		times(1, -1)
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpRepeat:
		times(re.Min, re.Max)
	case syntax.OpAlternate:
		b.WriteString(d.match(re.Sub[d.Dice.IntN(len(re.Sub))]))
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			b.WriteString(d.match(sub))
		}
	}
	return b.String()
}
