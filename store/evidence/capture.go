package evidence

import (
	"runtime"
	"time"
)

// JobState is how far a job has got.
type JobState string

// The states of a job.
const (
	JobQueued  JobState = "queued"
	JobRunning JobState = "running"
	JobDone    JobState = "done" // its last attempt stands, whatever its outcome
	JobAborted JobState = "aborted"
)

// Job asks for a URL to be captured. It is recorded before anything else
// happens, so that nothing can vanish.
type Job struct {
	ID      ID     `json:"id"`
	Case    ID     `json:"case,omitempty"`
	Listing ID     `json:"listing,omitempty"`
	Recheck bool   `json:"recheck,omitempty"` // judge the offer against the capture before
	URL     string `json:"url"`
	Profile string `json:"profile,omitempty"`
	// Settings and Timeout are what was asked for, so that another process can do it.
	Settings Settings      `json:"settings,omitzero"`
	Timeout  time.Duration `json:"timeout_ns,omitempty"` // 0 for the engine's own
	State    JobState      `json:"state"`
	Attempts int           `json:"attempts"` // begun, those included that a killed process left without a capture
	QueuedAt time.Time     `json:"queued_at"`
	RetryAt  time.Time     `json:"retry_at,omitzero"` // while it waits for another attempt: not before
	Capture  ID            `json:"capture,omitempty"` // the attempt that stands, once done
	Set      ID            `json:"set,omitempty"`     // of a capture made at a sitting
	Inquiry  ID            `json:"inquiry,omitempty"` // that it is to answer: such jobs go first
}

// Capture is one attempt to snapshot a URL, in short: what lists and tables
// show. The whole story is in its manifest.
type Capture struct {
	ID         ID         `json:"id"`
	Job        ID         `json:"job"`
	Attempt    int        `json:"attempt"` // from 1
	Case       ID         `json:"case,omitempty"`
	Listing    ID         `json:"listing,omitempty"`
	URL        string     `json:"url"`
	FinalURL   string     `json:"final_url,omitempty"`
	Outcome    Outcome    `json:"outcome"`
	Reason     string     `json:"reason,omitempty"`
	Complete   bool       `json:"complete"`
	Missing    []Missing  `json:"missing"`
	HTTPStatus int        `json:"http_status,omitempty"`
	StartedAt  time.Time  `json:"started_at"`
	FinishedAt time.Time  `json:"finished_at"`
	Artifacts  []Artifact `json:"artifacts"` // the manifest included
	Facts      *Facts     `json:"facts,omitempty"`
	Manifest   Hash       `json:"manifest"`
	Recheck    *Recheck   `json:"recheck,omitempty"`
	Set        ID         `json:"set,omitempty"` // of the captures of one sitting
}

// Artifact is the first artifact with the role.
func (c *Capture) Artifact(role Role) (Artifact, bool) { return findArtifact(c.Artifacts, role) }

// Title is the listing's title, or its URL where the page gave none.
func (c *Capture) Title() string {
	if c.Facts != nil && c.Facts.Title != "" {
		return c.Facts.Title
	}
	return c.URL
}

// Recheck is the judgement of an offer by comparing a capture with one before.
type Recheck struct {
	Before ID         `json:"before"` // the capture compared with
	Offer  OfferState `json:"offer"`
	Why    string     `json:"why"`
}

// ManifestSchema is the version of the form a manifest has.
const ManifestSchema = 1

// Manifest lists the artifacts of a capture, all but itself, and how they were
// made. Its stored bytes are what the seal is taken over.
type Manifest struct {
	Schema  int    `json:"schema"`
	Capture ID     `json:"capture"`
	Job     ID     `json:"job"`
	Attempt int    `json:"attempt"`
	Case    ID     `json:"case,omitempty"`
	Listing ID     `json:"listing,omitempty"`
	Tool    Tool   `json:"tool"`
	System  System `json:"system"`
	// Operator is known to editions that may name people; it is stored in the
	// confidential artifact and not here.
	Operator Actor    `json:"-"`
	Complete bool     `json:"complete"`
	Recheck  *Recheck `json:"recheck,omitempty"`
	Set      ID       `json:"set,omitempty"`
	Snapshot
}

// Confidential is what a manifest keeps apart, so that the manifest itself can be
// shown to anyone and still be checked: an artifact of the same capture holds
// it, and leaves only with editions that may name people.
type Confidential struct {
	Salt     string `json:"salt"` // random, so that the artifact's hash gives nothing away
	Operator Actor  `json:"operator"`
	Proxy    string `json:"proxy,omitempty"`
	Profile  string `json:"profile,omitempty"`
	// ObtainedBy is who obtained a file that was attached.
	ObtainedBy string `json:"obtained_by,omitempty"`
}

// Tool is the program that made evidence.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
}

// System is the machine that evidence was made on.
type System struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	Name string `json:"name,omitempty"` // of the operating system, as in "Debian GNU/Linux 12 (bookworm)"
}

// ThisSystem is the operating system and architecture of the running program.
func ThisSystem() System { return System{OS: runtime.GOOS, Arch: runtime.GOARCH} }

// Actor is who did something: the operator's name from the settings and the
// account of the operating system.
type Actor struct {
	Name    string `json:"name,omitempty"`
	Account string `json:"account"`
}
