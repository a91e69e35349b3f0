package notice

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/assets"
	"touchstone/store/evidence"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// complete is a dossier that nothing is missing from.
func complete(t *testing.T) Dossier {
	t.Helper()
	d := Dossier{
		Brand: evidence.Brand{ID: "brand_1", Name: "Aldebaran", AuthorisedSellers: []string{"Aldebaran Official", "s-1"},
			GenuineMarkers: []string{"secret stitch"}, CounterfeitFeatures: []string{"wrong rivet"}},
		Right: evidence.Right{ID: "right_1", Brand: "brand_1", Type: evidence.Trademark, Name: "ALDEBARAN", Number: "018123456", Office: "EUIPO",
			Jurisdiction: "EU", ValidFrom: "2019-03-04", Expires: "2029-03-04", Owner: evidence.Organisation{Name: "Aldebaran S.p.A."}},
		Signatory: evidence.Signatory{ID: "sig_1", Brand: "brand_1", Name: "Ginevra Lombardi", Email: "g.lombardi@aldebaran.example"},
		Case:      &evidence.Case{ID: "case_1", Name: "Totes", Matter: "ALD-1", Client: "Secret Client", Counsel: "Secret Counsel"},
		Exhibits: []Exhibit{{
			Item: evidence.NoticeItem{ID: "item_1", Listing: "lst_1", Capture: "cap_1", State: evidence.ItemDraft},
			Listing: evidence.Listing{ID: "lst_1", Target: evidence.TargetOffer, URL: "https://market.example/item/1", Title: "Voyager 手提包",
				Marketplace: "market.example", ItemID: "1"},
			Capture: evidence.Capture{ID: "cap_1", Listing: "lst_1", URL: "https://market.example/item/1", Outcome: evidence.Online, Complete: true,
				StartedAt: now.Add(-time.Hour), FinishedAt: now.Add(-time.Hour), Manifest: evidence.HashOf([]byte("manifest")),
				Artifacts: []evidence.Artifact{{Role: evidence.RoleScreenshot, SHA256: evidence.HashOf([]byte("shot"))}},
				Facts: &evidence.Facts{PageKind: evidence.PageListing, Price: &evidence.Price{Min: "89.00", Currency: "EUR"},
					Seller: &evidence.SellerFacts{ID: "s-9", Name: "Golden Lane"}}},
			Manifest: evidence.Manifest{Operator: evidence.Actor{Name: "Secret Operator", Account: "secretaccount"},
				Snapshot: evidence.Snapshot{ServerAddress: "203.0.113.7:443", Settings: evidence.Settings{Proxy: "secretproxy:1", Profile: "secret persona"}}},
			Assessment: &evidence.Assessment{ID: "asm_1", Listing: "lst_1", Capture: "cap_1", Verdict: evidence.Counterfeit,
				Basis: evidence.BasisNonexistentModel, By: "Secret Examiner", At: now},
		}},
	}
	n, err := Draft(evidence.Notice{Brand: "brand_1", Right: "right_1", Channel: "practice", LegalBasis: evidence.BasisDSA,
		Infringement: evidence.InfringesCounterfeit, Signatory: "sig_1",
		Explanation: "The goods bear the registered mark on plate and lining. The brand never made this model; the plate is riveted where genuine goods are sewn."}, now)
	if err != nil {
		t.Fatal(err)
	}
	if d.Notice, err = Approve(n, "sig_1", now); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestACompleteDossierHasNoFindings(t *testing.T) {
	for name, change := range map[string]func(*Dossier){
		"as it is":                         func(*Dossier) {},
		"a rejected complaint before":      func(d *Dossier) { complained(d, evidence.ItemRejected, "practice", "right_1") },
		"a site of a country of the Union": func(d *Dossier) { site(d, "de") },
		"a site of many countries":         func(d *Dossier) { site(d, "intl") },
		"a mark of a country of the Union": func(d *Dossier) { d.Right.Jurisdiction = "FR" },
		"a Benelux mark on the Belgian site": func(d *Dossier) {
			d.Right.Jurisdiction = "BX"
			d.Notice.LegalBasis = evidence.BasisPlatformPolicy
			site(d, "com.be")
		},
		"goods that are shipped to the Union": func(d *Dossier) {
			d.Channel.Territory = evidence.TerritoryShipTo
			d.Notice.Countries = []string{"IT", "PL"}
		},
		"an origin that the page does not tell": func(d *Dossier) {
			d.Channel = Channel{Territory: evidence.TerritoryOrigin, Sure: true}
			d.Exhibits[0].Capture.Facts.Location = "Warehouse 7"
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := complete(t)
			change(&d)
			findings := slices.DeleteFunc(Check(d, now), func(f Finding) bool { return f.Code == "statements_changed" })
			if len(findings) != 0 {
				t.Errorf("findings: %+v", findings)
			}
		})
	}
}

