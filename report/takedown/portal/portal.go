// Package portal helps a person to file at a marketplace that has no public
// interface: it cuts a notice to what the portal takes at once, writes the texts
// to paste, the list of links or the spreadsheet to upload, and the portal's
// address; and it reads the table of outcomes that a portal gives back.
//
// It sends nothing. What it makes up is stored like any submission, and a person
// says when it was filed.
package portal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// ErrByHand means that only a person can file at the portal.
var ErrByHand = errors.New("this portal has no public interface: file there by hand")

// Package is what a person files with.
type Package struct {
	Channel  string     `json:"channel"`
	Title    string     `json:"title"`
	Address  string     `json:"address"`
	Steps    []string   `json:"steps,omitempty"`
	Warnings []string   `json:"warnings,omitempty"`
	Fields   []Field    `json:"fields"`
	Columns  []string   `json:"columns"`
	Rows     [][]string `json:"rows"` // one an item
	Sheet    bool       `json:"sheet,omitempty"`
	MaxSheet int        `json:"max_sheet_bytes,omitempty"`
}

// Field is one text to paste.
type Field struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Portal is a channel that a person serves.
type Portal struct {
	descriptor takedown.Descriptor
	address    string
}

var _ takedown.Connector = (*Portal)(nil)

// New is the channel of a portal. address is where it is now; empty for the
// descriptor's.
func New(d takedown.Descriptor, address string) *Portal {
	if address == "" {
		address = d.Address
	}
	return &Portal{d, address}
}

// Name implements takedown.Connector.
func (p *Portal) Name() string { return p.descriptor.Name }

// Descriptor implements takedown.Connector.
func (p *Portal) Descriptor() takedown.Descriptor { return p.descriptor }

// Compose makes up the Package, as JSON. What the notice has no text for and the
// portal does not ask for is left out.
func (p *Portal) Compose(f takedown.Filing) (takedown.Parcel, error) {
	d := &p.descriptor
	f.Notice.ReasonCode = d.ReasonFor(&f)
	pack := Package{
		Channel: d.Name, Title: d.Title, Address: p.address, Steps: d.Steps, Warnings: d.Warnings,
		Sheet: d.Transport == takedown.TransportSheet, MaxSheet: d.MaxSheetSize,
	}
	values := map[string]string{}
	for _, field := range d.Fields {
		text, known := d.Text(&f, field.From, nil)
		if !known {
			continue
		}
		values[field.Name] = text
		if text != "" {
			pack.Fields = append(pack.Fields, Field{field.Name, text})
		}
	}
	violations := d.Violations(d.ReasonFor(&f), values)
	if n := len(f.Items); n > d.MaxItems {
		violations = append(violations, takedown.Violation{Pointer: "/items", Detail: fmt.Sprintf("has %d items, at most %d are allowed", n, d.MaxItems)})
	}
	if len(violations) > 0 {
		return takedown.Parcel{}, &takedown.UnfitError{Violations: violations}
	}
	for _, c := range d.Columns {
		pack.Columns = append(pack.Columns, c.Title)
	}
	for i := range f.Items {
		row := make([]string, len(d.Columns))
		for n, c := range d.Columns {
			row[n], _ = d.Text(&f, c.From, &f.Items[i])
		}
		pack.Rows = append(pack.Rows, row)
	}
	body, err := json.Marshal(pack)
	return takedown.Parcel{Key: f.IdempotencyKey, To: p.address, MediaType: "application/json", Body: body, Items: f.Targets((*takedown.Item).Address)}, err
}

// Submit implements takedown.Connector: nothing leaves.
func (p *Portal) Submit(context.Context, takedown.Parcel) (takedown.Answer, error) {
	return takedown.Answer{}, fmt.Errorf("%w: %w", takedown.ErrUnfit, ErrByHand)
}

// Status implements takedown.Connector: a person learns the outcome.
func (p *Portal) Status(context.Context, string, []evidence.SubmittedItem) (takedown.Answer, error) {
	return takedown.Answer{}, ErrByHand
}
