package desk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // photos that were attached
	"image/png"
	"io"
	"strings"

	"touchstone/store"
	"touchstone/store/custody"
	"touchstone/store/evidence"
)

// Redacting says what to black out, and why.
type Redacting struct {
	Of     evidence.ID   // a capture, or an attached picture
	Role   evidence.Role // of a capture's artifact; "" for its screenshot
	Tile   int           // of a screenshot that is in tiles
	Boxes  []evidence.Box
	Reason string
}

// Redact makes a picture in which parts of an artifact are blacked out, and
// records what it was made of. The original stays as it was.
func (d *Desk) Redact(ctx context.Context, o Redacting) (evidence.Redaction, error) {
	if len(o.Boxes) == 0 || strings.TrimSpace(o.Reason) == "" {
		return evidence.Redaction{}, errors.New("say what to black out, and why")
	}
	original, err := d.picture(ctx, o)
	if err != nil {
		return evidence.Redaction{}, err
	}
	redacted, err := d.blackOut(ctx, original, o.Boxes)
	if err != nil {
		return evidence.Redaction{}, fmt.Errorf("redact the %s of %s: %w", original.Role, o.Of, err)
	}
	now := d.cfg.Now().UTC()
	r := evidence.Redaction{
		ID: evidence.NewID(evidence.KindRedaction, now), Of: o.Of, Original: original, Redacted: redacted, Boxes: o.Boxes,
		Reason: strings.TrimSpace(o.Reason), By: d.actorName(), At: now,
	}
	err = d.ws.Update(ctx, func(tx *store.Tx) (err error) {
		if r.Case, err = caseOf(tx, o.Of); err != nil {
			return err
		}
		if err := store.Put(tx, r.ID, r); err != nil {
			return err
		}
		return tx.Append(custody.Entry{Action: custody.Redacted, Subject: r.ID, Case: r.Case, Hashes: map[string]evidence.Hash{
			custody.HashOriginal: original.SHA256, custody.HashFile: redacted.SHA256,
		}})
	})
	if err != nil {
		return r, err
	}
	return r, d.blackOutMarkups(ctx, r)
}

// picture finds the artifact to redact.
func (d *Desk) picture(ctx context.Context, o Redacting) (evidence.Artifact, error) {
	var artifacts []evidence.Artifact
	role := o.Role
	switch o.Of.Kind() {
	case evidence.KindCapture:
		c, err := Get[evidence.Capture](ctx, d, o.Of)
		if err != nil {
			return evidence.Artifact{}, err
		}
		artifacts = c.Artifacts
		role = cmp.Or(role, evidence.RoleScreenshot)
	case evidence.KindAttachment:
		a, err := Get[evidence.Attachment](ctx, d, o.Of)
		if err != nil {
			return evidence.Artifact{}, err
		}
		artifacts, role = a.Artifacts, evidence.RoleAttachment
	default:
		return evidence.Artifact{}, fmt.Errorf("%s is neither a capture (cap_...) nor an attachment (att_...)", o.Of)
	}
	for _, a := range artifacts {
		if a.Role == role && a.Index == o.Tile {
			return a, nil
		}
	}
	return evidence.Artifact{}, fmt.Errorf("%s has no %s number %d", o.Of, role, o.Tile)
}

// maxPixels bounds what is decoded: a screenshot of 16,384 by 16,384 pixels.
const maxPixels = 1 << 28

func (d *Desk) blackOut(ctx context.Context, original evidence.Artifact, boxes []evidence.Box) (evidence.Artifact, error) {
	from, err := d.decoded(ctx, original)
	if err != nil {
		return evidence.Artifact{}, err
	}
	size := from.Bounds().Size()
	// A fresh picture: nothing but pixels goes over, so no preview or metadata does.
	to := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(to, to.Bounds(), from, from.Bounds().Min, draw.Src)
	for _, b := range boxes {
		part := image.Rect(b.X, b.Y, b.X+b.Width, b.Y+b.Height).Intersect(to.Bounds())
		if b.Width <= 0 || b.Height <= 0 || part.Empty() {
			return evidence.Artifact{}, fmt.Errorf("box %d,%d,%d,%d lies outside of its %d by %d pixels", b.X, b.Y, b.Width, b.Height, size.X, size.Y)
		}
		draw.Draw(to, part, image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, to); err != nil {
		return evidence.Artifact{}, err
	}
	hash, length, err := d.ws.Blobs().Put(ctx, &encoded)
	return evidence.Artifact{Role: original.Role, MediaType: "image/png", Size: length, SHA256: hash, Index: original.Index, OffsetY: original.OffsetY}, err
}

// decoded is a picture of the workspace.
func (d *Desk) decoded(ctx context.Context, a evidence.Artifact) (image.Image, error) {
	f, err := d.OpenArtifact(ctx, a.SHA256)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("it is not a picture in PNG or JPEG: %w", err)
	}
	if head.Width*head.Height > maxPixels {
		return nil, fmt.Errorf("it has %d by %d pixels: too many to draw on", head.Width, head.Height)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	img, _, err := image.Decode(f)
	return img, err
}

// Redactions lists the pictures made of a capture in which parts are blacked out,
// the newest of each artifact.
func (d *Desk) Redactions(ctx context.Context, capture evidence.ID) ([]evidence.Redaction, error) {
	var list []evidence.Redaction
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		list, err = redactions(tx, capture)
		return err
	})
	return list, err
}
