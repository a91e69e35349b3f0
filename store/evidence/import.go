package evidence

import "time"

// Import is evidence that came in as a bag of another workspace. It stays that
// workspace's: what is ours is only that it was whole and proven when it came.
type Import struct {
	ID       ID                `json:"id"`
	Case     ID                `json:"case"`
	At       time.Time         `json:"at"`
	Name     string            `json:"name"`       // of the bag
	Bag      Hash              `json:"bag"`        // of the archive as it came; kept as a file
	Size     int64             `json:"size"`       // of the archive
	Log      string            `json:"log"`        // name of the custody log that the captures were sealed in
	Key      Hash              `json:"public_key"` // of that log's key in DER: compare it with what the sender says
	Captures []ImportedCapture `json:"captures"`
}

// ImportedCapture is a capture as a bag shows it.
type ImportedCapture struct {
	Capture   ID         `json:"capture"` // in the workspace it came from
	URL       string     `json:"url"`
	Title     string     `json:"title,omitempty"`
	Outcome   Outcome    `json:"outcome"`
	StartedAt time.Time  `json:"started_at"`
	SealedAt  time.Time  `json:"sealed_at"` // by the entry in that log
	Manifest  Hash       `json:"manifest"`
	Artifacts []Artifact `json:"artifacts"` // those the bag holds, the manifest included
	Withheld  []Artifact `json:"withheld"`  // those the manifest names besides
}
