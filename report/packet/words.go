package packet

import (
	"fmt"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// utc is how the document writes a time.
func utc(t time.Time) string {
	if t.IsZero() {
		return "not recorded"
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

// dayAndTime is utc over two lines, for a narrow column.
func dayAndTime(t time.Time) string {
	if t.IsZero() {
		return "not recorded"
	}
	return t.UTC().Format("2006-01-02\n15:04:05 UTC")
}

// titles of the notice, by what it says is wrong
var titles = map[evidence.Infringement]string{
	evidence.InfringesCounterfeit:    "Notice of counterfeit goods",
	evidence.InfringesTrademark:      "Notice of trade mark infringement",
	evidence.InfringesLogo:           "Notice of unauthorised use of a logo",
	evidence.InfringesImage:          "Notice of copyright infringement",
	evidence.InfringesDesign:         "Notice of design infringement",
	evidence.InfringesPatent:         "Notice of patent infringement",
	evidence.InfringesParallelImport: "Notice of parallel imports",
	evidence.InfringesImpersonation:  "Notice of impersonation",
}

func title(i evidence.Infringement) string {
	if t, ok := titles[i]; ok {
		return t
	}
	return "Notice of infringement"
}

// bases names the legal bases as a notice cites them.
var bases = map[evidence.LegalBasis]string{
	evidence.BasisDSA:            "Article 16 of Regulation (EU) 2022/2065 (Digital Services Act)",
	evidence.BasisDMCA:           "17 U.S.C. § 512(c)(3) (Digital Millennium Copyright Act)",
	evidence.BasisECommerceLaw:   "Article 42 of the E-Commerce Law of the People's Republic of China",
	evidence.BasisPlatformPolicy: "the marketplace's own policy on intellectual property",
}

func basis(b evidence.LegalBasis) string {
	if t, ok := bases[b]; ok {
		return t
	}
	return string(b)
}

var loci = map[evidence.Locus]string{
	evidence.LocusProduct:   "the goods themselves",
	evidence.LocusPackaging: "the packaging",
	evidence.LocusImage:     "the pictures of the listing",
	evidence.LocusText:      "the text of the listing",
}

// kinds heads the statements, by their kind.
var kinds = map[string]string{"good_faith": "Good faith", "accuracy": "Accuracy", "authority": "Authority"}

var verdicts = map[evidence.Verdict]string{
	evidence.Counterfeit:         "Counterfeit",
	evidence.OtherInfringement:   "Infringing in another way",
	evidence.Authentic:           "Authentic",
	evidence.GenuineUnauthorised: "Genuine, sold without authorisation",
	evidence.Undetermined:        "Undetermined",
	evidence.NotOurBrand:         "Not goods of this brand",
}

var verdictBases = map[evidence.Basis]string{
	evidence.BasisExaminedPurchase: "Examination of a purchased sample",
	evidence.BasisAdmission:        "The listing's own words admit it",
	evidence.BasisNonexistentModel: "A model that the brand does not make",
	evidence.BasisPrice:            "A price at which genuine goods are not sold",
	evidence.BasisPicture:          "What the pictures show",
	evidence.BasisClient:           "The brand's own people looked at the listing",
}

var sources = map[evidence.Source]string{
	evidence.FromJSONLD:        "JSON-LD in the page",
	evidence.FromMicrodata:     "microdata in the page",
	evidence.FromRDFa:          "RDFa in the page",
	evidence.FromOpenGraph:     "Open Graph header",
	evidence.FromEmbeddedState: "the page's script",
	evidence.FromVisibleText:   "visible text",
	evidence.FromURL:           "the address",
}

var outcomes = map[evidence.Outcome]string{
	evidence.Online:        "Online: the page asked for was shown",
	evidence.Removed:       "Removed: the page says that the listing is gone",
	evidence.NotFound:      "Not found: there is no such page",
	evidence.Blocked:       "Blocked: the site refused to show the page",
	evidence.LoginRequired: "The site asked to sign in instead",
	evidence.Unreachable:   "The site could not be reached",
	evidence.ServerError:   "The site answered with an error of its own",
	evidence.Blank:         "The page was blank",
}

var availabilities = map[evidence.Availability]string{
	evidence.InStock:             "In stock",
	evidence.OutOfStock:          "Out of stock",
	evidence.UnknownAvailability: "Unknown",
}

// roles says what each artifact is.
var roles = map[evidence.Role]string{
	evidence.RoleScreenshot:   "Screenshot, full page",
	evidence.RoleViewport:     "Screenshot, first view",
	evidence.RoleHTML:         "Page as rendered (HTML)",
	evidence.RoleMHTML:        "Page in one file (MHTML)",
	evidence.RoleWARC:         "Network traffic (WARC)",
	evidence.RoleHAR:          "Network log (HAR)",
	evidence.RoleCertificates: "TLS certificates",
	evidence.RoleConsole:      "Browser console",
	evidence.RoleCookies:      "Cookies",
	evidence.RoleFacts:        "Facts read from the page",
	evidence.RoleActs:         "What the person at the window did",
	evidence.RoleManifest:     "Manifest, sealed",
	evidence.RoleConfidential: "Confidential part, kept back",
	evidence.RolePDF:          "Page as printed (PDF)",
	evidence.RoleVideo:        "Video",
}

// word looks up an English word, and makes one of the value where there is none.
func word[K ~string](words map[K]string, k K) string {
	if w, ok := words[k]; ok {
		return w
	}
	return evidence.Words(k)
}

// capital begins a text with a capital letter.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// sentence ends a text with a full stop, unless it has one.
func sentence(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// digits writes a number with its digits in groups of three.
func digits(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes a number of things: "1 listing", "6 listings".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func price(p *evidence.Price) string {
	if p == nil || p.Min == "" {
		return ""
	}
	s := p.Min
	if p.Max != "" && p.Max != p.Min {
		s += " to " + p.Max
	}
	return strings.TrimSpace(s + " " + p.Currency)
}
