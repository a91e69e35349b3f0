package model

import "strings"

// ApprovalMissing is the code of the finding that only the signatory's word is
// missing.
const ApprovalMissing = "approval_missing"

// Finding is something that is missing or wrong in a notice.
type Finding struct {
	Code     string // of the rule, as in right_expired
	Blocks   bool   // the notice must not leave so
	Accepted bool   // a person has accepted this warning
	About    string // which listing, as in "listing 2, Aurel bag"
	What     string // the desk's English sentence, with the particulars
	Advice   string // likewise
}

// Headline says what is wrong: in English the desk's own sentence, else what the
// rule is about in the user's language.
func (f Finding) Headline() string {
	what := f.What
	if title := f.title(); title != "" {
		what = title
	}
	if about, ok := strings.CutPrefix(f.About, "listing "); ok {
		return T("Listing") + " " + about + ": " + what
	}
	return strings.Join(filled(f.About, what), ": ")
}

// Detail is the rest: the advice, after the desk's sentence where Headline is not
// that.
func (f Finding) Detail() string {
	if f.title() == "" {
		return f.Advice
	}
	return f.What + " " + f.Advice
}

// title is what the rule is about in a language other than English, "" where there
// is none.
func (f Finding) title() string {
	english := findingTitles[f.Code]
	if strings.HasPrefix(f.Code, "programme_") {
		english = programmeTitle
	}
	if title := T(english); title != english {
		return title
	}
	return ""
}

var programmeTitle = key("This notice could cost a place in the marketplace's programme.")

// findingTitles says what the rules of package report/notice and of the desk are
// about, by their codes.
var findingTitles = map[string]string{
	"address_missing":                key("The listing has no usable address."),
	"already_removed":                key("The listing is no longer there."),
	"already_under_notice":           key("The listing is under notice already."),
	"also_drafted":                   key("The listing is in another draft, too."),
	"also_under_notice":              key("The listing is under another notice, too."),
	"approval_by_other":              key("Someone other than the signatory approved the statements."),
	"approval_in_future":             key("The approval is dated in the future."),
	ApprovalMissing:                  key("The signatory has not approved the statements."),
	"approval_stale":                 key("The statements were changed after their approval."),
	"assessment_missing":             key("Nobody has judged the listing."),
	"assessment_not_counterfeit":     key("The notice says counterfeit, the assessment does not."),
	"assessment_not_infringing":      key("The listing was not judged to infringe."),
	"assessment_of_other_capture":    key("The assessment was made on another capture."),
	"assessment_of_other_listing":    key("The assessment is of another listing."),
	"assessment_without_basis":       key("The assessment does not say what it rests on."),
	"assessment_without_examiner":    key("The assessment does not say who examined."),
	"authorisation_missing":          key("The brand has not authorised the signatory's firm."),
	"authorisation_out_of_scope":     key("The authorisation does not cover this notice."),
	"authorised_seller":              key("The seller is authorised by the brand."),
	"capture_in_future":              key("The capture is dated in the future."),
	"capture_incomplete":             key("The capture is incomplete."),
	"capture_missing":                key("There is no capture of the listing."),
	"capture_not_online":             key("The capture does not show the listing."),
	"capture_undated":                key("The capture has no date."),
	"certificate_missing":            key("No certificate of the right is attached."),
	"channel_field":                  key("Something does not fit the channel's form."),
	"channel_language":               key("The channel does not read the language of the notice."),
	"channel_market":                 key("The channel is for other marketplaces."),
	"channel_missing":                key("The notice names no channel."),
	"channel_target":                 key("The channel does not take what is complained of."),
	"clock_off":                      key("The computer's clock was wrong at the capture."),
	"contact_email_invalid":          key("The signatory's e-mail address is not valid."),
	"contact_email_missing":          key("The signatory has no e-mail address."),
	"contact_thin":                   key("The complaining party can be reached by e-mail only."),
	"dmca_not_copyright":             key("A DMCA notice covers copyright only."),
	"evidence_does_not_verify":       key("The evidence does not verify."),
	"evidence_old":                   key("The capture is old."),
	"explanation_missing":            key("The explanation is missing."),
	"explanation_short":              key("The explanation is too short."),
	"fair_use_not_considered":        key("Fair use has not been considered."),
	"infringement_missing":           key("The type of infringement is missing."),
	"items_missing":                  key("The notice complains of nothing."),
	"legal_basis_unknown":            key("The legal basis is missing or unknown."),
	"listing_repeated":               key("The listing is in the notice twice."),
	"not_a_listing_page":             key("The page does not look like a listing."),
	"offer_gone":                     key("The last recheck found the offer gone."),
	"purchase_missing":               key("The examined test purchase is not recorded."),
	"review":                         key("The listing is on hold, or no action is to be taken."),
	"right_date_unreadable":          key("A date of the right cannot be read."),
	"right_does_not_fit":             key("The right does not fit the type of infringement."),
	"right_expired":                  key("The right has expired."),
	"right_expires_soon":             key("The right expires soon."),
	"right_missing":                  key("The notice relies on no right."),
	"right_not_registered":           key("The right is not registered with the platform."),
	"right_not_valid_there":          key("The right is not valid where it counts."),
	"right_not_yet_valid":            key("The right is not valid yet."),
	"right_number_missing":           key("The right has no registration number."),
	"right_of_other_brand":           key("The right belongs to another brand."),
	"right_outside_law":              key("The right is not valid under the law that the notice rests on."),
	"right_owner_missing":            key("The right names no owner."),
	"screenshot_missing":             key("There is no screenshot to show."),
	"several_submissions":            key("The notice goes out in several parts."),
	"ship_to_unknown":                key("The notice does not say where the goods are shipped to."),
	"signatory_missing":              key("Nobody signs the notice."),
	"signatory_other":                key("The signatory is not the one that the notice names."),
	"standing_approval_missing":      key("The standing approval is not there."),
	"standing_approval_out_of_scope": key("The standing approval does not cover this notice."),
	"statements_changed":             key("The wording of the statements was changed."),
	"statements_missing":             key("Statements are missing."),
	"statements_outdated":            key("There is a newer version of the statements."),
	"test_purchase":                  key("The channel asks for a test purchase."),
	"unjustified_threats":            key("The notice may be an unjustified threat in the United Kingdom."),
	"work_missing":                   key("The copyrighted work is not identified."),
}
