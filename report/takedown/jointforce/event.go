package jointforce

import "time"

// EventType is what an event is about.
type EventType string

// The types of event. A client leaves out those it does not know.
const (
	EventNoticeItem  EventType = "notice_item"         // Subject is the notice, Item the item, State its new state
	EventInquiry     EventType = "inquiry"             // Subject is the inquiry, State its new state
	EventInformation EventType = "information_request" // Subject is the inquiry, Item the request, State its new state
	EventCounter     EventType = "counter_notice"      // Subject is the counter-notice, State its new state
	EventSample      EventType = "sample"              // Subject is the sample, State its new state
	EventMessage     EventType = "message"             // Subject is the message, State who it is from
	EventDecision    EventType = "decision"            // Subject is the decision, State its visibility
	EventAlert       EventType = "alert"               // Subject is the alert, State is raised
	EventFeed        EventType = "brand_feed"          // Subject is empty, State is the new version
	EventStanding    EventType = "standing"            // Subject is empty, State is good_faith or ordinary
)

// Event is one change that the account should know of. It may come more than
// once, and after later ones: Seq says which it is and where it belongs. What it
// is about is the truth; the event only says that it changed.
type Event struct {
	ID      string    `json:"id" rule:"some"`
	Seq     int       `json:"seq" rule:"number"` // 1, 2, ... without gaps
	At      time.Time `json:"at"`
	Type    EventType `json:"type" rule:"word"`
	Subject string    `json:"subject,omitempty"`
	Item    string    `json:"item,omitempty"`
	State   string    `json:"state"`
}

// Events is one page of the feed. Next is where to go on, also when there was
// nothing new.
type Events struct {
	Events []Event `json:"events"`
	Next   string  `json:"next"`
}
