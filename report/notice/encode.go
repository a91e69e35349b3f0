package notice

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// JSONSchema is the version of the form that WriteJSON writes.
const JSONSchema = 1

// outgoing is notice.json. It holds what the recipient needs and nothing that
// is ours alone: no operator, examiner, proxy or profile, no client or counsel,
// and none of the marks by which the brand tells its goods.
type outgoing struct {
	Schema    int                `json:"schema"`
	Notice    evidence.Notice    `json:"notice"`
	Reference string             `json:"reference,omitempty"` // the case's matter number
	Brand     outgoingBrand      `json:"brand"`
	Right     evidence.Right     `json:"right"`
	Signatory evidence.Signatory `json:"signatory"`
	Exhibits  []outgoingExhibit  `json:"exhibits"`
}

type outgoingBrand struct {
	ID    evidence.ID           `json:"id"`
	Name  string                `json:"name"`
	Site  string                `json:"site,omitempty"`
	Owner evidence.Organisation `json:"owner"`
}

type outgoingExhibit struct {
	Number     int                  `json:"number"` // as in the PDF
	Item       evidence.NoticeItem  `json:"item"`
	Listing    evidence.Listing     `json:"listing"`
	Capture    evidence.Capture     `json:"capture"`
	Provenance provenance           `json:"provenance"`
	Assessment *evidence.Assessment `json:"assessment,omitempty"`
}

// provenance is the part of a manifest that its capture does not have.
type provenance struct {
	Tool          evidence.Tool         `json:"tool"`
	System        evidence.System       `json:"system"`
	Redirects     []evidence.Redirect   `json:"redirects,omitempty"`
	ServerAddress string                `json:"server_address,omitempty"`
	DNS           []evidence.DNSAnswer  `json:"dns,omitempty"`
	TLS           *evidence.TLS         `json:"tls,omitempty"`
	Clock         *evidence.ClockCheck  `json:"clock,omitempty"`
	Browser       evidence.Browser      `json:"browser"`
	Settings      evidence.Settings     `json:"settings"`
	Alterations   []evidence.Alteration `json:"alterations"`
}

// WriteJSON writes notice.json, the dossier for machines. What is ours alone
// is left out: the operator, the examiner, the proxy and the browser profile,
// the client and counsel, how the brand tells its goods, and what was bought from
// whom.
func WriteJSON(w io.Writer, d Dossier) error {
	d.Notice.Accepted, d.Notice.FairUse = nil, ""
	out := outgoing{
		Schema: JSONSchema, Notice: d.Notice, Right: d.Right, Signatory: d.Signatory,
		Brand:    outgoingBrand{d.Brand.ID, d.Brand.Name, d.Brand.Site, d.Brand.Owner},
		Exhibits: make([]outgoingExhibit, 0, len(d.Exhibits)),
	}
	if d.Case != nil {
		out.Reference = d.Case.Matter
	}
	for i, e := range d.Exhibits {
		m := e.Manifest
		x := outgoingExhibit{
			Number: i + 1, Item: e.Item, Listing: e.Listing, Capture: e.Capture,
			Provenance: provenance{m.Tool, m.System, m.Redirects, m.ServerAddress, m.DNS, m.TLS, m.Clock, m.Browser, m.Settings, m.Alterations},
		}
		x.Listing.Stated = nil
		x.Provenance.Browser.Remote = ""
		x.Provenance.Settings.Proxy = ""
		x.Provenance.Settings.Profile = ""
		if e.Assessment != nil {
			a := *e.Assessment
			a.By, a.Purchase = "", ""
			x.Assessment = &a
		}
		out.Exhibits = append(out.Exhibits, x)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write notice.json: %w", err)
	}
	return nil
}

// columns is the head of listings.csv.
var columns = []string{"exhibit", "listing", "marketplace", "item_id", "title", "url", "final_url", "seller_id", "seller_name", "seller_url",
	"price_min", "price_max", "currency", "captured_at_utc", "outcome", "verdict", "basis", "state", "capture", "manifest_sha256", "screenshot_sha256"}

// WriteCSV writes listings.csv, one line an exhibit, for a spreadsheet: UTF-8
// with a byte order mark, without which Excel garbles Chinese, and with an
// apostrophe before what a spreadsheet would run as a formula.
func WriteCSV(w io.Writer, d Dossier) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write listings.csv: %w", err)
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	c.Write(columns) // errors stay in c until Flush
	for i := range d.Exhibits {
		row := csvRow(i+1, &d.Exhibits[i])
		for j := range row {
			row[j] = Harmless(row[j])
		}
		c.Write(row)
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write listings.csv: %w", err)
	}
	return nil
}

func csvRow(number int, e *Exhibit) []string {
	facts := e.Capture.Facts
	if facts == nil {
		facts = &evidence.Facts{}
	}
	seller, price, assessment := facts.Seller, facts.Price, e.Assessment
	if seller == nil {
		seller = &evidence.SellerFacts{}
	}
	if price == nil {
		price = &evidence.Price{}
	}
	if assessment == nil {
		assessment = &evidence.Assessment{}
	}
	screenshot, _ := e.Capture.Artifact(evidence.RoleScreenshot)
	return []string{strconv.Itoa(number), string(e.Listing.ID), e.Listing.Marketplace, e.Listing.ItemID, e.Title(),
		e.Listing.URL, e.Capture.FinalURL, seller.ID, seller.Name, seller.URL, price.Min, price.Max, price.Currency,
		e.Capture.FinishedAt.UTC().Format(time.RFC3339), string(e.Capture.Outcome), string(assessment.Verdict), string(assessment.Basis),
		string(e.Item.State), string(e.Capture.ID), string(e.Capture.Manifest), string(screenshot.SHA256)}
}

// Harmless keeps a spreadsheet from running a cell as a formula. A seller can
// put one into a title.
func Harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
