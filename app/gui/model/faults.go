package model

// Fault is something that a verification found.
type Fault struct {
	Kind  string // as in altered
	Where string // the file or record, ""
	What  string // the desk's English sentence, with the particulars
}

// Text is the fault in a sentence: in English the desk's own, else what it is in the
// user's language, with the desk's behind it.
func (f Fault) Text() string {
	english, ok := faultTitles[f.Kind]
	title := T(english)
	if !ok || title == english {
		return joined([]string{words(f.Kind), f.Where, f.What}, ": ")
	}
	return joined([]string{title, f.Where}, " ") + " (" + f.What + ")"
}

func faultTexts(faults []Fault) []string { return each(faults, Fault.Text) }

// faultTitles says what the problems of package store are, by their kinds.
var faultTitles = map[string]string{
	"altered":     key("This is not what was sealed:"),
	"missing":     key("This is named, and not there:"),
	"stray":       key("Nothing names this:"),
	"damaged":     key("This cannot be read as it was written:"),
	"bad_index":   key("An index does not agree with its records:"),
	"bad_log":     key("The custody log does not hold:"),
	"unrecorded":  key("This is not as the custody log last said:"),
	"rolled_back": key("The custody log is older than what was kept of it:"),
	"re_signed":   key("The custody log is signed by a different key than before:"),
	"bad_stamp":   key("A time stamp does not hold:"),
	"unchecked":   key("This was not checked:"),
	"forked":      key("The custody log does not agree with what was kept of it:"),
}
