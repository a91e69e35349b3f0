package evidence

import "time"

// RoleActs is the list of what a person did at the window before a capture, one
// Act a line.
const RoleActs Role = "acts"

// KindSet names captures that were made at one sitting: the listing, its seller,
// the terms of shipping and what else belongs together.
const KindSet Kind = "sitting"

// Attendance says that a person was at the window of a capture.
type Attendance struct {
	Opened string    `json:"opened"` // the URL that the sitting began with
	Since  time.Time `json:"since"`
	Acts   int       `json:"acts"` // that were recorded, in the artifact of that role
	Video  string    `json:"video,omitempty"`
}

// ActKind is what a person did.
type ActKind string

// The kinds of act.
const (
	ActOpened    ActKind = "opened"       // a tab
	ActClosed    ActKind = "closed"       // a tab
	ActNavigated ActKind = "navigated"    // by the person or the page
	ActClicked   ActKind = "clicked"      // with the place in the window
	ActTyped     ActKind = "typed"        // with the text
	ActPressed   ActKind = "pressed"      // a key that types nothing
	ActPasted    ActKind = "pasted"       // with the beginning of the text
	ActChose     ActKind = "chose"        // from a list
	ActSecret    ActKind = "typed_secret" // into a field for passwords, cards or codes; what is not kept
	ActCaptured  ActKind = "captured"
	ActRefused   ActKind = "refused" // developer tools, a download
)

// Act is one thing that a person did at the window, or that came of it.
type Act struct {
	At   time.Time `json:"at"`
	Tab  int       `json:"tab"` // from 1, in the order in which they were opened
	What ActKind   `json:"what"`
	URL  string    `json:"url,omitempty"`  // of the page
	On   string    `json:"on,omitempty"`   // the element: its tag, name and label
	Text string    `json:"text,omitempty"` // typed, pressed, pasted or chosen
	X    int       `json:"x,omitempty"`    // of a click, in CSS pixels of the window
	Y    int       `json:"y,omitempty"`
}
