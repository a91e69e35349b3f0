package store

import (
	"fmt"
	"time"

	"touchstone/store/evidence"
)

// VerifyOptions is how much Verify does. The zero value is everything.
type VerifyOptions struct {
	Captures []evidence.ID // only the blobs of these captures, attachments and redactions; nil: of the whole workspace
	Resume   bool          // do not read again the blobs that a run that was cut short found whole and whose files are unchanged
	// RemoveStrays takes away what no record and no running capture names, if all
	// else is well.
	RemoveStrays bool
	// RepairIndexes has RepairIndexes run first. It needs the key.
	RepairIndexes bool
	Workers       int      // blobs hashed at once; 0: one per processor
	Outside       *Outside // an anchor beside the one that this account keeps
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
	BadStamp   Problem = "bad_stamp"   // a time stamp does not hold, or stamps something else
	Unchecked  Problem = "unchecked"   // was not looked at
	Forked     Problem = "forked"      // the log and its anchor tell different stories
)

// Finding is one thing wrong.
type Finding struct {
	Problem Problem     `json:"problem"`
	Path    string      `json:"path,omitempty"` // of the file, relative to the workspace, with slashes
	ID      evidence.ID `json:"id,omitempty"`   // of the record
	What    string      `json:"what"`           // in a sentence
}

// String is the finding in a line: where, if it is about one file or record, and what.
func (f Finding) String() string {
	where := f.Path
	if where == "" {
		where = string(f.ID)
	}
	if where == "" {
		return fmt.Sprintf("%s: %s", f.Problem, f.What)
	}
	return fmt.Sprintf("%s: %s: %s", f.Problem, where, f.What)
}

// VerifyReport is the result of a verification.
type VerifyReport struct {
	Workspace   evidence.ID   `json:"workspace"`
	Captures    int           `json:"captures"`
	Attachments int           `json:"attachments"`
	Deleted     int           `json:"deleted"` // tombstones
	Records     int           `json:"records"`
	Blobs       int           `json:"blobs"` // hashed again
	Bytes       int64         `json:"bytes"`
	Leaves      int64         `json:"leaves"`
	Checkpoints int           `json:"checkpoints"`
	Stamps      int           `json:"stamps"`    // time stamps that hold
	Unstamped   int           `json:"unstamped"` // captures that no time stamp covers: for their time there is only our word
	Anchor      string        `json:"anchor"`    // how the outside anchor stands, in a sentence
	Took        time.Duration `json:"took_ns"`
	Findings    []Finding     `json:"findings"`          // what is wrong
	Statuses    []Status      `json:"statuses"`          // of each capture and attachment, in the order of their IDs; none where the records do not read
	Resumed     int           `json:"resumed,omitempty"` // blobs that a run before had read
	Removed     []string      `json:"removed,omitempty"` // strays, by their paths
	Repaired    Repair        `json:"repaired,omitzero"` // the indexes, before all else, where that was asked for
	Recorded    bool          `json:"recorded"`          // the custody log says that this was done
	Notes       []Finding     `json:"notes"`             // what is worth knowing and not wrong, as in blobs of an interrupted capture
}

// OK reports whether nothing is wrong.
func (r *VerifyReport) OK() bool { return len(r.Findings) == 0 }
