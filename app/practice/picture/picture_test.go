package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
)

var kinds = []Kind{Bag, Watch, Earphones, Sneaker, Sunglasses, Scent}

func spec(kind Kind, view View, side int) Spec {
	return Spec{Kind: kind, View: view, Colour: 0xb5652b, Trim: 0x5a3216, Mark: Mark{Word: "AURELIA"}, Side: side}
}

func TestThePictureIsAFunctionOfItsSpec(t *testing.T) {
	for _, kind := range kinds {
		for view := range Views {
			s := spec(kind, View(view), 64)
			first, err := JPEG(s)
			if err != nil {
				t.Fatal(err)
			}
			again, err := JPEG(s)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first, again) {
				t.Errorf("%s view %d: the same spec gives other bytes", kind, view)
			}
			if img, err := jpeg.Decode(bytes.NewReader(first)); err != nil || img.Bounds() != image.Rect(0, 0, 64, 64) {
				t.Errorf("%s view %d: not a JPEG of 64 pixels: %v", kind, view, err)
			}
		}
	}
}

// What tells a counterfeit must be there to see, from the front or close up.
func TestEveryPartOfTheSpecShows(t *testing.T) {
	const side = 240
	for _, kind := range kinds {
		bases := map[View]*image.RGBA{}
		for _, view := range []View{Front, CloseUp} {
			bases[view] = Draw(spec(kind, view, side))
		}
		for what, change := range map[string]func(*Spec){
			"scene":   func(s *Spec) { s.Scene = Table },
			"colour":  func(s *Spec) { s.Colour = 0x2040a0 },
			"word":    func(s *Spec) { s.Mark.Word = "AURELLA" },
			"device":  func(s *Spec) { s.Mark.Plain = true },
			"letter":  func(s *Spec) { s.Mark.Device = 'N' },
			"caption": func(s *Spec) { s.Caption = "FACTORY" },
		} {
			most := 0
			for view, base := range bases {
				s := spec(kind, view, side)
				change(&s)
				most = max(most, different(base, Draw(s)))
			}
			if most < 12 {
				t.Errorf("%s: another %s changes %d pixels of %d", kind, what, most, side*side)
			}
		}
	}
}

func different(a, b *image.RGBA) int {
	n := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if !bytes.Equal(a.Pix[i:i+4], b.Pix[i:i+4]) {
			n++
		}
	}
	return n
}

func BenchmarkJPEG(b *testing.B) {
	for _, kind := range kinds {
		b.Run(string(kind), func(b *testing.B) {
			for b.Loop() {
				if _, err := JPEG(spec(kind, Angled, 800)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
