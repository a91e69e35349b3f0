package assets

import "embed"

// Schemas holds the JSON Schemas (draft 2020-12) of the files that come in or go
// out, schemas/NAME.json.
//
//go:embed schemas/*.json
var Schemas embed.FS
