package model

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// InboxBook keeps what is asked of us: inquiries of marketplaces and customs, and
// sellers' objections.
type InboxBook interface {
	PostBook
	// Asked lists what waits for an answer, missed deadlines first, then the most
	// pressing.
	Asked(ctx context.Context) ([]Asked, error)
	// Settled lists what waits for none any more, the newest first.
	Settled(ctx context.Context) ([]Asked, error)
	// InquiryFile gathers an inquiry with all that helps to judge it.
	InquiryFile(ctx context.Context, id evidence.ID) (InquiryFile, error)
	// AnswerInquiry records a verdict and takes the answer as far as it goes.
	AnswerInquiry(ctx context.Context, id evidence.ID, v Verdict, p evidence.Progress) (Answered, error)
	// ApproveVerdict is the word of a second person, the operator, for a verdict.
	ApproveVerdict(ctx context.Context, id evidence.ID, p evidence.Progress) (Answered, error)
	// ReturnVerdict takes back a verdict that has not left. Errors: ErrLeft.
	ReturnVerdict(ctx context.Context, id evidence.ID, reason string) error
	// CloseAsked says that an inquiry or counter-notice is done with, or that its
	// missed deadline was seen.
	CloseAsked(ctx context.Context, id evidence.ID, reason string) error
	// AskInformation asks the marketplace for more about an inquiry.
	AskInformation(ctx context.Context, id evidence.ID, wants []string, question string, p evidence.Progress) error
	// RetryInquiry has the offer of an inquiry captured once more.
	RetryInquiry(ctx context.Context, id evidence.ID) error
	// Letter is the text of an answer that a person sends.
	Letter(ctx context.Context, id evidence.ID) (string, error)
	// AnswerSent records that a person has sent the answer.
	AnswerSent(ctx context.Context, id evidence.ID) error
	// CounterFile gathers a counter-notice with the seller's documents.
	CounterFile(ctx context.Context, id evidence.ID) (CounterFile, error)
	// AnswerCounter records our answer to a counter-notice and sends it.
	AnswerCounter(ctx context.Context, id evidence.ID, r CounterReply, p evidence.Progress) (Answered, error)
	// AttachTo seals a file of ours with an inquiry or a counter-notice.
	AttachTo(ctx context.Context, id evidence.ID, path string, p evidence.Progress) error
	// CopyOut writes a copy of an artifact to a new file.
	CopyOut(ctx context.Context, h evidence.Hash, path string) error
}

// ErrLeft means that an answer has left and cannot be taken back.
var ErrLeft = errors.New("it has left: what another has read cannot be taken back; a new verdict corrects it")

// Asked is something that is asked of us: either an inquiry or a counter-notice.
type Asked struct {
	Inquiry *evidence.Inquiry
	Counter *evidence.CounterNotice
	Channel string // its title, "" where a person sends the answer
}

// ID is that of the record.
func (a Asked) ID() evidence.ID {
	if a.Counter != nil {
		return a.Counter.ID
	}
	return a.Inquiry.ID
}

// Title says what it is about.
func (a Asked) Title() string {
	if a.Counter != nil {
		return cmp.Or(a.Counter.Statement, a.Counter.External)
	}
	q := a.Inquiry
	return cmp.Or(q.Offer.Title, q.Offer.URL, q.Question, q.External)
}

// From says who asks, and by which number.
func (a Asked) From() string {
	if a.Counter != nil {
		return strings.Join(filled(a.Counter.Seller, a.Channel, a.Counter.External), "  ·  ")
	}
	q := a.Inquiry
	asker := q.From
	if q.Asker == evidence.AskerCustoms {
		asker = cmp.Or(asker, T("Customs"))
	}
	return strings.Join(filled(asker, a.Channel, q.External), "  ·  ")
}

// Detail says more of what it is about.
func (a Asked) Detail() string {
	if a.Counter != nil {
		return words(a.Counter.Grounds)
	}
	o := a.Inquiry.Offer
	seller := ""
	if o.Seller != nil {
		seller = cmp.Or(o.Seller.Name, o.Seller.ID)
	}
	return strings.Join(filled(seller, PriceText(o.Price), o.ItemID), "  ·  ")
}

// Kind says whether it is a question or an objection.
func (a Asked) Kind() string {
	if a.Counter != nil {
		return T("Counter-notice")
	}
	return T("Inquiry")
}

// DueAt is its deadline, zero where it has none.
func (a Asked) DueAt() time.Time {
	if a.Counter != nil {
		return a.Counter.DueAt
	}
	return a.Inquiry.DueAt
}

// waits reports whether a person's verdict is wanted next.
func (a Asked) waits() bool {
	if a.Counter != nil {
		return a.Counter.State == evidence.CounterOpen
	}
	switch a.Inquiry.State {
	case evidence.InquiryReceived, evidence.InquiryValidated, evidence.InquiryCapturing, evidence.InquiryCaptured, evidence.InquiryCaptureFailed,
		evidence.InquiryInReview, evidence.InquiryInfoRequested, evidence.InquiryTestBuy, evidence.InquiryReopened, evidence.InquiryExpired:
		return true
	}
	return false
}

