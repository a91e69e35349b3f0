package desk

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// CovertError means that something that was about to leave holds a name or an
// address of the settings' covert list. Nothing was written.
type CovertError struct {
	Term string
	In   string // the file or document
	Line int    // of it, from 1; 0 where it has no lines
	Text string // round about
}

func (e *CovertError) Error() string {
	where := e.In
	if e.Line > 0 {
		where = fmt.Sprintf("%s, line %d", e.In, e.Line)
	}
	return fmt.Sprintf("nothing was written: %s holds %q of the covert list (%q): black it out (touchstone redact), leave the listing out, or take the entry off the list (touchstone settings covert)", where, e.Term, e.Text)
}

// NotClearedError means that captures were made while signed in, or with a person
// at the window, and nobody has said that they may leave.
type NotClearedError struct{ Captures []evidence.ID }

func (e *NotClearedError) Error() string {
	return fmt.Sprintf("nothing was written: %s made while signed in or by hand: a person must look for names of the account and clear %s (touchstone clear CAPTURE)",
		plural(len(e.Captures), "capture was", "captures were")+" "+joinIDs(e.Captures), plural(len(e.Captures), "it", "each"))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func joinIDs(ids []evidence.ID) string {
	var b []string
	for _, id := range ids {
		b = append(b, string(id))
	}
	return strings.Join(b, ", ")
}

// SetCovert puts a name or an address on the covert list, or takes it off. Errors:
// ErrSetting.
func (d *Desk) SetCovert(ctx context.Context, term string, listed bool) error {
	term = strings.TrimSpace(term)
	const least = 3 // letters: less is in everything
	if len([]rune(strings.ReplaceAll(folded(term), " ", ""))) < least && listed {
		return fmt.Errorf("%w: %q is too short to look for: want %d letters or more", ErrSetting, term, least)
	}
	_, err := d.ws.ChangeSettings(ctx, func(s *evidence.WorkspaceSettings) error {
		i := slices.Index(s.Covert, term)
		switch {
		case listed && i < 0:
			s.Covert = append(s.Covert, term)
		case !listed && i < 0:
			return fmt.Errorf("%w: %q is not on the covert list", ErrSetting, term)
		case !listed:
			s.Covert = slices.Delete(s.Covert, i, i+1)
		}
		return nil
	})
	return err
}

// Clear records a person's word that a capture made while signed in, or a photo or
// document of a test purchase, may leave.
func (d *Desk) Clear(ctx context.Context, id evidence.ID, reason string) (evidence.Clearance, error) {
	now := d.cfg.Now().UTC()
	c := evidence.Clearance{ID: evidence.NewID(evidence.KindClearance, now), Reason: strings.TrimSpace(reason), By: d.actorName(), At: now}
	err := d.ws.Update(ctx, func(tx *store.Tx) error {
		manifest, err := clears(tx, &c, id)
		if err != nil {
			return err
		}
		if err := store.Put(tx, c.ID, c); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.Cleared, Subject: c.ID, Case: c.Case, Hashes: map[string]evidence.Hash{custody.HashManifest: manifest}})
	})
	return c, err
}

// clears says of what a clearance is, and returns the manifest of that.
func clears(tx *store.Tx, c *evidence.Clearance, id evidence.ID) (evidence.Hash, error) {
	if id.Kind() == evidence.KindAttachment {
		of, err := store.Get[evidence.Attachment](tx, id)
		c.Attachment, c.Case = id, of.Case
		return of.Manifest, err
	}
	of, err := store.Get[evidence.Capture](tx, id)
	c.Capture, c.Case = id, of.Case
	return of.Manifest, err
}

// covert looks for names and addresses of the covert list in what is to leave.
type covert struct {
	terms []covertTerm
}

type covertTerm struct {
	shown    string
	folded   string // between spaces, where words have spaces between them
	squeezed string // without any; empty for a short one, which is in too much
}

func newCovert(terms []string) *covert {
	c := &covert{}
	for _, t := range terms {
		f := folded(t)
		one := covertTerm{shown: t, folded: " " + f + " "}
		if strings.ContainsFunc(f, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) }) {
			one.folded = f
		}
		const long = 8 // letters
		if s := strings.ReplaceAll(f, " ", ""); len([]rune(s)) >= long {
			one.squeezed = s
		}
		c.terms = append(c.terms, one)
	}
	return c
}

