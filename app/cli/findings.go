package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"touchstone/app/desk"
	"touchstone/store/evidence"
)

// printChanges tells what changed since the capture before.
func (p *Program) printChanges(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	c, err := d.Changes(ctx, id)
	if errors.Is(err, desk.ErrDeleted) {
		return nil // the tombstone has been shown
	}
	return p.printCompared(c, err)
}

// printChangesSince tells what changed since an earlier capture.
func (p *Program) printChangesSince(ctx context.Context, d *desk.Desk, id evidence.ID, since string) error {
	earlier, err := parseID(since)
	if err != nil {
		return err
	}
	return p.printCompared(d.ChangesSince(ctx, id, earlier))
}

func (p *Program) printCompared(c desk.Changes, err error) error {
	switch {
	case err != nil:
		return err
	case p.json:
		return p.printJSON(c)
	case c.Previous == "":
		fmt.Fprintln(p.Stdout, "changes: no capture of this listing before it found the page")
		return nil
	case len(c.Changes) == 0:
		fmt.Fprintf(p.Stdout, "changes: none since %s\n", c.Previous)
		return nil
	}
	fmt.Fprintf(p.Stdout, "changes since %s:\n", c.Previous)
	for _, change := range c.Changes {
		fmt.Fprintf(p.Stdout, "  %s: %s -> %s\n", change.Fact, orNone(change.From), orNone(change.To))
	}
	return nil
}

// orNone is a page's words, or that there are none.
func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return printable(s)
}

// printLinked tells which sellers share contacts with one.
func (p *Program) printLinked(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	linked, err := d.LinkedSellers(ctx, id)
	switch {
	case errors.Is(err, desk.ErrDeleted):
		return nil
	case err != nil:
		return err
	case p.json:
		return printEach(p, linked)
	case len(linked) == 0:
		fmt.Fprintln(p.Stdout, "linked: no other seller here shows a contact of this one")
	}
	for _, l := range linked {
		fmt.Fprintf(p.Stdout, "linked: %s, %s on %s\n", l.Seller.ID, orNone(desk.SellerName(l.Seller)), orNone(l.Seller.Marketplace))
		for _, t := range l.Ties {
			fmt.Fprintf(p.Stdout, "  %s\n", printable(t.String()))
		}
	}
	return nil
}

// printPictures tells where else a capture's pictures were seen, and which photo of
// genuine goods each is closest to.
func (p *Program) printPictures(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	pictures, err := d.OfferPictures(ctx, id)
	if err != nil {
		return err
	}
	if p.json {
		return printEach(p, pictures)
	}
	var rows [][]string
	for _, picture := range pictures {
		name := shorten(picture.URL, 60)
		for _, s := range picture.Seen {
			rows = append(rows, []string{name, string(s.Capture), s.Seller, likeness(s.SHA256 == picture.SHA256, s.Distance)})
		}
		if g := picture.Genuine; g != nil {
			how := likeness(g.SHA256 == picture.SHA256, g.Distance)
			if !g.Same {
				how = "another photograph of the product"
			}
			rows = append(rows, []string{name, string(g.Attachment), strings.TrimSpace("genuine: " + g.Brand + " " + g.Product), how})
		}
	}
	if len(rows) == 0 {
		fmt.Fprintf(p.Stdout, "none of the %d pictures that were loaded is in another listing or among the photos of genuine goods here\n", len(pictures))
		return nil
	}
	return p.table("PICTURE\tALSO IN\tOF\tLIKENESS", rows)
}

func likeness(file bool, distance int) string {
	if file {
		return "the same file"
	}
	return fmt.Sprintf("%d of 64 bits differ", distance)
}

// printPlaces tells where on a capture's screenshot its facts are printed: the box
// as markup takes it, and the file.
func (p *Program) printPlaces(ctx context.Context, d *desk.Desk, id evidence.ID) error {
	facts, err := d.PrintedFacts(ctx, id)
	if err != nil {
		return err
	}
	if p.json {
		return printEach(p, facts)
	}
	var rows [][]string
	for _, f := range facts {
		box, file := "not known", ""
		if b := f.Place; b != nil {
			box = fmt.Sprintf("%d,%d,%d,%d", b.X, b.Y, b.Width, b.Height)
		}
		if f.Screenshot != nil {
			file = fmt.Sprintf("tile %d, %s", f.Screenshot.Index, f.Screenshot.SHA256)
		}
		rows = append(rows, []string{f.Fact, shorten(f.Value, 50), evidence.Words(string(f.Source)), box, file})
	}
	return p.table("FACT\tVALUE\tREAD FROM\tX,Y,WIDTH,HEIGHT\tSCREENSHOT", rows)
}

// printOffered lists the listings of a seller and of those linked to it.
func (p *Program) printOffered(ctx context.Context, d *desk.Desk, query string) error {
	offered, err := d.OfferedBy(ctx, query)
	if err != nil {
		return err
	}
	if p.json {
		return printEach(p, offered)
	}
	if len(offered) == 0 {
		return p.done("no listing is of a seller %q: touchstone list --kind seller shows the sellers", printable(query))
	}
	var rows [][]string
	for _, o := range offered {
		why := "its own"
		if len(o.Ties) > 0 {
			reasons := make([]string, len(o.Ties))
			for i, t := range o.Ties {
				reasons[i] = t.Type + " " + t.Value
			}
			why = "same " + strings.Join(reasons, ", ")
		}
		rows = append(rows, []string{string(o.Listing.ID), desk.SellerName(o.Seller), shorten(o.Listing.Title, 50), why})
	}
	return p.table("LISTING\tSELLER\tTITLE\tWHY", rows)
}
