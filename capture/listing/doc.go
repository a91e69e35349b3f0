// Package listing reads what a saved page says: what kind of page it is, and
// the facts of the offer on it, each with the source it was read from. A wrong
// fact is worse than a missing one: what the page does not settle is left out.
//
// The package is pure: bytes in, facts out. It knows no browser, no network and
// no disk, and nothing of cases or notices. You need [Open] for a saved file,
// [Parse] for a page, its Facts and the Outcome of a capture ([Read] for facts
// alone), [Canonical] for a URL, [Diff] between two captures, and [Link] between
// sellers.
//
// A page goes through it in four steps:
//
//	page.go, tree.go   the bytes become one parsed tree with an index (document.go, mhtml.go
//	                   open saved files)
//	sources            each says what it claims about products: jsonld.go, microdata.go, rdfa.go
//	                   (schema.go for what these share), opengraph.go, state.go (payload.go); layout.go, zone.go
//	                   and spot.go tell what a reader sees, and where; claims.go picks from each
//	                   source the product that the page is about
//	kind.go            what kind of page this is; classify.go and marker.go: what a capture found
//	read.go            the claims are weighed, one file per family of facts: title.go, price.go
//	                   (weigh.go, tile.go, tiers.go, reduced.go), availability.go, identity.go, seller.go (contacts.go),
//	                   images.go, sold.go, terms.go (location, stock, minimum order)
//
// What is particular to a marketplace is data, in assets/markets/NAME.json (market.go,
// selector.go, stated.go read it); what pages shown in a listing's place look like is data in
// assets/markers; what shops say, in all languages, is data in assets/words (words.go). Package money reads sums, jsvalue embedded data, picture compares pictures.
package listing
