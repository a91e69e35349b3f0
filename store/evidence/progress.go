package evidence

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
	Total   int64 // 0 where unknown
}

// Quiet is a Progress that tells nobody.
var Quiet Progress = quiet{}

type quiet struct{}

func (quiet) Report(Event) {}