// site has the page be of a site whose country decides.
func site(d *Dossier, name string) {
	d.Channel = Channel{Title: "Amazon", Territory: evidence.TerritorySite, Sure: true}
	d.Exhibits[0].Capture.Facts.Site = name
}

func platformPolicy(d *Dossier, jurisdiction string) {
	d.Notice.LegalBasis, d.Right.Jurisdiction = evidence.BasisPlatformPolicy, jurisdiction
}

// complained has another notice hold the listing, too.
func complained(d *Dossier, state evidence.ItemState, channel string, right evidence.ID) {
	d.Exhibits[0].Elsewhere = []Complaint{{evidence.NoticeItem{ID: "item_9", Notice: "ntc_9", Listing: "lst_1", State: state}, channel, right}}
}

func TestCountriesAreReadFromPlaces(t *testing.T) {
	for place, want := range map[string]string{
		"Shenzhen, China": "CN", "中国广东深圳": "CN", "Guangzhou, China (Mainland)": "CN", "Berlin, Deutschland": "DE", "Istanbul, Turkey": "TR", "Manchester, UK": "GB",
		"São Paulo, Brasil": "BR", "Hong Kong": "HK", "Milano, Italia": "IT", "Lyon, France": "FR", "": "", "ships worldwide": "", "Georgia Avenue 5": "",
	} {
		if got := countryIn(place); got != want {
			t.Errorf("%q is in %q, want %q", place, got, want)
		}
	}
}

