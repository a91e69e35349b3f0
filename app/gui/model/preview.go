package model

import (
	"context"
	"encoding/json"
	"image"
	"slices"
	"sync"

	"touchstone/store/evidence"
)

// Prover makes packets that can be looked at before they leave.
type Prover interface {
	// Proof makes a notice's packet as it would leave now.
	Proof(ctx context.Context, notice evidence.ID, p evidence.Progress) (Proof, error)
}

// Proof is a packet that is made and has not left. It is safe for concurrent use;
// after Close it draws and saves nothing any more.
type Proof interface {
	// Documents lists what it is made of: the notice, and volumes where there are some.
	Documents() []ProofDocument
	// Page draws a page of a document, counted from 0, as large as goes into so many
	// pixels.
	Page(ctx context.Context, volume, page int, within image.Point) (image.Image, error)
	// Save writes to path exactly what is looked at, as Exporter.Packet does.
	Save(ctx context.Context, path string) (remarks []string, err error)
	// Close takes its files away.
	Close() error
}

// ProofDocument is one of the documents of a packet.
type ProofDocument struct {
	Volume int // 0 for the notice
	Pages  int
}

// drawnBytes is what drawn pages may take, the one that is shown apart.
const drawnBytes = 64 << 20

// Preview is the open notice's packet, looked at page by page. It is made anew when
// the notice has changed.
type Preview struct {
	OnChange func()

	b        *Background
	prover   Prover
	book     NoticeBook
	problems *Problems
	task     *Task
	settle   func() (wait func())

	notice   evidence.ID // "" while nothing is looked at
	making   bool
	proof    Proof  // nil until made
	made     string // of what; see gist
	stale    bool   // the notice has changed since
	document int
	page     int
	within   image.Point // what the page is to be drawn into
	drawn    []drawnPage // the newest last
	draws    latest

	mu   sync.Mutex
	held []Proof // to be closed, whatever becomes of them
}

type drawnPage struct {
	document, page int
	within         image.Point
	picture        image.Image
}

// Renew makes the packet anew.
func (v *Preview) Renew() { v.Open(v.notice) }

// Open looks at a notice's packet, which is made in place of the one there is.
func (v *Preview) Open(notice evidence.ID) {
	kept := v.settle()
	started := v.task.start(T("Making the packet"), func(ctx context.Context, p evidence.Progress) func() {
		kept()
		file, err := v.book.NoticeFile(ctx, notice)
		var proof Proof
		if err == nil {
			proof, err = v.prover.Proof(ctx, notice, p)
		}
		if err == nil {
			v.hold(proof)
		}
		return func() { v.take(notice, gist(&file), proof, err) }
	})
	if !started {
		return
	}
	v.problems.Dismiss()
	v.forget()
	v.notice, v.making, v.stale = notice, true, false
	changed(v.OnChange)
}

// take takes the packet that was made.
func (v *Preview) take(notice evidence.ID, of string, proof Proof, err error) {
	if v.notice != notice || !v.making {
		if proof != nil {
			v.close(proof)
		}
		return
	}
	v.making = false
	if err != nil {
		v.notice = ""
		v.problems.report(T("The packet could not be made."), T("The notice and the evidence are untouched."), err)
		changed(v.OnChange)
		return
	}
	v.proof, v.made = proof, of
	v.document = min(v.document, len(proof.Documents())-1)
	v.page = min(v.page, v.Pages()-1)
	v.draw()
	changed(v.OnChange)
}

// gist is what a packet is made of, to know whether it has changed.
func gist(f *NoticeFile) string {
	type part struct {
		Listing evidence.Listing
		Capture *evidence.Capture
		Judged  *evidence.Assessment
	}
	parts := each(f.Listings, func(r Row) part { return part{r.Listing, r.Capture, r.Assessment} })
	text, err := json.Marshal([]any{f.Notice, f.Items, parts})
	if err != nil {
		return "" // records are made of what JSON has words for
	}
	return string(text)
}

// compare makes the packet anew if what it is made of is something else by now.
func (v *Preview) compare(notice evidence.ID, of string) {
	switch {
	case v.proof == nil || v.notice != notice || v.made == of:
	case v.task.Running():
		v.stale = true
		changed(v.OnChange)
	default:
		v.Open(notice)
	}
}

// Close ends the looking.
func (v *Preview) Close() {
	if v.notice == "" {
		return
	}
	if v.making {
		v.task.Cancel()
	}
	v.forget()
	v.notice, v.making, v.document, v.page = "", false, 0, 0
	changed(v.OnChange)
}

// forget lets go of the packet and its pages.
func (v *Preview) forget() {
	v.draws.drop()
	v.drawn = nil
	if v.proof != nil {
		v.close(v.proof)
		v.proof = nil
	}
}

// hold has a packet closed with the window, if not before.
func (v *Preview) hold(p Proof) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.held = append(v.held, p)
}

// close takes a packet's files away.
func (v *Preview) close(p Proof) {
	v.b.Run(func(context.Context) func() {
		v.mu.Lock()
		v.held = slices.DeleteFunc(v.held, func(h Proof) bool { return h == p })
		v.mu.Unlock()
		err := p.Close()
		return func() {
			if err != nil {
				v.problems.report(T("What was made for the preview could not be taken away."), T("It lies in the workspace's folder \"scratch\" until the next start."), err)
			}
		}
	})
}

