package desk_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/app/desk"
	"touchstone/app/practice"
	"touchstone/store/evidence"
	"touchstone/store/stamp/stamptest"
)

// approved drafts and approves a notice about some of what is on offer.
func approved(t *testing.T, d *desk.Desk, market *practice.Server, n int) (evidence.Notice, []evidence.Capture) {
	t.Helper()
	captures := captured(t, d, market, "Totes", n)
	brand, err := d.ImportBrand(t.Context(), "brand.json", bytes.NewReader(market.BrandFile()))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range captures {
		if _, err := d.Assess(t.Context(), c.ID, evidence.Assessment{Verdict: evidence.Counterfeit, Basis: evidence.BasisPicture}); err != nil {
			t.Fatal(err)
		}
	}
	made, _, err := d.NewNotice(t.Context(), desk.NoticeOrder{Case: captures[0].Case, Channel: desk.JointForceChannel,
		LegalBasis: evidence.BasisPlatformPolicy, Infringement: evidence.InfringesCounterfeit, Locus: evidence.LocusProduct,
		Explanation: "The goods bear our registered mark and are neither made nor licensed by us. " +
			"The stitching, the logo plate and the price differ from the genuine article, as each exhibit shows.", Practice: true})
	if err != nil {
		t.Fatal(err)
	}
	// A busy machine may not serve all pictures in the time that a page is given.
	if slices.ContainsFunc(captures, func(c evidence.Capture) bool { return !c.Complete }) {
		if err := d.Accept(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
	}
	made, err = d.Approve(t.Context(), made.ID, brand.Signatories[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return made, captures
}

func writePacket(t *testing.T, d *desk.Desk, o desk.PacketOrder) string {
	t.Helper()
	s, err := d.WritePacket(t.Context(), o, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Problems) > 0 {
		t.Errorf("problems: %v", s.Problems)
	}
	return o.Out
}

// under lists the files of an unpacked bag's payload.
func under(t *testing.T, dir string) (root string, names []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*", "data"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%d payloads in the archive, %v", len(found), err)
	}
	err = filepath.WalkDir(found[0], func(name string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			name, err = filepath.Rel(found[0], name)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found[0], names
}

func runs(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestEachEditionHoldsWhatItsReaderMaySee(t *testing.T) {
	d, market := atWork(t)
	n, captures := approved(t, d, market, 2)
	cookies := secrets(t, d, captures[0])
	for name, tt := range map[string]struct {
		edition desk.Edition
		ours    bool // names who captured
		all     bool // holds cookies and traffic
	}{
		"platform": {desk.PlatformEdition, false, false},
		"client":   {desk.ClientEdition, true, false},
		"court":    {desk.CourtEdition, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := unzip(t, writePacket(t, d, desk.PacketOrder{Notice: n.ID, Edition: tt.edition, Out: filepath.Join(t.TempDir(), "packet.zip")}))
			root, names := under(t, dir)
			text := runs(t, "pdftotext", filepath.Join(root, "notice.pdf"), "-")
			if got := strings.Contains(text, "Ada Examiner"); got != tt.ours {
				t.Errorf("the document names who captured: %v, want %v", got, tt.ours)
			}
			for _, part := range []string{"Index of the evidence", "Certification, a draft", "DRAFT FOR COUNSEL"} {
				if got := strings.Contains(text, part); got != tt.all {
					t.Errorf("the document holds %q: %v, want %v", part, got, tt.all)
				}
			}
			if strings.Contains(text, "NOT APPROVED") {
				t.Error("an approved notice is marked as a draft")
			}
			if got := len(holding(t, dir, "Ada Examiner")) > 0; got && !tt.ours {
				t.Errorf("the bag names who captured: %q", holding(t, dir, "Ada Examiner"))
			}
			if got := len(holding(t, root, cookies...)) > 0; got != tt.all {
				t.Errorf("the bag holds values of cookies: %v, want %v", holding(t, root, cookies...), tt.all)
			}
			for _, file := range []string{"index.csv", "certificate.txt", "evidence/exhibit-01/warc.warc.gz"} {
				if got := slices.Contains(names, file); got != tt.all {
					t.Errorf("%s is there: %v, want %v", file, got, tt.all)
				}
			}
			for _, file := range []string{"notice.json", "listings.csv", "evidence/exhibit-02/screenshot.png", "custody/checkpoint"} {
				if !slices.Contains(names, file) {
					t.Errorf("%s is missing from %q", file, names)
				}
			}
			if out, err := commands(t, filepath.Dir(root), "HOW-TO-VERIFY.txt"); err != nil || strings.Contains(out, "NOT") || strings.Contains(out, "FAILED") {
				t.Errorf("the steps of HOW-TO-VERIFY.txt: %v\n%s", err, out)
			}
		})
	}
}

func TestADraftIsMarkedOnEveryPage(t *testing.T) {
	d, n, _ := drafted(t)
	out := filepath.Join(t.TempDir(), "draft.pdf")
	summary, err := d.WritePacket(t.Context(), desk.PacketOrder{Notice: n.ID, Out: out}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	if marks := strings.Count(runs(t, "pdftotext", out, "-"), "DRAFT, NOT APPROVED BY ITS SIGNATORY"); marks != summary.Pages {
		t.Errorf("%d pages are marked as a draft, want all %d", marks, summary.Pages)
	}
}

func TestPacketsAreSignedAndStampedWhereAnAuthorityIsNamed(t *testing.T) {
	d, market := atWork(t)
	n, _ := approved(t, d, market, 1)
	a := stamptest.Start(t, stamptest.Options{EC: true})
	if err := d.AddAuthority(t.Context(), "test", a.URL, a.Roots); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "packet.pdf")
	before := a.Requests()
	writePacket(t, d, desk.PacketOrder{Notice: n.ID, Out: out})
	if a.Requests() != before+1 {
		t.Errorf("the authority was asked %d times, want once", a.Requests()-before)
	}
	if said := runs(t, "pdfsig", "-nocert", out); !strings.Contains(said, "Signature is Valid.") || !strings.Contains(said, "Total document signed") {
		t.Errorf("pdfsig says:\n%s", said)
	}
	cmd := exec.CommandContext(t.Context(), "pdfsig", "-dump", out)
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("pdfsig -dump: %v\n%s", err, said)
	}
	if said := runs(t, "openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", out+".sig0"); !strings.Contains(said, "id-smime-aa-timeStampToken") {
		t.Errorf("openssl finds no time stamp in the signature:\n%s", said)
	}

	a.Behave(stamptest.Broken)
	s, err := d.WritePacket(t.Context(), desk.PacketOrder{Notice: n.ID, Out: out}, evidence.Quiet)
	if err != nil || len(s.Problems) != 1 || !strings.Contains(s.Problems[0].What, "no time stamp") {
		t.Errorf("with an authority that fails: %v, problems %v; want one problem", err, s.Problems)
	}
	if said := runs(t, "pdfsig", "-nocert", out); !strings.Contains(said, "Signature is Valid.") {
		t.Errorf("without a stamp pdfsig says:\n%s", said)
	}
}

func TestAPacketIsSignedWithTheKeyOfAPKCS12File(t *testing.T) {
	d, market := atWork(t)
	n, _ := approved(t, d, market, 1)
	dir := t.TempDir()
	key, cert, p12 := filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem"), filepath.Join(dir, "own.p12")
	runs(t, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=Weber und Partner")
	runs(t, "openssl", "pkcs12", "-export", "-inkey", key, "-in", cert, "-out", p12, "-passout", "pass:sesame")
	content, err := os.ReadFile(p12)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.ReadPKCS12(content, "wrong"); !errors.Is(err, desk.ErrPKCS12) || !strings.Contains(err.Error(), "passphrase") {
		t.Errorf("with a wrong passphrase: %v, want ErrPKCS12 about the passphrase", err)
	}
	if _, err := desk.ReadPKCS12([]byte("no such thing"), "sesame"); !errors.Is(err, desk.ErrPKCS12) {
		t.Errorf("of garbage: %v, want ErrPKCS12", err)
	}
	signer, err := desk.ReadPKCS12(content, "sesame")
	if err != nil {
		t.Fatal(err)
	}
	out := writePacket(t, d, desk.PacketOrder{Notice: n.ID, Out: filepath.Join(dir, "packet.pdf"), Signer: signer})
	if said := runs(t, "pdfsig", "-nocert", out); !strings.Contains(said, "Signature is Valid.") || !strings.Contains(said, "Weber und Partner") {
		t.Errorf("pdfsig says:\n%s", said)
	}
}

func TestANameOfTheCovertListStopsThePacket(t *testing.T) {
	d, market := atWork(t)
	n, captures := approved(t, d, market, 1)
	seller := captures[0].Facts.Seller.Name
	if seller == "" {
		t.Fatal("the practice listing names no seller")
	}
	dir := t.TempDir()
	for _, name := range []string{"packet.pdf", "packet.zip"} {
		for _, term := range []string{strings.ToUpper(seller), strings.ReplaceAll(seller, " ", "_")} {
			if err := d.SetCovert(t.Context(), term, true); err != nil {
				t.Fatal(err)
			}
			_, err := d.WritePacket(t.Context(), desk.PacketOrder{Notice: n.ID, Edition: desk.CourtEdition, Out: filepath.Join(dir, name)}, evidence.Quiet)
			var covert *desk.CovertError
			if !errors.As(err, &covert) || covert.Term != term || covert.In == "" || covert.Line == 0 {
				t.Errorf("%s with %q on the list: error is %v, want a *CovertError with a place", name, term, err)
			}
			if err := d.SetCovert(t.Context(), term, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%d files are left behind, %v", len(left), err)
	}
	writePacket(t, d, desk.PacketOrder{Notice: n.ID, Out: filepath.Join(dir, "packet.zip")})
	if err := d.SetCovert(t.Context(), "a.", true); !errors.Is(err, desk.ErrSetting) {
		t.Errorf("a list entry of one letter: %v, want ErrSetting", err)
	}
}

func TestWhatIsBlackedOutLeavesInNoFile(t *testing.T) {
	d, market := atWork(t)
	n, captures := approved(t, d, market, 2)
	shot, _ := captures[0].Artifact(evidence.RoleScreenshot)
	redaction, err := d.Redact(t.Context(), desk.Redacting{Of: captures[0].ID, Boxes: []evidence.Box{{X: 0, Y: 0, Width: 400, Height: 300}}, Reason: "the buyer's name"})
	if err != nil {
		t.Fatal(err)
	}
	dir := unzip(t, writePacket(t, d, desk.PacketOrder{Notice: n.ID, Out: filepath.Join(t.TempDir(), "packet.zip")}))
	root, names := under(t, dir)
	first := names[slices.IndexFunc(names, func(s string) bool { return strings.HasPrefix(s, "evidence/exhibit-") })]
	t.Logf("first file of evidence: %s", first)
	black := ""
	for _, name := range names {
		if strings.HasPrefix(name, "redacted/") && strings.HasSuffix(name, "screenshot.png") {
			black = name
		}
	}
	if black == "" {
		t.Fatalf("the redacted screenshot is not in %q", names)
	}
	for _, stays := range []string{"screenshot.png", "viewport.png", "html.html", "mhtml.mhtml"} {
		if name := strings.TrimPrefix(strings.TrimSuffix(black, "screenshot.png"), "redacted/") + stays; slices.Contains(names, name) {
			t.Errorf("%s is in the bag", name)
		}
	}
	f, err := os.Open(filepath.Join(root, filepath.FromSlash(black)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(10, 10).RGBA(); r|g|b != 0 {
		t.Errorf("the pixel at 10,10 is %d %d %d, want black", r, g, b)
	}
	text := strings.Join(strings.Fields(runs(t, "pdftotext", "-raw", filepath.Join(root, "notice.pdf"), "-")), "")
	if !strings.Contains(text, string(redaction.Redacted.SHA256)) || !strings.Contains(text, string(shot.SHA256)) {
		t.Error("the document does not name both files' SHA-256")
	}
}

func TestCertificatesOfTheRightTravelWithThePacket(t *testing.T) {
	d, market := atWork(t)
	n, _ := approved(t, d, market, 1)
	dir := t.TempDir()
	scan := filepath.Join(dir, "018000001.png")
	f, err := os.Create(scan)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, image.NewRGBA(image.Rect(0, 0, 200, 300))), f.Close()); err != nil {
		t.Fatal(err)
	}
	attached, err := d.Attach(t.Context(), desk.Attaching{File: scan, To: n.Right, Kind: evidence.AttachedCertificate, ObtainedAt: evidence.Exactly(time.Now().Add(-time.Hour)), ObtainedBy: "Ada Examiner"}, evidence.Quiet)
	if err != nil {
		t.Fatal(err)
	}
	unpacked := unzip(t, writePacket(t, d, desk.PacketOrder{Notice: n.ID, Out: filepath.Join(dir, "packet.zip")}))
	root, names := under(t, unpacked)
	if !slices.Contains(names, "rights/01/018000001.png") || !slices.Contains(names, "rights/01/manifest.json") {
		t.Errorf("the certificate is not among %q", names)
	}
	if found := holding(t, unpacked, "Ada Examiner"); len(found) > 0 {
		t.Errorf("who obtained it is named: %q", found)
	}
	file, _ := attached.Artifact(evidence.RoleAttachment)
	text := strings.Join(strings.Fields(runs(t, "pdftotext", "-raw", filepath.Join(root, "notice.pdf"), "-")), "")
	if !strings.Contains(text, string(file.SHA256)) {
		t.Error("the document does not name the certificate's SHA-256")
	}
}
