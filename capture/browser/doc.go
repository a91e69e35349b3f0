// Package browser is Chrome's life: finding it, starting it on a profile folder
// of its own, opening isolated tabs in it, noticing when it dies, and leaving
// no process and no file behind.
//
// Chrome is driven over a pipe, so that no debugging port is open on the
// machine. The package knows nothing of pages, evidence or networks: what is
// done in a tab is the matter of capture/page, and what a tab may reach is up
// to the proxy it was opened with.
package browser
