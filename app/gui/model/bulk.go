package model

import (
	"context"
	"maps"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// Reviewer judges many listings at once.
type Reviewer interface {
	// AssessAll records the same judgement of many listings: of all, or of none.
	AssessAll(ctx context.Context, listings []evidence.ID, a evidence.Assessment) error
	// SetReviews says how far the judging of listings has come.
	SetReviews(ctx context.Context, reviews map[evidence.ID]evidence.Review) error
}

// Bulk does something with all listings that are marked in the table.
type Bulk struct {
	b        *Background
	table    *Table
	reviewer Reviewer
	problems *Problems
	undo     *Undo
	batch    *Batch
	notices  *Notices
	exporter ListingExporter
	task     *Task
	renew    func(listings []evidence.ID)
	busy     bool
}

// Assess records the same judgement of every marked listing that was captured.
func (k *Bulk) Assess(v evidence.Verdict, basis evidence.Basis, reason string) {
	var rows []Row
	for _, r := range k.table.MarkedRows() {
		if r.Capture != nil && r.Listing.ID != "" {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		k.problems.Show(Problem{What: T("None of these listings has been captured."), Kept: T("Nothing was changed."), Advice: T("Capture them first.")})
		return
	}
	a := evidence.Assessment{Verdict: v, Basis: basis, Reason: strings.TrimSpace(reason)}
	what := N("%d listing assessed as %s", "%d listings assessed as %s", len(rows), len(rows), VerdictText(v))
	k.change(what, idsOf(rows), takeBack(k.reviewer, rows), func(ctx context.Context) error { return k.reviewer.AssessAll(ctx, idsOf(rows), a) })
}

// takeBack gives listings the assessments and review states of rows again. Where
// there was none the listing is undetermined, since no record is ever erased.
func takeBack(r Reviewer, rows []Row) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		reviews := map[evidence.ID]evidence.Review{}
		type judged struct {
			verdict evidence.Verdict
			basis   evidence.Basis
			reason  string
		}
		groups := map[judged][]evidence.ID{}
		for _, row := range rows {
			reviews[row.Listing.ID] = row.Listing.Review
			g := judged{evidence.Undetermined, evidence.BasisPicture, T("Assessment taken back")}
			if a := row.Assessment; a != nil {
				g = judged{a.Verdict, a.Basis, a.Reason}
			}
			groups[g] = append(groups[g], row.Listing.ID)
		}
		for g, ids := range groups {
			if err := r.AssessAll(ctx, ids, evidence.Assessment{Verdict: g.verdict, Basis: g.basis, Reason: g.reason}); err != nil {
				return err
			}
		}
		return r.SetReviews(ctx, reviews)
	}
}

// SetReview says of every marked listing how far its judging has come.
func (k *Bulk) SetReview(review evidence.Review) {
	before, after := map[evidence.ID]evidence.Review{}, map[evidence.ID]evidence.Review{}
	for _, r := range k.table.MarkedRows() {
		if r.Listing.ID != "" && r.Listing.Review != review {
			before[r.Listing.ID], after[r.Listing.ID] = r.Listing.Review, review
		}
	}
	if len(after) == 0 {
		return
	}
	what := N("%d listing is %s", "%d listings are %s", len(after), len(after), spoken.midSentence(ReviewText(review)))
	k.change(what, slices.Collect(maps.Keys(after)), func(ctx context.Context) error { return k.reviewer.SetReviews(ctx, before) },
		func(ctx context.Context) error { return k.reviewer.SetReviews(ctx, after) })
}

// change does something to listings and remembers how it is taken back.
func (k *Bulk) change(what string, listings []evidence.ID, back, do func(ctx context.Context) error) {
	if k.busy {
		return
	}
	k.busy = true
	k.problems.Dismiss()
	k.b.Run(func(ctx context.Context) func() {
		err := do(ctx)
		return func() {
			k.busy = false
			if err != nil {
				k.problems.report(T("The listings were not changed."), T("All are as they were before."), err)
				return
			}
			k.undo.push(what, listings, back)
			k.problems.Tell(what)
			k.table.MarkAll(false)
			k.renew(listings)
		}
	})
}

// Recapture captures every marked listing again.
func (k *Bulk) Recapture(caseID evidence.ID) {
	var urls []string
	for _, r := range k.table.MarkedRows() {
		urls = append(urls, addressOf(r))
	}
	k.batch.Again(caseID, urls)
	k.table.MarkAll(false)
}

// Export writes the marked listings to a file of the kind that its name tells.
func (k *Bulk) Export(caseID evidence.ID, path string) {
	var ids []evidence.ID
	for _, r := range k.table.MarkedRows() {
		if r.Listing.ID != "" {
			ids = append(ids, r.Listing.ID)
		}
	}
	k.problems.Dismiss()
	k.task.start(N("Exporting %d listing", "Exporting %d listings", len(ids)), func(ctx context.Context, p evidence.Progress) func() {
		remarks, err := k.exporter.ExportListings(ctx, caseID, ids, path, p)
		return func() {
			switch {
			case err != nil:
				k.problems.report(T("The listings were not exported."), T("The evidence is untouched."), err)
			case len(remarks) > 0:
				k.problems.Show(Problem{What: T("The file was written, with something missing:") + " " + sentence(remarks[0]), Kept: T("It lies at %s.", path),
					Advice: T("Look at it before you send it."), Detail: strings.Join(remarks, "\n")})
			default:
				k.problems.Tell(T("The listings were written to %s", path))
			}
		}
	})
}

// Notify makes a notice about the marked listings and opens it.
func (k *Bulk) Notify(caseID evidence.ID, made func()) {
	var ids []evidence.ID
	for _, r := range k.table.MarkedRows() {
		if r.Listing.ID != "" {
			ids = append(ids, r.Listing.ID)
		}
	}
	k.notices.Draft(caseID, ids, func() {
		k.table.MarkAll(false)
		made()
	})
}

func idsOf(rows []Row) []evidence.ID {
	return each(rows, func(r Row) evidence.ID { return r.Listing.ID })
}

// addressOf is where a listing is captured.
func addressOf(r Row) string {
	if r.Listing.URL == "" && r.Capture != nil {
		return r.Capture.URL
	}
	return r.Listing.URL
}
