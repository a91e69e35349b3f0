package model

import (
	"context"
	"slices"
	"strings"

	"touchstone/store/evidence"
)

// Tool is what is drawn with on a screenshot.
type Tool int

// The tools.
const (
	ToolBox Tool = iota
	ToolArrow
	ToolNote
	ToolRedact
)

// Tools lists every tool in the order of the bar.
var Tools = []Tool{ToolBox, ToolArrow, ToolNote, ToolRedact}

// Text is the tool in words.
func (t Tool) Text() string {
	switch t {
	case ToolArrow:
		return T("Arrow")
	case ToolNote:
		return T("Note")
	case ToolRedact:
		return T("Black out")
	}
	return T("Box")
}

// Drawn is one thing drawn on a screenshot, in the pixels of its tile.
type Drawn struct {
	evidence.Shape
	Tile    int
	Redacts bool // a box that is to be blacked out
}

// Markup is what is drawn on the screenshot that is looked at: what was saved and,
// while somebody draws, what is not saved yet.
type Markup struct {
	OnChange func()

	examiner Examiner
	problems *Problems
	task     *Task
	reload   func()

	capture evidence.ID
	saved   []Drawn
	active  bool
	tool    Tool
	shapes  []Drawn // while somebody draws
}

// of is what is saved of another capture.
func (k *Markup) of(capture evidence.ID, saved []evidence.Attachment) {
	if capture != k.capture {
		k.active = false
	}
	k.capture, k.saved = capture, nil
	for _, a := range saved {
		for _, s := range a.Markup.Shapes {
			k.saved = append(k.saved, Drawn{Shape: s, Tile: a.Markup.Original.Index})
		}
	}
	changed(k.OnChange)
}

// Begin begins to draw, on what was drawn before.
func (k *Markup) Begin() {
	if k.capture != "" {
		k.active, k.shapes = true, slices.Clone(k.saved)
		changed(k.OnChange)
	}
}

// Active reports whether somebody draws.
func (k *Markup) Active() bool { return k.active }

// Pick takes a tool.
func (k *Markup) Pick(t Tool) {
	k.tool = t
	changed(k.OnChange)
}

// Tool is the one that is drawn with.
func (k *Markup) Tool() Tool { return k.tool }

// Shapes is what is drawn. It must not be changed.
func (k *Markup) Shapes() []Drawn {
	if k.active {
		return k.shapes
	}
	return k.saved
}

// Add draws with the tool from one place of a tile to another. It reports whether
// that made something: a box and an arrow need a size, a note a text.
func (k *Markup) Add(tile, x, y, toX, toY int, text string) bool {
	d := Drawn{Tile: tile, Shape: evidence.Shape{X: x, Y: y, ToX: toX, ToY: toY, Text: strings.TrimSpace(text)}}
	sized := x != toX && y != toY
	switch k.tool {
	case ToolBox, ToolRedact:
		d.Kind, d.Redacts = evidence.ShapeBox, k.tool == ToolRedact
		d.X, d.ToX, d.Y, d.ToY = min(x, toX), max(x, toX), min(y, toY), max(y, toY)
		if d.Redacts {
			d.Text = ""
		}
	case ToolArrow:
		d.Kind = evidence.ShapeArrow
		sized = x != toX || y != toY
	case ToolNote:
		d.Kind, d.ToX, d.ToY = evidence.ShapeNote, 0, 0
		sized = true
		if d.Text == "" {
			k.problems.Show(Problem{What: T("The note has no text yet."), Advice: T("Write it into the field above the picture, then click where it belongs.")})
			return false
		}
	}
	if !k.active || !sized {
		return false
	}
	k.shapes = append(k.shapes, d)
	changed(k.OnChange)
	return true
}

// TakeBack takes away what was drawn last.
func (k *Markup) TakeBack() {
	if len(k.shapes) > 0 {
		k.shapes = k.shapes[:len(k.shapes)-1]
		changed(k.OnChange)
	}
}

// Redacts reports whether something is to be blacked out, for which saving needs a
// reason.
func (k *Markup) Redacts() bool {
	return slices.ContainsFunc(k.shapes, func(d Drawn) bool { return d.Redacts })
}

// Cancel forgets what is not saved.
func (k *Markup) Cancel() {
	k.active = false
	changed(k.OnChange)
}

// Save keeps what is drawn in pictures beside the screenshot.
func (k *Markup) Save(reason string) {
	id, shapes := k.capture, k.shapes
	if len(shapes) == 0 {
		k.Cancel()
		return
	}
	k.task.start(T("Saving what was drawn"), func(ctx context.Context, _ evidence.Progress) func() {
		err := k.keep(ctx, id, shapes, strings.TrimSpace(reason))
		return func() {
			if err != nil {
				k.problems.report(T("What was drawn was not saved."), T("The original is untouched, and what you drew is still there."), err)
				return
			}
			k.problems.Tell(T("What was drawn is kept beside the original. Packets show it."))
			if id == k.capture {
				k.active = false
				k.reload()
			}
		}
	})
}

// keep blacks out first, so that nothing that is blacked out shows in what is drawn.
func (k *Markup) keep(ctx context.Context, id evidence.ID, shapes []Drawn, reason string) error {
	last := 0
	for _, d := range shapes {
		last = max(last, d.Tile)
	}
	for tile := range last + 1 {
		var boxes []evidence.Box
		var drawn []evidence.Shape
		for _, d := range shapes {
			switch {
			case d.Tile != tile:
			case d.Redacts:
				boxes = append(boxes, evidence.Box{X: d.X, Y: d.Y, Width: d.ToX - d.X, Height: d.ToY - d.Y})
			default:
				drawn = append(drawn, d.Shape)
			}
		}
		if len(boxes) > 0 {
			if err := k.examiner.Redact(ctx, id, tile, boxes, reason); err != nil {
				return err
			}
		}
		if len(drawn) > 0 {
			if err := k.examiner.MarkUp(ctx, id, tile, drawn); err != nil {
				return err
			}
		}
	}
	return nil
}
