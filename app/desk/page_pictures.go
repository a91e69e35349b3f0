package desk

import (
	"context"

	"touchstone/store/bundle"
	"touchstone/store/evidence"
)

// maxPagePicture bounds one picture of a listing that is shown, in bytes.
const maxPagePicture = 16 << 20

// PagePictures are the listing's own pictures as the page loaded them, by their
// hash. They lie in the record of its traffic; those that it never loaded, or that
// are very large, are left out.
func (d *Desk) PagePictures(ctx context.Context, c evidence.Capture) (map[evidence.Hash][]byte, error) {
	wanted := map[evidence.Hash]bool{}
	if c.Facts != nil {
		for _, p := range c.Facts.Images {
			if p.SHA256 != "" {
				wanted[p.SHA256] = true
			}
		}
	}
	traffic, ok := c.Artifact(evidence.RoleWARC)
	if !ok || len(wanted) == 0 {
		return nil, nil
	}
	f, err := d.OpenArtifact(ctx, traffic.SHA256)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return bundle.Bodies(ctx, f, wanted, maxPagePicture)
}
