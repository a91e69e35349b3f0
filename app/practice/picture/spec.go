package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"io"
)

// Kind is what sort of thing is shown.
type Kind string

// The kinds of thing.
const (
	Bag        Kind = "bag"
	Watch      Kind = "watch"
	Earphones  Kind = "earphones"
	Sneaker    Kind = "sneaker"
	Sunglasses Kind = "sunglasses"
	Scent      Kind = "scent"
)

// View is how the thing is shown.
type View int

// The views.
const (
	Front View = iota
	Angled
	CloseUp
	Packaging
	Pair
	views
)

// Views is how many views there are of each thing.
const Views = int(views)

// Scene is what the thing stands before.
type Scene int

// The scenes.
const (
	Studio Scene = iota // white, as a brand's own pictures are
	Linen
	Table // wood, as in a snapshot taken at home
	Night
)

// Mark is the brand on the thing.
type Mark struct {
	Word   string // wordmark
	Device rune   // letter of the emblem; 0 is Aurelia's registered device
	Plain  bool   // Aurelia's device without its sun: what the counterfeits get wrong
}

// Spec is everything that decides how a picture looks.
type Spec struct {
	Kind    Kind
	View    View
	Scene   Scene
	Colour  uint32 // of the thing, 0xRRGGBB
	Trim    uint32 // of straps, soles and the like
	Silver  bool   // metal parts, otherwise gold
	Mark    Mark
	Caption string // written over the picture by a seller, often to hide where it comes from
	Side    int    // pixels
}

// Draw makes the picture, a square.
func Draw(s Spec) *image.RGBA {
	c := newCanvas(s.Side)
	c.backdrop(s)
	c.subject(s)
	if s.Caption != "" {
		c.fill(box(0, 900, units, 100, 0), glass{0x1b1b1b, 150})
		c.fill(lettering(bold(), s.Caption, 500, 966, 46, 2), rgb(0xffffff))
	}
	return c.img
}

// WriteJPEG draws the picture and encodes it.
func WriteJPEG(w io.Writer, s Spec) error {
	return jpeg.Encode(w, Draw(s), &jpeg.Options{Quality: 86})
}

// JPEG is the picture as a file.
func JPEG(s Spec) ([]byte, error) {
	var b bytes.Buffer
	err := WriteJPEG(&b, s)
	return b.Bytes(), err
}

func (c *canvas) subject(s Spec) {
	thing := func() { c.thing(s) }
	switch s.View {
	case Angled:
		c.within(about(500, 540, 0.9, -9, 510, 530), thing)
	case CloseUp:
		focus := closeUps[s.Kind]
		c.within(about(focus.x, focus.y, 2.5, 4, 500, 500), thing)
	case Packaging:
		c.carton(s)
		c.within(about(500, 600, 0.55, 3, 660, 650), thing)
	case Pair:
		other := s
		other.Colour, other.Trim = s.Trim, s.Colour
		c.within(about(500, 540, 0.62, -4, 330, 420), func() { c.thing(other) })
		c.within(about(500, 540, 0.66, 5, 640, 630), thing)
	default:
		thing()
	}
}

func (c *canvas) thing(s Spec) {
	metal := gold
	if s.Silver {
		metal = silver
	}
	a := article{canvas: c, Spec: s, colour: rgb(s.Colour), trim: rgb(s.Trim), metal: metal}
	switch s.Kind {
	case Bag:
		a.bag()
	case Watch:
		a.watch()
	case Earphones:
		a.earphones()
	case Sneaker:
		a.sneaker()
	case Sunglasses:
		a.sunglasses()
	case Scent:
		a.scent()
	}
}

// closeUps is where on each thing the brand is.
var closeUps = map[Kind]point{
	Bag: {500, 560}, Watch: {500, 500}, Earphones: {500, 640},
	Sneaker: {560, 560}, Sunglasses: {330, 500}, Scent: {500, 620},
}

// article is one thing being drawn.
type article struct {
	*canvas
	Spec
	colour, trim rgb
	metal        []stop
}