// Mark is its state.
func (a Asked) Mark() Mark {
	if a.Counter != nil {
		return counterMark(a.Counter)
	}
	return inquiryMark(a.Inquiry)
}

func inquiryMark(q *evidence.Inquiry) Mark {
	m := Mark{Symbol: "unassessed", Text: T("To judge"), Detail: q.Reason}
	switch q.State {
	case evidence.InquiryReceived, evidence.InquiryValidated:
		m.Symbol, m.Text = "queued", T("Not captured yet")
	case evidence.InquiryCapturing:
		m.Symbol, m.Tone, m.Text = "busy", Busy, T("Being captured")
	case evidence.InquiryCaptureFailed:
		m.Symbol, m.Tone, m.Text = "blocked", Caution, T("Offer not reached")
	case evidence.InquiryInfoRequested:
		m.Text = T("Asked for more")
	case evidence.InquiryTestBuy:
		m.Text = T("Test purchase")
	case evidence.InquiryVerdictDraft:
		m.Tone, m.Text = Caution, T("Second person")
	case evidence.InquiryVerdictApproved:
		m.Symbol, m.Tone, m.Text = "approved", Caution, T("Waits to leave")
	case evidence.InquiryAnswerQueued:
		m.Symbol, m.Text = "queued", T("Queued")
	case evidence.InquiryAnswered, evidence.InquiryAcknowledged:
		m.Symbol, m.Tone, m.Text = "authentic", Good, T("Answered")
	case evidence.InquiryClosed:
		m.Symbol, m.Text = "stopped", T("Closed")
	case evidence.InquiryExpired:
		m.Symbol, m.Tone, m.Text, m.Detail = "rejected", Bad, T("Missed"), ""
	case evidence.InquiryRecalled:
		m.Symbol, m.Text = "stopped", T("Recalled")
	case evidence.InquiryDuplicate:
		m.Symbol, m.Text = "stopped", T("Duplicate")
	case evidence.InquiryNotOurBrand:
		m.Symbol, m.Text = "not_our_brand", T("Not our brand")
	case evidence.InquiryReopened:
		m.Text = T("To correct")
	}
	if q.Proposal != nil && m.Detail == "" {
		m.Detail = Words(string(q.Proposal.State)) + "?"
	}
	return m
}

func counterMark(c *evidence.CounterNotice) Mark {
	m := Mark{Symbol: "clarification_required", Tone: Caution, Text: T("To answer"), Detail: c.Reason}
	switch c.State {
	case evidence.CounterAnswerQueued:
		m.Symbol, m.Tone, m.Text = "queued", Neutral, T("Queued")
	case evidence.CounterAnswered:
		m.Symbol, m.Tone, m.Text = "authentic", Good, T("Answered")
	case evidence.CounterMissed:
		m.Symbol, m.Tone, m.Text, m.Detail = "rejected", Bad, T("Missed"), ""
	case evidence.CounterUpheld:
		m.Symbol, m.Tone, m.Text = "authentic", Good, T("The notice stands")
	case evidence.CounterGranted:
		m.Symbol, m.Tone, m.Text = "online", Bad, T("Put back")
	case evidence.CounterEscalated:
		m.Symbol, m.Text = "escalated", T("Before a court")
	case evidence.CounterClosed:
		m.Symbol, m.Tone, m.Text = "stopped", Neutral, T("Closed")
	}
	return m
}

// DueMark says how long there is until a deadline, and how pressing that is.
func DueMark(due, now time.Time) Mark {
	left := due.Sub(now)
	switch {
	case due.IsZero():
		return Mark{Text: T("No deadline")}
	case left < 0:
		return Mark{Symbol: "rejected", Tone: Bad, Text: T("%s too late", lengthText(-left)), Detail: minuteText(due)}
	case left < 4*time.Hour:
		return Mark{Symbol: "blocked", Tone: Bad, Text: T("%s left", lengthText(left)), Detail: minuteText(due)}
	case left < 24*time.Hour:
		return Mark{Symbol: "blocked", Tone: Caution, Text: T("%s left", lengthText(left)), Detail: minuteText(due)}
	}
	return Mark{Symbol: "queued", Text: T("%s left", lengthText(left)), Detail: minuteText(due)}
}

// lengthText is a length of time by its two largest units.
func lengthText(d time.Duration) string {
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0 && hours > 0:
		return T("%d d %d h", days, hours)
	case days > 0:
		return T("%d d", days)
	case hours > 0 && minutes > 0:
		return T("%d h %d min", hours, minutes)
	case hours > 0:
		return T("%d h", hours)
	}
	return T("%d min", minutes)
}

func minuteText(t time.Time) string { return t.UTC().Format(spoken.day+" 15:04") + " UTC" }
