package model

import (
	"context"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// Reviewer judges many listings at once. The first done of them are judged when it is
// stopped or fails.
type Reviewer interface {
	// AssessAll records the same judgement of listings.
	AssessAll(ctx context.Context, listings []evidence.ID, a evidence.Assessment, p evidence.Progress) (done int, err error)
	// SetReviews says how far the judging of listings has come.
	SetReviews(ctx context.Context, to []ReviewOf, p evidence.Progress) (done int, err error)
}

// ReviewOf is how far the judging of a listing has come.
type ReviewOf struct {
	Listing evidence.ID
	Review  evidence.Review
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
	said := func(n int) string {
		return N("%d listing assessed as %s", "%d listings assessed as %s", n, n, VerdictText(v))
	}
	k.change(N("Assessing %d listing", "Assessing %d listings", len(rows)), said, rows, takeBack(k.reviewer),
		func(ctx context.Context, p evidence.Progress) (int, error) {
			return k.reviewer.AssessAll(ctx, idsOf(rows), a, p)
		})
}

// restoredAtOnce is how many listings are restored between two looks whether that was
// stopped.
const restoredAtOnce = 100

// takeBack gives listings the assessments and review states of rows again. Where
// there was none the listing is undetermined, since no record is ever erased.
func takeBack(r Reviewer) restore {
	return func(ctx context.Context, rows []Row, p evidence.Progress) (done int, err error) {
		for part := range slices.Chunk(rows, restoredAtOnce) {
			if err := takeBackPart(ctx, r, part); err != nil {
				return done, err
			}
			done += len(part)
			p.Report(evidence.Event{Stage: "restore", Done: int64(done), Total: int64(len(rows))})
		}
		return done, nil
	}
}

func takeBackPart(ctx context.Context, r Reviewer, rows []Row) error {
	type judged struct {
		verdict evidence.Verdict
		basis   evidence.Basis
		reason  string
	}
	groups := map[judged][]evidence.ID{}
	for _, row := range rows {
		g := judged{evidence.Undetermined, evidence.BasisPicture, T("Assessment taken back")}
		if a := row.Assessment; a != nil {
			g = judged{a.Verdict, a.Basis, a.Reason}
		}
		groups[g] = append(groups[g], row.Listing.ID)
	}
	for g, ids := range groups {
		if _, err := r.AssessAll(ctx, ids, evidence.Assessment{Verdict: g.verdict, Basis: g.basis, Reason: g.reason}, evidence.Quiet); err != nil {
			return err
		}
	}
	_, err := r.SetReviews(ctx, reviewsOf(rows), evidence.Quiet)
	return err
}

// reviewsOf is how far the judging of listings had come.
func reviewsOf(rows []Row) []ReviewOf {
	return each(rows, func(r Row) ReviewOf { return ReviewOf{r.Listing.ID, r.Listing.Review} })
}

// SetReview says of every marked listing how far its judging has come.
func (k *Bulk) SetReview(review evidence.Review) {
	var rows []Row
	for _, r := range k.table.MarkedRows() {
		if r.Listing.ID != "" && r.Listing.Review != review {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return
	}
	to := each(rows, func(r Row) ReviewOf { return ReviewOf{r.Listing.ID, review} })
	said := func(n int) string {
		return N("%d listing is %s", "%d listings are %s", n, n, spoken.midSentence(ReviewText(review)))
	}
	back := func(ctx context.Context, rows []Row, p evidence.Progress) (int, error) {
		return k.reviewer.SetReviews(ctx, reviewsOf(rows), p)
	}
	k.change(N("Changing %d listing", "Changing %d listings", len(rows)), said, rows, back,
		func(ctx context.Context, p evidence.Progress) (int, error) { return k.reviewer.SetReviews(ctx, to, p) })
}

// change does something to listings, and remembers how what was done of it is taken
// back.
func (k *Bulk) change(name string, said func(n int) string, rows []Row, back restore, do func(context.Context, evidence.Progress) (done int, err error)) {
	if k.busy {
		return
	}
	k.busy = k.task.sweep(name, len(rows), func(ctx context.Context, p evidence.Progress) func() {
		done, err := do(ctx, p)
		return func() {
			k.busy = false
			k.changed(said, rows, done, back, err)
		}
	})
}

// changed tells of a change that has ended, of which some rows were done.
func (k *Bulk) changed(said func(n int) string, rows []Row, done int, back restore, err error) {
	if done == 0 {
		k.problems.report(T("The listings were not changed."), T("All are as they were before."), err)
		return
	}
	k.undo.pushRows(said, rows[:done], back)
	if done < len(rows) {
		partly(k.problems, said(done), len(rows)-done, T("Not all listings were changed."), err)
		k.table.unmark(rows[:done])
	} else {
		k.problems.Tell(said(done))
		k.table.MarkAll(false)
	}
	k.renew(idsOf(rows[:done]))
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
