// Package capture turns a URL into a [evidence.Snapshot]: what the page was, how
// it was reached, and the artifacts that show it. There is a Snapshot for every
// attempt, whatever went wrong.
//
// An [Engine] keeps one Chrome (package browser). Each capture gets a browser
// context of its own and, as that context's only way to the network, a proxy of
// its own (package guard). Package page makes the visit; what crossed the
// network becomes WARC, HAR and certificates (package traffic); package listing
// says what the page means. Artifacts go to a [Sink] as they are made.
//
// The package knows no case, no workspace and no seal.
package capture
