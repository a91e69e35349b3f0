package model

// The words of records that the window shows as they are, so that
// translations have them: states of notices, verdicts, what the custody log and
// captures under way tell, and the names of facts.
var _ = []string{
	Key("Draft"), Key("Complete"), Key("Approved"), Key("Queued"), Key("Submitted"), Key("Acknowledged"), Key("Under review"),
	Key("Clarification required"), Key("Paused pending seller"), Key("Counter received"), Key("Counter accepted"), Key("Counter rejected"),
	Key("Counter missed"), Key("Escalated legal"), Key("Reinstated"), Key("Rejected"), Key("Submission failed"),
	Key("Restored"), Key("Unchanged"), Key("Illegal content"), Key("Incompatible content"),
	Key("Unknown outcome"), Key("Withdrawn"), Key("Verified down"), Key("Monitored"), Key("Closed"), Key("Reappeared"),
	Key("Authentic"), Key("Counterfeit"), Key("Other infringement"), Key("Undetermined"),
	Key("Capture sealed"), Key("Assessment recorded"), Key("Notice made"), Key("Notice approved"), Key("Notice withdrawn"),
	Key("Submission queued"), Key("Submission resolved"), Key("Receipt stored"), Key("Answer given"), Key("Redacted"), Key("Exported"),
	Key("Evidence opened"), Key("Stamped"), Key("Verified"), Key("Cleared"), Key("Note added"), Key("Record changed"),
	Key("Loading"), Key("Settling"), Key("Scrolling"), Key("Saving"), Key("Sealing"), Key("Retrying"),
	Key("In stock"), Key("Out of stock"), Key("Unknown"), Key("Listing"), Key("Seller"), Key("Search"),
	Key("Embedded state"), Key("Visible text"), Key("Console"), Key("Cookies"), Key("Certificates"), Key("Facts"), Key("Manifest"),
	Key("Price"), Key("Title"), Key("Availability"), Key("Seller name"), Key("Seller id"), Key("Brand"), Key("Stock"), Key("Sold"),
	Key("Model"), Key("Earlier"), Key("Picture"), Key("Feature"), Key("Marker"), Key("Genuine goods"),
	Key("Takedown rate"), Key("Rate of successful counter-notices"), Key("Acceptance rate of reports"), Key("Accuracy of removals"),
}
