package evidence

// Outcome is what a capture found at its URL.
type Outcome string

// The outcomes of a capture.
const (
	Online        Outcome = "online"         // the page asked for
	Removed       Outcome = "removed"        // the page says that the listing is gone
	NotFound      Outcome = "not_found"      // no such page
	Blocked       Outcome = "blocked"        // robot check, captcha, access denied
	LoginRequired Outcome = "login_required" // the site shows its login form instead
	Unreachable   Outcome = "unreachable"    // DNS, connection, TLS, redirect loop, refused address
	ServerError   Outcome = "server_error"   // the server answered 5xx
	Blank         Outcome = "blank"          // a page of one colour, twice
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{Online, Removed, NotFound, Blocked, LoginRequired, Unreachable, ServerError, Blank}

// Reached reports whether the capture shows the state of the listing: the page
// itself, or that it is gone.
func (o Outcome) Reached() bool { return o == Online || o == Removed || o == NotFound }

// Cause is what kept a capture from its page, or from all of it: whether trying
// again may help depends on it. A page that came whole has none.
type Cause string

// The causes.
const (
	CauseDNS         Cause = "dns"             // the name did not resolve
	CauseConnect     Cause = "connect"         // no connection, or one that broke
	CauseTimeout     Cause = "timeout"         // no answer in time
	CauseRefused     Cause = "refused_address" // refused by us: a private address, a URL that is not http
	CauseCertificate Cause = "certificate"
	CauseCrashed     Cause = "tab_crashed"
	CauseBrowser     Cause = "browser_lost" // Chrome ended, or could not be started
	CauseCancelled   Cause = "cancelled"
	CauseAnswer      Cause = "answer" // a redirect loop, a download, what is not HTTP
)

// OfferState is what a recheck found out about the offer, as against its page.
type OfferState string

// The states of an offer at a recheck.
const (
	StillUp              OfferState = "still_up"
	RemovedByMarketplace OfferState = "removed_by_marketplace"
	EndedBySeller        OfferState = "ended_by_seller"
	SoldOut              OfferState = "sold_out"
	OfferGone            OfferState = "offer_gone" // the page stands, this seller's offer does not
	GeoBlocked           OfferState = "geo_blocked"
	Changed              OfferState = "changed"
	OfferUnknown         OfferState = "unknown"
)
