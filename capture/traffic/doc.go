// Package traffic holds what crossed the network while a page was captured, as
// values, and writes it in the forms that other people's tools read: WARC 1.1
// ([WriteWARC]), HAR 1.2 ([WriteHAR]) and PEM for certificates ([WritePEM]).
//
// A browser's network events become [Exchange]s. Their bodies live in a
// [Spool], which keeps small ones in memory and the rest in one temporary file,
// within limits. A [Visit] joins the exchanges of one capture and is what the
// writers take.
//
// The package knows no browser, no disk layout and no case. Everything that
// comes from a server is hostile: writers never fail on it and never let it
// break their own form.
package traffic
