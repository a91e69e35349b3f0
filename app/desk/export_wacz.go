package desk

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"touchstone/store/bundle"
	"touchstone/store/evidence"
)

//go:embed howto-wacz.txt
var howToWACZ string

// howToWACZ is HOW-TO-VERIFY.txt of a web archive.
func (e *export) howToWACZ(s sealedFiles) []byte {
	return []byte(howToWACZ + "\n\n4. When each was sealed\n\n" + strings.Join(bundle.SealTimes(s.proofs, s.exhibits), "\n\n") + "\n\n" +
		"The stamps are under custody/stamps/; \"openssl ts -verify\" checks them.\n")
}

// wacz writes the case as a web archive: the captures' WARC files to be browsed,
// and beside them the evidence, as in a bag.
func (e *export) wacz(ctx context.Context, w io.Writer) error {
	signer, _, err := e.d.ws.DocumentKey(ctx)
	if err != nil {
		return err
	}
	sealed, err := e.sealed(ctx)
	if err != nil {
		return err
	}
	described, err := e.describe()
	if err != nil {
		return err
	}
	a := bundle.WACZ{
		Title: e.matter.Name, At: e.at, Software: e.software(), Signer: signer,
		Description: fmt.Sprintf("Evidence of the case %s: %d captures of online listings. HOW-TO-VERIFY.txt says how to check it.", e.matter.Name, len(e.captures)),
		Extra:       []bundle.File{bundle.Text("case.json", described), bundle.Text("HOW-TO-VERIFY.txt", e.howToWACZ(sealed))},
	}
	for _, c := range e.captures {
		warc, ok := sealed.archives[c.ID]
		if !ok {
			if _, had := c.Artifact(evidence.RoleWARC); !had {
				e.problem("%s (%s) cannot be browsed: its capture has no network record", c.ID, c.Outcome)
			}
			continue
		}
		warc.Path = string(c.ID) + ".warc.gz"
		a.Archives = append(a.Archives, warc)
		page := bundle.Page{ID: c.ID, URL: cmp.Or(c.FinalURL, c.URL), At: c.StartedAt}
		if c.Facts != nil {
			page.Title = c.Facts.Title
		}
		a.Pages = append(a.Pages, page)
	}
	if len(a.Archives) == 0 {
		return fmt.Errorf("%w: no capture of it has a network record", ErrNothingToExport)
	}
	for _, f := range slices.Concat(sealed.files, sealed.redacted) {
		// It is in the archive already.
		if strings.HasPrefix(path.Base(f.Path), string(evidence.RoleWARC)+".") {
			continue
		}
		a.Extra = append(a.Extra, f)
	}
	return bundle.WriteWACZ(ctx, w, a)
}
