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
	"altered":     Key("This is not what was sealed:"),
	"missing":     Key("This is named, and not there:"),
	"stray":       Key("Nothing names this:"),
	"damaged":     Key("This cannot be read as it was written:"),
	"bad_index":   Key("An index does not agree with its records:"),
	"bad_log":     Key("The custody log does not hold:"),
	"unrecorded":  Key("This is not as the custody log last said:"),
	"rolled_back": Key("The custody log is older than what was kept of it:"),
	"re_signed":   Key("The custody log is signed by a different key than before:"),
	"bad_stamp":   Key("A time stamp does not hold:"),
	"unchecked":   Key("This was not checked:"),
	"forked":      Key("The custody log does not agree with what was kept of it:"),
}
