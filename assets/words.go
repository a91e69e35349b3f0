package assets

import "embed"

// Words holds what shops say, in many languages: lists by which buttons to buy,
// old prices, article numbers and the like are known, one JSON file a subject
// in words/. words/README.md says what each list means; package capture/listing
// reads them.
//
//go:embed words/*.json
var Words embed.FS