// end closes what is left when all work has ended. What cannot be taken away then is
// taken away at the next start.
func (v *Preview) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range v.held {
		_ = p.Close()
	}
	v.held = nil
}

// Opened reports whether a packet is looked at, or is being made for it.
func (v *Preview) Opened() bool { return v.notice != "" }

// Made reports whether there are pages to look at.
func (v *Preview) Made() bool { return v.proof != nil }

// Stale reports whether the notice has changed since the packet was made, and other
// work keeps it from being made anew.
func (v *Preview) Stale() bool { return v.stale }

// Documents lists what the packet is made of.
func (v *Preview) Documents() []ProofDocument {
	if v.proof == nil {
		return nil
	}
	return v.proof.Documents()
}

// Document is the place of the document looked at among Documents.
func (v *Preview) Document() int { return v.document }

// Pages is how many the document looked at has.
func (v *Preview) Pages() int {
	if documents := v.Documents(); v.document < len(documents) {
		return documents[v.document].Pages
	}
	return 0
}

// Page is the page looked at, from 1; 0 while there is none.
func (v *Preview) Page() int {
	if v.proof == nil {
		return 0
	}
	return v.page + 1
}

// Choose looks at the i-th document.
func (v *Preview) Choose(i int) {
	if i >= 0 && i < len(v.Documents()) && i != v.document {
		v.document, v.page = i, 0
		v.draw()
		changed(v.OnChange)
	}
}

// Turn goes on by some pages, also into the document after or before, and reports
// whether there was such a page.
func (v *Preview) Turn(by int) bool {
	documents := v.Documents()
	if len(documents) == 0 {
		return false
	}
	document, page := v.document, v.page+by
	for page >= documents[document].Pages && document+1 < len(documents) {
		page -= documents[document].Pages
		document++
	}
	for page < 0 && document > 0 {
		document--
		page += documents[document].Pages
	}
	if page < 0 || page >= documents[document].Pages {
		return false
	}
	v.document, v.page = document, page
	v.draw()
	changed(v.OnChange)
	return true
}

// Go looks at the n-th page of the document, from 1, or the one nearest to it.
func (v *Preview) Go(n int) { v.Turn(max(1, min(n, v.Pages())) - 1 - v.page) }

// Fit has pages drawn as large as goes into so many pixels of the screen.
func (v *Preview) Fit(within image.Point) {
	if within != v.within && within.X > 0 && within.Y > 0 {
		v.within = within
		v.draw()
	}
}

// Picture is the page looked at: as it was asked for, or while that is drawn as it
// was drawn last; nil where it was not.
func (v *Preview) Picture() image.Image {
	var found image.Image
	for _, d := range slices.Backward(v.drawn) {
		if d.document != v.document || d.page != v.page {
			continue
		}
		if d.within == v.within {
			return d.picture
		}
		if found == nil {
			found = d.picture
		}
	}
	return found
}

func (v *Preview) has(document, page int) bool {
	return slices.ContainsFunc(v.drawn, func(d drawnPage) bool { return d.document == document && d.page == page && d.within == v.within })
}

// draw draws the page looked at, and then the one after it, which is wanted next.
func (v *Preview) draw() {
	proof, within, document := v.proof, v.within, v.document
	if proof == nil || within == (image.Point{}) {
		return
	}
	var wanted []int
	for page := v.page; page < min(v.page+2, v.Pages()); page++ {
		if !v.has(document, page) {
			wanted = append(wanted, page)
		}
	}
	volume := v.Documents()[document].Volume
	v.draws.follow(v.b, func(ctx context.Context, tell func(func())) func() {
		for _, page := range wanted {
			picture, err := proof.Page(ctx, volume, page, within)
			if err != nil {
				return func() {
					v.problems.report(T("The page could not be drawn."), T("The packet itself can be saved."), err)
				}
			}
			tell(func() { v.keep(drawnPage{document, page, within, picture}) })
		}
		return nil
	})
}

// keep keeps a page that was drawn, and as many of the others as are not too large.
func (v *Preview) keep(d drawnPage) {
	v.drawn = append(v.drawn, d)
	total := 0
	for i := len(v.drawn) - 1; i >= 0; i-- {
		size := v.drawn[i].picture.Bounds().Size()
		total += 4 * size.X * size.Y
		if looked := v.drawn[i].document == v.document && v.drawn[i].page == v.page; total > drawnBytes && !(looked && v.drawn[i].within == v.within) {
			v.drawn = slices.Delete(v.drawn, i, i+1)
		}
	}
	changed(v.OnChange)
}

// Save writes the packet that is looked at.
func (v *Preview) Save(path string) {
	proof := v.proof
	if proof == nil {
		return
	}
	v.problems.Dismiss()
	v.task.start(T("Writing the packet"), func(ctx context.Context, _ evidence.Progress) func() {
		remarks, err := proof.Save(ctx, path)
		return func() { packetWritten(v.problems, path, remarks, err) }
	})
}
