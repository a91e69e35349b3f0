package model

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// Tone is how a mark is meant: the view gives each a colour, and never a
// colour alone.
type Tone int

// The tones.
const (
	Neutral Tone = iota
	Good
	Caution
	Bad
	Busy
)

// Mark is a state in words, with the symbol that stands beside them.
type Mark struct {
	Symbol string // of the state's own name, as in "online" or "counterfeit"
	Tone   Tone
	Text   string
	Detail string // a second line, or ""
}

// OutcomeMark says what a capture found.
func OutcomeMark(c *evidence.Capture) Mark {
	if c == nil {
		return Mark{Symbol: "queued", Text: T("Not captured")}
	}
	m := outcomeMark(c.Outcome)
	switch {
	case !c.Outcome.Reached():
		m.Detail = c.Reason
	case !c.Complete:
		m.Detail = N("%d artifact missing", "%d artifacts missing", len(c.Missing))
	}
	return m
}

func outcomeMark(o evidence.Outcome) Mark {
	m := Mark{Symbol: string(o)}
	switch o {
	case evidence.Online:
		m.Text = T("Online")
	case evidence.Removed:
		m.Text, m.Tone = T("Removed"), Good
	case evidence.NotFound:
		m.Text, m.Tone = T("Not found"), Good
	case evidence.Blocked:
		m.Text, m.Tone = T("Blocked"), Caution
	case evidence.LoginRequired:
		m.Text, m.Tone = T("Login required"), Caution
	case evidence.Unreachable:
		m.Text, m.Tone = T("Unreachable"), Bad
	case evidence.ServerError:
		m.Text, m.Tone = T("Server error"), Bad
	case evidence.Blank:
		m.Text, m.Tone = T("Blank page"), Bad
	default:
		m.Text = words(string(o))
	}
	return m
}

// isOutcome reports whether a progress note is the end of a capture.
func isOutcome(note string) bool {
	switch evidence.Outcome(note) {
	case evidence.Online, evidence.Removed, evidence.NotFound, evidence.Blocked, evidence.LoginRequired,
		evidence.Unreachable, evidence.ServerError, evidence.Blank:
		return true
	}
	return false
}

// AssessmentMark says how a listing was judged.
func AssessmentMark(a *evidence.Assessment) Mark {
	if a == nil {
		return Mark{Symbol: "unassessed", Text: T("To assess")}
	}
	m := Mark{Symbol: string(a.Verdict), Text: VerdictText(a.Verdict), Detail: BasisText(a.Basis)}
	switch a.Verdict {
	case evidence.Counterfeit, evidence.OtherInfringement:
		m.Tone = Bad
	case evidence.Authentic, evidence.NotOurBrand:
		m.Tone = Good
	case evidence.GenuineUnauthorised, evidence.Undetermined:
		m.Tone = Caution
	}
	return m
}

// VerdictText is a verdict in words.
func VerdictText(v evidence.Verdict) string {
	switch v {
	case evidence.GenuineUnauthorised:
		return T("Genuine, unauthorised")
	case evidence.NotOurBrand:
		return T("Not our brand")
	}
	return words(string(v))
}

// BasisText is a basis in words.
func BasisText(b evidence.Basis) string {
	switch b {
	case evidence.BasisExaminedPurchase:
		return T("Examined test purchase")
	case evidence.BasisAdmission:
		return T("Seller's own words")
	case evidence.BasisNonexistentModel:
		return T("Model does not exist")
	case evidence.BasisPrice:
		return T("Price")
	case evidence.BasisPicture:
		return T("Pictures")
	case evidence.BasisClient:
		return T("Confirmed by the client")
	}
	return words(string(b))
}

// NoticeMark says where the newest notice about a listing stands.
func NoticeMark(item *evidence.NoticeItem) Mark {
	if item == nil {
		return Mark{Text: "–"}
	}
	m := Mark{Symbol: string(item.State), Text: words(string(item.State)), Detail: item.External}
	switch item.State {
	case evidence.ItemRemoved, evidence.ItemVerifiedDown, evidence.ItemMonitored, evidence.ItemClosed:
		m.Tone = Good
	case evidence.ItemRejected, evidence.ItemSubmissionFailed, evidence.ItemReappeared, evidence.ItemReinstated:
		m.Tone = Bad
	case evidence.ItemClarificationRequired, evidence.ItemCounterReceived, evidence.ItemUnknownOutcome, evidence.ItemPausedPendingSeller:
		m.Tone = Caution
	}
	return m
}

// SourceText says where on the page a fact was read.
func SourceText(s evidence.Source) string {
	switch s {
	case evidence.FromJSONLD:
		return T("JSON-LD")
	case evidence.FromMicrodata:
		return T("Microdata")
	case evidence.FromRDFa:
		return T("RDFa")
	case evidence.FromOpenGraph:
		return T("Open Graph")
	case evidence.FromURL:
		return T("URL")
	}
	return words(string(s))
}

