// Package store is the workspace: the folder that keeps everything an
// investigator has. It joins the records (bbolt), the blobs and the custody log,
// and can verify all of it. It knows nothing of browsers, documents or windows.
package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"touchstone/store/blob"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Errors a caller decides by.
var (
	ErrNotFound     = errors.New("not found")
	ErrNoWorkspace  = errors.New("no workspace")    // NoCreate, and the folder is absent or empty
	ErrNotWorkspace = errors.New("not a workspace") // the folder is something else
	ErrNewerSchema  = errors.New("newer workspace") // made by a newer Touchstone
	ErrDamaged      = errors.New("damaged")         // what is stored does not read as it was written
	ErrUnwritable   = errors.New("unwritable")      // the folder does not let us write
	ErrNoKey        = errors.New("no signing key")  // keyring or passphrase needed
	ErrHeld         = errors.New("held by another process")
	ErrSealed       = errors.New("already sealed")
	ErrNoSpace      = blob.ErrNoSpace
)

// Options is how a workspace is opened. The zero value is a good default.
type Options struct {
	Actor      evidence.Actor                        // who works; zero: the account of the operating system
	Passphrase func(context.Context) (string, error) // asked once when the key is sealed in a file; nil or "": there is none
	NoKeyring  bool                                  // keep the key of a new workspace out of the operating system's keyring
	WorkFactor int                                   // log2 of scrypt's cost for a new sealed key; 0: 18. For tests
	StateDir   string                                // where anchors go; "": the user's state folder
	NoCreate   bool                                  // an absent or empty folder is ErrNoWorkspace
	Now        func() time.Time                      // nil: time.Now
	Warn       func(error)                           // told what went wrong without undoing the work, as in an anchor that could not be written
}

// Workspace is an open workspace. It is safe for concurrent use, and other
// processes may have the same one open: the database is held only during a
// transaction.
type Workspace struct{ blobs *blob.Store }

// Open opens the workspace in dir, and makes one when dir is absent or empty.
// It needs the signing key only to make one.
func Open(dir string, o Options) (*Workspace, error) { return nil, errors.ErrUnsupported }

// Close waits for transactions under way.
func (w *Workspace) Close() error { return nil }

// Dir is the folder, absolute.
func (w *Workspace) Dir() string { return "" }

// ID names the workspace, whatever folder it is moved to.
func (w *Workspace) ID() evidence.ID { return "" }

// Blobs are the files of evidence.
func (w *Workspace) Blobs() *blob.Store { return w.blobs }

// Unlock loads the signing key, so that a missing passphrase is known before
// long work. Errors: ErrNoKey.
func (w *Workspace) Unlock(ctx context.Context) error { return errors.ErrUnsupported }

// Holdable is work that one process does at a time.
type Holdable string

// What can be held.
const (
	Queue  Holdable = "queue"
	Outbox Holdable = "outbox"
)

// Hold makes this process the one that does the work, until release is called
// or the process ends. Errors: ErrHeld, which names the other process.
func (w *Workspace) Hold(what Holdable) (release func() error, err error) {
	return nil, errors.ErrUnsupported
}

// Tx is a transaction. It is good only inside the function it was given to.
type Tx struct{}

// View runs fn in a reading transaction. View and Update must not be called from inside fn.
func (w *Workspace) View(ctx context.Context, fn func(*Tx) error) error { return errors.ErrUnsupported }

// Update runs fn in a writing transaction: all of it is kept, or nothing.
func (w *Workspace) Update(ctx context.Context, fn func(*Tx) error) error {
	return errors.ErrUnsupported
}

// Append adds a leaf to the custody log. A leaf holds the hash its subject's
// record has when the transaction ends, whatever the order of Put and Append.
func (tx *Tx) Append(e custody.Entry) error { return errors.ErrUnsupported }

// LogEntry is one leaf of the custody log and its place in it.
type LogEntry struct {
	Index int64
	Leaf  custody.Leaf
}

// Log yields the custody log, oldest first; only the leaves about subject
// unless it is empty.
func (tx *Tx) Log(subject evidence.ID) iter.Seq2[LogEntry, error] { return nil }

// Get reads a record. Errors: ErrNotFound, ErrDamaged.
func Get[T any](tx *Tx, id evidence.ID) (T, error) { var v T; return v, errors.ErrUnsupported }

// Put writes a record and its index entries. A record the custody log speaks of
// gets a leaf record_changed unless the transaction appends one about it.
func Put[T any](tx *Tx, id evidence.ID, v T) error { return errors.ErrUnsupported }

// Each yields all records of a kind in the order of their IDs, which is that of
// their making. After an error it goes on with the next record.
func Each[T any](tx *Tx, kind evidence.Kind) iter.Seq2[T, error] { return nil }

// Index names a way to find records other than by ID.
type Index string

