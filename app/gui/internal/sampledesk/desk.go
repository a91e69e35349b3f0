// Package sampledesk is a desk with made-up evidence in memory, for tests of
// the window: it captures, judges and verifies, but no browser and no disk is
// behind it. Only tests import it.
package sampledesk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// Start is when the sample's clock stands still.
var Start = time.Date(2026, 11, 23, 9, 41, 7, 0, time.UTC)

// Desk is a model.Desk in memory. Its fields may be set before it is used.
type Desk struct {
	// Gate, if not nil, is received from before each URL is finished, so that a
	// test decides how fast captures go.
	Gate chan struct{}
	// Fail, if not nil, is what every method answers.
	Fail error
	// Finds is what captures find, online when empty.
	Finds evidence.Outcome
	// Left is the URLs that an earlier run did not finish.
	Left []string
	// Remarks is what the packet lacks.
	Remarks []string
	// BadLines, if not nil, is what is said of the lines of a list left out.
	BadLines error
	// Others counts what other processes have changed.
	Others int
	// ToAsk is the URLs of offers that a marketplace asks about when it is asked.
	ToAsk []string
	// SecondPerson has every verdict wait for a second person; Standing has notices
	// that go with an answer leave at once.
	SecondPerson, Standing bool
	// Answers is what was said to inquiries and counter-notices, in order.
	Answers []string
	// Redacted is what was blacked out, Report the report that was written.
	Redacted []evidence.Box
	Report   []model.Trouble
	// Exported is the listings that were exported last.
	Exported []evidence.ID
	// Drawn is what was drawn on screenshots.
	Drawn []evidence.Attachment
	// Proofs counts the packets that are made to be looked at and not closed; Saved is
	// where the last went and what it said.
	Proofs atomic.Int32
	Saved  string

	mu       sync.Mutex
	cases    []evidence.Case
	rows     map[evidence.ID][]model.Row
	captures map[evidence.ID][]evidence.Capture
	blobs    map[evidence.Hash]func() []byte
	notices  []model.NoticeFile
	asked    []*model.InquiryFile
	objected []*model.CounterFile
	messages []evidence.Message
	steps    []string

	uncaptured []string // URLs of offers that are asked about
	made       int

	operator  string
	unbranded bool // there is no brand
	portal    bool // notices are filed by a person
}

var _ model.Desk = (*Desk)(nil)

// Empty is a desk of a workspace in which nothing has been done.
func Empty() *Desk {
	return &Desk{operator: "M. Weber", rows: map[evidence.ID][]model.Row{}, captures: map[evidence.ID][]evidence.Capture{}, blobs: map[evidence.Hash]func() []byte{}}
}

// Fresh is a desk at which nobody has worked yet: it knows no name and no brand.
func Fresh() *Desk {
	d := Empty()
	d.operator, d.unbranded = "", true
	return d
}

// id makes an ID that is the same in every run.
func (d *Desk) id(kind evidence.Kind) evidence.ID {
	d.made++
	return evidence.ID(fmt.Sprintf("%s_01KAT7Z5W3N5QK0V9J%08d", kind, d.made))
}

// Cases implements model.CaseBook.
func (d *Desk) Cases(context.Context) ([]evidence.Case, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.cases), d.Fail
}

// NewCase implements model.CaseBook.
func (d *Desk) NewCase(_ context.Context, c evidence.Case) (evidence.Case, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail != nil {
		return c, d.Fail
	}
	c.ID, c.CreatedAt = d.id(evidence.KindCase), Start
	d.cases = append([]evidence.Case{c}, d.cases...)
	return c, nil
}

// Rows implements model.CaseBook.
func (d *Desk) Rows(_ context.Context, caseID evidence.ID, take func([]model.Row)) error {
	d.mu.Lock()
	rows, err := slices.Clone(d.rows[caseID]), d.Fail
	d.mu.Unlock()
	if err == nil {
		take(rows)
	}
	return err
}

// RowsWith implements model.CaseBook.
func (d *Desk) RowsWith(_ context.Context, caseID evidence.ID, listings []evidence.ID) ([]model.Row, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.rows[caseID]), func(r model.Row) bool { return !slices.Contains(listings, r.Listing.ID) }), d.Fail
}

