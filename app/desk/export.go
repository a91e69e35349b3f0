package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/store"
	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// ExportFormat is a form in which a case leaves the workspace.
type ExportFormat string

// The formats.
const (
	ExportBagIt ExportFormat = "bagit" // a zipped BagIt bag with all evidence and its proofs
	ExportWACZ  ExportFormat = "wacz"  // a web archive that ReplayWeb.page opens
	ExportCSV   ExportFormat = "csv"   // a table of the listings
	ExportXLSX  ExportFormat = "xlsx"
	// ExportSchedule is the schedule of a case for damages, as .xlsx or .csv.
	ExportSchedule ExportFormat = "schedule"
	// ExportXARF is a ZIP of XARF 4.2 reports, one of each target of the case's notices.
	ExportXARF ExportFormat = "xarf"
)

// ExportFormats lists every format.
var ExportFormats = []ExportFormat{ExportBagIt, ExportWACZ, ExportCSV, ExportXLSX, ExportSchedule, ExportXARF}

// extensions are those that the format's files may have.
func (f ExportFormat) extensions() []string {
	switch f {
	case ExportBagIt, ExportXARF:
		return []string{".zip"}
	case ExportSchedule:
		return []string{".xlsx", ".csv"}
	}
	return []string{"." + string(f)}
}

// ExportOrder says what is to be exported, how and where to.
type ExportOrder struct {
	Case string // name or ID
	// Listings are those that a table holds; empty for all of the case.
	Listings []evidence.ID
	Format   ExportFormat
	Out      string // a file; one of the same kind that is there is replaced when the new one is whole
	// Full is the edition for a court: with cookies, everything that crossed the
	// network and who captured. Without it these stay, and what crossed the
	// network goes along without its secrets.
	Full bool
	// Rates is a .csv with the exchange rates of a schedule; empty for sums by
	// currency.
	Rates string
}

// ExportSummary is what an export holds.
type ExportSummary struct {
	Path        string        `json:"path"`
	Format      ExportFormat  `json:"format"`
	SHA256      evidence.Hash `json:"sha256"` // of the file
	Full        bool          `json:"full"`
	Captures    int           `json:"captures"`
	Attachments int           `json:"attachments"`
	Files       int           `json:"files"`    // of evidence, as sealed
	Redacted    int           `json:"redacted"` // files made without secrets
	Withheld    int           `json:"withheld"` // files of evidence that stay
	Secrets     int           `json:"secrets"`  // values taken out
	Problems    []string      `json:"problems"` // what could not be exported, and why
}

// ErrNothingToExport means that a case has no evidence of the kind.
var ErrNothingToExport = errors.New("nothing to export")

// Export writes the evidence of one case to a file, and enters it in the custody
// log before it is opened and when it is written. Nothing of another case is in
// it. What is missing or altered stops it.
func (d *Desk) Export(ctx context.Context, o ExportOrder, p evidence.Progress) (ExportSummary, error) {
	summary := ExportSummary{Path: o.Out, Format: o.Format, Full: o.Full, Problems: []string{}}
	c, err := d.Case(ctx, o.Case)
	if err != nil {
		return summary, err
	}
	e := &export{d: d, order: o, matter: c, progress: p, summary: &summary, at: d.cfg.Now().UTC()}
	write, ok := map[ExportFormat]func(context.Context, io.Writer) error{
		ExportBagIt: e.bag, ExportWACZ: e.wacz, ExportCSV: e.csv, ExportXLSX: e.xlsx, ExportSchedule: e.writeSchedule, ExportXARF: e.xarf,
	}[o.Format]
	if !ok {
		return summary, fmt.Errorf("%q is not a format: want one of %v", o.Format, ExportFormats)
	}
	if endings := o.Format.extensions(); !slices.Contains(endings, strings.ToLower(filepath.Ext(o.Out))) {
		return summary, &InputError{fmt.Errorf("the file of format %s ends with %s, and %s does not", o.Format, strings.Join(endings, " or "), filepath.Base(o.Out))}
	}
	if len(o.Listings) > 0 && o.Format != ExportCSV && o.Format != ExportXLSX {
		return summary, &InputError{fmt.Errorf("some listings of a case are exported as csv or xlsx, not as %s", o.Format)}
	}
	if err := e.open(ctx); err != nil {
		return summary, fmt.Errorf("export case %q: %w", c.Name, err)
	}
	if e.aside, err = store.NewAside(""); err != nil {
		return summary, err
	}
	defer e.aside.Close()
	summary.SHA256, err = writeWhole(o.Out, func(w io.Writer) error { return write(ctx, w) })
	if err != nil {
		return summary, fmt.Errorf("export case %q to %s: %w", c.Name, o.Out, err)
	}
	return summary, d.logExport(ctx, custody.Exported, c.ID, o, summary.SHA256)
}

// export is one run of Export.
type export struct {
	d        *Desk
	order    ExportOrder
	matter   evidence.Case
	progress evidence.Progress
	summary  *ExportSummary
	at       time.Time
	aside    *store.Aside // for files made without secrets

	captures    []evidence.Capture
	attachments []evidence.Attachment
}

