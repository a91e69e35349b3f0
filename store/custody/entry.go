// Package custody is the append-only log of everything done to evidence: an RFC
// 6962 Merkle tree whose leaves say who did what to which record, and signed
// checkpoints of it (C2SP tlog-checkpoint). It is pure: callers store what it
// computes and hand back what it needs through a tlog.HashReader. It knows no
// files, no database and no records.
package custody

import (
	"time"

	"touchstone/store/evidence"
)

// Action is what was done to evidence.
type Action string

// The actions.
const (
	WorkspaceCreated   Action = "workspace_created"
	CaptureSealed      Action = "capture_sealed"
	Attached           Action = "attached"
	EvidenceOpened     Action = "evidence_opened" // for an export
	Exported           Action = "exported"
	AssessmentRecorded Action = "assessment_recorded"
	NoticeMade         Action = "notice_made"
	NoticeApproved     Action = "notice_approved"
	NoticeWithdrawn    Action = "notice_withdrawn"
	WarningsAccepted   Action = "warnings_accepted" // a notice may leave with them
	SubmissionQueued   Action = "submission_queued"
	Submitted          Action = "submitted"
	SubmissionResolved Action = "submission_resolved" // a person said what became of it
	ReceiptStored      Action = "receipt_stored"
	AnswerGiven        Action = "answer_given"
	Redacted           Action = "redacted"
	Deleted            Action = "deleted"
	KeyChanged         Action = "key_changed"
	Stamped            Action = "stamped" // by a time stamping authority
	SettingsChanged    Action = "settings_changed"
	Verified           Action = "verified"
	HoldPlaced         Action = "hold_placed"
	HoldLifted         Action = "hold_lifted"
	RetentionSet       Action = "retention_set"
	NoteAdded          Action = "note_added"
	ClockSetBack       Action = "clock_set_back"   // of the computer, since the entry before
	IndexesRepaired    Action = "indexes_repaired" // no record was changed
	Cleared            Action = "cleared"          // a capture made while signed in, to leave
	Imported           Action = "imported"         // evidence of another workspace

	InquiryReceived Action = "inquiry_received"
	VerdictApproved Action = "verdict_approved" // by a second person
	DeadlineMissed  Action = "deadline_missed"
	CounterReceived Action = "counter_notice_received"
	MessageReceived Action = "message_received"
	StandingGranted Action = "standing_approval_granted"
	StandingRevoked Action = "standing_approval_revoked"

	PurchaseRecorded Action = "test_purchase_recorded"
	PurchaseChanged  Action = "test_purchase_changed"
	HandedOver       Action = "handed_over"       // goods of a test purchase, from one person to another
	ReviewSet        Action = "review_set"        // of a listing
	NoticeTakenOver  Action = "notice_taken_over" // the record of one that was made elsewhere
	DomainLookedUp   Action = "domain_looked_up"
	LetterMade       Action = "letter_made"
	LetterChanged    Action = "letter_changed" // served, answered, closed

	RecordChanged Action = "record_changed" // a record the log speaks of was changed without another action
)

// Names of the hashes a leaf holds.
const (
	HashRecord   = "record"   // of the subject's record as stored; filled in when the leaf is written
	HashManifest = "manifest" // of a capture's manifest
	HashFile     = "file"     // of a file that left, or came in
	HashRequest  = "request"  // of what was sent to get the file

	HashKeyChange   = "key_change"  // of the statement that both signing keys signed: see KeyChange
	HashCheckpoint  = "checkpoint"  // of the signed checkpoint that was stamped
	HashPublicKey   = "public_key"  // of a new key's public half in DER
	HashCertificate = "certificate" // of its certificate in DER

	HashOriginal  = "original"  // of what a redaction was made of
	HashTombstone = "tombstone" // of the record that stands for a deleted one
	HashDeleted   = "deleted"   // of the record that was deleted
)

// Entry is what a caller says about an action; time, actor, salt and the hash
// of the subject's record are added when it is written.
type Entry struct {
	Action  Action
	Subject evidence.ID
	Case    evidence.ID              // to filter by; may be empty
	Hashes  map[string]evidence.Hash // by name, as in HashManifest
	Note    string                   // a word or two without content of evidence and without names, as in an export's format
}

// Leaf is one entry of the log as it is hashed into the tree. It can be shown to
// anyone: who acted is in it as a hash only, which opens with the Actor that is
// stored apart.
type Leaf struct {
	Schema  int
	Salt    string // 32 hexadecimal digits: keeps a leaf's hash from giving its content away
	Time    time.Time
	Actor   evidence.Hash // of the encoded Actor
	Action  Action
	Subject evidence.ID
	Case    evidence.ID
	Hashes  map[string]evidence.Hash
	Note    string
}

// Actor is who acted, in the form that a leaf holds the hash of.
type Actor struct {
	evidence.Actor
	Salt string // 32 hexadecimal digits: keeps the hash from being guessed from a list of names
}
