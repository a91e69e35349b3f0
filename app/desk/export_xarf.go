package desk

import (
	"archive/zip"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"touchstone/report/takedown"
	"touchstone/report/takedown/xarf"
	"touchstone/store"
	"touchstone/store/evidence"
)

// xarfChannel is the channel to abuse desks by mail, and the descriptor of what a
// XARF report takes.
const xarfChannel = "xarf"

// xarf writes a XARF report of each target that the case's notices complain of, one
// a file of a ZIP, named by the report's ID. A target that the format has no place
// for is a problem of the summary.
func (e *export) xarf(ctx context.Context, w io.Writer) error {
	notices, err := AllBy[evidence.Notice](ctx, e.d, store.NoticesByCase, string(e.matter.ID))
	if err != nil {
		return err
	}
	book := zip.NewWriter(w)
	withdrawn := 0
	for n, notice := range notices {
		e.tell(string(notice.ID), n, len(notices))
		if notice.Elsewhere != nil {
			continue
		}
		back, err := e.reports(ctx, book, notice.ID)
		if err != nil {
			return fmt.Errorf("notice %s: %w", notice.ID, err)
		}
		withdrawn += back
	}
	switch problems := e.summary.Problems; {
	case e.summary.Files > 0:
		return book.Close()
	case len(problems) > 0:
		return fmt.Errorf("%w: no target of its notices makes a report: %s", ErrNothingToExport, strings.Join(problems, "; "))
	case withdrawn > 0:
		return fmt.Errorf("%w: all targets of its notices were withdrawn", ErrNothingToExport)
	}
	return fmt.Errorf("%w: it has no notice of its own that names a target", ErrNothingToExport)
}

// reports adds those of one notice, and counts the targets that were withdrawn. Errors: *NotClearedError, *CovertError.
func (e *export) reports(ctx context.Context, book *zip.Writer, id evidence.ID) (withdrawn int, err error) {
	dossier, err := e.d.Dossier(ctx, id)
	if err != nil {
		return withdrawn, err
	}
	if err := e.d.cleared(ctx, dossier.Exhibits); err != nil {
		return withdrawn, err
	}
	about, err := takedown.Describe(xarfChannel)
	if err != nil {
		return withdrawn, err
	}
	f := filingOf(dossier)
	f.Notice.ReasonCode = "" // it is of the notice's own channel
	if err := e.d.enclose(ctx, &f, &about, dossier.Exhibits); err != nil {
		return withdrawn, err
	}
	settings, err := e.d.Settings(ctx)
	if err != nil {
		return withdrawn, err
	}
	values, err := e.d.channelValues(ctx, about)
	if err != nil {
		return withdrawn, err
	}
	keys, err := e.d.mailedAs(ctx, id)
	if err != nil {
		return withdrawn, err
	}
	names := newCovert(settings.Covert)
	for i := range f.Items {
		item := &f.Items[i]
		if item.Item.State == evidence.ItemWithdrawn {
			withdrawn++
			continue
		}
		f.IdempotencyKey = cmp.Or(keys[item.Item.ID], string(id))
		report, err := xarf.ReportOf(&about, &f, item, cmp.Or(values["from"], f.Signatory.Email))
		if errors.Is(err, takedown.ErrUnfit) {
			e.problem("%s makes no report: %v", item.Address(), err)
			continue
		}
		if err != nil {
			return withdrawn, err
		}
		text, err := report.JSON()
		if err != nil {
			return withdrawn, err
		}
		if err := names.check("the report about "+item.Address(), string(text)); err != nil {
			return withdrawn, err
		}
		file, err := book.CreateHeader(&zip.FileHeader{Name: report.ID + ".json", Method: zip.Deflate, Modified: e.at})
		if err == nil {
			_, err = file.Write(text)
		}
		if err != nil {
			return withdrawn, err
		}
		e.summary.Files++
	}
	return withdrawn, nil
}

// mailedAs are the keys under which a notice's items were reported by mail: what is
// exported has the same ID as what was sent.
func (d *Desk) mailedAs(ctx context.Context, id evidence.ID) (map[evidence.ID]string, error) {
	sent, err := AllBy[evidence.Submission](ctx, d, store.SubmissionsByNotice, string(id))
	keys := map[evidence.ID]string{}
	for _, s := range sent {
		for _, i := range s.Items {
			if s.Channel == xarfChannel {
				keys[i.Item] = s.IdempotencyKey
			}
		}
	}
	return keys, err
}
