package takedown

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"touchstone/assets"
	"touchstone/report/workday"
	"touchstone/store/evidence"
)

// Descriptor says what a channel takes and how it behaves. It is data: one file
// of assets.Channels, described by assets/channels/schema.json.
type Descriptor struct {
	Name      string    `json:"name"`
	Title     string    `json:"title"` // for people
	Transport Transport `json:"transport"`
	Spec      string    `json:"spec"`              // what the descriptor was made from
	Address   string    `json:"address,omitempty"` // of the portal, or where the programme is joined
	// Marketplaces are the names in assets.Markets whose listings the channel
	// takes; empty where it takes any.
	Marketplaces []string  `json:"marketplaces,omitempty"`
	Targets      []Target  `json:"targets"`
	Reconcile    Reconcile `json:"reconcile"`
	// SettleMinutes is how long after a sending the channel's search may lag.
	SettleMinutes int `json:"settle_minutes,omitempty"`
	PerMinute     int `json:"requests_per_minute,omitempty"` // 0 for no limit that is known

	MaxItems     int  `json:"max_items"`            // in one submission
	OneHost      bool `json:"one_host,omitempty"`   // its items lie on one host
	OneMarket    bool `json:"one_market,omitempty"` // its items lie on one marketplace
	OneTarget    bool `json:"one_target,omitempty"` // its items are targets of one kind
	MaxSheetSize int  `json:"max_sheet_bytes,omitempty"`

	// AmbiguousRemoval: its word for removed stands for something else as well, so
	// that only a removal marker on the page credits it.
	AmbiguousRemoval bool `json:"ambiguous_removal,omitempty"`

	GoodFaith bool `json:"good_faith,omitempty"` // offers good-faith takedown
	Inquiries bool `json:"inquiries,omitempty"`  // asks about listings
	Polls     bool `json:"polls"`                // tells the status when asked
	Practice  bool `json:"-"`                    // a practice marketplace: nothing it does has effect

	Fields      []Field            `json:"fields,omitempty"`
	Reasons     []Reason           `json:"reasons,omitempty"` // those that are known without asking
	Fetched     bool               `json:"reasons_fetched,omitempty"`
	Languages   []string           `json:"languages,omitempty"`   // ISO 639-1
	Territories []string           `json:"territories,omitempty"` // ISO 3166, or EU: in one of which the right must be valid
	Territory   evidence.Territory `json:"territory,omitempty"`   // whose law decides; empty where that is not known
	Attachments *Attachments       `json:"attachments,omitempty"`
	Purchase    *Purchase          `json:"test_purchase,omitempty"` // what it asks of test purchases
	Days        []Clock            `json:"days,omitempty"`
	Settings    []Setting          `json:"settings,omitempty"`
	Columns     []Column           `json:"columns,omitempty"` // of a portal's spreadsheet or list
	Steps       []string           `json:"steps,omitempty"`   // what a person does at the portal
	Warnings    []string           `json:"warnings,omitempty"`
	Sources     []assets.Origin    `json:"sources"`
}

// Transport is how a channel takes notices.
type Transport string

// The transports.
const (
	TransportREST   Transport = "rest"
	TransportMail   Transport = "mail"          // sent by the user's own mail server
	TransportPortal Transport = "portal_assist" // a person pastes what we prepared
	TransportSheet  Transport = "xlsx"          // a person uploads what we prepared
)

// Reconcile is how to find out what became of a submission whose answer was lost.
type Reconcile string

// The ways to reconcile.
const (
	ReconcileNone   Reconcile = "none"  // only a person can tell
	ReconcileKey    Reconcile = "key"   // submit again with the same IdempotencyKey: the channel acts once
	ReconcileSearch Reconcile = "query" // look among the channel's notices for ours: the Connector is a Finder
)

// Field is one thing that a channel asks for or limits.
type Field struct {
	Name     string   `json:"name"` // the channel's
	Title    string   `json:"title,omitempty"`
	From     string   `json:"from,omitempty"` // what of a notice goes there; see Text
	Max      int      `json:"max,omitempty"`  // characters; 0 for no limit that is known
	Required bool     `json:"required,omitempty"`
	If       []string `json:"required_if_reason,omitempty"` // required with these reason codes
}

// Reason is something a notice may complain of at a channel.
type Reason struct {
	Code  string `json:"code"`
	Title string `json:"title,omitempty"`
	For   string `json:"for,omitempty"` // an evidence.Infringement that it stands for by default
}

// Attachments says which files a channel takes.
type Attachments struct {
	Max      int      `json:"max,omitempty"` // 0 for no limit that is known
	MaxBytes int      `json:"max_bytes,omitempty"`
	Types    []string `json:"types,omitempty"` // media types
}

