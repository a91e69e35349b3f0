package desk

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"slices"

	"golang.org/x/image/draw"

	"touchstone/report/notice"
	"touchstone/report/takedown"
	"touchstone/store"
	"touchstone/store/evidence"
)

// cleared checks that a person has looked at each capture that was made while
// signed in or by hand. Errors: *NotClearedError.
func (d *Desk) cleared(ctx context.Context, exhibits []notice.Exhibit) error {
	var not NotClearedError
	for _, e := range exhibits {
		profile := e.Manifest.Settings.Profile
		if e.Capture.ID == "" || e.Manifest.Attended == nil && (profile == "" || profile == freshProfile) {
			continue
		}
		clearances, err := AllBy[evidence.Clearance](ctx, d, store.ClearancesByCapture, string(e.Capture.ID))
		if err != nil {
			return err
		}
		if len(clearances) == 0 {
			not.Captures = append(not.Captures, e.Capture.ID)
		}
	}
	if len(not.Captures) > 0 {
		return &not
	}
	return nil
}

// namesNobody checks that what is to be sent holds nothing of the covert list.
// Errors: *CovertError.
func (d *Desk) namesNobody(ctx context.Context, p takedown.Parcel) error {
	settings, err := d.Settings(ctx)
	if err != nil {
		return err
	}
	return newCovert(settings.Covert).checkFile("the notice as it is sent", p.MediaType, bytes.NewReader(p.Body))
}

// The attachments where a channel says nothing of them.
const (
	usualAttachments = 10
	usualSize        = 5 << 20
)

// allowance is how many files a channel takes, and how large each may be in bytes.
func allowance(about *takedown.Descriptor) (most, size int) {
	most, size = usualAttachments, usualSize
	if a := about.Attachments; a != nil && a.Max > 0 {
		most = a.Max
	}
	if a := about.Attachments; a != nil && a.MaxBytes > 0 {
		size = a.MaxBytes
	}
	return most, size
}

// enclose gives each item of a filing the picture that goes with it.
func (d *Desk) enclose(ctx context.Context, f *takedown.Filing, about *takedown.Descriptor, exhibits []notice.Exhibit) error {
	_, size := allowance(about)
	for i := range f.Items {
		at := slices.IndexFunc(exhibits, func(e notice.Exhibit) bool { return e.Item.ID == f.Items[i].Item.ID })
		picture, err := d.pictureOf(&exhibits[at], size)
		if err != nil {
			return err
		}
		if picture == nil {
			continue
		}
		shot, _ := exhibits[at].Capture.Artifact(evidence.RoleScreenshot)
		f.Items[i].Files = []takedown.File{{
			Name: "screenshot.jpg", MediaType: "image/jpeg", Content: picture,
			About: fmt.Sprintf("The page as it was on %s; made of the screenshot with SHA-256 %s.", exhibits[at].Capture.FinishedAt.UTC().Format("2006-01-02 15:04:05 UTC"), shot.SHA256),
		}}
	}
	return ctx.Err()
}

// pictureOf is the first screenshot of an exhibit as a JPEG of at most so many
// bytes, with what was blacked out; nil where there is none.
func (d *Desk) pictureOf(e *notice.Exhibit, size int) ([]byte, error) {
	shot, ok := e.Capture.Artifact(evidence.RoleScreenshot)
	if !ok {
		return nil, nil
	}
	for _, r := range e.Redactions {
		if r.Original.SHA256 == shot.SHA256 {
			shot = r.Redacted
		}
	}
	content, err := d.readBlob(shot.SHA256)
	if err != nil {
		return nil, err
	}
	picture, err := under(content, size)
	if err != nil {
		return nil, fmt.Errorf("screenshot of %s: %w", e.Capture.ID, err)
	}
	return picture, nil
}

// longestSide is the longest that a picture for a portal is, in pixels: what
// browsers and JPEG can show.
const longestSide = 16000

// under is a screenshot as a JPEG of at most so many bytes: first of lower
// quality, then smaller.
func under(content []byte, size int) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	picture := scaled(full, min(1, float64(longestSide)/float64(max(full.Bounds().Dx(), full.Bounds().Dy()))))
	for {
		for _, quality := range []int{85, 70, 50} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: quality}); err != nil {
				return nil, err
			}
			if b.Len() <= size {
				return b.Bytes(), nil
			}
		}
		if picture.Bounds().Dx() < 2 || picture.Bounds().Dy() < 2 {
			return nil, fmt.Errorf("does not fit into %d bytes", size)
		}
		picture = scaled(picture, 0.7)
	}
}

// scaled is a picture on white, smaller by a factor.
func scaled(p image.Image, factor float64) image.Image {
	b := p.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(b.Dx())*factor)), max(1, int(float64(b.Dy())*factor))))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(small, small.Bounds(), p, b, draw.Over, nil)
	return small
}
