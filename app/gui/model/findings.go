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

var programmeTitle = Key("This notice could cost a place in the marketplace's programme.")

// findingTitles says what the rules of package report/notice and of the desk are
// about, by their codes.
var findingTitles = map[string]string{
	"address_missing":                Key("The listing has no usable address."),
	"already_removed":                Key("The listing is no longer there."),
	"already_under_notice":           Key("The listing is under notice already."),
	"also_drafted":                   Key("The listing is in another draft, too."),
	"also_under_notice":              Key("The listing is under another notice, too."),
	"approval_by_other":              Key("Someone other than the signatory approved the statements."),
	"approval_in_future":             Key("The approval is dated in the future."),
	ApprovalMissing:                  Key("The signatory has not approved the statements."),
	"approval_stale":                 Key("The statements were changed after their approval."),
	"assessment_missing":             Key("Nobody has judged the listing."),
	"assessment_not_counterfeit":     Key("The notice says counterfeit, the assessment does not."),
	"assessment_not_infringing":      Key("The listing was not judged to infringe."),
	"assessment_of_other_capture":    Key("The assessment was made on another capture."),
	"assessment_of_other_listing":    Key("The assessment is of another listing."),
	"assessment_without_basis":       Key("The assessment does not say what it rests on."),
	"assessment_without_examiner":    Key("The assessment does not say who examined."),
	"authorisation_missing":          Key("The brand has not authorised the signatory's firm."),
	"authorisation_out_of_scope":     Key("The authorisation does not cover this notice."),
	"authorised_seller":              Key("The seller is authorised by the brand."),
	"capture_in_future":              Key("The capture is dated in the future."),
	"capture_incomplete":             Key("The capture is incomplete."),
	"capture_missing":                Key("There is no capture of the listing."),
	"capture_not_online":             Key("The capture does not show the listing."),
	"capture_undated":                Key("The capture has no date."),
	"certificate_missing":            Key("No certificate of the right is attached."),
	"channel_field":                  Key("Something does not fit the channel's form."),
	"channel_language":               Key("The channel does not read the language of the notice."),
	"channel_market":                 Key("The channel is for other marketplaces."),
	"channel_missing":                Key("The notice names no channel."),
	"channel_target":                 Key("The channel does not take what is complained of."),
	"clock_off":                      Key("The computer's clock was wrong at the capture."),
	"contact_email_invalid":          Key("The signatory's e-mail address is not valid."),
	"contact_email_missing":          Key("The signatory has no e-mail address."),
	"contact_thin":                   Key("The complaining party can be reached by e-mail only."),
	"dmca_not_copyright":             Key("A DMCA notice covers copyright only."),
	"evidence_does_not_verify":       Key("The evidence does not verify."),
	"evidence_old":                   Key("The capture is old."),
	"explanation_missing":            Key("The explanation is missing."),
	"explanation_short":              Key("The explanation is too short."),
	"fair_use_not_considered":        Key("Fair use has not been considered."),
	"infringement_missing":           Key("The type of infringement is missing."),
	"items_missing":                  Key("The notice complains of nothing."),
	"legal_basis_unknown":            Key("The legal basis is missing or unknown."),
	"listing_repeated":               Key("The listing is in the notice twice."),
	"not_a_listing_page":             Key("The page does not look like a listing."),
	"offer_gone":                     Key("The last recheck found the offer gone."),
	"purchase_missing":               Key("The examined test purchase is not recorded."),
	"review":                         Key("The listing is on hold, or no action is to be taken."),
	"right_date_unreadable":          Key("A date of the right cannot be read."),
	"right_does_not_fit":             Key("The right does not fit the type of infringement."),
	"right_expired":                  Key("The right has expired."),
	"right_expires_soon":             Key("The right expires soon."),
	"right_missing":                  Key("The notice relies on no right."),
	"right_not_registered":           Key("The right is not registered with the platform."),
	"right_not_valid_there":          Key("The right is not valid where it counts."),
	"right_not_yet_valid":            Key("The right is not valid yet."),
	"right_number_missing":           Key("The right has no registration number."),
	"right_of_other_brand":           Key("The right belongs to another brand."),
	"right_outside_law":              Key("The right is not valid under the law that the notice rests on."),
	"right_owner_missing":            Key("The right names no owner."),
	"screenshot_missing":             Key("There is no screenshot to show."),
	"several_submissions":            Key("The notice goes out in several parts."),
	"ship_to_unknown":                Key("The notice does not say where the goods are shipped to."),
	"signatory_missing":              Key("Nobody signs the notice."),
	"signatory_other":                Key("The signatory is not the one that the notice names."),
	"standing_approval_missing":      Key("The standing approval is not there."),
	"standing_approval_out_of_scope": Key("The standing approval does not cover this notice."),
	"statements_changed":             Key("The wording of the statements was changed."),
	"statements_missing":             Key("Statements are missing."),
	"statements_outdated":            Key("There is a newer version of the statements."),
	"test_purchase":                  Key("The channel asks for a test purchase."),
	"unjustified_threats":            Key("The notice may be an unjustified threat in the United Kingdom."),
	"work_missing":                   Key("The copyrighted work is not identified."),
}
