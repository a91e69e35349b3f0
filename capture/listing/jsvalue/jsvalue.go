// Package jsvalue reads the data that pages embed: JSON, JSON as people break
// it, and JavaScript object literals. It never runs anything, and it bounds
// depth and size, since every page is hostile until shown otherwise. It knows
// nothing of shops.
//
// Repaired, because only one reading is possible: comments, trailing and
// doubled commas, single or missing quotes, raw line breaks in strings, unknown
// escapes, undefined and NaN, and anything behind the value. A value cut off in
// its middle is not repaired.
package jsvalue

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is what a Value is.
type Kind uint8

// The kinds of value. Null also stands for undefined and for what is no data,
// such as a function call.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Object
)

// Value is one value. Members of an object keep their order.
type Value struct {
	Kind  Kind
	Text  string // of a string; of a number as written; "true" or "false"
	Keys  []string
	Items []Value // of a list, or of an object beside Keys
}

// Get is the member of an object with the key, or Null.
func (v Value) Get(key string) Value {
	for i, k := range v.Keys {
		if k == key {
			return v.Items[i]
		}
	}
	return Value{}
}

// Path follows keys separated by dots; a number picks an item of a list.
func (v Value) Path(path string) Value {
	for path != "" {
		var key string
		key, path, _ = strings.Cut(path, ".")
		if v.Kind == List {
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(v.Items) {
				return Value{}
			}
			v = v.Items[i]
			continue
		}
		v = v.Get(key)
	}
	return v
}

// Scalar is the text of a string or number, else empty.
func (v Value) Scalar() string {
	if v.Kind == String || v.Kind == Number {
		return v.Text
	}
	return ""
}

// Errors of Parse.
var (
	ErrSyntax = errors.New("no data in it")
	ErrLimit  = errors.New("too large or too deeply nested")
)

const (
	maxDepth  = 200
	maxValues = 400_000
)

// Parse reads the first value in s and says how many bytes it took.
func Parse(s string) (Value, int, error) {
	p := parser{s: s}
	p.space()
	v, err := p.value(0)
	return v, p.at, err
}

type parser struct {
	s      string
	at     int
	values int
}

// space skips white space and comments.
func (p *parser) space() {
	for p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c <= ' ':
			p.at++
		case strings.HasPrefix(p.s[p.at:], "\u00a0"), strings.HasPrefix(p.s[p.at:], "\ufeff"):
			_, n := utf8.DecodeRuneInString(p.s[p.at:])
			p.at += n
		case strings.HasPrefix(p.s[p.at:], "/*"):
			p.skipPast("*/")
		case strings.HasPrefix(p.s[p.at:], "//"), strings.HasPrefix(p.s[p.at:], "<!--") && p.at == 0:
			p.skipPast("\n")
		default:
			return
		}
	}
}

func (p *parser) skipPast(end string) {
	i := strings.Index(p.s[p.at:], end)
	if i < 0 {
		p.at = len(p.s)
		return
	}
	p.at += i + len(end)
}

func (p *parser) value(depth int) (Value, error) {
	if p.values++; depth > maxDepth || p.values > maxValues {
		return Value{}, ErrLimit
	}
	if p.at >= len(p.s) {
		return Value{}, ErrSyntax
	}
	switch c := p.s[p.at]; {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.list(depth)
	case c == '"' || c == '\'' || c == '`':
		s, err := p.quoted(c)
		return Value{Kind: String, Text: s}, err
	case c == '-' || c == '.' || c >= '0' && c <= '9':
		return p.number(), nil
	case c == '!' && p.at+1 < len(p.s) && (p.s[p.at+1] == '0' || p.s[p.at+1] == '1'): // minified true and false
		word := "true"
		if p.s[p.at+1] == '1' {
			word = "false"
		}
		p.at += 2
		return Value{Kind: Bool, Text: word}, nil
	}
	return p.word()
}

func (p *parser) object(depth int) (Value, error) {
	v := Value{Kind: Object}
	p.at++
	for {
		p.space()
		if p.at >= len(p.s) {
			return v, ErrSyntax
		}
		switch p.s[p.at] {
		case '}':
			p.at++
			return v, nil
		case ',':
			p.at++
			continue
		}
		key, err := p.key()
		if err != nil {
			return v, err
		}
		p.space()
		if p.at >= len(p.s) || p.s[p.at] != ':' {
			return v, ErrSyntax
		}
		p.at++
		p.space()
		member, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Keys = append(v.Keys, key)
		v.Items = append(v.Items, member)
		if err := p.ended('}'); err != nil {
			return v, err
		}
	}
}

