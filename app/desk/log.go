package desk

import (
	"cmp"
	"context"
	"slices"

	"touchstone/store"
	"touchstone/store/evidence"
)

// LogFilter chooses entries of the custody log. The zero value is all of them.
type LogFilter struct {
	// Subject is what the entries are about. Of a listing or a notice these are also
	// the entries about what belongs to it.
	Subject evidence.ID
	Case    string // by name or ID
}

// Checkpoint is the newest checkpoint of the custody log, as signed.
func (d *Desk) Checkpoint(ctx context.Context) (signed []byte, err error) {
	err = d.ws.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Checkpoint()
		signed = c.Signed
		return err
	})
	return signed, err
}

// Log reads the custody log, oldest first.
func (d *Desk) Log(ctx context.Context, f LogFilter) ([]store.LogEntry, error) {
	var entries []store.LogEntry
	err := d.ws.View(ctx, func(tx *store.Tx) error {
		entries = nil
		var of evidence.ID
		if f.Case != "" {
			c, err := caseNamed(tx, f.Case)
			if err != nil {
				return err
			}
			of = c.ID
		}
		subjects, err := belonging(tx, f.Subject)
		if err != nil {
			return err
		}
		for _, subject := range subjects {
			about, err := collect(tx.Log(subject))
			if err != nil {
				return err
			}
			entries = append(entries, about...)
		}
		slices.SortFunc(entries, func(a, b store.LogEntry) int { return cmp.Compare(a.Index, b.Index) })
		entries = slices.DeleteFunc(entries, func(e store.LogEntry) bool { return of != "" && e.Leaf.Case != of && e.Leaf.Subject != of })
		return nil
	})
	return entries, err
}

// belonging are the subjects, each once, under which the custody log tells the
// story of an ID.
func belonging(tx *store.Tx, id evidence.ID) ([]evidence.ID, error) {
	w := belongings{tx: tx, all: []evidence.ID{id}}
	switch id.Kind() {
	case evidence.KindListing:
		w.ofListing(id)
	case evidence.KindNotice:
		w.ofNotice(id)
		each(&w, store.ItemsByNotice, id, func(i evidence.NoticeItem) { w.all = append(w.all, i.ID) })
	}
	slices.Sort(w.all)
	return slices.Compact(w.all), w.err
}

// belongings gathers what belongs to a record, until something cannot be read.
type belongings struct {
	tx  *store.Tx
	all []evidence.ID
	err error
}

func (w *belongings) ofListing(id evidence.ID) {
	each(w, store.CapturesByListing, id, func(c evidence.Capture) { w.ofCapture(c.ID) })
	w.attached(id)
	each(w, store.AssessmentsByListing, id, func(a evidence.Assessment) { w.all = append(w.all, a.ID) })
	each(w, store.ItemsByListing, id, func(i evidence.NoticeItem) {
		w.all = append(w.all, i.ID)
		w.ofNotice(i.Notice)
	})
	listing, err := store.Get[evidence.Listing](w.tx, id)
	if err != nil {
		w.err = cmp.Or(w.err, err)
		return
	}
	each(w, store.TombstonesByCase, listing.Case, func(t evidence.Tombstone) {
		if t.Listing == id {
			w.ofCapture(t.Deleted)
		}
	})
}

func (w *belongings) ofCapture(id evidence.ID) {
	w.all = append(w.all, id)
	w.attached(id)
	each(w, store.RedactionsByOriginal, id, func(r evidence.Redaction) { w.all = append(w.all, r.ID) })
	each(w, store.ClearancesByCapture, id, func(c evidence.Clearance) { w.all = append(w.all, c.ID) })
}

// attached are the files and notes that were added to a record.
func (w *belongings) attached(to evidence.ID) {
	each(w, store.AttachmentsByTarget, to, func(a evidence.Attachment) { w.all = append(w.all, a.ID) })
	each(w, store.NotesBySubject, to, func(n evidence.Note) { w.all = append(w.all, n.ID) })
}

func (w *belongings) ofNotice(id evidence.ID) {
	w.all = append(w.all, id)
	each(w, store.SubmissionsByNotice, id, func(s evidence.Submission) {
		w.all = append(w.all, s.ID)
		each(w, store.ReceiptsBySubmission, s.ID, func(r evidence.Receipt) { w.all = append(w.all, r.ID) })
	})
}

// each calls do with the records that an index has under an ID.
func each[T any](w *belongings, index store.Index, key evidence.ID, do func(T)) {
	for record, err := range store.EachBy[T](w.tx, index, string(key)) {
		if w.err = cmp.Or(w.err, err); w.err != nil {
			return
		}
		do(record)
	}
}
