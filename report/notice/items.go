package notice

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

func (c *checker) items() {
	if len(c.d.Exhibits) == 0 {
		c.fail(c.d.Notice.ID, "items_missing", "The notice complains of nothing.", "Add the listings to it.")
	}
	seen := map[evidence.ID]bool{}
	for i := range c.d.Exhibits {
		e := &c.d.Exhibits[i]
		c.about = fmt.Sprintf("listing %d, %s", i+1, shorten(e.Title()))
		if e.Listing.ID != "" && seen[e.Listing.ID] {
			c.fail(e.Item.ID, "listing_repeated", "The listing is in the notice twice.", "Take one of the two out.")
		}
		seen[e.Listing.ID] = true
		c.assessment(e)
		c.capture(e)
		c.offer(e)
		c.elsewhere(e)
	}
	c.about = ""
}

// assessment: a notice says what a person has found, never what a page suggests.
func (c *checker) assessment(e *Exhibit) {
	a := e.Assessment
	if a == nil {
		c.fail(e.Item.ID, "assessment_missing", "Nobody has judged the listing.", "Look at it and record an assessment.")
		return
	}
	if a.Listing != "" && a.Listing != e.Listing.ID {
		c.fail(e.Item.ID, "assessment_of_other_listing", "The assessment is of another listing.", "Assess this one.")
	}
	if a.Capture != "" && a.Capture != e.Capture.ID {
		c.warn(e.Item.ID, "assessment_of_other_capture", "The assessment was made on another capture than the one shown.",
			"Look at this capture and confirm the assessment.")
	}
	c.verdict(e)
	if a.Basis == "" {
		c.fail(e.Item.ID, "assessment_without_basis", "The assessment does not say what it rests on.", "Record its basis.")
	}
	if a.Basis == evidence.BasisExaminedPurchase && (e.Purchase == nil || e.Purchase.Verdict == "") {
		c.warn(e.Item.ID, "purchase_missing", "The assessment rests on an examined purchase, and no examined test purchase is recorded.",
			"Record it with its examination (touchstone testbuy), or another basis.")
	}
	if a.By == "" {
		c.warn(e.Item.ID, "assessment_without_examiner", "The assessment does not say who examined.", "Record who did.")
	}
}

func (c *checker) verdict(e *Exhibit) {
	switch verdict := e.Assessment.Verdict; {
	case verdict != evidence.Counterfeit && verdict != evidence.OtherInfringement:
		c.fail(e.Item.ID, "assessment_not_infringing", fmt.Sprintf("The listing was judged %s.", verdict),
			"Take it out of the notice, or assess it anew.")
	case verdict == evidence.OtherInfringement && c.d.Notice.Infringement == evidence.InfringesCounterfeit:
		c.fail(e.Item.ID, "assessment_not_counterfeit", "The notice says counterfeit; the listing was judged another infringement.",
			"Move it to a notice of its own.")
	}
}

func (c *checker) capture(e *Exhibit) {
	p := e.Capture
	if p.ID == "" {
		c.fail(e.Item.ID, "capture_missing", "There is no capture of the listing.", "Capture it.")
		return
	}
	switch p.Outcome {
	case evidence.Online:
	case evidence.Removed, evidence.NotFound:
		c.fail(e.Item.ID, "already_removed", "The listing is no longer there: its capture found it "+evidence.Words(p.Outcome)+".",
			"Take it out of the notice.")
	default:
		c.fail(e.Item.ID, "capture_not_online", fmt.Sprintf("The capture does not show the listing (%s).", p.Outcome), "Capture it again.")
	}
	if !p.Complete {
		c.warn(e.Item.ID, "capture_incomplete", "The capture lacks "+missingRoles(p.Missing)+".", "Capture the listing again.")
	}
	if _, ok := p.Artifact(evidence.RoleScreenshot); !ok {
		c.warn(e.Item.ID, "screenshot_missing", "There is no screenshot to show.", "Capture the listing again.")
	}
	if e.Damage != "" {
		c.fail(p.ID, "evidence_does_not_verify", e.Damage, "See touchstone verify "+string(p.ID)+"; put back a backup, or capture the listing again.")
	}
	c.age(e)
}

func missingRoles(missing []evidence.Missing) string {
	var roles []string
	for _, m := range missing {
		if !slices.Contains(roles, string(m.Role)) {
			roles = append(roles, string(m.Role))
		}
	}
	if len(roles) == 0 {
		return "something"
	}
	return strings.Join(roles, ", ")
}

