package page

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"touchstone/capture/traffic"
	"touchstone/store/evidence"
)

// told is a message of the witness.
func told(t *testing.T, fields map[string]any) string {
	t.Helper()
	b, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestActsAreOneForEachThingDone(t *testing.T) {
	reported := 0
	a := newActs(func(evidence.Act) { reported++ })
	for _, letter := range []string{"l", "a", "m", "p"} {
		a.hear(1, "d", told(t, map[string]any{"what": "typed", "on": "input#q", "text": letter}))
	}
	a.hear(1, "d", told(t, map[string]any{"what": "pressed", "on": "input#q", "text": "Enter"}))
	for range 3 {
		a.hear(1, "d", told(t, map[string]any{"what": "typed_secret", "on": "input#p"}))
	}
	a.hear(2, "d", told(t, map[string]any{"what": "typed", "on": "input#q", "text": "x"}))
	a.hear(1, "d", "not JSON")
	want := []evidence.Act{
		{Tab: 1, What: evidence.ActTyped, On: "input#q", Text: "lamp"},
		{Tab: 1, What: evidence.ActPressed, On: "input#q", Text: "Enter"},
		{Tab: 1, What: evidence.ActSecret, On: "input#p"},
		{Tab: 2, What: evidence.ActTyped, On: "input#q", Text: "x"},
	}
	if d := cmp.Diff(want, a.list(), cmpopts.IgnoreFields(evidence.Act{}, "At")); d != "" {
		t.Error(d)
	}
	if reported != len(want) {
		t.Errorf("%d acts were reported, want %d", reported, len(want))
	}
}

func TestSecretsAreStruckOut(t *testing.T) {
	a := newActs(func(evidence.Act) {})
	grow := func(field int, value string) {
		for i := range value {
			a.hear(1, "d", told(t, map[string]any{"what": "secret", "field": field, "text": value[:i+1]}))
		}
	}
	grow(1, "first & wrong")
	grow(1, `s3cret"&=x`) // typed anew in the same field
	grow(2, "4111 1111 1111 1111")
	grow(3, "123")
	clean := a.secrets.cleaner()
	for name, text := range map[string]string{
		"plain":            `pass s3cret"&=x end`,
		"in a query":       "https://shop.example/?p=s3cret%22%26%3Dx&n=1",
		"in JSON":          `{"p":"s3cret\"&=x"}`,
		"in HTML":          `<input value="s3cret&#34;&amp;=x">`,
		"as Chrome writes": `<p>s3cret"&amp;=x</p>`,
		"in base64":        "czNjcmV0IiY9eA==",
		"the one before":   "first & wrong",
		"card with spaces": "4111 1111 1111 1111",
		"card without":     "4111111111111111",
	} {
		if got := clean(text); got == text || !strings.Contains(got, withheld) {
			t.Errorf("%s: %q stays %q", name, text, got)
		}
	}
	if got := clean("item 123 for 12.30"); got != "item 123 for 12.30" {
		t.Errorf("three digits are struck out of what has nothing to do with them: %q", got)
	}
	if got := clean("first"); got != "first" {
		t.Errorf("the beginning of a secret is struck out of a page: %q", got)
	}
}

func TestRequestsThatTellASecretLoseTheirBody(t *testing.T) {
	a := newActs(func(evidence.Act) {})
	a.secrets.learn("f", "correct-horse")
	res := Result{
		URL: "https://shop.example/?p=correct-horse", HTML: []byte("<p>correct-horse</p>"),
		Exchanges: []*traffic.Exchange{
			{URL: "https://shop.example/in", RequestBody: []byte("user=ann&password=correct-horse")},
			{URL: "https://shop.example/strength", RequestBody: []byte(`{"so_far":"correct-h"}`)},
			{URL: "https://shop.example/search", RequestBody: []byte("q=lamp"),
				RequestHeaders: []traffic.Header{{Name: "Referer", Value: "https://shop.example/?p=correct-horse"}}},
		},
	}
	a.secrets.strikeOut(&res)
	b, err := json.Marshal(res)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "correct-horse") || strings.Contains(string(res.HTML), "correct-horse") {
		t.Errorf("it is still there: %s", b)
	}
	if len(res.Exchanges[0].RequestBody) > 0 || len(res.Exchanges[1].RequestBody) > 0 || string(res.Exchanges[2].RequestBody) != "q=lamp" {
		t.Errorf("bodies: %q, %q, %q", res.Exchanges[0].RequestBody, res.Exchanges[1].RequestBody, res.Exchanges[2].RequestBody)
	}
	if len(res.Alterations) != 1 || res.Alterations[0].What != "secret_withheld" {
		t.Errorf("alterations %v", res.Alterations)
	}
}
