package assets

import _ "embed"

// Icon is the program's icon, a PNG of 512 x 512 pixels, drawn for it: a
// touchstone with two streaks of gold. icon.svg is its source.
//
//go:embed icon.png
var Icon []byte