func TestWarningsAreAcceptedOneByOne(t *testing.T) {
	findings := []Finding{{Severity: Warning, Code: "a", Subject: "x"}, {Severity: Warning, Code: "a", Subject: "y"}, {Severity: Error, Code: "b"}, {Severity: Note, Code: "c"}}
	got := Unaccepted(findings, []evidence.Acceptance{{Code: "a", Subject: "x"}, {Code: "b"}})
	if diff := cmp.Diff(findings[1:2], got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestEachDefectIsFound(t *testing.T) {
	e := func(d *Dossier) *Exhibit { return &d.Exhibits[0] }
	for name, c := range map[string]struct {
		spoil    func(*Dossier)
		code     string
		severity Severity
	}{
		"a DMCA notice that did not consider fair use": {func(d *Dossier) {
			d.Notice.LegalBasis, d.Right.Type = evidence.BasisDMCA, evidence.Copyright
		}, "fair_use_not_considered", Error},
		"a DMCA notice without address and telephone": {func(d *Dossier) {
			d.Notice.LegalBasis, d.Right.Type, d.Notice.FairUse = evidence.BasisDMCA, evidence.Copyright, "It is a copy of the whole picture, for sale."
		}, "contact_thin", Warning},
		"a notice in China without a certificate": {func(d *Dossier) {
			d.Notice.LegalBasis, d.Right.Jurisdiction = evidence.BasisECommerceLaw, "CN"
		}, "certificate_missing", Warning},
		"a mark of the United Kingdom": {func(d *Dossier) { platformPolicy(d, "GB") }, "unjustified_threats", Warning},
		"a patent of the United Kingdom": {func(d *Dossier) {
			platformPolicy(d, "GB")
			d.Right.Type, d.Notice.Infringement = evidence.Patent, evidence.InfringesPatent
		}, "unjustified_threats", Warning},
		"a right of the United States under the law of the Union": {func(d *Dossier) { d.Right.Jurisdiction = "US" }, "right_outside_law", Error},
		"a right that the channel's territory does not know": {func(d *Dossier) {
			platformPolicy(d, "US")
			d.Channel = Channel{Title: "Taobao", Territories: []string{"CN"}, Sure: true}
		}, "right_not_valid_there", Error},
		"a territory of the channel that nobody confirms": {func(d *Dossier) {
			platformPolicy(d, "US")
			d.Channel = Channel{Title: "Taobao", Territories: []string{"CN"}}
		}, "right_not_valid_there", Warning},
		"a site of another country": {func(d *Dossier) {
			d.Channel = Channel{Title: "Amazon", Territory: evidence.TerritorySite, Sure: true}
			e(d).Capture.Facts.Site = "co.uk"
		}, "right_not_valid_there", Error},
		"goods shipped to another country": {func(d *Dossier) {
			d.Channel = Channel{Title: "AliExpress", Territory: evidence.TerritoryShipTo, Sure: true}
			d.Notice.Countries = []string{"DE", "US"}
		}, "right_not_valid_there", Error},
		"goods shipped to nobody says where": {func(d *Dossier) {
			d.Channel = Channel{Title: "AliExpress", Territory: evidence.TerritoryShipTo, Sure: true}
		}, "ship_to_unknown", Warning},
		"goods of another origin": {func(d *Dossier) {
			d.Channel = Channel{Title: "Made-in-China", Territory: evidence.TerritoryOrigin, Sure: true}
			e(d).Capture.Facts.Location = "Guangzhou, China (Mainland)"
		}, "right_not_valid_there", Error},
		"evidence that does not verify":             {func(d *Dossier) { e(d).Damage = "The screenshot was changed." }, "evidence_does_not_verify", Error},
		"a listing under the same notice elsewhere": {func(d *Dossier) { complained(d, evidence.ItemUnderReview, "practice", "right_1") }, "already_under_notice", Error},
		"a listing under notice on another right":   {func(d *Dossier) { complained(d, evidence.ItemSubmitted, "practice", "right_2") }, "also_under_notice", Warning},
		"a listing under notice by another channel": {func(d *Dossier) { complained(d, evidence.ItemUnknownOutcome, "dsa", "right_1") }, "also_under_notice", Warning},
		"a listing that is in a second draft":       {func(d *Dossier) { complained(d, evidence.ItemDraft, "practice", "right_1") }, "also_drafted", Warning},
		"no channel":                                {func(d *Dossier) { d.Notice.Channel = "" }, "channel_missing", Error},
		"an unknown legal basis":                    {func(d *Dossier) { d.Notice.LegalBasis = "magna_carta" }, "legal_basis_unknown", Error},
		"a DMCA notice on a trade mark":             {func(d *Dossier) { d.Notice.LegalBasis = evidence.BasisDMCA }, "dmca_not_copyright", Error},
		"no type of infringement":                   {func(d *Dossier) { d.Notice.Infringement = "" }, "infringement_missing", Error},
		"no explanation":                            {func(d *Dossier) { d.Notice.Explanation = " \n" }, "explanation_missing", Error},
		"three words to explain":                    {func(d *Dossier) { d.Notice.Explanation = "It is fake." }, "explanation_short", Error},
		"three words under a policy": {func(d *Dossier) {
			d.Notice.Explanation = "It is fake."
			d.Notice.LegalBasis = evidence.BasisPlatformPolicy
		}, "explanation_short", Warning},
		"no right":                               {func(d *Dossier) { d.Right = evidence.Right{} }, "right_missing", Error},
		"no registration number":                 {func(d *Dossier) { d.Right.Number = "" }, "right_number_missing", Error},
		"no owner of the right":                  {func(d *Dossier) { d.Right.Owner.Name = "" }, "right_owner_missing", Error},
		"a copyright without a work":             {func(d *Dossier) { d.Right.Type, d.Right.Name = evidence.Copyright, "" }, "work_missing", Error},
		"another brand's right":                  {func(d *Dossier) { d.Right.Brand = "brand_2" }, "right_of_other_brand", Error},
		"a patent against a counterfeit":         {func(d *Dossier) { d.Right.Type = evidence.Patent }, "right_does_not_fit", Error},
		"a right that expired yesterday":         {func(d *Dossier) { d.Right.Expires = "2026-11-22" }, "right_expired", Error},
		"a right that expires today":             {func(d *Dossier) { d.Right.Expires = "2026-11-23" }, "right_expires_soon", Warning},
		"a right valid from tomorrow":            {func(d *Dossier) { d.Right.ValidFrom = "2026-11-24" }, "right_not_yet_valid", Error},
		"an expiry that is no day":               {func(d *Dossier) { d.Right.Expires = "23.11.2030" }, "right_date_unreadable", Warning},
		"no signatory":                           {func(d *Dossier) { d.Signatory = evidence.Signatory{} }, "signatory_missing", Error},
		"another signatory":                      {func(d *Dossier) { d.Signatory.ID = "sig_2" }, "signatory_other", Error},
		"a firm without authorisation":           {func(d *Dossier) { d.Signatory.Agent = "Keller LLP" }, "authorisation_missing", Error},
		"an authorisation that ended":            {func(d *Dossier) { authorise(d, evidence.Authorisation{To: "2026-11-22"}) }, "authorisation_out_of_scope", Error},
		"an authorisation from tomorrow":         {func(d *Dossier) { authorise(d, evidence.Authorisation{From: "2026-11-24"}) }, "authorisation_out_of_scope", Error},
		"an authorisation for another right":     {func(d *Dossier) { authorise(d, evidence.Authorisation{Rights: []string{"EUIPO 1"}}) }, "authorisation_out_of_scope", Error},
		"an authorisation for another territory": {func(d *Dossier) { authorise(d, evidence.Authorisation{Territories: []string{"US"}}) }, "authorisation_out_of_scope", Error},
		"an authorisation for another platform":  {func(d *Dossier) { authorise(d, evidence.Authorisation{Platforms: []string{"other.example"}}) }, "authorisation_out_of_scope", Error},
		"a right that the platform still examines": {func(d *Dossier) {
			d.Right.Registrations = []evidence.Registration{{Platform: "practice", State: evidence.RegistrationPending}}
		}, "right_not_registered", Error},
		"a right that the platform calls expired": {func(d *Dossier) {
			d.Right.Registrations = []evidence.Registration{{Platform: "Practice", State: evidence.RegistrationExpired}}
		}, "right_not_registered", Error},
		"no e-mail address":                 {func(d *Dossier) { d.Signatory.Email = "" }, "contact_email_missing", Error},
		"a broken e-mail address":           {func(d *Dossier) { d.Signatory.Email = "g.lombardi" }, "contact_email_invalid", Error},
		"no statements":                     {func(d *Dossier) { d.Notice.Statements = nil }, "statements_missing", Error},
		"one statement left out":            {func(d *Dossier) { d.Notice.Statements = d.Notice.Statements[:2] }, "statements_missing", Error},
		"statements put in other words":     {func(d *Dossier) { d.Notice.Statements[1].Text += " Or so." }, "statements_changed", Warning},
		"statements of another law":         {func(d *Dossier) { d.Notice.LegalBasis = evidence.BasisPlatformPolicy }, "statements_changed", Warning},
		"no approval":                       {func(d *Dossier) { d.Notice.Approval = nil }, "approval_missing", Error},
		"someone else's approval":           {func(d *Dossier) { d.Notice.Approval.Signatory = "sig_2" }, "approval_by_other", Error},
		"statements changed after approval": {func(d *Dossier) { d.Notice.Statements[0].Text += " " }, "approval_stale", Error},
		"an approval of tomorrow":           {func(d *Dossier) { d.Notice.Approval.At = now.Add(time.Hour) }, "approval_in_future", Warning},
		"no items":                          {func(d *Dossier) { d.Exhibits = nil }, "items_missing", Error},
		"a listing twice":                   {func(d *Dossier) { d.Exhibits = append(d.Exhibits, d.Exhibits[0]) }, "listing_repeated", Error},
		"no assessment":                     {func(d *Dossier) { e(d).Assessment = nil }, "assessment_missing", Error},
		"an authentic listing":              {func(d *Dossier) { e(d).Assessment.Verdict = evidence.Authentic }, "assessment_not_infringing", Error},
		"genuine goods sold without leave":  {func(d *Dossier) { e(d).Assessment.Verdict = evidence.GenuineUnauthorised }, "assessment_not_infringing", Error},
		"an undetermined listing":           {func(d *Dossier) { e(d).Assessment.Verdict = evidence.Undetermined }, "assessment_not_infringing", Error},
		"another infringement":              {func(d *Dossier) { e(d).Assessment.Verdict = evidence.OtherInfringement }, "assessment_not_counterfeit", Error},
		"an assessment without basis":       {func(d *Dossier) { e(d).Assessment.Basis = "" }, "assessment_without_basis", Error},
		"an assessment by nobody":           {func(d *Dossier) { e(d).Assessment.By = "" }, "assessment_without_examiner", Warning},
		"another listing's assessment":      {func(d *Dossier) { e(d).Assessment.Listing = "lst_2" }, "assessment_of_other_listing", Error},
		"another capture's assessment":      {func(d *Dossier) { e(d).Assessment.Capture = "cap_2" }, "assessment_of_other_capture", Warning},
		"no capture":                        {func(d *Dossier) { e(d).Capture = evidence.Capture{} }, "capture_missing", Error},
		"a removed listing":                 {func(d *Dossier) { e(d).Capture.Outcome = evidence.Removed }, "already_removed", Error},
		"a listing not found":               {func(d *Dossier) { e(d).Capture.Outcome = evidence.NotFound }, "already_removed", Error},
		"a robot check":                     {func(d *Dossier) { e(d).Capture.Outcome = evidence.Blocked }, "capture_not_online", Error},
		"an incomplete capture": {func(d *Dossier) {
			e(d).Capture.Complete, e(d).Capture.Missing = false, []evidence.Missing{{Role: evidence.RoleWARC, Reason: "timeout"}}
		}, "capture_incomplete", Warning},
		"no screenshot":                    {func(d *Dossier) { e(d).Capture.Artifacts = nil }, "screenshot_missing", Warning},
		"a capture without a date":         {func(d *Dossier) { e(d).Capture.FinishedAt = time.Time{} }, "capture_undated", Error},
		"a capture older than the setting": {func(d *Dossier) { d.MaxAge, e(d).Capture.FinishedAt = 7*24*time.Hour, now.AddDate(0, 0, -8) }, "evidence_old", Warning},
		"a capture 31 days old":            {func(d *Dossier) { e(d).Capture.FinishedAt = now.AddDate(0, 0, -31) }, "evidence_old", Warning},
		"a capture of tomorrow":            {func(d *Dossier) { e(d).Capture.FinishedAt = now.Add(time.Hour) }, "capture_in_future", Warning},
		"a clock that is wrong":            {func(d *Dossier) { e(d).Manifest.Clock = &evidence.ClockCheck{OffsetSeconds: -90} }, "clock_off", Warning},
		"an address that is none":          {func(d *Dossier) { e(d).Listing.URL = "javascript:alert(1)" }, "address_missing", Error},
		"an offer that is gone":            {func(d *Dossier) { e(d).Capture.Recheck = &evidence.Recheck{Offer: evidence.EndedBySeller} }, "offer_gone", Error},
		"a listing on hold":                {func(d *Dossier) { e(d).Listing.Review = evidence.ReviewOnHold }, "review", Warning},
		"a search page":                    {func(d *Dossier) { e(d).Capture.Facts.PageKind = evidence.PageSearch }, "not_a_listing_page", Warning},
		"an authorised seller's name":      {func(d *Dossier) { e(d).Capture.Facts.Seller.Name = "ALDEBARAN OFFICIAL" }, "authorised_seller", Error},
		"an authorised seller's ID":        {func(d *Dossier) { e(d).Capture.Facts.Seller.ID = "s-1" }, "authorised_seller", Error},
	} {
		t.Run(name, func(t *testing.T) {
			d := complete(t)
			c.spoil(&d)
			findings := Check(d, now)
			i := slices.IndexFunc(findings, func(f Finding) bool { return f.Code == c.code })
			if i < 0 {
				t.Fatalf("%s is not found: %+v", c.code, findings)
			}
			f := findings[i]
			if f.Severity != c.severity || f.What == "" || f.Advice == "" || f.Subject == "" {
				t.Errorf("finding is %+v, want %s with a subject, what and advice", f, c.severity)
			}
			if c.severity == Error && !Blocked(findings) {
				t.Error("an error does not block the notice")
			}
		})
	}
}

// authorise lets a firm sign on the authorisation.
func authorise(d *Dossier, a evidence.Authorisation) {
	a.Agent, d.Signatory.Agent = "Keller LLP", "Keller LLP"
	d.Brand.Authorisations = append(d.Brand.Authorisations, a)
}

func TestAFirmSignsUnderAnyAuthorisationThatCoversTheNotice(t *testing.T) {
	d := complete(t)
	authorise(&d, evidence.Authorisation{To: "2025-12-31"})
	authorise(&d, evidence.Authorisation{
		Rights: []string{"EUIPO 018123456"}, Platforms: []string{"MARKET.example"}, Territories: []string{"EU", "US"}, From: "2026-01-01", To: "2026-11-23",
	})
	d.Right.Registrations = []evidence.Registration{
		{Platform: "practice", State: evidence.RegistrationApproved}, {Platform: "elsewhere", State: evidence.RegistrationRejected},
	}
	if f := Check(d, now); len(f) != 0 {
		t.Errorf("findings: %+v", f)
	}
}

func TestChineseExplainsInFewerCharacters(t *testing.T) {
	d := complete(t)
	d.Notice.Explanation = "该商品的金属牌和内衬上使用了注册商标，但品牌方从未生产过该型号；正品为缝制，而该商品为铆接，价格仅为正品的二十分之一。"
	if f := Check(d, now); len(f) != 0 {
		t.Errorf("findings: %+v", f)
	}
}

func TestWarningsAloneDoNotBlock(t *testing.T) {
	if Blocked([]Finding{{Severity: Warning}}) || !Blocked([]Finding{{Severity: Warning}, {Severity: Error}}) || Blocked(nil) {
		t.Error("Blocked does not tell errors from warnings")
	}
}

func TestStatementsExistForEveryBasisAndLanguage(t *testing.T) {
	for _, basis := range []evidence.LegalBasis{evidence.BasisDSA, evidence.BasisDMCA, evidence.BasisECommerceLaw, evidence.BasisPlatformPolicy} {
		languages := []string{"de", "en", "es", "fr", "it", "pt", "zh"}
		if basis == evidence.BasisECommerceLaw {
			languages = []string{"en", "zh"}
		}
		if _, err := Statements(basis, "xx"); !errors.Is(err, ErrNoStatements) || !strings.HasSuffix(err.Error(), "there are some in "+strings.Join(languages, ", ")) {
			t.Errorf("%s in a language that it has no statements in: %v", basis, err)
		}
		for _, language := range languages {
			got, err := Statements(basis, language)
			if err != nil {
				t.Errorf("%s in %s: %v", basis, language, err)
			}
			var kinds []string
			for _, s := range got {
				kinds = append(kinds, s.Kind)
				if s.Text == "" || s.Version == "" || s.Language != language {
					t.Errorf("%s in %s: %+v", basis, language, s)
				}
			}
			if diff := cmp.Diff(statementKinds, kinds); diff != "" {
				t.Errorf("%s in %s: kinds (-want +got):\n%s", basis, language, diff)
			}
			if known, newest := published(basis, got); !known || !newest {
				t.Errorf("%s in %s: not recognised as the newest published version", basis, language)
			}
		}
	}
}

// The words the law itself asks for. Who changes them has to change this too.
func TestStatementsSayWhatTheLawAsksFor(t *testing.T) {
	for basis, words := range map[evidence.LegalBasis][]string{
		evidence.BasisDSA:  {"bona fide belief that the information and allegations contained in this notice are accurate and complete"},
		evidence.BasisDMCA: {"good faith belief", "is not authorized by the copyright owner, its agent, or the law", "accurate", "nder penalty of perjury", "authorized to act on behalf of the owner of an exclusive right that is allegedly infringed", "fair use"},
	} {
		statements, err := Statements(basis, "en")
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, s := range statements {
			all.WriteString(s.Text)
		}
		for _, w := range words {
			if !strings.Contains(all.String(), w) {
				t.Errorf("%s lacks %q", basis, w)
			}
		}
	}
}

func TestEveryStatementFileIsOfItsBasis(t *testing.T) {
	files, err := assets.Statements.ReadDir("statements")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		basis := evidence.LegalBasis(strings.TrimSuffix(f.Name(), ".json"))
		if s, err := readTexts(basis); err != nil || s.LegalBasis != basis || s.Source == "" {
			t.Errorf("%s: says it is of %q, from %q, error %v", f.Name(), s.LegalBasis, s.Source, err)
		}
	}
}

func TestUnknownBasisOrLanguageIsAnError(t *testing.T) {
	if _, err := Statements("magna_carta", "en"); !errors.Is(err, ErrNoStatements) {
		t.Errorf("unknown basis: %v, want ErrNoStatements", err)
	}
	if _, err := Statements(evidence.BasisDSA, "tlh"); !errors.Is(err, ErrNoStatements) {
		t.Errorf("unknown language: %v, want ErrNoStatements", err)
	}
	if _, err := Draft(evidence.Notice{LegalBasis: evidence.BasisDSA, Language: "tlh"}, now); !errors.Is(err, ErrNoStatements) {
		t.Errorf("draft in an unknown language: %v, want ErrNoStatements", err)
	}
}

func TestOnlyTheSignatoryApproves(t *testing.T) {
	n := complete(t).Notice
	for _, who := range []evidence.ID{"sig_2", ""} {
		if _, err := Approve(n, who, now); !errors.Is(err, ErrNotSignatory) {
			t.Errorf("approval by %q: %v, want ErrNotSignatory", who, err)
		}
	}
}

func TestTheHashBindsEveryPartOfAStatement(t *testing.T) {
	base := []evidence.Statement{{Kind: "a", Version: "1", Language: "en", Text: "x"}, {Kind: "b", Version: "1", Language: "en", Text: "y"}}
	seen := map[evidence.Hash]string{HashStatements(base): "unchanged"}
	for name, change := range map[string]func([]evidence.Statement){
		"kind":     func(s []evidence.Statement) { s[0].Kind = "c" },
		"version":  func(s []evidence.Statement) { s[0].Version = "2" },
		"language": func(s []evidence.Statement) { s[0].Language = "zh" },
		"text":     func(s []evidence.Statement) { s[1].Text = "y " },
		"order":    func(s []evidence.Statement) { s[0], s[1] = s[1], s[0] },
	} {
		s := slices.Clone(base)
		change(s)
		h := HashStatements(s)
		if other, dup := seen[h]; dup {
			t.Errorf("changing the %s gives the hash of %s", name, other)
		}
		seen[h] = name
	}
}

func TestNoticeJSONKeepsOurSideOut(t *testing.T) {
	var b bytes.Buffer
	d := complete(t)
	if err := WriteJSON(&b, d); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Secret", "secret", "wrong rivet"} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("notice.json holds %q", secret)
		}
	}
	var got struct {
		Schema   int             `json:"schema"`
		Notice   evidence.Notice `json:"notice"`
		Exhibits []struct {
			Number     int                  `json:"number"`
			Capture    evidence.Capture     `json:"capture"`
			Assessment *evidence.Assessment `json:"assessment"`
			Provenance struct {
				ServerAddress string `json:"server_address"`
			} `json:"provenance"`
		} `json:"exhibits"`
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d.Notice, got.Notice); diff != "" {
		t.Errorf("notice (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(d.Exhibits[0].Capture, got.Exhibits[0].Capture); diff != "" {
		t.Errorf("capture (-want +got):\n%s", diff)
	}
	if e := got.Exhibits[0]; got.Schema != JSONSchema || e.Number != 1 || e.Assessment.Basis != evidence.BasisNonexistentModel || e.Provenance.ServerAddress == "" {
		t.Errorf("read back %+v", got)
	}
	if d.Exhibits[0].Assessment.By == "" || d.Exhibits[0].Manifest.Settings.Proxy == "" {
		t.Error("writing changed the dossier")
	}
}

func TestListingsCSVIsSafeToOpen(t *testing.T) {
	d := complete(t)
	d.Exhibits[0].Listing.Title = `=HYPERLINK("http://evil.example","手提包")`
	d.Exhibits[0].Capture.Facts.Seller.Name = "@SUM(A1), \"quoted\"\nsecond line"
	var b bytes.Buffer
	if err := WriteCSV(&b, d); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\uFEFF")
	if !marked {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || len(rows[0]) != len(columns) {
		t.Fatalf("%d rows of %d columns", len(rows), len(rows[0]))
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	for name, want := range map[string]string{
		"title":             `'=HYPERLINK("http://evil.example","手提包")`,
		"seller_name":       "'@SUM(A1), \"quoted\"\nsecond line",
		"url":               "https://market.example/item/1",
		"captured_at_utc":   "2026-11-23T11:00:00Z",
		"price_min":         "89.00",
		"manifest_sha256":   string(evidence.HashOf([]byte("manifest"))),
		"screenshot_sha256": string(evidence.HashOf([]byte("shot"))),
		"verdict":           "counterfeit",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}
