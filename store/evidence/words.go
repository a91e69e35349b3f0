package evidence

import (
	"fmt"
	"strings"
)

// Count is a number of things in words, as in "1 listing" or "3 entries".
func Count(n int, noun string) string {
	if n != 1 {
		noun = plural(noun)
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// plural is the plural form of a regular English noun.
func plural(noun string) string {
	if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.ContainsAny(noun[len(noun)-2:], "aeiou") {
		return stem + "ies"
	}
	return noun + "s"
}

// Words is a state, a kind or another word of the vocabulary as people read it:
// "removed by marketplace" for removed_by_marketplace.
func Words[T ~string](word T) string { return strings.ReplaceAll(string(word), "_", " ") }
