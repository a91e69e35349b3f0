package assets

import _ "embed"

// Replies are the words by which mails of marketplaces tell what became of a
// notice, by the state that they mean: a JSON array, in the order in which a
// state outweighs those after it. Package report/takedown/reply reads them.
//
//go:embed replies.json
var Replies []byte
