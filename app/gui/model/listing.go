package model

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// Listing is the listing that is open, with the capture that is looked at.
type Listing struct {
	OnChange   func()
	OnPoint    func() // another fact is shown on the screenshot
	OnAssessed func(listing evidence.ID)

	onOpen   func()
	b        *Background
	archive  Archive
	judge    Judge
	reviewer Reviewer
	undo     *Undo
	problems *Problems

	Examination *Examination
	Comparison  *Comparison
	Markup      *Markup
	loads       latest

	open     bool
	row      Row
	captures []evidence.Capture // until they are read, the newest as the table knows it
	read     bool
	chosen   int
	pointed  string // the fact that is shown on the screenshot
	saving   bool
}

// Fact is one thing the page said.
type Fact struct {
	Name    string // as differences between captures have it; "" of what is no fact
	Label   string
	Value   string
	Source  string
	Link    bool
	Printed bool // it is known where on the screenshot
}

// Open shows a listing.
func (l *Listing) Open(r Row) {
	l.open, l.row, l.chosen, l.saving = true, r, 0, false
	changed(l.onOpen)
	l.captures, l.read = nil, r.Listing.ID == ""
	if r.Capture != nil {
		l.captures = []evidence.Capture{*r.Capture}
	}
	l.turn()
	l.load()
}

// turn shows another capture.
func (l *Listing) turn() {
	c, _ := l.Capture()
	if c.ID != l.Examination.capture {
		l.pointed = ""
	}
	l.Examination.Of(c.ID)
	l.Comparison.Close()
	changed(l.OnChange)
}

// load reads the listing's captures.
func (l *Listing) load() {
	archive, id := l.archive, l.row.Listing.ID
	if id == "" {
		l.loads.drop()
		return
	}
	l.loads.run(l.b, func(ctx context.Context) func() {
		captures, err := archive.Captures(ctx, id)
		return func() {
			l.read = true
			if err != nil {
				changed(l.OnChange)
				l.problems.report(T("The earlier captures of this listing could not be read."), T("The newest one is shown."), err)
				return
			}
			l.take(captures)
		}
	})
}

// take shows a new list of captures: the newest of them if the newest was
// looked at before, else still the same one.
func (l *Listing) take(captures []evidence.Capture) {
	was, _ := l.Capture()
	stay := slices.IndexFunc(captures, func(c evidence.Capture) bool { return c.ID == was.ID })
	if l.chosen == 0 || stay < 0 {
		stay = 0
	}
	l.captures, l.chosen = captures, stay
	l.turn()
}

// update brings the open listing's row up to date.
func (l *Listing) update(r Row) {
	before := l.row
	l.row = r
	if r.Captures != before.Captures || (r.Capture != nil && (before.Capture == nil || r.Capture.ID != before.Capture.ID)) {
		l.load()
	}
	changed(l.OnChange)
}

// Close shows no listing.
func (l *Listing) Close() {
	l.loads.drop()
	if l.open {
		l.open = false
		changed(l.OnChange)
	}
}

// IsOpen reports whether a listing is shown.
func (l *Listing) IsOpen() bool { return l.open }

// Row is the open listing's row.
func (l *Listing) Row() Row { return l.row }

// Captures is the listing's captures, newest first. It must not be changed.
func (l *Listing) Captures() []evidence.Capture { return l.captures }

// Chosen is the index of the capture looked at.
func (l *Listing) Chosen() int { return l.chosen }

// Choose looks at the i-th capture.
func (l *Listing) Choose(i int) {
	if i != l.chosen && i >= 0 && i < len(l.captures) {
		l.chosen = i
		l.turn()
	}
}

// Read reports whether the captures have been read. Before, the newest has no
// more than the table shows of it.
func (l *Listing) Read() bool { return l.read }

// Capture is the capture looked at, if there is one.
func (l *Listing) Capture() (evidence.Capture, bool) {
	if l.chosen >= len(l.captures) {
		return evidence.Capture{}, false
	}
	return l.captures[l.chosen], true
}

// Screenshot is that of the capture looked at, as ShotOf gives it.
func (l *Listing) Screenshot() []evidence.Hash {
	c, _ := l.Capture()
	return ShotOf(&c)
}

// ShotOf is the pieces of a capture's full-page screenshot from top to bottom, or
// the first view where there is none.
func ShotOf(c *evidence.Capture) []evidence.Hash {
	var pieces []evidence.Artifact
	for _, a := range c.Artifacts {
		if a.Role == evidence.RoleScreenshot {
			pieces = append(pieces, a)
		}
	}
	slices.SortStableFunc(pieces, func(a, b evidence.Artifact) int { return cmp.Compare(a.Index, b.Index) })
	if len(pieces) == 0 {
		if view, ok := c.Artifact(evidence.RoleViewport); ok {
			pieces = append(pieces, view)
		}
	}
	hashes := make([]evidence.Hash, len(pieces))
	for i, p := range pieces {
		hashes[i] = p.SHA256
	}
	return hashes
}

