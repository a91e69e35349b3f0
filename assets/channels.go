package assets

import "embed"

// Channels holds one JSON file per takedown channel, channels/NAME.json: what it
// takes, its limits, how it behaves and where that is written. A marketplace
// that changes a limit is a change of its file. channels/schema.json describes
// their form; package report/takedown reads them.
//
//go:embed channels/*.json
var Channels embed.FS
