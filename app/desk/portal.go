package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/draw"

	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/report/takedown/portal"
	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// ErrNotByHand means that a submission is not one that a person files.
var ErrNotByHand = errors.New("this submission is not for a portal")

// WritePackage writes what a person files a submission with into a new folder:
// how to go about it, the texts to paste, the list of links, and the evidence as
// files that the portal takes. It returns the files' names. Errors: ErrNotByHand.
func (d *Desk) WritePackage(ctx context.Context, id evidence.ID, dir string) ([]string, error) {
	s, err := Get[evidence.Submission](ctx, d, id)
	if err != nil {
		return nil, err
	}
	about, err := takedown.Describe(s.Channel)
	if err != nil {
		return nil, err
	}
	if about.Transport != takedown.TransportPortal && about.Transport != takedown.TransportSheet {
		return nil, fmt.Errorf("%s: %w", id, ErrNotByHand)
	}
	body, err := d.readBlob(s.Request)
	if err != nil {
		return nil, err
	}
	var pack portal.Package
	if err := json.Unmarshal(body, &pack); err != nil {
		return nil, fmt.Errorf("read the package of %s: %w", id, err)
	}
	files, err := pack.Files()
	if err != nil {
		return nil, fmt.Errorf("package of %s: %w", id, err)
	}
	attached, err := d.attachmentsFor(ctx, s, about)
	if err != nil {
		return nil, fmt.Errorf("attachments of %s: %w", id, err)
	}
	files = append(files, attached...)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	var names []string
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Content, 0o644); err != nil {
			return names, err
		}
		names = append(names, f.Name)
	}
	return names, d.ws.Update(ctx, func(tx *store.Tx) error {
		return tx.Append(custody.Entry{Action: custody.Exported, Subject: s.ID, Note: "portal", Hashes: map[string]evidence.Hash{custody.HashFile: s.Request}})
	})
}

// The attachments where a portal says nothing of them.
const (
	usualAttachments = 10
	usualSize        = 5 << 20
)

// attachmentsFor are the screenshots of a submission's listings as pictures that
// the portal takes, as many as it takes.
func (d *Desk) attachmentsFor(ctx context.Context, s evidence.Submission, about takedown.Descriptor) ([]portal.File, error) {
	most, size := usualAttachments, usualSize
	if a := about.Attachments; a != nil {
		if a.Max > 0 {
			most = a.Max
		}
		if a.MaxBytes > 0 {
			size = a.MaxBytes
		}
	}
	dossier, err := d.dossier(ctx, s.Notice, s.Items)
	if err != nil {
		return nil, err
	}
	var files []portal.File
	for n, e := range dossier.Exhibits {
		shot, ok := e.Capture.Artifact(evidence.RoleScreenshot)
		if !ok || len(files) == most {
			continue
		}
		content, err := d.readBlob(shot.SHA256)
		if err != nil {
			return nil, err
		}
		picture, err := under(content, size)
		if err != nil {
			return nil, fmt.Errorf("screenshot of %s: %w", e.Capture.ID, err)
		}
		files = append(files, portal.File{Name: fmt.Sprintf("evidence-%03d.jpg", n+1), Content: picture})
	}
	return files, nil
}

// longestSide is the longest that a picture for a portal is, in pixels: what
// browsers and JPEG can show.
const longestSide = 16000

// under is a screenshot as a JPEG of at most so many bytes: first of lower
// quality, then smaller.
func under(content []byte, size int) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	picture := scaled(full, min(1, float64(longestSide)/float64(max(full.Bounds().Dx(), full.Bounds().Dy()))))
	for {
		for _, quality := range []int{85, 70, 50} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: quality}); err != nil {
				return nil, err
			}
			if b.Len() <= size {
				return b.Bytes(), nil
			}
		}
		if picture.Bounds().Dx() < 2 || picture.Bounds().Dy() < 2 {
			return nil, fmt.Errorf("does not fit into %d bytes", size)
		}
		picture = scaled(picture, 0.7)
	}
}

// scaled is a picture on white, smaller by a factor.
func scaled(p image.Image, factor float64) image.Image {
	b := p.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(b.Dx())*factor)), max(1, int(float64(b.Dy())*factor))))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(small, small.Bounds(), p, b, draw.Over, nil)
	return small
}

