// Package guard is the only way to the network that a browser context has: an
// HTTP proxy inside our own process, one for each capture.
//
// It resolves every host once and keeps to the answer, refuses addresses that a
// page from the internet has no business with, dials, and relays. So the server
// address and the DNS answers it reports are those of the real connections, and
// no redirect, iframe, WebSocket, service worker or rebinding name gets around
// it. https:// and WebSockets pass through CONNECT tunnels, unread; http:// is
// forwarded request by request.
//
// What cannot be served is told apart by [Guard.Failures], because the browser
// sees only that its proxy failed: a tunnel is answered 403, 502 or 504, and a
// forwarded request with a closed connection, never with a page that could be
// mistaken for the server's.
//
// The listener asks for no password: browsers in headless mode cannot give one
// without help. It accepts clients from loopback only, unless told otherwise,
// on a port that is chosen anew for every capture, and offers them nothing that
// a program on the same machine could not do by itself.
//
// The package knows no browser and no capture; it is told names and gives back
// records.
package guard
