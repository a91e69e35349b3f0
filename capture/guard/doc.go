// Package guard is the only way to the network that a browser context has: an
// HTTP proxy inside our own process, one for each capture.
//
// It resolves every host once and keeps to the answer, refuses addresses that a
// page from the internet has no business with, dials, and relays bytes without
// looking at them. So the server address and the DNS answers it reports are
// those of the real connections, and no redirect, iframe, WebSocket, service
// worker or rebinding name gets around it.
//
// The package knows no browser and no capture; it is told names and gives back
// records.
package guard