func (d *Desk) logExport(ctx context.Context, a custody.Action, caseID evidence.ID, o ExportOrder, h evidence.Hash) error {
	note := string(o.Format)
	if o.Full {
		note += " full"
	}
	entry := custody.Entry{Action: a, Subject: caseID, Case: caseID, Note: note}
	if h != "" {
		entry.Hashes = map[string]evidence.Hash{custody.HashFile: h}
	}
	return d.ws.Update(ctx, func(tx *store.Tx) error { return tx.Append(entry) })
}

// open gathers what the case has, and enters in the log that it is opened.
func (e *export) open(ctx context.Context) (err error) {
	if e.captures, err = AllBy[evidence.Capture](ctx, e.d, store.CapturesByCase, string(e.matter.ID)); err != nil {
		return err
	}
	if e.attachments, err = AllBy[evidence.Attachment](ctx, e.d, store.AttachmentsByCase, string(e.matter.ID)); err != nil {
		return err
	}
	e.summary.Captures = len(e.captures)
	if archive := e.order.Format == ExportBagIt || e.order.Format == ExportWACZ; archive && len(e.captures)+len(e.attachments) == 0 {
		return fmt.Errorf("%w: it has no captures yet", ErrNothingToExport)
	}
	return e.d.logExport(ctx, custody.EvidenceOpened, e.matter.ID, e.order, "")
}

func (e *export) tell(subject string, done, total int) {
	e.progress.Report(evidence.Event{Stage: "export", Subject: subject, Note: string(e.order.Format), Done: int64(done), Total: int64(total)})
}

// bag writes the case as a BagIt bag.
func (e *export) bag(ctx context.Context, w io.Writer) error {
	described, err := e.describe()
	if err != nil {
		return err
	}
	table, err := e.table(ctx)
	if err != nil {
		return err
	}
	sealed, err := e.sealed(ctx)
	if err != nil {
		return err
	}
	howTo, err := bundle.HowToVerify(sealed.proofs, sealed.exhibits)
	if err != nil {
		return err
	}
	b := bundle.Bag{
		Name: bundle.Name("evidence " + e.matter.Name + " " + e.at.Format(time.DateOnly)), At: e.at, Info: e.info(),
		Files: slices.Concat([]bundle.File{bundle.Text("case.json", described), bundle.Text("listings.csv", table)}, sealed.files, sealed.redacted),
		Tags:  []bundle.File{bundle.Text("HOW-TO-VERIFY.txt", howTo)},
	}
	if !e.order.Full {
		b.Tags = append(b.Tags, bundle.Text("REDACTED.txt", []byte(redactedText)))
	}
	return bundle.WriteBag(ctx, w, b)
}

const redactedText = `WHAT WAS WITHHELD

This is the redacted edition. It lacks, of each capture, the cookies, the
records of the network traffic as they were made, and who captured by what
account and proxy. Each capture's manifest names these files and their SHA-256
all the same, so that they can be asked for and checked later.

In their place, the folder data/redacted holds the network records with the
values of cookies and of headers that prove who asks replaced by the word
REDACTED, and pictures in which parts were blacked out. They were made for this
export. redacted-from.json beside them names the file each was made from by its
SHA-256, which the capture's manifest names too. Bodies of pages are as they were
received.
`

// info is bag-info.txt.
func (e *export) info() []bundle.Field {
	edition := "redacted"
	if e.order.Full {
		edition = "full"
	}
	var info []bundle.Field
	for _, f := range []bundle.Field{
		{Label: "Source-Organization", Value: e.matter.Client},
		{Label: "External-Identifier", Value: string(e.matter.ID)},
		{Label: "Internal-Sender-Identifier", Value: e.matter.Matter},
		{Label: "External-Description", Value: fmt.Sprintf("Evidence of the case %s: %d captures of online listings, %d attachments, with proofs of their sealing", e.matter.Name, len(e.captures), len(e.attachments))},
		{Label: "Touchstone-Case", Value: e.matter.Name},
		{Label: "Touchstone-Counsel", Value: e.matter.Counsel},
		{Label: "Touchstone-Territory", Value: e.matter.Territory},
		{Label: "Touchstone-Edition", Value: edition},
		{Label: "Touchstone-Version", Value: e.d.cfg.Tool.Version},
	} {
		if f.Value != "" {
			info = append(info, f)
		}
	}
	if by := e.d.Acting(); e.order.Full && by.Name != "" {
		info = append(info, bundle.Field{Label: "Contact-Name", Value: by.Name})
	}
	return info
}

// describe is case.json.
func (e *export) describe() ([]byte, error) {
	c := e.matter
	b, err := json.MarshalIndent(struct {
		ID         evidence.ID `json:"id"`
		Name       string      `json:"name"`
		Client     string      `json:"client,omitempty"`
		Matter     string      `json:"matter,omitempty"`
		Counsel    string      `json:"counsel,omitempty"`
		Territory  string      `json:"territory,omitempty"`
		KnownSince string      `json:"known_since,omitempty"`
		CreatedAt  time.Time   `json:"created_at"`
	}{c.ID, c.Name, c.Client, c.Matter, c.Counsel, c.Territory, c.KnownSince, c.CreatedAt}, "", "  ")
	return append(b, '\n'), err
}

func (e *export) problem(format string, a ...any) {
	e.summary.Problems = append(e.summary.Problems, fmt.Sprintf(format, a...))
}

// software names us in files that are not ours.
func (e *export) software() string {
	return strings.TrimSuffix(e.d.cfg.Tool.Name+"/"+e.d.cfg.Tool.Version, "/")
}
