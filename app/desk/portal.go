package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/report/takedown/portal"
	"touchstone/store"
	"touchstone/store/bundle"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// ErrNotByHand means that a submission is not one that a person files.
var ErrNotByHand = errors.New("this submission is not for a portal")

// WritePackage writes what a person files a submission with into a new folder:
// how to go about it, the texts to paste, the list of links, and the evidence as
// files that the portal takes; of a mail, the mail as it is sent. It returns the
// files' names; a folder that could not be filled is gone again. Errors:
// ErrNotByHand, *NotClearedError, *CovertError, *InputError.
func (d *Desk) WritePackage(ctx context.Context, id evidence.ID, dir string) (names []string, err error) {
	s, err := Get[evidence.Submission](ctx, d, id)
	if err != nil {
		return nil, err
	}
	files, err := d.packageOf(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("package of %s: %w", id, err)
	}
	err = os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil, &InputError{fmt.Errorf("%s is there already: choose another name", dir)}
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
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

func (d *Desk) packageOf(ctx context.Context, s evidence.Submission) ([]portal.File, error) {
	about, err := takedown.Describe(s.Channel)
	if err != nil {
		return nil, err
	}
	body, err := d.readBlob(s.Request)
	if err != nil {
		return nil, err
	}
	switch {
	case about.Transport == takedown.TransportMail:
		return []portal.File{{Name: "mail.eml", Content: body}}, nil
	case !about.ByHand():
		return nil, ErrNotByHand
	}
	var pack portal.Package
	if err := json.Unmarshal(body, &pack); err != nil {
		return nil, err
	}
	dossier, err := d.dossier(ctx, s.Notice, s.Items)
	if err != nil {
		return nil, err
	}
	with := portal.Enclosed{Submission: s.ID}
	if with.Pictures, err = d.shown(ctx, &dossier, &about); err != nil {
		return nil, err
	}
	if with.Papers, err = d.papers(ctx, dossier.Documents); err != nil {
		return nil, err
	}
	return pack.Files(with)
}

// papers are certificates and authorisations as files to enclose. Errors:
// *CovertError.
func (d *Desk) papers(ctx context.Context, documents []evidence.Attachment) ([]portal.File, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return nil, err
	}
	covert := newCovert(settings.Covert)
	var files []portal.File
	for n, a := range documents {
		paper, ok := a.Artifact(evidence.RoleAttachment)
		if !ok {
			continue
		}
		content, err := d.readBlob(paper.SHA256)
		if err != nil {
			return nil, err
		}
		if err := covert.checkFile(a.Name, paper.MediaType, bytes.NewReader(content)); err != nil {
			return nil, err
		}
		files = append(files, portal.File{Name: fmt.Sprintf("%s-%d-%s", a.Kind, n+1, bundle.Name(a.Name)), Content: content})
	}
	return files, nil
}

// shown are the screenshots of a submission's listings as pictures that the
// portal takes, as many as it takes. Errors: *NotClearedError.
func (d *Desk) shown(ctx context.Context, dossier *notice.Dossier, about *takedown.Descriptor) ([]portal.File, error) {
	if err := d.cleared(ctx, dossier.Exhibits); err != nil {
		return nil, err
	}
	most, size := allowance(about)
	var files []portal.File
	for n := range dossier.Exhibits {
		if len(files) == most {
			break
		}
		picture, err := d.pictureOf(&dossier.Exhibits[n], size)
		if err != nil {
			return nil, err
		}
		if picture != nil {
			files = append(files, portal.File{Name: fmt.Sprintf("evidence-%03d.jpg", n+1), Content: picture})
		}
	}
	return files, nil
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
		return report, &InputError{fmt.Errorf("read %s: %w", name, notBook(err))}
	}
	return report, d.applyOutcomes(ctx, noticeID, list, content, &report)
}

// outcomeWords are the outcomes that a person may tell.
const outcomeWords = "removed, rejected, under_review, clarification_required, counter_received, reinstated or withdrawn"

// SetOutcome records what a person has learned of the fate of items, at least one, of
// one notice: a state, or a word that means one. It returns those that are so now, also
// beside ErrNotOpen, which tells of one that cannot be.
func (d *Desk) SetOutcome(ctx context.Context, items []evidence.ID, word, reason string) ([]evidence.NoticeItem, error) {
	state := portal.State(word)
	if state == "" {
		return nil, fmt.Errorf("%q: %w: want %s", word, ErrNotOpen, outcomeWords)
	}
	var list []portal.Outcome
	for _, id := range items {
		list = append(list, portal.Outcome{Target: string(id), Word: word, State: state, Reason: reason})
	}
	first, err := Get[evidence.NoticeItem](ctx, d, items[0])
	if err != nil {
		return nil, err
	}
	var report OutcomeReport
	if err := d.applyOutcomes(ctx, first.Notice, list, nil, &report); err != nil {
		return nil, err
	}
	for _, id := range items {
		if slices.ContainsFunc(report.Moved, func(i evidence.NoticeItem) bool { return i.ID == id }) {
			continue
		}
		item, err := Get[evidence.NoticeItem](ctx, d, id)
		if err == nil {
			err = fmt.Errorf("%s is %s and cannot become %s: %w", id, item.State, state, ErrNotOpen)
		}
		return report.Moved, err
	}
	return report.Moved, nil
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