// Clock is a deadline that a channel sets.
type Clock struct {
	Who  string   `json:"who"` // seller or member
	For  string   `json:"for"`
	Days int      `json:"days"`
	Skip []string `json:"skip,omitempty"` // weekdays that do not count, as in sunday
	// Working names the country whose working days alone count; see package workday.
	Working string `json:"working_days,omitempty"`
}

// Due is the end of the last day of a clock that starts at the time from, in its
// zone: days that do not count are skipped, and the first day is the next one.
// The caveat says what is not known about it, or is empty.
func (c *Clock) Due(from time.Time) (due time.Time, caveat string) {
	if c.Working != "" {
		calendar, err := workday.Of(c.Working)
		if err != nil {
			return from.AddDate(0, 0, c.Days), err.Error()
		}
		d := calendar.After(from, c.Days)
		return d.At, d.Caveat()
	}
	day := from
	for left := c.Days; left > 0; {
		day = day.AddDate(0, 0, 1)
		if !slices.Contains(c.Skip, strings.ToLower(day.Weekday().String())) {
			left--
		}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, from.Location()), ""
}

// Clock is the deadline that the channel sets who, "seller" or "member".
func (d *Descriptor) Clock(who string) (Clock, bool) {
	i := slices.IndexFunc(d.Days, func(c Clock) bool { return c.Who == who })
	if i < 0 {
		return Clock{}, false
	}
	return d.Days[i], true
}

// Setting is something that a user tells us for the channel to work.
type Setting struct {
	Key      string `json:"key"`
	Title    string `json:"title"`
	Default  string `json:"default,omitempty"`
	Required bool   `json:"required,omitempty"`
	Secret   bool   `json:"secret,omitempty"` // kept with the workspace's keys
}

// Column is a column of a portal's spreadsheet, or a line of its list.
type Column struct {
	Title string `json:"title"`
	From  string `json:"from"`
}

// ErrNoDescriptor means that no channel has the name.
var ErrNoDescriptor = errors.New("no such channel: touchstone channel list shows them")

// Describe is the descriptor of the channel. Errors: ErrNoDescriptor.
func Describe(name string) (Descriptor, error) {
	d, err := assets.Entry[Descriptor](assets.Channels, "channels", name)
	if errors.Is(err, assets.ErrNoEntry) {
		err = fmt.Errorf("channel %q: %w", name, ErrNoDescriptor)
	}
	return d, err
}

// Descriptors are those of all channels, by name.
func Descriptors() ([]Descriptor, error) {
	return assets.Entries[Descriptor](assets.Channels, "channels")
}

// ByHand reports whether a person files at the channel.
func (d *Descriptor) ByHand() bool {
	return d.Transport == TransportPortal || d.Transport == TransportSheet
}

// Confirmed reports whether a source confirms a member of the descriptor.
func (d *Descriptor) Confirmed(member string) bool {
	return slices.ContainsFunc(d.Sources, func(o assets.Origin) bool {
		return strings.HasPrefix(o.Mark, "S") && slices.Contains(o.Of, member)
	})
}

// Gap is the time between two requests that keeps to the channel's rate.
func (d *Descriptor) Gap() time.Duration {
	if d.PerMinute <= 0 {
		return 0
	}
	return time.Minute / time.Duration(d.PerMinute)
}

// Settle is how long after a sending the channel's search may lag.
func (d *Descriptor) Settle() time.Duration { return time.Duration(d.SettleMinutes) * time.Minute }

// Field is the field with the channel's name for it.
func (d *Descriptor) Field(name string) (Field, bool) {
	i := slices.IndexFunc(d.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return d.Fields[i], true
}

// Violations lists what in the values, by field, breaks the limits of the fields
// that the descriptor names: too long, or missing with the reason.
func (d *Descriptor) Violations(reason string, values map[string]string) []Violation {
	var v []Violation
	for _, f := range d.Fields {
		value, known := values[f.Name]
		if !known {
			continue
		}
		n := utf8.RuneCountInString(value)
		switch {
		case n == 0 && f.Required:
			v = append(v, Violation{"/" + f.Name, "must not be empty"})
		case n == 0 && slices.Contains(f.If, reason):
			v = append(v, Violation{"/" + f.Name, "must not be empty with reason " + reason})
		case f.Max > 0 && n > f.Max:
			v = append(v, Violation{"/" + f.Name, fmt.Sprintf("has %d characters, at most %d are allowed", n, f.Max)})
		}
	}
	return v
}

// ReasonFor is the channel's code for a complaint: the one the notice names, or
// the descriptor's default for the type of infringement; "" where there is none.
func (d *Descriptor) ReasonFor(f *Filing) string {
	if f.Notice.ReasonCode != "" {
		return f.Notice.ReasonCode
	}
	for _, r := range d.Reasons {
		if r.For != "" && r.For == string(f.Notice.Infringement) {
			return r.Code
		}
	}
	return ""
}
