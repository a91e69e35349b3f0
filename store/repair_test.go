package store_test

import (
	"strings"
	"testing"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

func TestIndexesAreMadeToAgreeWithTheRecordsAndTheLog(t *testing.T) {
	const outcomes, subjects = string(store.CapturesByOutcome), "log.subject"
	online := string(evidence.Online)
	tests := []struct {
		name    string
		damage  func(s *scene, tx *store.Tx) error
		added   int
		removed int
	}{
		{"nothing is wrong", func(*scene, *store.Tx) error { return nil }, 0, 0},
		{"an entry is gone", func(s *scene, tx *store.Tx) error {
			return tx.Remove(outcomes, store.Entry(online, s.caps[1].ID))
		}, 1, 0},
		{"an entry is of another key", func(s *scene, tx *store.Tx) error {
			return tx.Mark(outcomes, store.Entry("blocked", s.caps[1].ID))
		}, 0, 1},
		{"an entry names no record", func(s *scene, tx *store.Tx) error {
			return tx.Mark(outcomes, store.Entry(online, evidence.NewID(evidence.KindCapture, s.caps[0].FinishedAt)))
		}, 0, 1},
		{"an entry is none", func(s *scene, tx *store.Tx) error { return tx.Mark(outcomes, "online") }, 0, 1},
		{"an entry has a value", func(s *scene, tx *store.Tx) error {
			return tx.Store(outcomes, store.Entry(online, s.caps[1].ID), []byte("x"))
		}, 1, 1},
		{"the log is not found by a subject", func(s *scene, tx *store.Tx) error {
			return tx.Remove(subjects, string(s.caps[1].ID)+"\x00\x00\x00\x00\x00\x00\x00\x00\x02")
		}, 1, 0},
		{"the log is found by a subject it does not speak of", func(s *scene, tx *store.Tx) error {
			return tx.Mark(subjects, string(s.caps[2].ID)+"\x00\x00\x00\x00\x00\x00\x00\x00\x02")
		}, 0, 1},
		{"the log is found where it has no leaf", func(s *scene, tx *store.Tx) error {
			return tx.Mark(subjects, string(s.caps[2].ID)+"\x00\x00\x00\x00\x00\x00\x00\x00\x77")
		}, 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			before := dump(t, s.w)
			s.tamper(func(tx *store.Tx) error { return tt.damage(s, tx) })
			broken := tt.added+tt.removed > 0
			if r := verify(t, s.w); r.OK() == broken {
				t.Fatalf("before: findings %+v", r.Findings)
			}
			r, err := s.w.Verify(t.Context(), store.VerifyOptions{RepairIndexes: true}, evidence.Quiet)
			if err != nil {
				t.Fatal(err)
			}
			if want := (store.Repair{Added: tt.added, Removed: tt.removed}); r.Repaired != want || !r.OK() {
				t.Errorf("repaired %+v, want %+v; findings %+v", r.Repaired, want, r.Findings)
			}
			told := false
			view(t, s.w, func(tx *store.Tx) error {
				for e, err := range tx.Log(s.w.ID()) {
					if err != nil {
						return err
					}
					told = told || e.Leaf.Action == custody.IndexesRepaired && strings.HasSuffix(e.Leaf.Note, "removed")
				}
				return nil
			})
			if told != broken {
				t.Errorf("the custody log tells of it: %v, want %v", told, broken)
			}
			if !broken && dump(t, s.w) != before {
				t.Error("a repair of nothing changed something")
			}
		})
	}
}

// A record that does not read is not there for the indexes to be compared with.
func TestARepairOfIndexesLeavesWhatNamesADamagedRecord(t *testing.T) {
	s := newScene(t)
	id := s.caps[1].ID
	if err := store.Damage(t.Context(), s.w, string(evidence.KindCapture), string(id)); err != nil {
		t.Fatal(err)
	}
	if r, err := s.w.RepairIndexes(t.Context(), evidence.Quiet); err != nil || r != (store.Repair{}) {
		t.Errorf("repaired %+v, %v; want nothing", r, err)
	}
}