func (c *checker) age(e *Exhibit) {
	at := e.Capture.FinishedAt
	switch age := c.now.Sub(at); {
	case at.IsZero():
		c.fail(e.Item.ID, "capture_undated", "The capture has no date.", "Capture the listing again.")
	case age > cmp.Or(c.d.MaxAge, MaxEvidenceAge):
		c.warn(e.Item.ID, "evidence_old", fmt.Sprintf("The capture is %d days old.", int(age.Hours()/24)), "Capture the listing again.")
	case age < 0:
		c.warn(e.Item.ID, "capture_in_future", "The capture is dated in the future.", "Check the computer's clock.")
	}
	if k := e.Manifest.Clock; k != nil && math.Abs(k.OffsetSeconds) > MaxClockOffset {
		c.warn(e.Item.ID, "clock_off", fmt.Sprintf("The computer's clock differed from the server's by %.0f s.", k.OffsetSeconds),
			"Check the computer's clock and capture the listing again.")
	}
}

// offer checks who offers and where.
func (c *checker) offer(e *Exhibit) {
	if u, err := url.Parse(e.Listing.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		c.fail(e.Item.ID, "address_missing", fmt.Sprintf("%q is not the address of a listing.", shorten(e.Listing.URL)),
			"Correct the listing's URL.")
	}
	switch offer := recheck(e); offer {
	case "", evidence.StillUp, evidence.Changed, evidence.OfferUnknown, evidence.GeoBlocked:
	default:
		c.fail(e.Item.ID, "offer_gone", "The last recheck found the offer "+evidence.Words(offer)+".",
			"Take it out of the notice.")
	}
	if r := e.Listing.Review; r == evidence.ReviewOnHold || r == evidence.ReviewNoAction {
		c.warn(e.Item.ID, "review", "The listing is marked "+evidence.Words(r)+".", "Ask the client before the notice leaves.")
	}
	f := e.Capture.Facts
	if f == nil {
		return
	}
	if e.Listing.Target == evidence.TargetOffer && f.PageKind != "" && f.PageKind != evidence.PageListing {
		c.warn(e.Item.ID, "not_a_listing_page", fmt.Sprintf("The page looks like a %s page, not like a listing.", f.PageKind),
			"Look at the screenshot.")
	}
	if s := f.Seller; s != nil && c.authorised(s) {
		c.fail(e.Item.ID, "authorised_seller", "The seller is on the brand's list of authorised sellers.",
			"Take the listing out of the notice, or correct the list.")
	}
}

// underWay are the states of an item that the marketplace has, or is about to have,
// before it.
var underWay = []evidence.ItemState{
	evidence.ItemQueued, evidence.ItemSubmitted, evidence.ItemUnknownOutcome, evidence.ItemAcknowledged, evidence.ItemUnderReview,
	evidence.ItemClarificationRequired, evidence.ItemPausedPendingSeller, evidence.ItemCounterReceived,
}

// elsewhere: a listing that is reported twice on the same ground counts against the
// one who reports.
func (c *checker) elsewhere(e *Exhibit) {
	for _, o := range e.Elsewhere {
		where := fmt.Sprintf("The listing is in notice %s to %s already (%s).", o.Item.Notice, o.Channel, evidence.Words(o.Item.State))
		switch pending := slices.Contains(underWay, o.Item.State); {
		case pending && o.Channel == c.d.Notice.Channel && o.Right == c.d.Notice.Right:
			c.fail(e.Item.ID, "already_under_notice", where, "Wait for the outcome, or take the listing out of the notice.")
		case pending:
			c.warn(e.Item.ID, "also_under_notice", where, "See that the marketplace is not asked twice for the same.")
		case o.Item.State == evidence.ItemDraft || o.Item.State == evidence.ItemComplete || o.Item.State == evidence.ItemApproved:
			c.warn(e.Item.ID, "also_drafted", where, "Withdraw one of the two.")
		}
	}
}

func (c *checker) authorised(s *evidence.SellerFacts) bool {
	return slices.ContainsFunc(c.d.Brand.AuthorisedSellers, func(name string) bool {
		name = strings.TrimSpace(name)
		return name != "" && (strings.EqualFold(name, s.Name) || strings.EqualFold(name, s.ID) || strings.EqualFold(name, s.URL))
	})
}

// shorten keeps a hostile value from filling the screen.
func shorten(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}

// recheck is what the capture found out about the offer, if it was a recheck.
func recheck(e *Exhibit) evidence.OfferState {
	if e.Capture.Recheck == nil {
		return ""
	}
	return e.Capture.Recheck.Offer
}
