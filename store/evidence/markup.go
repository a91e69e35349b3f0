package evidence

// AttachedMarkup is a picture of a screenshot with a person's marks on it.
const AttachedMarkup AttachmentKind = "markup"

// Markup is what a person drew on a capture's screenshot. The screenshot stays as
// it was: what is drawn lies in a picture beside it, and here.
type Markup struct {
	Original Artifact `json:"original"` // the screenshot, or that of its tiles
	Shapes   []Shape  `json:"shapes"`
}

// ShapeKind is what is drawn.
type ShapeKind string

// The kinds of shape.
const (
	ShapeBox   ShapeKind = "box"   // from one corner to the other
	ShapeArrow ShapeKind = "arrow" // from its tail to its point
	ShapeNote  ShapeKind = "note"  // text at its place
)

// Shape is one thing drawn on a picture, in its pixels.
type Shape struct {
	Kind ShapeKind `json:"kind"`
	X    int       `json:"x"`
	Y    int       `json:"y"`
	ToX  int       `json:"to_x,omitempty"`
	ToY  int       `json:"to_y,omitempty"`
	Text string    `json:"text,omitempty"`
}
