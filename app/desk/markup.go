package desk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"slices"
	"strings"

	"touchstone/app/desk/pen"
	"touchstone/store"
	"touchstone/store/evidence"
)

// MarkingUp says what to draw on a capture's screenshot.
type MarkingUp struct {
	Capture evidence.ID
	Tile    int // of a screenshot that is in tiles
	Shapes  []evidence.Shape
}

// mostShapes and longestNote bound what is drawn on one picture.
const (
	mostShapes  = 200
	longestNote = 1000 // letters
)

// MarkUp draws on a capture's screenshot, in a picture beside it that is sealed
// like any attachment; the screenshot stays as it was. It is drawn on what may be
// shown: where parts are blacked out, these are. Packets show the newest markup of a
// capture.
func (d *Desk) MarkUp(ctx context.Context, o MarkingUp) (evidence.Attachment, error) {
	original, err := d.picture(ctx, Redacting{Of: o.Capture, Tile: o.Tile})
	if err != nil {
		return evidence.Attachment{}, err
	}
	shapes, err := checkedShapes(o.Shapes)
	if err != nil {
		return evidence.Attachment{}, err
	}
	redacted, err := d.Redactions(ctx, o.Capture)
	if err != nil {
		return evidence.Attachment{}, err
	}
	ground := original
	if black, ok := newestOf(redacted, original.SHA256); ok {
		ground = black.Redacted
	}
	picture, err := d.drawOn(ctx, ground, shapes)
	if err != nil {
		return evidence.Attachment{}, fmt.Errorf("mark up the screenshot of %s: %w", o.Capture, err)
	}
	c, err := Get[evidence.Capture](ctx, d, o.Capture)
	if err != nil {
		return evidence.Attachment{}, err
	}
	now := d.cfg.Now().UTC()
	return d.sealAttachment(ctx, evidence.AttachmentManifest{
		Attachment: evidence.NewID(evidence.KindAttachment, now), To: o.Capture, Case: c.Case, Kind: evidence.AttachedMarkup,
		Name: "marked-up screenshot.png", ObtainedAt: evidence.Moment{Time: now, Precision: evidence.ToTheSecond}, ObtainedBy: cmp.Or(d.Acting().Name, d.Acting().Account),
		How:    "drawn on the screenshot with SHA-256 " + string(original.SHA256) + ", which stays as it was",
		Markup: &evidence.Markup{Original: original, Shapes: shapes}, AttachedAt: now,
	}, picture)
}

// checkedShapes brings shapes into their form.
func checkedShapes(shapes []evidence.Shape) ([]evidence.Shape, error) {
	if len(shapes) == 0 || len(shapes) > mostShapes {
		return nil, &InputError{fmt.Errorf("say what to draw: 1 to %d boxes, arrows and notes, not %d", mostShapes, len(shapes))}
	}
	shapes = slices.Clone(shapes)
	for i := range shapes {
		s := &shapes[i]
		s.Text = strings.TrimSpace(s.Text)
		switch {
		case len([]rune(s.Text)) > longestNote:
			return nil, &InputError{fmt.Errorf("a note of %d letters is too long for a picture: want %d at most", len([]rune(s.Text)), longestNote)}
		case s.Kind == evidence.ShapeBox:
			box := image.Rect(s.X, s.Y, s.ToX, s.ToY)
			if box.Empty() {
				return nil, &InputError{errors.New("a box needs width and height")}
			}
			s.X, s.Y, s.ToX, s.ToY = box.Min.X, box.Min.Y, box.Max.X, box.Max.Y
		case s.Kind == evidence.ShapeArrow:
			if s.X == s.ToX && s.Y == s.ToY {
				return nil, &InputError{errors.New("an arrow needs a length")}
			}
		case s.Kind == evidence.ShapeNote:
			if s.ToX, s.ToY = 0, 0; s.Text == "" {
				return nil, &InputError{errors.New("a note needs a text")}
			}
		default:
			return nil, &InputError{fmt.Errorf("%q is nothing that can be drawn: want box, arrow or note", s.Kind)}
		}
	}
	return shapes, nil
}

// drawOn draws shapes on a picture and keeps what comes of it.
func (d *Desk) drawOn(ctx context.Context, ground evidence.Artifact, shapes []evidence.Shape) (evidence.Artifact, error) {
	from, err := d.decoded(ctx, ground)
	if err != nil {
		return evidence.Artifact{}, err
	}
	size := from.Bounds().Size()
	for _, s := range shapes {
		if !image.Pt(s.X, s.Y).In(image.Rectangle{Max: size}) && !image.Pt(s.ToX, s.ToY).In(image.Rectangle{Max: size}) {
			return evidence.Artifact{}, &InputError{fmt.Errorf("the %s at %d,%d lies outside of its %d by %d pixels", s.Kind, s.X, s.Y, size.X, size.Y)}
		}
	}
	to := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(to, to.Rect, from, from.Bounds().Min, draw.Src)
	if err := pen.Draw(to, shapes); err != nil {
		return evidence.Artifact{}, err
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, to); err != nil {
		return evidence.Artifact{}, err
	}
	hash, length, err := d.ws.Blobs().Put(ctx, &encoded)
	return evidence.Artifact{Role: evidence.RoleAttachment, MediaType: "image/png", Size: length, SHA256: hash}, err
}

// Markups lists the newest markup of each of a capture's screenshots.
func (d *Desk) Markups(ctx context.Context, capture evidence.ID) ([]evidence.Attachment, error) {
	var list []evidence.Attachment
	err := d.ws.View(ctx, func(tx *store.Tx) (err error) {
		list, err = markups(tx, capture)
		return err
	})
	return list, err
}

func markups(tx *store.Tx, capture evidence.ID) ([]evidence.Attachment, error) {
	all, err := collect(store.EachBy[evidence.Attachment](tx, store.AttachmentsByTarget, string(capture)))
	if err != nil {
		return nil, err
	}
	var newest []evidence.Attachment
	for _, a := range slices.Backward(all) {
		if a.Markup != nil && !slices.ContainsFunc(newest, func(n evidence.Attachment) bool { return n.Markup.Original.SHA256 == a.Markup.Original.SHA256 }) {
			newest = append(newest, a)
		}
	}
	return newest, nil
}

// blackOutMarkups blacks out, in pictures that were made of a screenshot, what is
// blacked out in it.
func (d *Desk) blackOutMarkups(ctx context.Context, r evidence.Redaction) error {
	drawn, err := d.AttachedTo(ctx, r.Of)
	if err != nil {
		return err
	}
	for _, a := range drawn {
		if a.Markup == nil || a.Markup.Original.SHA256 != r.Original.SHA256 {
			continue
		}
		if _, err := d.Redact(ctx, Redacting{Of: a.ID, Boxes: r.Boxes, Reason: r.Reason}); err != nil {
			return fmt.Errorf("redact the markup %s: %w", a.ID, err)
		}
	}
	return nil
}
