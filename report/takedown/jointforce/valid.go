package jointforce

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"touchstone/store/evidence"
)

// The forms that members of messages have, as the protocol's document gives them.
var (
	emailForm    = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	amountForm   = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
	languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	codeForm     = regexp.MustCompile(`^[a-z0-9_.-]{1,64}$`)
	countryForm  = regexp.MustCompile(`^[A-Z]{2}$`)
	keyForm      = regexp.MustCompile(`^[!-~]{1,128}$`)
)

// ValidKey reports whether k may stand in an Idempotency-Key header.
func ValidKey(k string) bool { return keyForm.MatchString(k) }

// Validate lists what in the request breaks the protocol's rules, by JSON
// Pointer. Client and server both ask it; what it allows the document allows.
func (r *NoticeRequest) Validate() []ProblemField {
	var v violations
	r.validate(&v, "")
	return v
}

func (r *NoticeRequest) validate(v *violations, at string) {
	v.text(at+"/reference", r.Reference, 1, 128)
	v.text(at+"/inquiry", r.Inquiry, 0, 128)
	r.Right.validate(v, at+"/right")
	v.form(at+"/reason", r.Reason, codeForm, "a reason code such as counterfeit")
	v.oneOf(at+"/legal_basis", string(r.LegalBasis), string(evidence.BasisDSA), string(evidence.BasisDMCA), string(evidence.BasisECommerceLaw), string(evidence.BasisPlatformPolicy))
	v.oneOf(at+"/locus", string(r.Locus), string(evidence.LocusProduct), string(evidence.LocusPackaging), string(evidence.LocusImage), string(evidence.LocusText))
	v.text(at+"/explanation", r.Explanation, 1, MaxExplanation)
	v.text(at+"/message_to_seller", r.Message, 0, MaxMessage)
	v.form(at+"/language", r.Language, languageForm, "a language tag such as en or zh-CN")
	v.count(at+"/statements", len(r.Statements), 1, 10)
	for i := range r.Statements {
		r.Statements[i].validate(v, fmt.Sprintf("%s/statements/%d", at, i))
	}
	v.text(at+"/signatory/name", r.Signatory.Name, 1, 200)
	v.text(at+"/signatory/title", r.Signatory.Title, 0, 200)
	v.form(at+"/signatory/email", r.Signatory.Email, emailForm, "an e-mail address")
	r.Complainant.validate(v, at+"/complainant")
	v.count(at+"/items", len(r.Items), 1, MaxItems)
	for i := range r.Items {
		r.Items[i].validate(v, fmt.Sprintf("%s/items/%d", at, i))
	}
}

func (r *Right) validate(v *violations, at string) {
	v.oneOf(at+"/type", string(r.Type), string(evidence.Trademark), string(evidence.Copyright), string(evidence.Design), string(evidence.Patent))
	v.text(at+"/name", r.Name, 1, 300)
	v.text(at+"/number", r.Number, 1, 64)
	v.text(at+"/office", r.Office, 1, 64)
	v.form(at+"/jurisdiction", r.Jurisdiction, countryForm, "a country code such as DE, or EU")
	v.text(at+"/owner", r.Owner, 1, 300)
}

func (s *Statement) validate(v *violations, at string) {
	v.form(at+"/kind", s.Kind, codeForm, "a kind such as good_faith")
	v.text(at+"/version", s.Version, 1, 32)
	v.form(at+"/language", s.Language, languageForm, "a language tag such as en or zh-CN")
	v.text(at+"/text", s.Text, 1, 4000)
}

func (c *Complainant) validate(v *violations, at string) {
	v.text(at+"/name", c.Name, 1, 300)
	v.text(at+"/address", c.Address, 0, 1000)
	if c.Country != "" {
		v.form(at+"/country", c.Country, countryForm, "a country code such as DE")
	}
	if c.Email != "" {
		v.form(at+"/email", c.Email, emailForm, "an e-mail address")
	}
	v.text(at+"/phone", c.Phone, 0, 64)
}

func (i *NoticeItemRequest) validate(v *violations, at string) {
	v.text(at+"/reference", i.Reference, 1, 128)
	if u, err := url.Parse(i.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		v.add(at+"/url", "must be an http or https address")
	}
	v.text(at+"/url", i.URL, 1, 2048)
	v.count(at+"/evidence", len(i.Evidence), 0, 50)
	for n := range i.Evidence {
		e, at := &i.Evidence[n], fmt.Sprintf("%s/evidence/%d", at, n)
		v.form(at+"/role", e.Role, codeForm, "a role such as screenshot")
		v.text(at+"/media_type", e.MediaType, 1, 200)
		if e.Size < 0 {
			v.add(at+"/size", "must not be negative")
		}
		if _, err := evidence.ParseHash(string(e.SHA256)); err != nil {
			v.add(at+"/sha256", "must be a SHA-256 as 64 lower-case hexadecimal digits")
		}
	}
}

// Validate lists what in the answer breaks the protocol's rules.
func (r *AnswerRequest) Validate() []ProblemField {
	var v violations
	v.text("/reference", r.Reference, 1, 128)
	v.verdict("/verdict", r.Verdict)
	if r.Basis != "" {
		v.form("/basis", string(r.Basis), codeForm, "a basis such as examined_purchase")
	}
	v.text("/explanation", r.Explanation, 0, MaxExplanation)
	v.text("/examined_by", r.ExaminedBy, 1, 200)
	if r.Notice != nil {
		r.Notice.validate(&v, "/notice")
		if r.Verdict != evidence.Counterfeit && r.Verdict != evidence.OtherInfringement {
			v.add("/notice", "goes only with the verdicts counterfeit and other_infringement")
		}
	}
	return v
}

type violations []ProblemField

func (v *violations) add(pointer, detail string) {
	*v = append(*v, ProblemField{Pointer: pointer, Detail: detail})
}

// text wants from least to most characters.
func (v *violations) text(pointer, s string, least, most int) {
	switch n := utf8.RuneCountInString(s); {
	case n < least:
		v.add(pointer, "must not be empty")
	case n > most:
		v.add(pointer, fmt.Sprintf("has %d characters, at most %d are allowed", n, most))
	}
}

func (v *violations) form(pointer, s string, form *regexp.Regexp, want string) {
	if !form.MatchString(s) || utf8.RuneCountInString(s) > 254 {
		v.add(pointer, "must be "+want)
	}
}

func (v *violations) oneOf(pointer, s string, words ...string) {
	if !slices.Contains(words, s) {
		v.add(pointer, fmt.Sprintf("must be one of %v", words))
	}
}

func (v *violations) verdict(pointer string, verdict evidence.Verdict) {
	v.oneOf(pointer, string(verdict), verdictWords()...)
}

// moment wants a point in time.
func (v *violations) moment(pointer string, at time.Time) {
	if at.IsZero() {
		v.add(pointer, "must be a time such as 2026-11-30T09:00:00Z")
	}
}

func (v *violations) count(pointer string, n, least, most int) {
	if n < least || n > most {
		v.add(pointer, fmt.Sprintf("has %d entries, must have %d to %d", n, least, most))
	}
}
