package ebay

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"touchstone/report/takedown"
	"touchstone/report/takedown/wire"
	"touchstone/store/evidence"
)

// reportRequest is VeroReportItemsRequest.
type reportRequest struct {
	Items []reportItem `json:"reportItems"`
}

// reportItem is ReportItemDetails.
type reportItem struct {
	ItemID          string   `json:"itemId"`
	Reason          string   `json:"veroReasonCodeId"`
	Brand           string   `json:"brand,omitempty"`
	MessageToSeller string   `json:"messageToSeller,omitempty"`
	DetailedMessage string   `json:"detailedMessage,omitempty"`
	Patent          string   `json:"patent,omitempty"`
	Countries       []string `json:"countries,omitempty"`
	CopyToOwner     bool     `json:"copyEmailToRightsOwner"`
}

// reportAnswer is VeroReportItemsResponse, and ReportStatusResponse.
type reportAnswer struct {
	ID     string         `json:"veroReportId"`
	Status string         `json:"veroReportStatus"`
	Items  []reportedItem `json:"reportedItemDetails"`
}

// reportedItem is ReportedItem.
type reportedItem struct {
	ItemID string `json:"itemId"`
	Status string `json:"status"`
	Why    string `json:"reasonForFailure"`
}

// itemsAnswer is VeroReportStatusResponse.
type itemsAnswer struct {
	Total int            `json:"total"`
	Items []reportedItem `json:"reportedItemDetails"`
}

// reasonsAnswer is VeroReasonCodeDetailResponse.
type reasonsAnswer struct {
	Sites []struct {
		Marketplace string `json:"marketplaceId"`
		Reasons     []struct {
			ID    string `json:"veroReasonCodeId"`
			Brief string `json:"briefText"`
		} `json:"reasonCodeDetails"`
	} `json:"veroReasonCodes"`
}

// requestOf is the filing in eBay's words, and what of it eBay would refuse.
func (c *Client) requestOf(f *takedown.Filing) (r reportRequest, violations []takedown.Violation) {
	reason := c.About.ReasonFor(f)
	details := f.Notice.Details
	if field, ok := c.About.Field("detailedMessage"); ok && details == "" && slices.Contains(field.If, reason) {
		details = f.Notice.Explanation
	}
	patent := ""
	if f.Right.Type == evidence.Patent {
		patent = f.Right.Number
	}
	countries := ""
	for _, country := range f.Notice.Countries {
		countries += country + " "
	}
	common := map[string]string{
		"veroReasonCodeId": reason, "brand": f.Brand.Name, "messageToSeller": f.Notice.Message,
		"detailedMessage": details, "patent": patent, "countries": countries,
	}
	violations = c.About.Violations(reason, common)
	seen := map[string]bool{}
	for n, i := range f.Items {
		id := i.Listing.ItemID
		at := fmt.Sprintf("/reportItems/%d", n)
		for _, v := range c.About.Violations(reason, map[string]string{"itemId": id}) {
			violations = append(violations, takedown.Violation{Pointer: at + v.Pointer, Detail: v.Detail + ": is " + i.Address() + " an eBay listing?"})
		}
		if seen[id] {
			violations = append(violations, takedown.Violation{Pointer: at + "/itemId", Detail: "is reported twice with the same reason"})
		}
		seen[id] = true
		r.Items = append(r.Items, reportItem{
			ItemID: id, Reason: reason, Brand: f.Brand.Name, MessageToSeller: f.Notice.Message, DetailedMessage: details,
			Patent: patent, Countries: f.Notice.Countries, CopyToOwner: c.config.CopyToOwner,
		})
	}
	return r, violations
}

// states says what eBay's words for an item mean, and for the whole report.
var states = map[string]evidence.ItemState{
	"RECEIVED": evidence.ItemAcknowledged, "SUBMITTED": evidence.ItemAcknowledged, "IN_PROCESS": evidence.ItemUnderReview,
	"CLARIFICATION_REQUIRED": evidence.ItemClarificationRequired, "SUBMISSION_FAILED": evidence.ItemRejected, "REMOVED": evidence.ItemRemoved,
}

