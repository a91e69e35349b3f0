// Package evidence is the vocabulary of Touchstone: what a brand investigator
// talks about, as plain Go values. Every other package imports it, so it uses
// the standard library only and knows nothing of disks, browsers, documents or
// windows.
//
// The nouns, in the order in which a matter unfolds: a [Case] holds [Listing]s
// of [Seller]s. A [Job] asks for a listing to be snapshotted; each try is a
// [Capture], whose [Snapshot] says what was found and how, and whose [Manifest]
// lists the [Artifact]s. The investigator records an [Assessment], often on a
// [TestPurchase]; of a domain a [DomainRecord] says who runs it. A [Brand]
// with its [Right]s complains in a [Notice] of [NoticeItem]s; each sending is a
// [Submission] that yields a [Receipt]. The other way round, an [Inquiry] gets an
// [Answer], and a [CounterNotice] objects to a NoticeItem. A [Letter] asks the seller itself to stop.
//
// All values encode to JSON with snake_case names; these encodings are what the
// workspace stores and what manifests are hashed over, so a field is never
// renamed or given another meaning.
package evidence
