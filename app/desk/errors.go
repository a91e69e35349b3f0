package desk

import (
	"touchstone/capture"
	"touchstone/capture/browser"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/blob"
	"touchstone/store/seal"
)

// The errors of the parts behind the desk, for those who tell a person what they
// mean.
var (
	ErrHeld          = store.ErrHeld       // another process has it
	ErrNoKey         = store.ErrNoKey      // the signing key is not at hand
	ErrUnwritable    = store.ErrUnwritable // the workspace's folder
	ErrBadPassphrase = seal.ErrBadPassphrase
	ErrNoSpace       = blob.ErrNoSpace
	ErrMissing       = blob.ErrMissing // a file of evidence
	ErrAltered       = blob.ErrAltered // likewise

	ErrNoChrome = capture.ErrNoChrome
	ErrLost     = browser.ErrLost // the connection to Chrome

	ErrUnauthorised   = takedown.ErrUnauthorised // the marketplace does not know us
	ErrRefused        = takedown.ErrRefused
	ErrUnfit          = takedown.ErrUnfit
	ErrUnreachable    = takedown.ErrUnreachable
	ErrBusy           = takedown.ErrBusy
	ErrUnknownOutcome = takedown.ErrUnknownOutcome
)
