package specimen_test

import (
	"testing"

	"touchstone/assets"
	"touchstone/report/takedown/takedowntest/specimen"
)

func TestTheDocumentsExamplesKeepToItsSchemas(t *testing.T) {
	doc := specimen.Read(t, assets.JointForceOpenAPI, 1)
	examples := doc.Examples()
	for _, e := range examples {
		if !doc.Valid(e.Schema, e.Text) {
			t.Errorf("the example beside %s breaks it: %s", e.Schema, e.Text)
		}
	}
	if len(examples) < 15 {
		t.Errorf("%d examples were found, want those of the document", len(examples))
	}
}

// What OpenAPI 3.1 took over from JSON Schema must be held too, or the contract
// says less than the document.
func TestWhatOpenAPI31AddsIsHeld(t *testing.T) {
	doc := specimen.Read(t, assets.JointForceOpenAPI, 1)
	const at = "#/components/schemas/"
	for name, c := range map[string]struct {
		schema, text string
		want         bool
	}{
		"a constant":                      {"Token", `{"access_token":"a","token_type":"Bearer","expires_in":1}`, true},
		"another constant":                {"Token", `{"access_token":"a","token_type":"mac","expires_in":1}`, false},
		"one of two types":                {"Tally", `{"removed":0,"rejected":0,"reinstated":0,"pending":0,"withdrawn":0,"takedown_rate":null,"counter_rate":0.5,"meets":true}`, true},
		"neither of two types":            {"Tally", `{"removed":0,"rejected":0,"reinstated":0,"pending":0,"withdrawn":0,"takedown_rate":"none","counter_rate":0.5,"meets":true}`, false},
		"then what if asks for":           {"CounterAnswerRequest", `{"reference":"a","position":"reject","reason":"other","answered_by":"x"}`, true},
		"without what if asks for":        {"CounterAnswerRequest", `{"reference":"a","position":"reject","answered_by":"x"}`, false},
		"a member whose schema is false":  {"CounterAnswerRequest", `{"reference":"a","position":"accept","answered_by":"x","court":{"name":"n","docket":"d","filed_on":"2026-11-30"}}`, false},
		"the same where it is allowed":    {"CounterAnswerRequest", `{"reference":"a","position":"escalate","answered_by":"x","court":{"name":"n","docket":"d","filed_on":"2026-11-30"}}`, true},
		"a day that is not":               {"CounterAnswerRequest", `{"reference":"a","position":"escalate","answered_by":"x","court":{"name":"n","docket":"d","filed_on":"2026-02-30"}}`, false},
		"an address that is not absolute": {"Seller", `{"id":"a","name":"b","url":"/shop"}`, false},
	} {
		if got := doc.Valid(at+c.schema, []byte(c.text)); got != c.want {
			t.Errorf("%s: valid %v, want %v", name, got, c.want)
		}
	}
}
