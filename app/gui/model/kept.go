package model

import (
	"cmp"
	"strings"
	"time"
	"unique"

	"touchstone/store/evidence"
)

// kept is a Row as the table keeps it: what tables show of it, in a quarter of the
// memory. A case may have 100,000.
type kept struct {
	text   string // texts of its own, one after another
	ends   [ownTexts]uint32
	common unique.Handle[common]

	seller     *evidence.Seller
	assessment *evidence.Assessment
	item       *evidence.NoticeItem
	stated     *evidence.Stated
	missing    []evidence.Missing
	firstSeen  time.Time
	started    time.Time
	captures   int32
	captured   bool // there is a capture
	priced     bool
	complete   bool
	deleted    bool
}

// common is what many rows have alike.
type common struct {
	caseID      evidence.ID
	target      evidence.TargetKind
	marketplace string
	review      evidence.Review
	outcome     evidence.Outcome
	reason      string
	currency    string
}

// ownTexts is how many texts own gives.
const ownTexts = 12

// addresses are those of own that are addresses of the listing.
var addresses = [...]int{1, 2, 10, 11}

// own is the texts that differ from row to row.
func own(r *Row) [ownTexts]string {
	l := &r.Listing
	texts := [ownTexts]string{string(l.ID), l.URL, l.CanonicalURL, l.ItemID, l.Title, string(l.Seller)}
	if l.CanonicalURL == l.URL {
		texts[2] = ""
	}
	c := r.Capture
	if c == nil {
		return texts
	}
	view, _ := c.Artifact(evidence.RoleViewport)
	texts[6], texts[7] = string(c.ID), string(view.SHA256)
	if c.Facts != nil && c.Facts.Price != nil {
		texts[8], texts[9] = c.Facts.Price.Min, c.Facts.Price.Max
	}
	if c.URL != l.URL {
		texts[10] = c.URL
	}
	if c.FinalURL != c.URL {
		texts[11] = c.FinalURL
	}
	return texts
}

// keep packs a row.
func keep(r *Row) *kept {
	l := &r.Listing
	k := &kept{seller: r.Seller, assessment: r.Assessment, item: r.Item, stated: l.Stated, firstSeen: l.FirstSeen, captures: int32(r.Captures), deleted: r.Deleted}
	shared := common{caseID: l.Case, target: l.Target, marketplace: l.Marketplace, review: l.Review}
	if c := r.Capture; c != nil {
		k.captured, k.complete, k.missing, k.started = true, c.Complete, c.Missing, c.StartedAt
		shared.outcome, shared.reason = c.Outcome, c.Reason
		if c.Facts != nil && c.Facts.Price != nil {
			k.priced, shared.currency = true, c.Facts.Price.Currency
		}
	}
	k.common = unique.Make(shared)
	var b strings.Builder
	texts := own(r)
	n := 0
	for _, text := range texts {
		n += len(text)
	}
	b.Grow(n)
	for i, text := range texts {
		b.WriteString(text)
		k.ends[i] = uint32(b.Len())
	}
	k.text = b.String()
	return k
}

func (k *kept) own(i int) string {
	from := uint32(0)
	if i > 0 {
		from = k.ends[i-1]
	}
	return k.text[from:k.ends[i]]
}

// key is the row's Key.
func (k *kept) key() evidence.ID {
	if k.ends[0] == 0 {
		return evidence.ID(k.own(6))
	}
	return evidence.ID(k.own(0))
}

// row unpacks the row. Its capture has what tables show of it.
func (k *kept) row() Row {
	shared := k.common.Value()
	r := Row{Assessment: k.assessment, Item: k.item, Seller: k.seller, Captures: int(k.captures), Deleted: k.deleted}
	r.Listing = evidence.Listing{ID: evidence.ID(k.own(0)), Case: shared.caseID, Target: shared.target, URL: k.own(1), CanonicalURL: k.own(2),
		Marketplace: shared.marketplace, ItemID: k.own(3), Title: k.own(4), Seller: evidence.ID(k.own(5)), Review: shared.review, Stated: k.stated,
		FirstSeen: k.firstSeen, LastCapture: evidence.ID(k.own(6))}
	if r.Listing.CanonicalURL == "" {
		r.Listing.CanonicalURL = r.Listing.URL
	}
	if !k.captured {
		return r
	}
	r.Capture = &evidence.Capture{ID: r.Listing.LastCapture, Case: shared.caseID, Listing: r.Listing.ID, URL: cmp.Or(k.own(10), r.Listing.URL), Outcome: shared.outcome,
		Reason: shared.reason, Complete: k.complete, Missing: k.missing, StartedAt: k.started}
	r.Capture.FinalURL = cmp.Or(k.own(11), r.Capture.URL)
	if view := k.own(7); view != "" {
		r.Capture.Artifacts = []evidence.Artifact{{Role: evidence.RoleViewport, SHA256: evidence.Hash(view)}}
	}
	if k.priced {
		r.Capture.Facts = &evidence.Facts{Price: &evidence.Price{Min: k.own(8), Max: k.own(9), Currency: shared.currency}}
	}
	return r
}
