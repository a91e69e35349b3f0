package store_test

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

func update(t testing.TB, w *store.Workspace, fn func(*store.Tx) error) {
	t.Helper()
	if err := w.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, w *store.Workspace, fn func(*store.Tx) error) {
	t.Helper()
	if err := w.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// collect reads an iteration to its end.
func collect[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func TestEveryKindOfRecordReadsAsItWasWritten(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	id := func(k evidence.Kind) evidence.ID { return evidence.NewID(k, now) }
	caseID, brand, listing, notice := id(evidence.KindCase), id(evidence.KindBrand), id(evidence.KindListing), id(evidence.KindNotice)
	long := "https://shop.example/" + strings.Repeat("x", 40_000)
	put(t, w, caseID, evidence.Case{ID: caseID, Name: "Umbrella \x00 & Söhne", CreatedAt: now}, store.CasesByName, "Umbrella \x00 & Söhne")
	put(t, w, brand, evidence.Brand{ID: brand, Name: "Umbrella"}, store.BrandsByName, "Umbrella")
	put(t, w, listing, evidence.Listing{ID: listing, Case: caseID, URL: long, CanonicalURL: "https://shop.example/1"}, store.ListingsByURL, store.ListingKey(caseID, long))
	put(t, w, listing, evidence.Listing{ID: listing, Case: caseID, URL: long, CanonicalURL: "https://shop.example/1"}, store.ListingsByURL, store.ListingKey(caseID, "https://shop.example/1"))
	seller := id(evidence.KindSeller)
	put(t, w, seller, evidence.Seller{ID: seller, Marketplace: "practice", Facts: evidence.SellerFacts{ID: "42"}}, store.SellersByAccount, store.SellerKey("practice", "42"))
	job := id(evidence.KindJob)
	put(t, w, job, evidence.Job{ID: job, Case: caseID, State: evidence.JobQueued}, store.JobsByState, string(evidence.JobQueued))
	capture := id(evidence.KindCapture)
	put(t, w, capture, evidence.Capture{ID: capture, Job: job, Listing: listing, Missing: []evidence.Missing{}}, store.CapturesByListing, string(listing))
	assessment := id(evidence.KindAssessment)
	put(t, w, assessment, evidence.Assessment{ID: assessment, Listing: listing, Verdict: evidence.Counterfeit}, store.AssessmentsByListing, string(listing))
	right := id(evidence.KindRight)
	put(t, w, right, evidence.Right{ID: right, Brand: brand, Type: evidence.Trademark}, store.RightsByBrand, string(brand))
	signatory := id(evidence.KindSignatory)
	put(t, w, signatory, evidence.Signatory{ID: signatory, Brand: brand}, store.SignatoriesByBrand, string(brand))
	put(t, w, notice, evidence.Notice{ID: notice, Case: caseID, CreatedAt: now}, store.NoticesByCase, string(caseID))
	item := id(evidence.KindItem)
	put(t, w, item, evidence.NoticeItem{ID: item, Notice: notice, Listing: listing}, store.ItemsByNotice, string(notice))
	submission := id(evidence.KindSubmission)
	put(t, w, submission, evidence.Submission{ID: submission, Notice: notice}, store.SubmissionsByNotice, string(notice))
	receipt := id(evidence.KindReceipt)
	put(t, w, receipt, evidence.Receipt{ID: receipt, Submission: submission}, store.ReceiptsBySubmission, string(submission))
}

// put writes a record and reads it back by its ID, among its kind and by an index.
func put[T any](t *testing.T, w *store.Workspace, id evidence.ID, v T, index store.Index, key string) {
	t.Helper()
	update(t, w, func(tx *store.Tx) error { return store.Put(tx, id, v) })
	view(t, w, func(tx *store.Tx) error {
		got, err := store.Get[T](tx, id)
		if err != nil {
			return err
		}
		if d := cmp.Diff(v, got); d != "" {
			t.Errorf("get %s (-put +got):\n%s", id, d)
		}
		for name, all := range map[string][]T{"each": collect(t, store.Each[T](tx, id.Kind())), "by " + string(index): collect(t, store.EachBy[T](tx, index, key))} {
			if d := cmp.Diff([]T{v}, all); d != "" {
				t.Errorf("%s, %s (-put +got):\n%s", id, name, d)
			}
		}
		return nil
	})
}

func TestWrongUseIsRefused(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	c := evidence.Case{ID: evidence.NewID(evidence.KindCase, time.Now()), Name: "one"}
	tests := []struct {
		name string
		do   func(*store.Tx) error
		say  string
	}{
		{"a record under another's ID", func(tx *store.Tx) error {
			return store.Put(tx, evidence.NewID(evidence.KindCase, time.Now()), c)
		}, "calls itself"},
		{"a record of another type", func(tx *store.Tx) error { return store.Put(tx, c.ID, evidence.Job{ID: c.ID}) }, "begins that of a case"},
		{"a kind there is not", func(tx *store.Tx) error { return store.Put(tx, "xyz_1", c) }, "no records of kind"},
		{"an ID that is none", func(tx *store.Tx) error { return store.Put(tx, "case_1", evidence.Case{ID: "case_1"}) }, "not an ID"},
		{"reading another type", func(tx *store.Tx) error { _, err := store.Get[evidence.Job](tx, c.ID); return err }, "begins that of a case"},
		{"a leaf about nothing", func(tx *store.Tx) error { return tx.Append(custody.Entry{Action: custody.Exported}) }, "must be there"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := w.Update(t.Context(), tt.do); err == nil || !strings.Contains(err.Error(), tt.say) {
				t.Errorf("got %v, want an error that says %q", err, tt.say)
			}
		})
	}
	view(t, w, func(tx *store.Tx) error {
		if _, err := store.Get[evidence.Case](tx, c.ID); !errors.Is(err, store.ErrNotFound) || !strings.Contains(err.Error(), string(c.ID)) {
			t.Errorf("get what is not there: %v", err)
		}
		if err := tx.Append(custody.Entry{Action: custody.Exported, Subject: c.ID}); err == nil {
			t.Error("a reading transaction took a leaf")
		}
		if err := store.Put(tx, c.ID, c); err == nil {
			t.Error("a reading transaction took a record")
		}
		return nil
	})
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	c := evidence.Case{ID: evidence.NewID(evidence.KindCase, time.Now()), Name: "one"}
	failure := errors.New("changed my mind")
	err := w.Update(t.Context(), func(tx *store.Tx) error {
		if err := store.Put(tx, c.ID, c); err != nil {
			return err
		}
		if err := tx.Append(custody.Entry{Action: custody.Exported, Subject: c.ID}); err != nil {
			return err
		}
		return failure
	})
	if !errors.Is(err, failure) {
		t.Fatalf("got %v, want %v", err, failure)
	}
	if r := verify(t, w); !r.OK() || r.Records != 0 || r.Leaves != 1 {
		t.Errorf("report %+v, want an empty workspace", r)
	}
}

// TestRecordsAgreeWithAModel does random changes to records and to a map, and
// compares every way to read.
func TestRecordsAgreeWithAModel(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	rng := rand.New(rand.NewPCG(1, 2))
	model := map[evidence.ID]evidence.Job{}
	states := []evidence.JobState{evidence.JobQueued, evidence.JobRunning, evidence.JobDone}
	for round := range 60 {
		update(t, w, func(tx *store.Tx) error {
			for range rng.IntN(12) {
				j := evidence.Job{ID: evidence.NewID(evidence.KindJob, time.UnixMilli(rng.Int64N(1e12)).UTC())}
				if ids := sortedIDs(model); len(ids) > 0 && rng.IntN(2) == 0 {
					j = model[ids[rng.IntN(len(ids))]]
				}
				j.State, j.Case = states[rng.IntN(len(states))], evidence.ID([]string{"", "case_a", "case_ab"}[rng.IntN(3)])
				model[j.ID] = j
				if err := store.Put(tx, j.ID, j); err != nil {
					return err
				}
			}
			return nil
		})
		view(t, w, func(tx *store.Tx) error {
			compare(t, "each", model, nil, collect(t, store.Each[evidence.Job](tx, evidence.KindJob)))
			for _, s := range states {
				in := func(j evidence.Job) bool { return j.State == s }
				compare(t, "by state", model, in, collect(t, store.EachBy[evidence.Job](tx, store.JobsByState, string(s))))
			}
			in := func(j evidence.Job) bool { return j.Case == "case_a" }
			limit := 1 + rng.IntN(9)
			q := store.Query{Index: store.JobsByCase, Key: "case_a", Limit: limit}
			compare(t, "pages", model, in, pages(t, tx, q))
			q.Newest = true
			newest := pages(t, tx, q)
			slices.Reverse(newest)
			compare(t, "pages, newest first", model, in, newest)
			q = store.Query{Kind: evidence.KindJob, Limit: limit}
			compare(t, "pages of all", model, nil, pages(t, tx, q))
			return nil
		})
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
	if r := verify(t, w); !r.OK() || r.Records != len(model) {
		t.Errorf("%d records of %d, findings %+v", r.Records, len(model), r.Findings)
	}
}

func pages(t *testing.T, tx *store.Tx, q store.Query) []evidence.Job {
	t.Helper()
	var all []evidence.Job
	for {
		jobs, next, err := store.Page[evidence.Job](tx, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(jobs) > q.Limit || next != "" && len(jobs) < q.Limit {
			t.Errorf("a page of %d with limit %d, next %q", len(jobs), q.Limit, next)
		}
		all = append(all, jobs...)
		if next == "" {
			return all
		}
		q.Cursor = next
	}
}

func sortedIDs(m map[evidence.ID]evidence.Job) []evidence.ID {
	var ids []evidence.ID
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func compare(t *testing.T, how string, model map[evidence.ID]evidence.Job, in func(evidence.Job) bool, got []evidence.Job) {
	t.Helper()
	var want []evidence.Job
	for _, id := range sortedIDs(model) {
		if in == nil || in(model[id]) {
			want = append(want, model[id])
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-model +got):\n%s", how, d)
	}
}

func TestIterationGoesOnAfterADamagedRecordAndWhileRecordsChange(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "ws"), options(t))
	var ids []evidence.ID
	update(t, w, func(tx *store.Tx) error {
		for i := range 500 {
			c := evidence.Case{ID: evidence.NewID(evidence.KindCase, time.UnixMilli(int64(1e12)+int64(i))), Name: fmt.Sprint(i)}
			ids = append(ids, c.ID)
			if err := store.Put(tx, c.ID, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err := store.Tamper(t.Context(), w, func(tx *store.Tx) error {
		return tx.Store("case", string(ids[7]), []byte("{"))
	}); err != nil {
		t.Fatal(err)
	}
	var read, damaged int
	update(t, w, func(tx *store.Tx) error {
		for c, err := range store.Each[evidence.Case](tx, evidence.KindCase) {
			if errors.Is(err, store.ErrDamaged) {
				damaged++
				continue
			}
			if err != nil {
				return err
			}
			read++
			c.Name += " changed"
			if err := store.Put(tx, c.ID, c); err != nil {
				return err
			}
		}
		return nil
	})
	if read != len(ids)-1 || damaged != 1 {
		t.Errorf("%d records read, %d damaged; want %d and 1", read, damaged, len(ids)-1)
	}
	view(t, w, func(tx *store.Tx) error {
		page, next, err := store.Page[evidence.Case](tx, store.Query{Kind: evidence.KindCase, Limit: 10})
		if len(page) != 9 || next == "" || !errors.Is(err, store.ErrDamaged) {
			t.Errorf("page of %d, next %q, error %v; want 9, a next, and the damaged one named", len(page), next, err)
		}
		return nil
	})
}
