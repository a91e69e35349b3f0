// Package eye holds what a reader sees of a page: the texts that it prints,
// where they stand, and the pixels of its screenshot. It is pure: it knows no
// browser, and not what a listing is.
package eye