// The indexes. The key is an ID, or what is said beside it.
const (
	CasesByName         Index = "case.name" // key: Case.Name
	JobsByCase          Index = "job.case"
	JobsByState         Index = "job.state" // key: JobState
	CapturesByCase      Index = "cap.case"
	CapturesByListing   Index = "cap.listing"
	CapturesByJob       Index = "cap.job"
	ListingsByCase      Index = "lst.case"
	ListingsByURL       Index = "lst.url" // key: ListingKey
	AssessmentsByTarget Index = "asm.listing"
	RightsByBrand       Index = "right.brand"
	SignatoriesByBrand  Index = "sig.brand"
	NoticesByCase       Index = "ntc.case"
	ItemsByNotice       Index = "item.notice"
	ItemsByListing      Index = "item.listing"
	SubmissionsByNotice Index = "sub.notice"
	ReceiptsBySending   Index = "rcp.submission"
)

// ListingKey is the key of a listing in ListingsByURL: its case, and its
// canonical URL or, without one, its URL.
func ListingKey(caseID evidence.ID, url string) string { return "" }

// EachBy yields the records an index has under key, in the order of their IDs.
func EachBy[T any](tx *Tx, index Index, key string) iter.Seq2[T, error] { return nil }

// Query asks for a page of records: all of Kind, or those Index has under Key.
type Query struct {
	Kind   evidence.Kind
	Index  Index
	Key    string
	Newest bool   // newest first
	Cursor string // where the page before ended; "" for the first
	Limit  int    // 0: 100
}

// Page reads one page of records, and the cursor of the next, which is empty at the end.
func Page[T any](tx *Tx, q Query) (records []T, next string, err error) {
	return nil, "", errors.ErrUnsupported
}

// Seal keeps a capture for good: manifest as a blob, then in one transaction
// the capture's record, its job as done, a custody leaf with a new checkpoint,
// and whatever also writes. The artifacts' blobs must be there already. also may
// be nil; it may Put the capture again with more said. Errors: ErrSealed,
// ErrNotFound for the job, blob.ErrMissing.
func (w *Workspace) Seal(ctx context.Context, m evidence.Manifest, also func(*Tx, evidence.Capture) error) (evidence.Capture, error) {
	return evidence.Capture{}, errors.ErrUnsupported
}

// Manifest reads a capture's manifest from its blob, checked against the hash.
func (w *Workspace) Manifest(ctx context.Context, c evidence.Capture) (evidence.Manifest, error) {
	return evidence.Manifest{}, errors.ErrUnsupported
}

// Proofs shows that the captures' seals are in the custody log, under its
// newest checkpoint. Errors: ErrNotFound.
func (w *Workspace) Proofs(ctx context.Context, captures []evidence.ID) (custody.ProofSet, error) {
	return custody.ProofSet{}, errors.ErrUnsupported
}

// VerifyOptions is how much Verify does.
type VerifyOptions struct {
	Captures   []evidence.ID // only these and what they name; nil: the whole workspace
	Workers    int           // blobs hashed at once; 0: one per processor
	Checkpoint []byte        // an outside anchor: a signed checkpoint ...
	Key        string        // ... and the verifier it must be signed by
}

// Problem is what sort of thing Verify found.
type Problem string

// The problems.
const (
	Altered    Problem = "altered"     // a file is not what its name or the log says
	Missing    Problem = "missing"     // a file or record that something names is not there
	Stray      Problem = "stray"       // a file or record that nothing names
	Damaged    Problem = "damaged"     // a record, a page of the database or a leaf does not read
	BadIndex   Problem = "bad_index"   // an index and its records do not agree
	BadLog     Problem = "bad_log"     // the custody log's tree or a checkpoint is wrong
	Unrecorded Problem = "unrecorded"  // a record is not as the custody log last said
	RolledBack Problem = "rolled_back" // the log is older than its anchor
	Resigned   Problem = "re_signed"   // the log is signed by another key than its anchor
	Forked     Problem = "forked"      // the log and its anchor tell different stories
)

// Finding is one thing wrong.
type Finding struct {
	Problem Problem     `json:"problem"`
	Path    string      `json:"path,omitempty"` // of the file, relative to the workspace, with slashes
	ID      evidence.ID `json:"id,omitempty"`   // of the record
	What    string      `json:"what"`           // in a sentence
}

// VerifyReport is the result of a verification.
type VerifyReport struct {
	Workspace   evidence.ID   `json:"workspace"`
	Captures    int           `json:"captures"`
	Records     int           `json:"records"`
	Blobs       int           `json:"blobs"`
	Bytes       int64         `json:"bytes"`
	Leaves      int64         `json:"leaves"`
	Checkpoints int           `json:"checkpoints"`
	Anchor      string        `json:"anchor"` // how the outside anchor stands, or "no outside anchor"
	Took        time.Duration `json:"took_ns"`
	Findings    []Finding     `json:"findings"` // what is wrong
	Notes       []Finding     `json:"notes"`    // what is worth knowing and not wrong, as in blobs of an interrupted capture
}

// OK reports whether nothing is wrong.
func (r *VerifyReport) OK() bool { return len(r.Findings) == 0 }

// Verify checks everything again. A workspace that does not hold is a report
// with findings; the error is for what kept it from looking.
func (w *Workspace) Verify(ctx context.Context, o VerifyOptions, p evidence.Progress) (VerifyReport, error) {
	return VerifyReport{}, errors.ErrUnsupported
}
