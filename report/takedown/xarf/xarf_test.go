package xarf_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"touchstone/assets"
	"touchstone/assets/schematest"
	"touchstone/report/takedown"
	post "touchstone/report/takedown/mail"
	"touchstone/report/takedown/takedowntest"
	"touchstone/report/takedown/xarf"
	"touchstone/store/evidence"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const sender = "takedowns@agency.example"

func client(t *testing.T, p *takedowntest.Post, change func(*post.Server)) *xarf.Client {
	t.Helper()
	s := post.Server{Host: p.Host, Port: p.Port, Security: post.StartTLS, User: takedowntest.PostUser, Password: takedowntest.PostPassword, TLS: p.TLS, Patience: time.Minute}
	if change != nil {
		change(&s)
	}
	c, err := xarf.New(xarf.Config{Server: s, From: sender})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var seen = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// filings are of one fake shop each, seen at noon, to its provider.
func filings() func(n int) takedown.Filing {
	give := takedowntest.Filings("fake-shop.example")
	return func(n int) takedown.Filing {
		f := give(n)
		f.Notice.Recipient, f.Notice.Approval, f.Brand.Site = "abuse@provider.example", &evidence.Approval{At: seen.Add(time.Hour)}, "https://aurelia.example"
		f.Notice.Statements = []evidence.Statement{{Text: "I believe in good faith that this use is not authorised."}}
		f.Right.Classes = []int{18, 25}
		for i := range f.Items {
			f.Items[i].Capture.FinishedAt = seen
			f.Items[i].Listing.Title, f.Items[i].Listing.Marketplace = "Tasche – 手袋", "shopify"
			f.Items[i].Assessment = &evidence.Assessment{At: seen.Add(time.Minute)}
			f.Items[i].Files = []takedown.File{{Name: "screenshot.jpg", MediaType: "image/jpeg", About: "The page as it was seen.", Content: bytes.Repeat([]byte("jpeg\r\n.\r\n"), 1000)}}
		}
		return f
	}
}

func open(t *testing.T) (takedowntest.Bench, *takedowntest.Post) {
	t.Helper()
	p := takedowntest.NewPost(t)
	return takedowntest.Bench{
		Connector: client(t, p, nil), Stranger: client(t, p, func(s *post.Server) { s.Password = "wrong-password" }),
		Secrets: []string{takedowntest.PostPassword, base64.StdEncoding.EncodeToString([]byte("\x00" + takedowntest.PostUser + "\x00" + takedowntest.PostPassword))},
		Filing:  filings(), Filed: func() int { return len(p.Taken()) },
		LoseAnswer: func() { p.Plan(takedowntest.MailDropsLate) }, BusyOnce: func() { p.Plan(takedowntest.MailGreylists) },
	}, p
}

func TestConnector(t *testing.T) {
	takedowntest.Run(t, func(t *testing.T) takedowntest.Bench { b, _ := open(t); return b })
}

// Every fault is judged by whether the server can have taken the mail.
func TestEachFaultOfAMailServerIsJudgedByWhatMayHaveHappened(t *testing.T) {
	for fault, c := range map[takedowntest.MailFault]struct {
		want  error
		taken int
		says  string
	}{
		takedowntest.MailTooBusy:    {takedown.ErrBusy, 0, "too many connections"},
		takedowntest.MailNoTLS:      {takedown.ErrUnreachable, 0, "offers no encryption"},
		takedowntest.MailGreylists:  {takedown.ErrBusy, 0, "greylisted"},
		takedowntest.MailNoSuchUser: {takedown.ErrRefused, 0, "look up the abuse contact"},
		takedowntest.MailDropsEarly: {takedown.ErrUnreachable, 0, ""},
		takedowntest.MailDropsLate:  {takedown.ErrUnknownOutcome, 1, "broke after the message"},
		takedowntest.MailHangs:      {takedown.ErrUnknownOutcome, 1, ""},
		takedowntest.MailHalf:       {takedown.ErrUnknownOutcome, 1, ""},
		takedowntest.MailGarbage:    {takedown.ErrUnknownOutcome, 1, ""},
		takedowntest.MailFull:       {takedown.ErrBusy, 0, "no room"},
		takedowntest.MailSpam:       {takedown.ErrRefused, 0, "refused by policy"},
	} {
		t.Run(string(fault), func(t *testing.T) {
			b, p := open(t)
			if fault == takedowntest.MailHangs {
				b.Connector = client(t, p, func(s *post.Server) { s.Patience = 3 * time.Second })
			}
			p.Plan(fault)
			f := b.Filing(1)
			f.Items[0].Files[0].Content = bytes.Repeat([]byte("x"), 1<<20) // more than the network holds in between
			a, err := takedowntest.File(t.Context(), b.Connector, f)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v; want one that is %q and says %q", err, c.want, c.says)
			}
			if got := len(p.Taken()); got != c.taken {
				t.Errorf("the server took %d mails, want %d", got, c.taken)
			}
			if len(a.Items) != 0 || a.External != "" || bytes.Contains(a.Response, []byte(takedowntest.PostPassword)) {
				t.Errorf("the answer is %+v", a)
			}
		})
	}
}

