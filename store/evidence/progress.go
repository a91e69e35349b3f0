package evidence

import "time"

// Progress is told how long work goes. The window, the command line and tests
// each implement it. Report returns at once and is safe for concurrent use.
type Progress interface {
	Report(Event)
}

// Event is one piece of news about long work.
type Event struct {
	Stage   string // what is being done, as in "capture"
	Subject string // to what: a URL, an ID, a file
	Note    string // how it stands, as in "loading" or an Outcome
	Done    int64
	Total   int64     // 0 where unknown
	Tally   *Tally    // of many captures; nil elsewhere
	RetryAt time.Time // with NoteRetry: not before; zero where that is unknown
}

// NoteRetry is the note of a URL whose attempt failed and that will be tried
// again.
const NoteRetry = "waiting_to_retry"

// Tally is how many captures stand at one moment.
type Tally struct {
	Total     int // URLs asked for
	Done      int
	Running   int
	Waiting   int             // for their turn, or to be tried again
	Retries   int             // attempts that were not the first
	Outcomes  map[Outcome]int // of those done
	PerMinute float64         // done lately; 0 while nothing is known
	Left      time.Duration   // at that rate; 0 while nothing is known
}

// Quiet is a Progress that tells nobody.
var Quiet Progress = quiet{}

type quiet struct{}

func (quiet) Report(Event) {}