func (p *parser) list(depth int) (Value, error) {
	v := Value{Kind: List}
	p.at++
	for {
		p.space()
		if p.at >= len(p.s) {
			return v, ErrSyntax
		}
		switch p.s[p.at] {
		case ']':
			p.at++
			return v, nil
		case ',':
			p.at++
			continue
		}
		item, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
		if err := p.ended(']'); err != nil {
			return v, err
		}
	}
}

// ended checks that a member is followed by a comma or the closing bracket.
func (p *parser) ended(bracket byte) error {
	p.space()
	if p.at < len(p.s) && (p.s[p.at] == ',' || p.s[p.at] == bracket) {
		return nil
	}
	return ErrSyntax
}

func (p *parser) key() (string, error) {
	if c := p.s[p.at]; c == '"' || c == '\'' {
		return p.quoted(c)
	}
	start := p.at
	for p.at < len(p.s) && wordByte(p.s[p.at]) {
		p.at++
	}
	if p.at == start {
		return "", ErrSyntax
	}
	return p.s[start:p.at], nil
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func (p *parser) number() Value {
	start := p.at
	for p.at < len(p.s) && (wordByte(p.s[p.at]) || p.s[p.at] == '.' || p.s[p.at] == '+') {
		p.at++
	}
	text := p.s[start:p.at]
	if strings.Trim(text, "0123456789.+-eE") != "" {
		return Value{Kind: String, Text: text}
	}
	return Value{Kind: Number, Text: text}
}

// word reads true, false, null and the like. Other bare words are names of
// variables or calls, of which only new Date(...) and JSON.parse are known to
// hold no more than their argument; they are read as Null up to the next comma
// or bracket of the same level.
func (p *parser) word() (Value, error) {
	start := p.at
	for p.at < len(p.s) && (wordByte(p.s[p.at]) || p.s[p.at] == '.') {
		p.at++
	}
	word := p.s[start:p.at]
	switch word {
	case "true", "false":
		return Value{Kind: Bool, Text: word}, nil
	case "null", "undefined", "NaN", "Infinity":
		return Value{}, nil
	case "":
		return Value{}, ErrSyntax
	}
	return Value{}, p.skipExpression()
}

// skipExpression passes over JavaScript up to the comma or bracket that ends it.
func (p *parser) skipExpression() error {
	level := 0
	for p.at < len(p.s) {
		switch c := p.s[p.at]; c {
		case '"', '\'', '`':
			if _, err := p.quoted(c); err != nil {
				return err
			}
			continue
		case '(', '[', '{':
			level++
		case ')', ']', '}':
			if level == 0 {
				return nil
			}
			level--
		case ',', ';':
			if level == 0 {
				return nil
			}
		}
		p.at++
	}
	return nil
}

// quoted reads a string in quotes of the given kind.
func (p *parser) quoted(quote byte) (string, error) {
	p.at++
	start := p.at
	for p.at < len(p.s) && p.s[p.at] != quote && p.s[p.at] != '\\' {
		p.at++
	}
	if p.at < len(p.s) && p.s[p.at] == quote {
		s := p.s[start:p.at]
		p.at++
		return s, nil
	}
	var b strings.Builder
	b.WriteString(p.s[start:p.at])
	for p.at < len(p.s) {
		switch c := p.s[p.at]; c {
		case quote:
			p.at++
			return b.String(), nil
		case '\\':
			p.escape(&b)
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	return "", ErrSyntax
}

var escapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', 'v': '\v', '0': 0}

// escape reads what follows a backslash; an unknown escape means the character itself.
func (p *parser) escape(b *strings.Builder) {
	p.at++
	if p.at >= len(p.s) {
		return
	}
	c := p.s[p.at]
	p.at++
	switch {
	case c == 'u':
		r, ok := p.hex(4)
		if !ok {
			b.WriteByte('u')
			return
		}
		if utf16.IsSurrogate(r) && strings.HasPrefix(p.s[p.at:], `\u`) {
			p.at += 2
			low, _ := p.hex(4)
			r = utf16.DecodeRune(r, low)
		}
		b.WriteRune(r)
	case c == 'x':
		r, ok := p.hex(2)
		if !ok {
			b.WriteByte('x')
			return
		}
		b.WriteRune(r)
	case c == '\n':
	default:
		if e, ok := escapes[c]; ok {
			c = e
		}
		b.WriteByte(c)
	}
}

// hex reads n hexadecimal digits.
func (p *parser) hex(n int) (rune, bool) {
	if p.at+n > len(p.s) {
		return 0, false
	}
	v, err := strconv.ParseUint(p.s[p.at:p.at+n], 16, 32)
	if err != nil {
		return 0, false
	}
	p.at += n
	return rune(v), true
}
