package assets

import "embed"

// Languages lists the languages that the window speaks, as ISO 639-1 codes. Each
// has a file in Translations.
var Languages = []string{"en", "zh", "de", "fr", "es", "it", "pt", "ja"}

// Translations holds translations/CODE.json for each of the Languages: the
// window's English texts and what they are in the language. A text with a number
// in it has the forms one and other.
//
//go:embed translations/*.json
var Translations embed.FS
