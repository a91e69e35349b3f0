package xarf

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// Report is a XARF 4.2 report of the type brand_infringement, as
// assets/schemas/xarf-brand-infringement.json describes it.
type Report struct {
	Version   string    `json:"xarf_version"`
	ID        string    `json:"report_id"` // a UUID
	Timestamp time.Time `json:"timestamp"` // when the infringement was seen
	Reporter  Party     `json:"reporter"`
	Sender    Party     `json:"sender"`
	Source    string    `json:"source_identifier"` // host or IP address
	Category  string    `json:"category"`
	Type      string    `json:"type"`

	Description string     `json:"description,omitempty"`
	Evidence    []Exhibit  `json:"evidence,omitempty"`
	Tags        []string   `json:"tags,omitempty"`
	URL         string     `json:"url"`
	Domain      string     `json:"domain,omitempty"`
	VerifiedAt  *time.Time `json:"verified_at,omitempty"`
	Method      string     `json:"verification_method,omitempty"`
	Brand       string     `json:"target_brand,omitempty"`

	Infringement string     `json:"infringement_type"`
	Genuine      string     `json:"legitimate_site"`
	Trademark    *Trademark `json:"trademark_details,omitempty"`
	Elements     []string   `json:"infringing_elements,omitempty"`
	Products     []string   `json:"products_offered,omitempty"`
}

// Party is who reports, or sends the report.
type Party struct {
	Org     string `json:"org"`
	Contact string `json:"contact"` // an e-mail address
	Domain  string `json:"domain"`
}

// Exhibit is a file that shows what is reported.
type Exhibit struct {
	MediaType   string `json:"content_type"`
	Description string `json:"description,omitempty"`
	Payload     []byte `json:"payload"` // base64 in JSON
	Hash        string `json:"hash"`
	Size        int    `json:"size"`
}

// Trademark is the mark that is infringed.
type Trademark struct {
	Number       string `json:"registration_number,omitempty"`
	Jurisdiction string `json:"jurisdiction,omitempty"`
	Classes      []int  `json:"category,omitempty"` // of Nice
}

// The limits of the format.
const (
	version        = "4.2.0"
	mostExhibits   = 50
	largestExhibit = 5_242_880 // bytes

	// otherInfringement is the format's word for what it has no other word for.
	otherInfringement = "other"
)

// ReportOf is the report about one item of a filing; sender is the address that it
// is sent from. The same filing gives the same report, with the same ID.
func ReportOf(d *takedown.Descriptor, f *takedown.Filing, i *takedown.Item, sender string) (Report, error) {
	r := Report{
		Version: version, ID: reportID(f.IdempotencyKey, i.Item.ID), Timestamp: i.Capture.FinishedAt.UTC(), Category: "content", Type: "brand_infringement",
		Reporter: party(f.Brand.Owner.Name, f.Signatory.Email), Sender: party(f.Brand.Owner.Name, sender),
		Source: i.Host(), Domain: i.Host(), URL: i.Address(), Method: "manual", Brand: f.Brand.Name,
		Description: f.Notice.Explanation, Infringement: cmp.Or(d.ReasonFor(f), otherInfringement), Genuine: f.Brand.Site, Elements: elements(f, i),
	}
	if f.Signatory.Agent != "" {
		r.Sender.Org = f.Signatory.Agent
	}
	if a := i.Assessment; a != nil {
		at := a.At.UTC()
		r.VerifiedAt = &at
	}
	if i.Listing.Title != "" {
		r.Products = []string{i.Listing.Title}
	}
	if i.Listing.Marketplace != "" {
		r.Tags = []string{"marketplace:" + i.Listing.Marketplace}
	}
	if f.Right.Type == evidence.Trademark {
		r.Trademark = &Trademark{f.Right.Number, f.Right.Jurisdiction, f.Right.Classes}
	}
	for _, file := range i.Files {
		sum := sha256.Sum256(file.Content)
		r.Evidence = append(r.Evidence, Exhibit{file.MediaType, file.About, file.Content, "sha256:" + hex.EncodeToString(sum[:]), len(file.Content)})
	}
	if violations := r.violations(d); len(violations) > 0 {
		return r, &takedown.UnfitError{Violations: violations}
	}
	return r, nil
}

// JSON is the report as it is sent.
func (r *Report) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(r, "", "  ")
	return append(b, '\n'), err
}

func party(org, address string) Party {
	_, domain, _ := strings.Cut(address, "@")
	return Party{org, address, domain}
}

// reportID is a UUID (RFC 9562, version 8) made of what the report is about.
func reportID(key string, item evidence.ID) string {
	sum := sha256.Sum256([]byte("xarf report\x00" + key + "\x00" + string(item)))
	u := sum[:16]
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// elements are what of the brand is used, as far as the notice says.
func elements(f *takedown.Filing, i *takedown.Item) []string {
	var list []string
	for element, used := range map[string]bool{
		"logo":           f.Notice.Infringement == evidence.InfringesLogo,
		"product_images": f.Notice.Infringement == evidence.InfringesImage || f.Notice.Locus == evidence.LocusImage,
		"brand_name":     f.Right.Type == evidence.Trademark && (f.Notice.Locus == evidence.LocusText || f.Notice.Locus == evidence.LocusProduct),
		"domain_name":    i.Listing.Target == evidence.TargetDomain,
	} {
		if used {
			list = append(list, element)
		}
	}
	slices.Sort(list)
	return list
}

// violations are what of the report the format has no place for.
func (r *Report) violations(d *takedown.Descriptor) []takedown.Violation {
	list := d.Violations(r.Infringement, map[string]string{
		"source_identifier": r.Source, "reporter/org": r.Reporter.Org, "reporter/contact": r.Reporter.Contact, "infringement_type": r.Infringement,
		"description": r.Description, "legitimate_site": r.Genuine,
	})
	if r.Timestamp.IsZero() {
		list = append(list, takedown.Violation{Pointer: "/timestamp", Detail: "the listing has no capture that says when it was seen"})
	}
	if n := len(r.Evidence); n > mostExhibits {
		list = append(list, takedown.Violation{Pointer: "/evidence", Detail: fmt.Sprintf("has %d files, at most %d are allowed", n, mostExhibits)})
	}
	for n, e := range r.Evidence {
		if e.Size > largestExhibit {
			list = append(list, takedown.Violation{Pointer: fmt.Sprintf("/evidence/%d", n), Detail: fmt.Sprintf("has %d bytes, at most %d are allowed", e.Size, largestExhibit)})
		}
	}
	return list
}
