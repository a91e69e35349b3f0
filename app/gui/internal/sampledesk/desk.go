// Package sampledesk is a desk with made-up evidence in memory, for tests of
// the window: it captures, judges and verifies, but no browser and no disk is
// behind it. Only tests import it.
package sampledesk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
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
	// Remarks is what the packet lacks.
	Remarks []string
	// BadLines, if not nil, is what is said of the lines of a list left out.
	BadLines error

	mu       sync.Mutex
	cases    []evidence.Case
	rows     map[evidence.ID][]model.Row
	captures map[evidence.ID][]evidence.Capture
	blobs    map[evidence.Hash]func() []byte
	made     int
}

var _ model.Desk = (*Desk)(nil)

// Empty is a desk of a workspace in which nothing has been done.
func Empty() *Desk {
	return &Desk{rows: map[evidence.ID][]model.Row{}, captures: map[evidence.ID][]evidence.Capture{}, blobs: map[evidence.Hash]func() []byte{}}
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
func (d *Desk) Rows(_ context.Context, caseID evidence.ID) ([]model.Row, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.rows[caseID]), d.Fail
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
		d.add(caseID, Listing{URL: u, Title: "Listing at " + u, Outcome: evidence.Online, Price: "19.90"})
		report(string(evidence.Online))
	}
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
	return model.Verified{Captures: d.made, Files: len(d.blobs), Bytes: int64(d.made) * 100_000, Notes: []string{"No outside anchor was given."}}, d.Fail
}
