package model

import (
	"fmt"
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
		return Mark{Symbol: "queued", Text: "Not captured"}
	}
	m := outcomeMark(c.Outcome)
	switch {
	case !c.Outcome.Reached():
		m.Detail = c.Reason
	case !c.Complete && len(c.Missing) == 1:
		m.Detail = "1 artifact missing"
	case !c.Complete:
		m.Detail = fmt.Sprintf("%d artifacts missing", len(c.Missing))
	}
	return m
}

func outcomeMark(o evidence.Outcome) Mark {
	m := Mark{Symbol: string(o)}
	switch o {
	case evidence.Online:
		m.Text = "Online"
	case evidence.Removed:
		m.Text, m.Tone = "Removed", Good
	case evidence.NotFound:
		m.Text, m.Tone = "Not found", Good
	case evidence.Blocked:
		m.Text, m.Tone = "Blocked", Caution
	case evidence.LoginRequired:
		m.Text, m.Tone = "Login required", Caution
	case evidence.Unreachable:
		m.Text, m.Tone = "Unreachable", Bad
	case evidence.ServerError:
		m.Text, m.Tone = "Server error", Bad
	case evidence.Blank:
		m.Text, m.Tone = "Blank page", Bad
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
		return Mark{Symbol: "unassessed", Text: "To assess"}
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
		return "Genuine, unauthorised"
	case evidence.NotOurBrand:
		return "Not our brand"
	}
	return words(string(v))
}

// BasisText is a basis in words.
func BasisText(b evidence.Basis) string {
	switch b {
	case evidence.BasisExaminedPurchase:
		return "Examined test purchase"
	case evidence.BasisAdmission:
		return "Seller's own words"
	case evidence.BasisNonexistentModel:
		return "Model does not exist"
	case evidence.BasisPrice:
		return "Price"
	case evidence.BasisPicture:
		return "Pictures"
	case evidence.BasisClient:
		return "Confirmed by the client"
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
		return "JSON-LD"
	case evidence.FromMicrodata:
		return "Microdata"
	case evidence.FromRDFa:
		return "RDFa"
	case evidence.FromOpenGraph:
		return "Open Graph"
	case evidence.FromURL:
		return "URL"
	}
	return words(string(s))
}

// RoleText names the role of an artifact.
func RoleText(a evidence.Artifact) string {
	switch a.Role {
	case evidence.RoleScreenshot:
		if a.Index > 0 || a.OffsetY > 0 {
			return fmt.Sprintf("Screenshot, part %d", a.Index+1)
		}
		return "Screenshot, full page"
	case evidence.RoleViewport:
		return "Screenshot, first view"
	case evidence.RoleHTML:
		return "Page as rendered (HTML)"
	case evidence.RoleMHTML, evidence.RoleWARC, evidence.RoleHAR, evidence.RolePDF:
		return strings.ToUpper(string(a.Role))
	}
	return words(string(a.Role))
}

// words turns a snake_case state into words.
func words(s string) string {
	s = strings.ReplaceAll(s, "_", " ")
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// PriceText is a price as a person writes it.
func PriceText(p *evidence.Price) string {
	if p == nil || p.Min == "" {
		return ""
	}
	text := grouped(p.Min)
	if p.Max != "" && p.Max != p.Min {
		text += "–" + grouped(p.Max)
	}
	return strings.TrimSpace(text + " " + p.Currency)
}

// grouped sets apart the thousands of a decimal string.
func grouped(amount string) string {
	whole, fraction, dot := strings.Cut(amount, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		return whole + "." + fraction
	}
	return whole
}

// SizeText is a number of bytes in the unit that keeps it short.
func SizeText(bytes int64) string {
	size, unit := float64(bytes), 0
	units := []string{"B", "kB", "MB", "GB", "TB"}
	for size >= 999.5 && unit < len(units)-1 {
		size /= 1000
		unit++
	}
	if unit == 0 || size >= 100 {
		return fmt.Sprintf("%.0f %s", size, units[unit])
	}
	return fmt.Sprintf("%.1f %s", size, units[unit])
}

// TimeText is a time as evidence gives it: in UTC, to the second.
func TimeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// count is a number with its noun, as in "3 listings".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// hostOf is the host of a URL without www., for want of a marketplace's name.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