// freshTokens gives token-1 first and, when that is stale, token-2.
func freshTokens() func(context.Context, string) (string, error) {
	return func(_ context.Context, stale string) (string, error) {
		if stale == "" {
			return "token-1", nil
		}
		return "token-2", nil
	}
}

// withToken is a server that takes that token alone.
func withToken(token string) func(*takedowntest.Post, *post.Server) {
	return func(p *takedowntest.Post, s *post.Server) { p.Token, s.Token, s.Password = token, freshTokens(), "" }
}

func TestWaysToSignIn(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*takedowntest.Post, *post.Server)
		want   error
	}{
		"PLAIN":                                  {func(*takedowntest.Post, *post.Server) {}, nil},
		"LOGIN":                                  {func(p *takedowntest.Post, _ *post.Server) { p.Login = true }, nil},
		"on this computer without encryption":    {func(p *takedowntest.Post, s *post.Server) { p.Plain, s.Security = true, post.None }, nil},
		"a wrong password":                       {func(_ *takedowntest.Post, s *post.Server) { s.Password = "wrong-password" }, takedown.ErrUnauthorised},
		"a certificate that nobody vouches for":  {func(_ *takedowntest.Post, s *post.Server) { s.TLS = nil }, takedown.ErrUnreachable},
		"TLS where the server begins in clear":   {func(_ *takedowntest.Post, s *post.Server) { s.Security = post.TLS }, takedown.ErrUnreachable},
		"a server that is not there":             {func(_ *takedowntest.Post, s *post.Server) { s.Port = "9" }, takedown.ErrUnreachable},
		"a token":                                {withToken("token-1"), nil},
		"a token that is stale and renewed":      {withToken("token-2"), nil},
		"a token that is not taken":              {withToken("another"), takedown.ErrUnauthorised},
		"a token where only passwords are taken": {func(_ *takedowntest.Post, s *post.Server) { s.Token = freshTokens() }, takedown.ErrUnauthorised},
		"nobody signed in where it is asked for": {func(_ *takedowntest.Post, s *post.Server) { s.User = "" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := takedowntest.NewPost(t)
			err := client(t, p, func(s *post.Server) { c.change(p, s) }).Check(t.Context())
			if !errors.Is(err, c.want) {
				t.Errorf("Check: %v, want %v", err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "wrong-password") || strings.Contains(err.Error(), takedowntest.PostPassword) || strings.Contains(err.Error(), "token-")) {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
	for _, s := range []post.Server{
		{Port: "587", Security: post.StartTLS}, {Host: "mail.example", Port: "587", Security: post.None},
		{Host: "mail.example", Port: "587", Security: "ssl"}, {Host: "mail.example", Port: "many", Security: post.TLS},
	} {
		if _, err := xarf.New(xarf.Config{Server: s, From: sender}); err == nil {
			t.Errorf("%+v is taken", s)
		}
	}
}

// parts are what a mail holds, by file name; the text under "".
func parts(t *testing.T, message []byte) (mail.Header, map[string][]byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return m.Header, files
		}
		if err != nil {
			t.Fatal(err)
		}
		var in io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			in = base64.NewDecoder(base64.StdEncoding, part)
		}
		if files[part.FileName()], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheMailHoldsWhatAnAbuseDeskNeeds(t *testing.T) {
	b, p := open(t)
	f := b.Filing(1)
	a, err := takedowntest.File(t.Context(), b.Connector, f)
	if err != nil {
		t.Fatal(err)
	}
	head, files := parts(t, p.Taken()[0])
	if got, want := head.Get("Message-ID"), "<"+f.IdempotencyKey+"@agency.example>"; got != want || "<"+a.External+">" != want {
		t.Errorf("Message-ID %s, the answer's number %s; want %s", got, a.External, want)
	}
	for name, want := range map[string]string{"To": "<abuse@provider.example>", "Reply-To": `"Ines Martin" <ines@aurelia.example>`, "From": `"Aurelia SA" <takedowns@agency.example>`, "Date": "Tue, 24 Nov 2026 13:00:00 +0000"} {
		if got := head.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if diff := cmp.Diff(f.Items[0].Files[0].Content, files["screenshot.jpg"]); diff != "" {
		t.Errorf("the screenshot is not what was given: %d bytes of %d", len(files["screenshot.jpg"]), len(f.Items[0].Files[0].Content))
	}
	for _, want := range []string{f.Items[0].Address(), "24 November 2026 at 12:00 UTC", "EUIPO 018000001", "The stitching is not ours.", "good faith", "Ines Martin"} {
		if !strings.Contains(string(files[""]), want) {
			t.Errorf("the text does not say %q:\n%s", want, files[""])
		}
	}
	var r xarf.Report
	if err := json.Unmarshal(files["xarf.json"], &r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(head.Get("Subject"), r.ID) || r.Infringement != "counterfeit" || r.Evidence[0].Size != len(f.Items[0].Files[0].Content) {
		t.Errorf("report %+v, subject %s", r, head.Get("Subject"))
	}
	validate(t, files["xarf.json"])
}

func validate(t *testing.T, report []byte) {
	t.Helper()
	if err := schematest.Compile(t, assets.Schemas, "schemas/xarf-brand-infringement.json").Validate(schematest.Parse(t, report)); err != nil {
		t.Errorf("the report is not as the schema has it: %v\n%s", err, report)
	}
}

// Every kind of infringement, locus and target makes a report that the schema takes.
func TestReportsAreAsTheSchemaHasThem(t *testing.T) {
	d, err := takedown.Describe("xarf")
	if err != nil {
		t.Fatal(err)
	}
	give := filings()
	for _, infringement := range evidence.Infringements {
		for _, locus := range evidence.Loci {
			for _, target := range []evidence.TargetKind{evidence.TargetOffer, evidence.TargetDomain} {
				f := give(1)
				f.Notice.Infringement, f.Notice.Locus, f.Items[0].Listing.Target = infringement, locus, target
				r, err := xarf.ReportOf(&d, &f, &f.Items[0], sender)
				if err != nil {
					t.Fatalf("%s, %s: %v", infringement, locus, err)
				}
				text, err := r.JSON()
				if err != nil {
					t.Fatal(err)
				}
				validate(t, text)
			}
		}
	}
}

// The schema is no rubber stamp: what the format forbids, it forbids.
func TestTheSchemaRefusesWhatTheFormatDoes(t *testing.T) {
	d, err := takedown.Describe("xarf")
	if err != nil {
		t.Fatal(err)
	}
	f := filings()(1)
	r, err := xarf.ReportOf(&d, &f, &f.Items[0], sender)
	if err != nil {
		t.Fatal(err)
	}
	text, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(map[string]any){
		"another version":          func(m map[string]any) { m["xarf_version"] = "4.1.0" },
		"an ID that is no UUID":    func(m map[string]any) { m["report_id"] = "42" },
		"no genuine site":          func(m map[string]any) { delete(m, "legitimate_site") },
		"an unknown infringement":  func(m map[string]any) { m["infringement_type"] = "fake" },
		"a class beyond 45":        func(m map[string]any) { m["trademark_details"].(map[string]any)["category"] = []any{46} },
		"a long description":       func(m map[string]any) { m["description"] = strings.Repeat("x", 1001) },
		"a tag without namespace":  func(m map[string]any) { m["tags"] = []any{"shoes"} },
		"a hash without algorithm": func(m map[string]any) { m["evidence"].([]any)[0].(map[string]any)["hash"] = strings.Repeat("0", 64) },
		"evidence above 5 MiB":     func(m map[string]any) { m["evidence"].([]any)[0].(map[string]any)["size"] = 5242881 },
		"what is internal":         func(m map[string]any) { m["_internal"] = map[string]any{} },
	} {
		t.Run(name, func(t *testing.T) {
			var doc map[string]any
			if err := json.Unmarshal(text, &doc); err != nil {
				t.Fatal(err)
			}
			spoil(doc)
			if schematest.Compile(t, assets.Schemas, "schemas/xarf-brand-infringement.json").Validate(doc) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}

func TestWhatCannotBeReportedIsSaid(t *testing.T) {
	b, _ := open(t)
	for name, c := range map[string]struct {
		spoil func(*takedown.Filing)
		says  string
	}{
		"nobody to send to":         {func(f *takedown.Filing) { f.Notice.Recipient = "" }, "--recipient"},
		"two recipients":            {func(f *takedown.Filing) { f.Notice.Recipient = "a@b.example, c@d.example" }, "is not an e-mail address"},
		"a recipient with a header": {func(f *takedown.Filing) { f.Notice.Recipient = "a@b.example\r\nBcc: x@y.example" }, "is not an e-mail address"},
		"no genuine site":           {func(f *takedown.Filing) { f.Brand.Site = "" }, "legitimate_site"},
		"a long explanation":        {func(f *takedown.Filing) { f.Notice.Explanation = strings.Repeat("x", 1001) }, "at most 1000"},
		"a listing never captured":  {func(f *takedown.Filing) { f.Items[0].Capture = evidence.Capture{} }, "has no capture"},
		"a file beyond 5 MiB":       {func(f *takedown.Filing) { f.Items[0].Files[0].Content = make([]byte, 5242881) }, "at most 5242880"},
	} {
		t.Run(name, func(t *testing.T) {
			f := b.Filing(1)
			c.spoil(&f)
			if _, err := b.Connector.Compose(f); !errors.Is(err, takedown.ErrUnfit) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Compose: %v; want one that says %q", err, c.says)
			}
		})
	}
}