const claimed = "eBay says REMOVED, which also stands for an item that had ended already: capture it again to know"

// statuses are how items stand: each by its own word, or by the whole report's
// where eBay says nothing of it.
func statuses(items []evidence.SubmittedItem, told []reportedItem, report string) []takedown.ItemStatus {
	list := make([]takedown.ItemStatus, len(items))
	for n, i := range items {
		s := takedown.ItemStatus{Item: i.Item, External: i.Target, Word: report}
		for _, t := range told {
			if t.ItemID == i.Target && t.Status != "" && t.Status != "NONE" {
				s.Word, s.Reason = t.Status, t.Why
			}
		}
		s.State = states[s.Word]
		if s.State == evidence.ItemRemoved {
			s.Reason = claimed
		}
		list[n] = s
	}
	return list
}

// errorsAnswer is how eBay refuses.
type errorsAnswer struct {
	Errors []struct {
		ID         int    `json:"errorId"`
		Category   string `json:"category"`
		Message    string `json:"message"`
		Long       string `json:"longMessage"`
		Parameters []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"parameters"`
	} `json:"errors"`
}

func refusal(_ int, mediaType string, body []byte) *takedown.RefusedError {
	var answer errorsAnswer
	if mediaType != "application/json" || json.Unmarshal(body, &answer) != nil || len(answer.Errors) == 0 {
		return nil
	}
	first := answer.Errors[0]
	refused := &takedown.RefusedError{Type: strconv.Itoa(first.ID), Title: first.Message, Advice: advice[first.ID]}
	if first.Long != first.Message {
		refused.Detail = first.Long
	}
	for _, e := range answer.Errors {
		for _, p := range e.Parameters {
			refused.Violations = append(refused.Violations, takedown.Violation{Pointer: "/" + p.Name, Detail: p.Value})
		}
	}
	return refused
}

// requestError is the refusal in an answer of 500: eBay documents errors of the
// request there too (235018), which say that nothing was done.
func requestError(x *wire.Exchange) error {
	if x.Status != http.StatusInternalServerError {
		return nil
	}
	var answer errorsAnswer
	if json.Unmarshal(x.Body, &answer) != nil || len(answer.Errors) == 0 || answer.Errors[0].Category != "REQUEST" {
		return nil
	}
	refused := refusal(x.Status, x.MediaType, x.Body)
	if refused == nil {
		return nil
	}
	refused.Status = x.Status
	return refused
}

// advice says what a person can do about each error that eBay documents.
var advice = map[int]string{
	235000: "eBay has trouble inside; nothing is wrong with the notice",
	235001: "fetch the reason codes anew (touchstone channel reasons ebay --fetch) and choose one of them",
	235005: "update Touchstone: it asked in a form that eBay does not know",
	235006: "eBay knows no report of the item: look whether it was reported under another account",
	235007: "check this computer's clock",
	235009: "check this computer's clock",
	235010: "the report was made by another eBay account: sign in with that one (touchstone channel login ebay)",
	235011: "eBay does not know the report's number any more: it keeps them for two years",
	235012: "lower max_items in the channel's descriptor: eBay takes fewer items at once now",
	235013: "a listing has no eBay item number: capture it again, or take it out of the notice",
	235014: "choose a reason code: touchstone channel reasons ebay lists them",
	235015: "name the countries the goods must not be shipped to (--country)",
	235016: "the regions are not allowed with this reason: name countries instead",
	235017: "rely on a patent, or choose another reason code",
	235018: "eBay takes 15 characters of a patent number: shorten the right's number",
	235019: "eBay takes 50 characters of a brand's name: shorten it",
	235020: "this reason needs details (--details)",
	235021: "shorten the details to 1000 characters",
	235022: "shorten the message to the seller to 1000 characters",
	235023: "a listing is in the notice twice: take one of them out",
	235024: "the notice has no listing any more",
}
