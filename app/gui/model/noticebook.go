package model

import (
	"context"
	"slices"
	"strings"
	"time"

	"touchstone/store/evidence"
)

// NoticeBook keeps the takedown notices.
type NoticeBook interface {
	ByHandBook
	// Notices lists the notices, newest first.
	Notices(ctx context.Context) ([]NoticeRecord, error)
	// NoticeFile gathers one notice with all that is shown of it.
	NoticeFile(ctx context.Context, id evidence.ID) (NoticeFile, error)
	// Draft makes a notice about listings of a case, on the ground that fits most
	// notices; an empty list is all that call for one.
	Draft(ctx context.Context, caseID evidence.ID, listings []evidence.ID) (evidence.ID, error)
	// Revise changes a notice that has not left. It is a draft afterwards.
	Revise(ctx context.Context, id evidence.ID, change func(*evidence.Notice)) error
	// Accept records that a notice may leave with all that it is warned of now.
	Accept(ctx context.Context, id evidence.ID) error
	// Approve records the signatory's word for the statements.
	Approve(ctx context.Context, id, signatory evidence.ID) error
	// Submit sends an approved notice, or has it sent when there is a network. The
	// remarks say what is left to a person, a sentence each.
	Submit(ctx context.Context, id evidence.ID, p evidence.Progress) (remarks []string, err error)
	// Withdraw takes a notice back.
	Withdraw(ctx context.Context, id evidence.ID) error
	// NoticePacket writes a notice's packet, as Exporter.Packet does.
	NoticePacket(ctx context.Context, id evidence.ID, path string, p evidence.Progress) (remarks []string, err error)
	// Sync sends what waits, asks the channels how notices stand and brings in what
	// they ask.
	Sync(ctx context.Context, p evidence.Progress) (News, error)
}

// News is what asking the channels brought.
type News struct {
	Moved     int // listings of notices with a new state
	Inquiries int // new, or changed by who asks
	Counters  int
	Messages  int
	Failures  []string // channels that could not be asked, and answers that cannot leave, a sentence each
}

// text says what there is, "" where nothing has changed.
func (n News) text() string {
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{
		{n.Inquiries, N("%d inquiry has come in.", "%d inquiries have come in.", n.Inquiries)},
		{n.Counters, N("%d counter-notice has come in.", "%d counter-notices have come in.", n.Counters)},
		{n.Messages, N("%d message has come in.", "%d messages have come in.", n.Messages)},
		{n.Moved, N("%d listing has a new state.", "%d listings have a new state.", n.Moved)},
	} {
		if p.n > 0 {
			parts = append(parts, p.text)
		}
	}
	return strings.Join(parts, " ")
}

// NoticeRecord is a notice as lists show it.
type NoticeRecord struct {
	Notice  evidence.Notice
	Items   []evidence.NoticeItem
	Case    string // its name
	Brand   string
	Right   string
	Channel string // its title
}

// Title names the notice by what it invokes and where it goes.
func (n NoticeRecord) Title() string { return strings.Join(filled(n.Right, n.Channel), "  ·  ") }

// Detail says what it is about.
func (n NoticeRecord) Detail() string {
	return strings.Join(filled(N("%d listing", "%d listings", len(n.Items)), n.Case, InfringementText(n.Notice.Infringement)), "  ·  ")
}

// urgency orders states by how soon somebody has to act.
var urgency = []evidence.ItemState{
	evidence.ItemCounterReceived, evidence.ItemClarificationRequired, evidence.ItemSubmissionFailed, evidence.ItemUnknownOutcome,
	evidence.ItemReappeared, evidence.ItemDraft, evidence.ItemComplete, evidence.ItemApproved, evidence.ItemRejected, evidence.ItemQueued,
	evidence.ItemSubmitted, evidence.ItemAcknowledged, evidence.ItemUnderReview,
}

// Mark is the state of the item that somebody has to act on first.
func (n NoticeRecord) Mark() Mark {
	if len(n.Items) == 0 {
		return Mark{Text: T("No listings")}
	}
	first := slices.MinFunc(n.Items, func(a, b evidence.NoticeItem) int { return rank(a.State) - rank(b.State) })
	return NoticeMark(&first)
}

func rank(s evidence.ItemState) int {
	if i := slices.Index(urgency, s); i >= 0 {
		return i
	}
	return len(urgency)
}

// NoticeFile is all that is shown of one notice.
type NoticeFile struct {
	NoticeRecord
	Listings []Row // one for each item
	Findings []Finding
	Story    []Happening // what became of it, oldest first
	Choices  Choices
	ByHand   ByHand // without Undecided
}

// Happening is something that was done with a notice.
type Happening struct {
	At     time.Time
	What   string
	Detail string
}

// Choices is what a notice can be made of.
type Choices struct {
	Rights      []evidence.Right
	Signatories []evidence.Signatory
	Channels    []Channel
	Languages   []string // of the statements
}

// filled is the parts that are not empty.
func filled(parts ...string) []string {
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}
