// Package strips keeps a picture too tall to be held in memory whole: as
// compressed strips, of which any can be had back in a few milliseconds.
//
// A screenshot of 1280 x 60,000 pixels takes 307 MB decoded; as strips it takes
// about what its PNG takes. The PNG is read once, row by row, and its strips
// can be shown from the top while the rest is still being read. The package
// knows no window.
package strips