// folded is a text with nothing of it left but letters without their accents and
// digits, in one case, words apart by one space: however a page writes a name.
func folded(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range cases.Fold().String(norm.NFKD.String(s)) {
		switch {
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// in reports the first entry of the list that a text holds.
func (c *covert) in(text string) (covertTerm, bool) {
	f := " " + folded(text) + " "
	squeezed := ""
	for _, t := range c.terms {
		if strings.Contains(f, t.folded) {
			return t, true
		}
		if t.squeezed == "" {
			continue
		}
		if squeezed == "" {
			squeezed = strings.ReplaceAll(f, " ", "")
		}
		if strings.Contains(squeezed, t.squeezed) {
			return t, true
		}
	}
	return covertTerm{}, false
}

// check looks through a text, and says on which of its lines a match begins.
func (c *covert) check(where, text string) error {
	t, found := c.in(text)
	if !found {
		return nil
	}
	e := &CovertError{Term: t.shown, In: where}
	lines := strings.Split(text, "\n")
	for span := 1; span <= 3; span++ { // a name may go over lines
		for i := range lines {
			part := strings.Join(lines[i:min(i+span, len(lines))], "\n")
			if hit, found := c.in(part); found {
				e.Term, e.Line, e.Text = hit.shown, i+1, around(part, hit.shown)
				return e
			}
		}
	}
	e.Text = "over several lines"
	return e
}

// around is a text on one line, cut to what is near the term.
func around(text, term string) string {
	const near = 60 // bytes on either side
	text = strings.Join(strings.Fields(text), " ")
	at := 0
	if found := regexp.MustCompile("(?i)" + regexp.QuoteMeta(term)).FindStringIndex(text); found != nil {
		at = found[0]
	}
	from, to := max(0, at-near), min(len(text), at+len(term)+near)
	return strings.ToValidUTF8(text[from:to], "")
}

// The bounds of a file that is looked through.
const (
	maxSearched = 256 << 20 // bytes
	maxNested   = 8         // files within files
)

// checkFile looks through a file by what it holds. Pictures and films cannot be
// looked through: that is what clearing is for.
func (c *covert) checkFile(where, mediaType string, r io.Reader) error {
	return c.checkWithin(0, where, mediaType, r)
}

// checkWithin looks through a file that is packed into so many others.
func (c *covert) checkWithin(depth int, where, mediaType string, r io.Reader) error {
	if len(c.terms) == 0 {
		return nil
	}
	if depth > maxNested {
		return fmt.Errorf("search %s: it is packed more than %d times over, and may hold a name of the covert list", where, maxNested)
	}
	kind, params, err := mime.ParseMediaType(mediaType)
	if err != nil {
		kind = mediaType
	}
	if strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "video/") || strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "font/") {
		return nil
	}
	content, err := io.ReadAll(io.LimitReader(r, maxSearched+1))
	if err != nil {
		return fmt.Errorf("search %s: %w", where, err)
	}
	if len(content) > maxSearched {
		return fmt.Errorf("search %s: it is larger than %d MB, and may hold a name of the covert list", where, maxSearched>>20)
	}
	if bytes.HasPrefix(content, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return fmt.Errorf("search %s: %w", where, err)
		}
		return c.checkWithin(depth+1, where, "text/plain", z)
	}
	switch {
	case kind == "multipart/related" || kind == "message/rfc822":
		return c.checkMHTML(depth, where, content)
	case strings.HasPrefix(kind, "multipart/"):
		return c.checkParts(depth, where, multipart.NewReader(bytes.NewReader(content), params["boundary"]))
	case kind == "text/html":
		return c.checkHTML(where, string(content))
	case kind == "application/json":
		return c.checkJSON(where, content)
	}
	return c.check(where, string(content))
}

// checkHTML looks through a page as written, through its text with and without
// spaces where its elements meet, and through the values of its attributes.
func (c *covert) checkHTML(where, page string) error {
	if err := c.check(where, page); err != nil {
		return err
	}
	var close, apart strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		if kind == html.TextToken {
			close.WriteString(token.Data)
			apart.WriteString(token.Data + " ")
		}
		for _, a := range token.Attr {
			apart.WriteString(a.Val + " ")
		}
	}
	if err := c.check(where, close.String()); err != nil {
		return err
	}
	return c.check(where, apart.String())
}

// checkMHTML looks through the parts of a page in one file.
func (c *covert) checkMHTML(depth int, where string, content []byte) error {
	m, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		return c.check(where, string(content))
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return c.check(where, string(content))
	}
	head := content[:min(len(content), 8<<10)]
	if err := c.check(where, string(head)); err != nil {
		return err
	}
	return c.checkParts(depth, where, multipart.NewReader(m.Body, params["boundary"]))
}

func (c *covert) checkParts(depth int, where string, parts *multipart.Reader) error {
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("search %s: %w", where, err)
		}
		location := p.Header.Get("Content-Location")
		if err := c.check(where, location); err != nil {
			return err
		}
		var body io.Reader = p
		switch strings.ToLower(p.Header.Get("Content-Transfer-Encoding")) {
		case "quoted-printable":
			body = quotedprintable.NewReader(p)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, p)
		}
		if err := c.checkWithin(depth+1, strings.TrimSpace(where+" "+location), p.Header.Get("Content-Type"), body); err != nil {
			return err
		}
	}
}

// checkJSON looks through the texts of a file; one that does not read is looked
// through as it is.
func (c *covert) checkJSON(where string, content []byte) error {
	if err := c.check(where, string(content)); err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	var texts strings.Builder
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		if s, ok := token.(string); ok {
			texts.WriteString(strings.ReplaceAll(s, "\n", " ") + "\n")
		}
	}
	return c.check(where, texts.String())
}
