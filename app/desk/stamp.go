package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"sync"
	"time"

	"touchstone/store"
	"touchstone/store/evidence"
)

// StampReport is what came of asking for the time stamps that were due.
type StampReport struct {
	Granted []evidence.Stamp `json:"granted"`
	Failed  []StampFailure   `json:"failed"`
}

// StampFailure is a stamp that was not had, and stays due.
type StampFailure struct {
	Authority string `json:"authority"`
	Why       string `json:"why"`
}

// The limits on an authority: a real one answers within a second, with some kilobytes.
const (
	stampPatience  = 30 * time.Second
	maxStampAnswer = 256 << 10 // bytes
)

// Stamp asks every authority of the settings that has not stamped what is newest
// in the custody log to do so, all at once. An authority that cannot be reached,
// or whose answer does not hold, is in the report and stays due; the error is for
// what kept us from asking. Without an authority in the settings nobody is asked.
func (d *Desk) Stamp(ctx context.Context, p evidence.Progress) (StampReport, error) {
	report := StampReport{Granted: []evidence.Stamp{}, Failed: []StampFailure{}}
	due, err := d.ws.DueStamps(ctx)
	if err != nil {
		return report, fmt.Errorf("time stamps: %w", err)
	}
	client := &http.Client{Timeout: stampPatience}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, one := range due {
		wg.Go(func() {
			p.Report(evidence.Event{Stage: "stamp", Subject: one.Stamp.Authority, Note: "asking"})
			stamp, err := d.stampBy(ctx, client, one)
			note := "granted"
			if err != nil {
				note = err.Error()
			}
			p.Report(evidence.Event{Stage: "stamp", Subject: one.Stamp.Authority, Note: note})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				report.Failed = append(report.Failed, StampFailure{Authority: one.Stamp.Authority, Why: err.Error()})
			} else {
				report.Granted = append(report.Granted, stamp)
			}
		})
	}
	wg.Wait()
	return report, ctx.Err()
}

func (d *Desk) stampBy(ctx context.Context, client *http.Client, due store.DueStamp) (evidence.Stamp, error) {
	answer, err := d.askAuthority(ctx, client, due.Stamp.URL, due.Request.DER)
	// What came of it is recorded also when the asker gives up meanwhile.
	recording := context.WithoutCancel(ctx)
	if err != nil {
		err = fmt.Errorf("%s: %w", due.Stamp.Authority, err)
		return evidence.Stamp{}, errors.Join(err, d.ws.DeferStamp(recording, due, err))
	}
	return d.ws.KeepStamp(recording, due, answer)
}

// askAuthority sends a request as RFC 3161, 3.4 says.
func (d *Desk) askAuthority(ctx context.Context, client *http.Client, url string, request []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(request))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/timestamp-query")
	r.Header.Set("Accept", "application/timestamp-reply")
	r.Header.Set("User-Agent", d.cfg.Tool.Name+"/"+d.cfg.Tool.Version)
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answered %s", resp.Status)
	}
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || kind != "application/timestamp-reply" {
		return nil, fmt.Errorf("it answered with %q, not with a time stamp: is there a login page in between?", resp.Header.Get("Content-Type"))
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxStampAnswer+1))
	if err == nil && len(answer) > maxStampAnswer {
		err = fmt.Errorf("its answer is longer than %d bytes", maxStampAnswer)
	}
	return answer, err
}

// stampSoon asks for stamps after captures. It never fails them: what is not had
// now stays due until the next time, or touchstone sync.
func (d *Desk) stampSoon(ctx context.Context, p evidence.Progress) {
	report, err := d.Stamp(ctx, p)
	if err != nil && ctx.Err() == nil {
		d.warn(err)
	}
	for _, f := range report.Failed {
		d.warn(fmt.Errorf("no time stamp yet: %s: touchstone sync tries again", f.Why))
	}
}

func (d *Desk) warn(err error) {
	if d.cfg.Warn != nil {
		d.cfg.Warn(err)
	}
}

// Stamps are the time stamps that cover the seal of a capture or attachment, the
// earliest by each authority. Where there are none, its time is by our own clock.
func (d *Desk) Stamps(ctx context.Context, sealed evidence.ID) ([]evidence.Stamp, error) {
	var stamps []evidence.Stamp
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		stamps, err = tx.StampsOf(sealed)
		return err
	})
	return stamps, err
}

// StampLine tells of a granted stamp in a line: by whom, when by the authority's
// clock, and how strong it is.
func StampLine(s evidence.Stamp) string {
	strength := "RFC 3161"
	if s.Strength() == evidence.StrengthQualified {
		strength = "RFC 3161, and says that it is qualified under eIDAS"
	}
	return fmt.Sprintf("%s at %s (%s), %d log entries", s.Signer, s.Time.UTC().Format(time.RFC3339), strength, s.Size)
}
