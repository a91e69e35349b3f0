package takedowntest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"touchstone/report/takedown"
	"touchstone/store/evidence"
)

// Open is a bench of a channel whose marketplace is a handler: api behind faults,
// and signIn, where there is one, spared of them.
func Open(t *testing.T, api http.Handler, signIn http.Handler, connect func(base string) (takedown.Connector, error)) (Bench, string) {
	t.Helper()
	faults := NewFaults(api, 0, 1)
	mux := http.NewServeMux()
	mux.Handle("/", faults)
	if signIn != nil {
		mux.Handle("/oauth/", signIn)
	}
	base := Serve(t, mux)
	c, err := connect(base)
	if err != nil {
		t.Fatal(err)
	}
	return Bench{
		Connector: c, LoseAnswer: func() { faults.Plan(FaultResetLate) }, BusyOnce: func() { faults.Plan(FaultBusy) },
	}, base
}

// Reply answers with JSON.
func Reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// Filings gives filings of a notice about counterfeit goods at distinct pages of a host.
func Filings(host string) func(n int) takedown.Filing {
	made := 0
	return func(n int) takedown.Filing {
		owner := evidence.Organisation{Name: "Aurelia SA", Address: "1 rue X", City: "Paris", Region: "IDF", Country: "FR", Email: "ip@aurelia.example"}
		f := takedown.Filing{
			Notice: evidence.Notice{Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct, Explanation: "The stitching is not ours."},
			Brand:  evidence.Brand{Name: "Aurelia", Owner: owner}, Signatory: evidence.Signatory{Name: "Ines Martin", Email: "ines@aurelia.example"},
			Right: evidence.Right{Type: evidence.Trademark, Name: "AURELIA", Number: "018000001", Office: "EUIPO", Jurisdiction: "EU", Owner: owner},
		}
		for range n {
			made++
			f.Items = append(f.Items, takedown.Item{
				Item:    evidence.NoticeItem{ID: evidence.ID(fmt.Sprint("item_", made))},
				Listing: evidence.Listing{URL: fmt.Sprintf("https://%s/item/%d", host, made), ItemID: fmt.Sprint("MLA-", 900000+made)},
			})
		}
		f.IdempotencyKey = fmt.Sprint("sub_", made)
		return f
	}
}
