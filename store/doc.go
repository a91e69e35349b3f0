// Package store is the workspace: the folder that keeps everything an
// investigator has. It joins the records, the blobs and the custody log, and can
// verify all of it. It knows nothing of browsers, documents or windows.
//
// The folder looks like this:
//
//	README.txt    what the folder is
//	records.db    the records and the custody log (bbolt)
//	blobs/        the files of evidence, named by their SHA-256
//	key.age       the signing key, where there is no keyring
//	*.lock        who runs the queue, who sends
//
// A blob is on the disk before the record that names it is committed, and a
// record is committed together with the custody leaf that speaks of it. bbolt
// lets one process in at a time, so the database is opened only around each
// transaction; window and commands work side by side. bbolt's pages carry no
// checksum, so every value carries a hash over its bucket, key and content,
// checked whenever it is read; and pages are read by code that believes none of
// them. bbolt follows only where that code has been, and changes only a file
// whose list of free pages is sound.
package store

import (
	"errors"

	"touchstone/store/blob"
)

// Errors a caller decides by.
var (
	ErrNotFound     = errors.New("not found")
	ErrNoWorkspace  = errors.New("there is no workspace")                  // Options.NoCreate, and the folder is absent or empty
	ErrNotWorkspace = errors.New("not a workspace")                        // the folder is something else
	ErrNewerSchema  = errors.New("newer workspace")                        // made by a newer Touchstone
	ErrDamaged      = errors.New("damaged")                                // what is stored does not read as it was written
	ErrReplaced     = errors.New("another workspace was put in its place") // while it was open
	ErrUnwritable   = errors.New("cannot write")                           // the folder does not let us
	ErrNoKey        = errors.New("the signing key is needed")              // keyring or passphrase
	ErrHeld         = errors.New("held by another process")
	ErrSealed       = errors.New("already sealed")
	ErrDeleted      = errors.New("deleted")                                     // comes with ErrNotFound
	ErrOnHold       = errors.New("the case is on hold: nothing may be deleted") // until the hold is lifted
	ErrNoSpace      = blob.ErrNoSpace
)
