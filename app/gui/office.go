package gui

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/app/desk"
	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// Office serves the desk to the window's models. The practice marketplace may be
// nil.
func Office(d *desk.Desk, practice model.Practice, version string) model.Services {
	return model.Services{Desk: office{d, new(pagePictures), new(lists)}, Practice: practice, Workspace: d.Dir(), Version: version, Explain: explain}
}

// office is the desk in the words of the window's models.
type office struct {
	desk     *desk.Desk
	pictures *pagePictures
	lists    *lists
}

var _ model.Desk = office{}

func (o office) Cases(ctx context.Context) ([]evidence.Case, error) {
	cases, err := o.desk.Cases(ctx)
	slices.Reverse(cases)
	return cases, err
}

func (o office) NewCase(ctx context.Context, c evidence.Case) (evidence.Case, error) {
	return o.desk.NewCase(ctx, c)
}

// The first portion of a case's rows fills the window; others are as large as is
// read in a fifth of a second, for which other processes wait.
const (
	firstPortion = 100
	portion      = 2000
)

func (o office) Rows(ctx context.Context, caseID evidence.ID, take func([]model.Row)) error {
	cursor, limit := "", firstPortion
	for {
		list, next, err := o.desk.RowsPage(ctx, caseID, cursor, limit)
		if err != nil {
			return err
		}
		take(rowsOf(list))
		if next == "" {
			return nil
		}
		cursor, limit = next, portion
	}
}

func (o office) RowsWith(ctx context.Context, caseID evidence.ID, listings []evidence.ID) ([]model.Row, error) {
	list, err := o.desk.RowsWith(ctx, caseID, listings)
	return rowsOf(list), err
}

func (o office) Capture(ctx context.Context, caseID evidence.ID, urls []string, p evidence.Progress) error {
	if _, _, err := o.desk.TakeIn(ctx, caseID, o.lists.of(urls)); err != nil {
		return err
	}
	return o.desk.Capture(ctx, desk.Order{Case: caseID, Links: urls}, p, func(evidence.Capture) {})
}

func (o office) Recapture(ctx context.Context, caseID evidence.ID, urls []string, p evidence.Progress) error {
	return o.desk.Capture(ctx, desk.Order{Case: caseID, Links: urls, Recheck: true}, p, func(evidence.Capture) {})
}

func (o office) Unfinished(ctx context.Context) (model.Unfinished, error) {
	jobs, err := o.desk.Unfinished(ctx, "")
	jobs = slices.DeleteFunc(jobs, func(j evidence.Job) bool { return j.Inquiry != "" })
	if err != nil || len(jobs) == 0 || o.desk.Busy() {
		return model.Unfinished{}, err
	}
	left := model.Unfinished{Since: jobs[0].QueuedAt} // they come in the order in which they were made
	for _, job := range jobs {
		left.Jobs, left.URLs = append(left.Jobs, job.ID), append(left.URLs, job.URL)
	}
	return left, nil
}

func (o office) Resume(ctx context.Context, p evidence.Progress) error {
	return o.desk.Resume(ctx, desk.Order{}, p, func(evidence.Capture) {})
}

func (o office) WaitingAsked(ctx context.Context) ([]string, error) {
	jobs, err := o.desk.Unfinished(ctx, "")
	if err != nil || len(jobs) == 0 || o.desk.Busy() {
		return nil, err
	}
	var urls []string
	for _, j := range jobs {
		if j.Inquiry != "" {
			urls = append(urls, j.URL)
		}
	}
	return urls, nil
}

func (o office) CaptureAsked(ctx context.Context, p evidence.Progress) error {
	return o.desk.CaptureInquiries(ctx, desk.Order{}, p, func(evidence.Capture) {})
}

func (o office) Discard(ctx context.Context, jobs []evidence.ID) error {
	return o.desk.Discard(ctx, jobs)
}

func (o office) Attend(ctx context.Context, caseID evidence.ID, url string, p evidence.Progress) (model.Sitting, error) {
	sitting, err := o.desk.Attend(ctx, desk.Order{Case: caseID}, url, p)
	if err != nil {
		return nil, err
	}
	return sitting, nil
}

func (o office) Links(_ context.Context, path string) ([]string, error) {
	list, bad, err := desk.ReadList(path)
	if err != nil {
		return nil, err
	}
	o.lists.keep(list)
	urls := make([]string, len(list))
	for i, l := range list {
		urls[i] = l.URL
	}
	if len(bad) > 0 {
		return urls, fmt.Errorf("%d lines hold no link and were left out; the first: %w", len(bad), bad[0])
	}
	return urls, nil
}

func (o office) Captures(ctx context.Context, listing evidence.ID) ([]evidence.Capture, error) {
	captures, err := o.desk.CapturesOf(ctx, listing)
	slices.Reverse(captures)
	return captures, err
}

func (o office) Open(ctx context.Context, h evidence.Hash) (io.ReadSeekCloser, error) {
	if f, ok := o.pictures.open(h); ok {
		return f, nil
	}
	if id, ok := o.pictures.capture(h); ok {
		c, err := desk.Get[evidence.Capture](ctx, o.desk, id)
		if err != nil {
			return nil, err
		}
		o.picturesOf(ctx, c)
		if f, ok := o.pictures.open(h); ok {
			return f, nil
		}
	}
	return o.desk.OpenArtifact(ctx, h)
}

func (o office) Assess(ctx context.Context, a evidence.Assessment) (evidence.Assessment, error) {
	target := a.Capture
	if target == "" {
		target = a.Listing
	}
	return o.desk.Assess(ctx, target, a)
}

func (o office) Packet(ctx context.Context, caseID evidence.ID, path string, p evidence.Progress) ([]string, error) {
	summary, err := o.desk.WriteCasePacket(ctx, caseID, path, p)
	return remarksOf(summary.Problems), err
}

func (o office) ExportListings(ctx context.Context, caseID evidence.ID, listings []evidence.ID, path string, p evidence.Progress) ([]string, error) {
	format := desk.ExportFormat(strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), "."))
	if format == desk.ExportCSV || format == desk.ExportXLSX {
		summary, err := o.desk.Export(ctx, desk.ExportOrder{Case: string(caseID), Listings: listings, Format: format, Out: path}, p)
		return summary.Problems, err
	}
	draft, err := o.Draft(ctx, caseID, listings)
	if err != nil {
		return nil, err
	}
	return o.NoticePacket(ctx, draft, path, p)
}

func (o office) ExportCase(ctx context.Context, caseID evidence.ID, form, path string, p evidence.Progress) ([]string, error) {
	summary, err := o.desk.Export(ctx, desk.ExportOrder{Case: string(caseID), Format: desk.ExportFormat(form), Out: path}, p)
	return summary.Problems, err
}

func (o office) Backup(ctx context.Context, path string, p evidence.Progress) error {
	_, err := o.desk.Backup(ctx, path, p)
	return err
}

func (o office) Verify(ctx context.Context, p evidence.Progress) (model.Verified, error) {
	report, err := o.desk.Verify(ctx, nil, p)
	return verified(report), err
}

func (o office) WriteReport(ctx context.Context, path string, troubles []model.Trouble) error {
	report := o.desk.Support(ctx)
	for _, t := range troubles {
		report.Trouble = append(report.Trouble, t.At.UTC().Format(time.RFC3339)+"  "+desk.Trouble(t.Doing, t.Err))
	}
	return report.WriteFile(path)
}
