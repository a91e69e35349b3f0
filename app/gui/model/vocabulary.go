package model

// The words of records that the window shows as they are, so that
// translations have them: states of notices, verdicts, what the custody log and
// captures under way tell, and the names of facts.
var _ = []string{
	key("Draft"), key("Complete"), key("Approved"), key("Queued"), key("Submitted"), key("Acknowledged"), key("Under review"),
	key("Clarification required"), key("Paused pending seller"), key("Counter received"), key("Counter accepted"), key("Counter rejected"),
	key("Counter missed"), key("Escalated legal"), key("Reinstated"), key("Rejected"), key("Submission failed"),
	key("Restored"), key("Unchanged"), key("Illegal content"), key("Incompatible content"),
	key("Unknown outcome"), key("Withdrawn"), key("Verified down"), key("Monitored"), key("Closed"), key("Reappeared"),
	key("Authentic"), key("Counterfeit"), key("Other infringement"), key("Undetermined"),
	key("Capture sealed"), key("Assessment recorded"), key("Notice made"), key("Notice approved"), key("Notice withdrawn"),
	key("Submission queued"), key("Submission resolved"), key("Receipt stored"), key("Answer given"), key("Redacted"), key("Exported"),
	key("Evidence opened"), key("Stamped"), key("Verified"), key("Cleared"), key("Note added"), key("Record changed"),
	key("Loading"), key("Settling"), key("Scrolling"), key("Saving"), key("Sealing"), key("Retrying"),
	key("In stock"), key("Out of stock"), key("Unknown"), key("Listing"), key("Seller"), key("Search"),
	key("Embedded state"), key("Visible text"), key("Console"), key("Cookies"), key("Certificates"), key("Facts"), key("Manifest"),
	key("Price"), key("Title"), key("Availability"), key("Seller name"), key("Seller id"), key("Brand"), key("Stock"), key("Sold"),
	key("Model"), key("Earlier"), key("Picture"), key("Feature"), key("Marker"), key("Genuine goods"),
	key("Takedown rate"), key("Rate of successful counter-notices"), key("Acceptance rate of reports"), key("Accuracy of removals"),
}
