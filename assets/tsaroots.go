package assets

import _ "embed"

//go:embed tsaroots/roots.pem
var tsaRoots []byte

// TSARoots are the root certificates (PEM) that time stamps are trusted by when
// the user names no other; tsaroots/README.txt says whose and where from.
func TSARoots() []byte { return append([]byte(nil), tsaRoots...) }
