package jointforce

// Problem is an error answer (RFC 9457).
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Errors []ProblemField `json:"errors,omitempty"`
}

// ProblemField is one member of the request that the server objects to.
type ProblemField struct {
	Pointer string `json:"pointer"` // JSON Pointer (RFC 6901)
	Detail  string `json:"detail"`
}

// The types of problem.
const (
	ProblemPrefix        = "urn:joint-force:problem:"
	ProblemMalformed     = ProblemPrefix + "malformed"              // 400: not JSON, or not of the type expected
	ProblemInvalid       = ProblemPrefix + "invalid"                // 422: some members break a rule
	ProblemUnauthorised  = ProblemPrefix + "unauthorised"           // 401
	ProblemNotFound      = ProblemPrefix + "not-found"              // 404
	ProblemKeyMissing    = ProblemPrefix + "idempotency-key"        // 400
	ProblemKeyReused     = ProblemPrefix + "idempotency-key-reused" // 422: the key came with another body before
	ProblemAnswered      = ProblemPrefix + "already-answered"       // 409: an inquiry or a counter-notice
	ProblemInquiryClosed = ProblemPrefix + "inquiry-closed"         // 409: expired or recalled
	ProblemCounterClosed = ProblemPrefix + "counter-notice-closed"  // 409: decided, or its deadline is over
	ProblemSampleState   = ProblemPrefix + "sample-state"           // 409: not what can be done with it now
	ProblemFeedChanged   = ProblemPrefix + "feed-changed"           // 409: the version to replace is not the current one
	ProblemLimit         = ProblemPrefix + "limit-reached"          // 409: no more of these
	ProblemStanding      = ProblemPrefix + "standing-required"      // 403: a priority tool, and the member is not in good standing
	ProblemUnknownFile   = ProblemPrefix + "file-unknown"           // 422: a file that is named was not handed over
	ProblemDigest        = ProblemPrefix + "digest"                 // 422: the file is not the one that was announced
	ProblemCursor        = ProblemPrefix + "cursor-expired"         // 410: begin again without a cursor
	ProblemUnknownRight  = ProblemPrefix + "right-not-registered"   // 422
	ProblemTooLarge      = ProblemPrefix + "too-large"              // 413
	ProblemMediaType     = ProblemPrefix + "media-type"             // 415
	ProblemMethod        = ProblemPrefix + "method"                 // 405
	ProblemBusy          = ProblemPrefix + "busy"                   // 429 and 503: nothing was done
	ProblemInternal      = ProblemPrefix + "internal"               // 500: it may have been done
)