// OutcomeReport is what came of reading a table of outcomes.
type OutcomeReport struct {
	Moved   []evidence.NoticeItem `json:"moved"`
	Unknown []portal.Outcome      `json:"unknown"` // lines whose listing is in no notice, or whose word is not known
	File    evidence.Hash         `json:"file"`    // the table as it was, kept as evidence
}

// ImportOutcomes reads a portal's table of what became of the items of a notice.
// The table is kept as a receipt of each submission that it speaks of.
func (d *Desk) ImportOutcomes(ctx context.Context, noticeID evidence.ID, name string, content []byte) (OutcomeReport, error) {
	report := OutcomeReport{Moved: []evidence.NoticeItem{}, Unknown: []portal.Outcome{}}
	list, err := portal.ReadOutcomes(name, content)
	if err != nil {
		return report, err
	}
	return report, d.applyOutcomes(ctx, noticeID, list, content, &report)
}

// SetOutcome records what a person has learned of an item's fate: a state, or a
// word that means one. Errors: ErrNotOpen.
func (d *Desk) SetOutcome(ctx context.Context, item evidence.ID, word, reason string) (evidence.NoticeItem, error) {
	i, err := Get[evidence.NoticeItem](ctx, d, item)
	if err != nil {
		return i, err
	}
	o := portal.Outcome{Target: string(item), Word: word, State: portal.State(word), Reason: reason}
	if o.State == "" {
		return i, fmt.Errorf("%q: %w: want removed, rejected, under_review, clarification_required, counter_received, reinstated or withdrawn", word, ErrNotOpen)
	}
	var report OutcomeReport
	if err := d.applyOutcomes(ctx, i.Notice, []portal.Outcome{o}, nil, &report); err != nil {
		return i, err
	}
	if len(report.Moved) == 0 {
		return i, fmt.Errorf("%s is %s and cannot become %s: %w", item, i.State, o.State, ErrNotOpen)
	}
	return report.Moved[0], nil
}

// applyOutcomes takes the items to where a table says they are. What a portal
// decided has been filed there, so a submission left to a person counts as sent.
func (d *Desk) applyOutcomes(ctx context.Context, noticeID evidence.ID, list []portal.Outcome, file []byte, report *OutcomeReport) error {
	dossier, err := d.Dossier(ctx, noticeID)
	if err != nil {
		return err
	}
	if file != nil {
		if report.File, _, err = d.ws.Blobs().Put(ctx, bytes.NewReader(file)); err != nil {
			return err
		}
	}
	var statuses []takedown.ItemStatus
	var spoken []evidence.ID
	for _, o := range list {
		at := slices.IndexFunc(dossier.Exhibits, func(e notice.Exhibit) bool { return speaksOf(o.Target, e) })
		if at < 0 || o.State == "" {
			report.Unknown = append(report.Unknown, o)
			continue
		}
		item := dossier.Exhibits[at].Item
		statuses = append(statuses, takedown.ItemStatus{Item: item.ID, External: o.External, State: o.State, Word: o.Word, Reason: o.Reason})
		spoken = append(spoken, item.ID)
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) error {
		submissions, err := collect(store.EachBy[evidence.Submission](tx, store.SubmissionsByNotice, string(noticeID)))
		if err != nil {
			return err
		}
		for _, s := range submissions {
			if !slices.ContainsFunc(s.Items, func(i evidence.SubmittedItem) bool { return slices.Contains(spoken, i.Item) }) {
				continue
			}
			if _, err := d.resolveOne(tx, s, "", true, ""); err != nil {
				return err
			}
			if report.File != "" {
				r := evidence.Receipt{ID: d.newID(evidence.KindReceipt), Submission: s.ID, Response: report.File, At: d.cfg.Now().UTC()}
				if err := keepReceipt(tx, &r); err != nil {
					return err
				}
			}
		}
		_, err = d.applyStatus(tx, statuses)
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range statuses {
		now, err := Get[evidence.NoticeItem](ctx, d, s.Item)
		if err != nil {
			return err
		}
		if now.State == s.State {
			report.Moved = append(report.Moved, now)
		}
	}
	return nil
}

// speaksOf reports whether a portal's name for a listing is that of an exhibit.
func speaksOf(target string, e notice.Exhibit) bool {
	target = strings.TrimSuffix(target, "/")
	for _, name := range []string{string(e.Item.ID), e.Listing.ItemID, e.Listing.CanonicalURL, e.Listing.URL, e.Capture.FinalURL} {
		if name != "" && strings.TrimSuffix(name, "/") == target {
			return true
		}
	}
	return false
}
