// Package market is the world behind the practice marketplace: who sells what,
// which offers are up, what brands have reported and been asked. Everything in
// it is invented.
//
// It holds the whole state of one marketplace in memory behind one lock and
// knows no HTTP: package pages shows it, package api lets brands act on it. What
// happens later (a review ends, an inquiry runs out) is put on an agenda and done
// when the marketplace is next looked at after its time, so that a clock that
// runs faster needs nothing special.
package market
