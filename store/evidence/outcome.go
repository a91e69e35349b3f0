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

// Reached reports whether the capture shows the state of the listing: the page
// itself, or that it is gone.
func (o Outcome) Reached() bool { return o == Online || o == Removed || o == NotFound }

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