// Capture implements model.Capturer.
func (d *Desk) Capture(ctx context.Context, caseID evidence.ID, urls []string, p evidence.Progress) error {
	for i, u := range urls {
		report := func(note string) {
			p.Report(evidence.Event{Stage: "capture", Subject: u, Note: note, Done: int64(i), Total: int64(len(urls))})
		}
		report("loading")
		if d.Gate != nil {
			select {
			case <-d.Gate:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if d.Fail != nil {
			return d.Fail
		}
		report("sealing")
		d.add(caseID, Listing{URL: u, Title: "Listing at " + u, Outcome: cmp.Or(d.Finds, evidence.Online), Price: "19.90"})
		report(string(cmp.Or(d.Finds, evidence.Online)))
	}
	return nil
}

// Unfinished implements model.Capturer.
func (d *Desk) Unfinished(context.Context) (model.Unfinished, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := model.Unfinished{URLs: slices.Clone(d.Left), Since: Start}
	for i := range d.Left {
		left.Jobs = append(left.Jobs, evidence.ID(fmt.Sprintf("%s_%d", evidence.KindJob, i)))
	}
	return left, d.Fail
}

// Resume implements model.Capturer: what is left belongs to the newest case.
func (d *Desk) Resume(ctx context.Context, p evidence.Progress) error {
	d.mu.Lock()
	left, caseID := d.Left, d.cases[0].ID
	d.mu.Unlock()
	for i, u := range left {
		if err := d.Capture(ctx, caseID, []string{u}, p); err != nil {
			return err
		}
		d.mu.Lock()
		d.Left = left[i+1:]
		d.mu.Unlock()
	}
	return nil
}

// Discard implements model.Capturer.
func (d *Desk) Discard(context.Context, []evidence.ID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail == nil {
		d.Left = nil
	}
	return d.Fail
}

// Attend implements model.Attendant: the person does two things.
func (d *Desk) Attend(_ context.Context, caseID evidence.ID, url string, p evidence.Progress) (model.Sitting, error) {
	if d.Fail != nil {
		return nil, d.Fail
	}
	for _, act := range []string{"navigated " + url, "clicked Sign in"} {
		p.Report(evidence.Event{Stage: "attended", Note: act})
	}
	return &Sitting{desk: d, caseID: caseID, url: url, closed: make(chan struct{})}, nil
}

// Sitting is a model.Sitting without a window.
type Sitting struct {
	desk   *Desk
	caseID evidence.ID
	url    string
	once   sync.Once
	closed chan struct{}
}

// Capture implements model.Sitting.
func (s *Sitting) Capture(ctx context.Context, p evidence.Progress) (evidence.Capture, error) {
	err := s.desk.Capture(ctx, s.caseID, []string{s.url}, p)
	return evidence.Capture{URL: s.url, Outcome: evidence.Online}, err
}

// Closed implements model.Sitting.
func (s *Sitting) Closed() <-chan struct{} { return s.closed }

// Close implements model.Sitting, and is what the person does with the window.
func (s *Sitting) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// Links implements model.Capturer.
func (d *Desk) Links(_ context.Context, path string) ([]string, error) {
	if d.Fail != nil {
		return nil, d.Fail
	}
	return []string{"https://market.example/from/" + path}, d.BadLines
}

// Captures implements model.Archive.
func (d *Desk) Captures(_ context.Context, listing evidence.ID) ([]evidence.Capture, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.captures[listing]), d.Fail
}

type blob struct{ *bytes.Reader }

// Close implements io.Closer.
func (blob) Close() error { return nil }

// Open implements model.Archive.
func (d *Desk) Open(_ context.Context, h evidence.Hash) (io.ReadSeekCloser, error) {
	d.mu.Lock()
	b, ok := d.blobs[h]
	d.mu.Unlock()
	if !ok {
		return nil, fmt.Errorf("blob %s is not in the workspace", h)
	}
	return blob{bytes.NewReader(b())}, d.Fail
}

// Assess implements model.Judge.
func (d *Desk) Assess(_ context.Context, a evidence.Assessment) (evidence.Assessment, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Fail != nil {
		return a, d.Fail
	}
	a.ID, a.By, a.At = d.id(evidence.KindAssessment), "M. Weber", Start
	for _, rows := range d.rows {
		for i := range rows {
			if rows[i].Listing.ID == a.Listing {
				rows[i].Assessment = &a
			}
		}
	}
	return a, nil
}

// Packet implements model.Exporter.
func (d *Desk) Packet(_ context.Context, _ evidence.ID, path string, p evidence.Progress) ([]string, error) {
	p.Report(evidence.Event{Stage: "packet", Subject: path, Done: 1, Total: 2})
	if !strings.HasSuffix(path, ".pdf") && !strings.HasSuffix(path, ".zip") {
		return nil, errors.New("a packet is a .pdf or a .zip")
	}
	return d.Remarks, d.Fail
}

// Verify implements model.Verifier.
func (d *Desk) Verify(_ context.Context, p evidence.Progress) (model.Verified, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p.Report(evidence.Event{Stage: "verify", Done: 1, Total: int64(len(d.blobs))})
	return model.Verified{Captures: d.made, Files: len(d.blobs), Bytes: int64(d.made) * 100_000, Notes: []model.Fault{{What: "No outside anchor was given."}}}, d.Fail
}
