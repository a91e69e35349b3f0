// Package listing reads what a saved page says: what kind of page it is, and
// the facts of the offer on it, each with the source it was read from. A wrong
// fact is worse than a missing one: what the page does not settle is left out.
//
// The package is pure: bytes in, facts out. It knows no browser, no network and
// no disk, and nothing of cases or notices.
//
// A page goes through it in four steps:
//
//	page.go        the bytes become one parsed tree with an index (document.go reads saved files)
//	jsonld.go, microdata.go, rdfa.go, opengraph.go, state.go, layout.go
//	               each source says what it claims about offers
//	kind.go        what kind of page this is; classify.go: what the capture as a whole found
//	read.go        the claims are weighed against each other, one file per family
//	               of facts (price.go, title.go, seller.go, ...)
//
// What is particular to a marketplace is data, in assets/markets/NAME.json;
// where data does not reach, a file market_NAME.go here.
package listing
