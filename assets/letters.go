package assets

import "embed"

// Letters holds the templates of letters to sellers, one JSON file for each
// language: letters/NAME-LANGUAGE.json. Their texts are in the notation of
// text/template. Each says that it is a draft for counsel.
//
//go:embed letters/*.json
var Letters embed.FS