// RoleText names the role of an artifact.
func RoleText(a evidence.Artifact) string {
	switch a.Role {
	case evidence.RoleScreenshot:
		if a.Index > 0 || a.OffsetY > 0 {
			return T("Screenshot, part %d", a.Index+1)
		}
		return T("Screenshot, full page")
	case evidence.RoleViewport:
		return T("Screenshot, first view")
	case evidence.RoleHTML:
		return T("Page as rendered (HTML)")
	case evidence.RoleMHTML, evidence.RoleWARC, evidence.RoleHAR, evidence.RolePDF:
		return strings.ToUpper(string(a.Role))
	}
	return words(string(a.Role))
}

// Words turns a snake_case state into words.
func Words(s string) string { return words(s) }

func words(s string) string {
	s = strings.ReplaceAll(s, "_", " ")
	if s == "" {
		return ""
	}
	return T(strings.ToUpper(s[:1]) + s[1:])
}

// PriceText is a price as a person writes it.
func PriceText(p *evidence.Price) string {
	if p == nil || p.Min == "" {
		return ""
	}
	text := spoken.number(p.Min)
	if p.Max != "" && p.Max != p.Min {
		text += "–" + spoken.number(p.Max)
	}
	return strings.TrimSpace(text + " " + p.Currency)
}

// SizeText is a number of bytes in the unit that keeps it short.
func SizeText(bytes int64) string {
	size, unit := float64(bytes), 0
	units := []string{"B", "kB", "MB", "GB", "TB"}
	for size >= 999.5 && unit < len(units)-1 {
		size /= 1000
		unit++
	}
	digits := 1
	if unit == 0 || size >= 100 {
		digits = 0
	}
	return spoken.number(strconv.FormatFloat(size, 'f', digits, 64)) + " " + units[unit]
}

// TimeText is a time as evidence gives it: in UTC, to the second.
func TimeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// DayText is a day in UTC as the user's language writes it, for tables. Evidence
// has TimeText.
func DayText(t time.Time) string { return t.UTC().Format(spoken.day) }

// DateText is a day that a record has as 2026-11-23, written as DayText does. What is
// no such day stays as it is.
func DateText(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return DayText(t)
}

// hostOf is the host of a URL without www., for want of a marketplace's name.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// ReviewText is how far the judging of a listing has come, in words.
func ReviewText(r evidence.Review) string {
	switch r {
	case evidence.ReviewNew, "":
		return T("New")
	case evidence.ReviewAwaitingClient:
		return T("Awaiting client")
	case evidence.ReviewValidated:
		return T("Validated")
	case evidence.ReviewOnHold:
		return T("On hold")
	case evidence.ReviewNoAction:
		return T("No action")
	}
	return words(string(r))
}

// InfringementText is a type of infringement in words.
func InfringementText(i evidence.Infringement) string {
	switch i {
	case evidence.InfringesCounterfeit:
		return T("Counterfeit")
	case evidence.InfringesTrademark:
		return T("Trademark misuse")
	case evidence.InfringesLogo:
		return T("Logo")
	case evidence.InfringesImage:
		return T("Copied picture")
	case evidence.InfringesDesign:
		return T("Design")
	case evidence.InfringesPatent:
		return T("Patent")
	case evidence.InfringesParallelImport:
		return T("Parallel import")
	case evidence.InfringesImpersonation:
		return T("Impersonation")
	case evidence.InfringesOther:
		return T("Of another kind")
	}
	return words(string(i))
}

// LegalBasisText is a legal basis in words.
func LegalBasisText(b evidence.LegalBasis) string {
	switch b {
	case evidence.BasisDSA:
		return T("DSA, Art. 16 (EU)")
	case evidence.BasisDMCA:
		return T("DMCA, 512(c)(3) (US)")
	case evidence.BasisECommerceLaw:
		return T("E-Commerce Law, Art. 42 (China)")
	case evidence.BasisPlatformPolicy:
		return T("The platform's own policy")
	}
	return words(string(b))
}

// LocusText is where an infringement lies, in words.
func LocusText(l evidence.Locus) string {
	switch l {
	case evidence.LocusProduct:
		return T("The product")
	case evidence.LocusPackaging:
		return T("The packaging")
	case evidence.LocusImage:
		return T("A picture")
	case evidence.LocusText:
		return T("The text")
	}
	return words(string(l))
}

// RightTypeText is a kind of right in words.
func RightTypeText(t evidence.RightType) string {
	switch t {
	case evidence.Trademark:
		return T("Trademark")
	case evidence.Copyright:
		return T("Copyright")
	case evidence.Design:
		return T("Design")
	case evidence.Patent:
		return T("Patent")
	}
	return words(string(t))
}

// NumberText is a number as people write it.
func NumberText(n int) string { return spoken.number(strconv.Itoa(n)) }

// FactLabel names a fact by its JSON name, as in seller.name.
func FactLabel(name string) string { return words(strings.ReplaceAll(name, ".", " ")) }