// OpenFile opens an artifact. It may be called on any goroutine.
func (l *Listing) OpenFile(ctx context.Context, h evidence.Hash) (io.ReadSeekCloser, error) {
	return l.archive.Open(ctx, h)
}

// Story says how the capture looked at came about.
func (l *Listing) Story() []Fact {
	c, ok := l.Capture()
	if !ok {
		return []Fact{{Label: T("Address"), Value: l.row.Listing.URL, Link: true}}
	}
	mark := OutcomeMark(&c)
	facts := []Fact{
		{Label: T("Outcome"), Value: strings.Trim(mark.Text+"  ·  "+mark.Detail, " ·")},
		{Label: T("Captured"), Value: TimeText(c.StartedAt)},
		{Label: T("Address"), Value: c.URL, Link: true},
	}
	if c.FinalURL != "" && c.FinalURL != c.URL {
		facts = append(facts, Fact{Label: T("Led to"), Value: c.FinalURL, Link: true})
	}
	for _, m := range c.Missing {
		facts = append(facts, Fact{Label: T("Missing"), Value: RoleText(evidence.Artifact{Role: m.Role}) + ": " + m.Reason})
	}
	return append(facts, Fact{Label: T("Capture"), Value: string(c.ID)})
}

// Facts lists what the page said, each with the place it was read from.
func (l *Listing) Facts() []Fact {
	c, _ := l.Capture()
	f := c.Facts
	if f == nil {
		return nil
	}
	var facts []Fact
	add := func(label, name, value string) {
		if value != "" {
			source, _, _ := strings.Cut(name, ".")
			_, printed := f.Places[name]
			facts = append(facts, Fact{Name: name, Label: label, Value: value, Source: SourceText(f.Sources[source]), Link: strings.HasPrefix(value, "http"), Printed: printed})
		}
	}
	add(T("Title"), "title", f.Title)
	add(T("Brand"), "brand", f.Brand)
	add(T("Price"), "price", PriceText(f.Price))
	add(T("Availability"), "availability", words(string(f.Availability)))
	if f.Seller != nil {
		add(T("Seller"), "seller.name", f.Seller.Name)
		add(T("Seller number"), "seller.id", f.Seller.ID)
		add(T("Seller page"), "seller.url", f.Seller.URL)
	}
	add(T("Marketplace"), "marketplace", f.Marketplace)
	add(T("Item number"), "item_id", f.ItemID)
	add(T("SKU"), "sku", f.SKU)
	add(T("Variant"), "variant", f.Variant)
	add(T("Location"), "location", f.Location)
	add(T("Stock"), "stock", f.Stock)
	add(T("Minimum order"), "min_order", f.MinOrder)
	if f.Sold != nil {
		add(T("Sold"), "sold", f.Sold.Text)
	}
	add(T("Page kind"), "page_kind", words(string(f.PageKind)))
	add(T("Canonical address"), "canonical_url", f.CanonicalURL)
	return facts
}

// Artifacts is the files of the capture looked at, the manifest last.
func (l *Listing) Artifacts() []evidence.Artifact {
	c, _ := l.Capture()
	files := slices.Clone(c.Artifacts)
	slices.SortStableFunc(files, func(a, b evidence.Artifact) int {
		return cmp.Compare(isManifest(a), isManifest(b))
	})
	return files
}

func isManifest(a evidence.Artifact) int {
	if a.Role == evidence.RoleManifest {
		return 1
	}
	return 0
}

// CanAssess reports whether there is a capture to judge by.
func (l *Listing) CanAssess() bool {
	_, ok := l.Capture()
	return ok && l.row.Listing.ID != "" && !l.saving
}

// Assess records the investigator's judgement on the capture looked at.
func (l *Listing) Assess(v evidence.Verdict, basis evidence.Basis, reason string) {
	c, ok := l.Capture()
	if !ok || !l.CanAssess() {
		return
	}
	l.saving = true
	changed(l.OnChange)
	a := evidence.Assessment{Listing: l.row.Listing.ID, Capture: c.ID, Verdict: v, Basis: basis, Reason: strings.TrimSpace(reason)}
	before := l.row
	l.b.Run(func(ctx context.Context) func() {
		stored, err := l.judge.Assess(ctx, a)
		return func() {
			if err == nil {
				said := func(int) string { return T("%s assessed as %s", LineOf(before).Title, VerdictText(v)) }
				l.undo.pushRows(said, []Row{before}, takeBack(l.reviewer))
			}
			l.assessed(a.Listing, stored, err)
		}
	})
}

func (l *Listing) assessed(listing evidence.ID, stored evidence.Assessment, err error) {
	if listing == l.row.Listing.ID {
		l.saving = false
		if err == nil {
			l.row.Assessment = &stored
		}
		changed(l.OnChange)
	}
	if err != nil {
		l.problems.report(T("The assessment was not recorded."), T("The one before it still stands."), err)
		return
	}
	l.OnAssessed(listing)
}
