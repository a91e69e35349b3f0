package store_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
	"touchstone/store/stamp"
	"touchstone/store/stamp/stamptest"
)

// trust has the workspace ask the authorities for stamps.
func trust(t *testing.T, w *store.Workspace, authorities map[string]*stamptest.Authority) {
	t.Helper()
	_, err := w.ChangeSettings(t.Context(), func(s *evidence.WorkspaceSettings) error {
		s.Authorities = nil
		for name, a := range authorities {
			roots, _, err := w.Blobs().Put(t.Context(), bytes.NewReader(a.Roots))
			if err != nil {
				return err
			}
			s.Authorities = append(s.Authorities, evidence.Authority{Name: name, URL: a.URL, Roots: roots})
		}
		slices.SortFunc(s.Authorities, func(a, b evidence.Authority) int { return strings.Compare(a.Name, b.Name) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// collectStamps asks for every stamp that is due and keeps what comes.
func collectStamps(t *testing.T, w *store.Workspace) (kept []evidence.Stamp, failed []error) {
	t.Helper()
	due, err := w.DueStamps(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range due {
		resp, err := http.Post(d.Stamp.URL, "application/timestamp-query", bytes.NewReader(d.Request.DER))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		s, err := w.KeepStamp(t.Context(), d, b)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		kept = append(kept, s)
	}
	return kept, failed
}

func stampsOf(t *testing.T, w *store.Workspace, id evidence.ID) (stamps []evidence.Stamp) {
	t.Helper()
	err := w.View(t.Context(), func(tx *store.Tx) (err error) {
		stamps, err = tx.StampsOf(id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return stamps
}

func TestOneStampByEachAuthorityCoversEverySealBelowIt(t *testing.T) {
	s := newScene(t)
	one, two := stamptest.Start(t, stamptest.Options{}), stamptest.Start(t, stamptest.Options{EC: true})
	if due, err := s.w.DueStamps(t.Context()); err != nil || len(due) > 0 {
		t.Fatalf("without an authority %d stamps are due, %v", len(due), err)
	}
	if r := verify(t, s.w); !r.OK() || r.Unstamped != 3 {
		t.Errorf("%d unstamped, findings %+v; want 3 and none: to be unstamped is not a fault", r.Unstamped, r.Findings)
	}
	trust(t, s.w, map[string]*stamptest.Authority{"one": one, "two": two})
	kept, failed := collectStamps(t, s.w)
	if len(kept) != 2 || len(failed) > 0 || one.Requests() != 1 || two.Requests() != 1 {
		t.Fatalf("%d stamps, failures %v, %d and %d requests; want one by each", len(kept), failed, one.Requests(), two.Requests())
	}
	for _, c := range s.caps {
		if stamps := stampsOf(t, s.w, c.ID); len(stamps) != 2 || stamps[0].Strength() != evidence.StrengthRFC3161 {
			t.Errorf("stamps of %s: %+v, want one by each authority", c.ID, stamps)
		}
	}
	// The leaves that tell of the stamps are not worth another stamp.
	if due, err := s.w.DueStamps(t.Context()); err != nil || len(due) > 0 {
		t.Errorf("%d stamps are due again, %v", len(due), err)
	}
	s.seal("four")
	if r := verify(t, s.w); !r.OK() || r.Stamps != 2 || r.Unstamped != 1 {
		t.Errorf("%d stamps, %d unstamped, findings %+v; want 2, 1 and none", r.Stamps, r.Unstamped, r.Findings)
	}
	collectStamps(t, s.w)
	r := verify(t, s.w)
	if !r.OK() || len(r.Notes) > 0 || r.Stamps != 4 || r.Unstamped != 0 {
		t.Errorf("%d stamps, %d unstamped, findings %+v, notes %+v; want 4, 0 and none", r.Stamps, r.Unstamped, r.Findings, r.Notes)
	}
	t.Logf("%d stamps over %d leaves, %d captures unstamped", r.Stamps, r.Leaves, r.Unstamped)
	// The earlier stamp proves more.
	if stamps := stampsOf(t, s.w, s.caps[0].ID); len(stamps) != 2 || stamps[0].Size != kept[0].Size {
		t.Errorf("stamps %+v, want those of size %d", stamps, kept[0].Size)
	}
}

func TestAStampThatDoesNotHoldIsNotKeptAndStaysDue(t *testing.T) {
	for _, tt := range []struct {
		acts stamptest.Conduct
		want error
	}{
		{stamptest.WrongImprint, stamp.ErrImprint}, {stamptest.WrongNonce, stamp.ErrNonce},
		{stamptest.Garbage, stamp.ErrMalformed}, {stamptest.Refuses, nil},
	} {
		t.Run(string(tt.acts), func(t *testing.T) {
			s, a := newScene(t), stamptest.Start(t, stamptest.Options{EC: true})
			trust(t, s.w, map[string]*stamptest.Authority{"one": a})
			a.Behave(tt.acts)
			for range 2 {
				kept, failed := collectStamps(t, s.w)
				if len(kept) > 0 || len(failed) != 1 || tt.want != nil && !errors.Is(failed[0], tt.want) {
					t.Fatalf("kept %+v, failures %v; want %v", kept, failed, tt.want)
				}
			}
			r := verify(t, s.w)
			if !r.OK() || len(r.Notes) > 0 || r.Stamps != 0 || r.Unstamped != 3 {
				t.Errorf("%d stamps, %d unstamped, findings %+v, notes %+v", r.Stamps, r.Unstamped, r.Findings, r.Notes)
			}
			a.Behave(stamptest.Honest)
			if kept, failed := collectStamps(t, s.w); len(kept) != 1 || len(failed) > 0 || kept[0].Attempts != 3 || kept[0].Error != "" {
				t.Errorf("kept %+v, failures %v; want the same record, at its third attempt", kept, failed)
			}
		})
	}
}

func TestAStampOutlivesItsAuthorityAndAChangeOfKey(t *testing.T) {
	s, a := newScene(t), stamptest.Start(t, stamptest.Options{EC: true})
	trust(t, s.w, map[string]*stamptest.Authority{"one": a})
	collectStamps(t, s.w)
	rotate(t, s.w)
	trust(t, s.w, nil)
	if r := verify(t, s.w); !r.OK() || len(r.Notes) > 0 || r.Stamps != 1 || r.Unstamped != 0 {
		t.Errorf("%d stamps, %d unstamped, findings %+v, notes %+v; want 1, 0 and none", r.Stamps, r.Unstamped, r.Findings, r.Notes)
	}
}

func TestTamperingWithAStampIsReported(t *testing.T) {
	tests := []struct {
		name   string
		tamper func(s *scene, st evidence.Stamp) evidence.Stamp
		want   store.Problem
	}{
		{"its response is changed", func(s *scene, st evidence.Stamp) evidence.Stamp {
			b := read(s.t, s.blob(st.Response))
			b[len(b)/2] ^= 1
			overwrite(s.t, s.blob(st.Response), b)
			return st
		}, store.Altered},
		{"its response is deleted", func(s *scene, st evidence.Stamp) evidence.Stamp {
			remove(s.t, s.blob(st.Response))
			return st
		}, store.Missing},
		{"its time is changed", func(s *scene, st evidence.Stamp) evidence.Stamp {
			st.Time = st.Time.AddDate(-1, 0, 0)
			return st
		}, store.BadStamp},
		{"it is said to cover more", func(s *scene, st evidence.Stamp) evidence.Stamp {
			st.Size++
			return st
		}, store.BadStamp},
		{"it is said to be qualified", func(s *scene, st evidence.Stamp) evidence.Stamp {
			st.Qualified = true
			return st
		}, store.BadStamp},
		{"its roots are exchanged", func(s *scene, st evidence.Stamp) evidence.Stamp {
			st.Roots = ""
			return st
		}, store.BadStamp},
		{"its record is taken back to the queue", func(s *scene, st evidence.Stamp) evidence.Stamp {
			st.State = evidence.StampQueued
			return st
		}, store.Unrecorded},
	}
	a := stamptest.Start(t, stamptest.Options{EC: true})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t)
			trust(t, s.w, map[string]*stamptest.Authority{"one": a})
			kept, failed := collectStamps(t, s.w)
			if len(kept) != 1 {
				t.Fatal(failed)
			}
			s.seal("after") // a checkpoint of every size there could be
			st := tt.tamper(s, kept[0])
			s.tamper(func(tx *store.Tx) error { return store.Put(tx, st.ID, st) })
			r := verify(t, open(t, s.w.Dir(), s.o))
			if !slices.ContainsFunc(r.Findings, func(f store.Finding) bool { return f.Problem == tt.want }) {
				t.Errorf("findings %+v, want one that is %s", r.Findings, tt.want)
			}
		})
	}
}

func TestAPlantedStampIsReported(t *testing.T) {
	s, a := newScene(t), stamptest.Start(t, stamptest.Options{EC: true})
	trust(t, s.w, map[string]*stamptest.Authority{"one": a})
	kept, _ := collectStamps(t, s.w)
	planted := kept[0]
	planted.ID = evidence.NewID(evidence.KindStamp, planted.Time)
	s.tamper(func(tx *store.Tx) error { return store.Put(tx, planted.ID, planted) })
	r := verify(t, s.w)
	if !slices.ContainsFunc(r.Findings, func(f store.Finding) bool { return f.Problem == store.BadStamp && f.ID == planted.ID }) {
		t.Errorf("findings %+v, want the planted stamp", r.Findings)
	}
}

func TestSettingsAreToldOfInTheLogAndNameTheOperator(t *testing.T) {
	o := options(t)
	o.Actor.Name = ""
	w := open(t, t.TempDir(), o)
	if s, err := w.Settings(t.Context()); err != nil || s.ID != "" {
		t.Errorf("new workspace: %+v, %v; want no settings", s, err)
	}
	for _, name := range []string{"Ada", "Ben"} {
		if _, err := w.ChangeSettings(t.Context(), func(s *evidence.WorkspaceSettings) error { s.Operator = name; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	c := sealOne(t, w, "https://shop.example/", nil)
	var names []string
	err := w.View(t.Context(), func(tx *store.Tx) error {
		for e, err := range tx.Log(c.ID) {
			if err != nil {
				return err
			}
			names = append(names, e.Actor.Name)
		}
		return nil
	})
	if err != nil || !slices.Equal(names, []string{"Ben"}) {
		t.Errorf("the seal was made by %v, %v; want Ben, as the settings say", names, err)
	}
	s, err := w.Settings(t.Context())
	if err != nil || lastLeaf(t, w, s.ID).Action != custody.SettingsChanged {
		t.Errorf("settings %+v, %v: no leaf tells of their change", s, err)
	}
	if r := verify(t, w); !r.OK() {
		t.Errorf("findings %+v", r.Findings)
	}
}

func TestTheKeptRootsReadAsCertificates(t *testing.T) {
	b, err := os.ReadFile("../assets/tsaroots/roots.pem")
	if err != nil {
		t.Fatal(err)
	}
	roots, err := stamp.ParseCertificates(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range roots {
		// Some sign themselves with SHA-1, which nobody relies on: they are named here.
		if !c.IsCA || !bytes.Equal(c.RawSubject, c.RawIssuer) {
			t.Errorf("%s is not a root", c.Subject)
		}
	}
	t.Logf("%d roots", len(roots))
}
