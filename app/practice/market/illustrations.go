package market

import (
	"path"
	"time"

	"touchstone/app/practice/picture"
	"touchstone/store/evidence"
)

// illustrationSide is the width and height of the brand's own pictures, in pixels.
const illustrationSide = 480

// IllustratedBrand is Brand with pictures: of each product, and of what tells the
// genuine article from counterfeits. The specs are by the pictures' names, in a folder.
func IllustratedBrand(now time.Time, folder string) (evidence.BrandFile, map[string]picture.Spec) {
	f := Brand(now)
	b, specs := &f.Brand, map[string]picture.Spec{}
	draw := func(name string, s picture.Spec) string {
		s.Side, name = illustrationSide, path.Join(folder, name)
		specs[name] = s
		return name
	}
	bag := picture.Spec{Kind: picture.Bag, Colour: 0xb5652b, Trim: 0x5a3216, Mark: aurelia}
	for i, look := range []picture.Spec{
		bag,
		{Kind: picture.Watch, Colour: 0x1f2f52, Trim: 0x2a1b12, Silver: true, Mark: aurelia},
		{Kind: picture.Sneaker, Colour: 0xf2f0ea, Trim: 0xc8102e, Mark: aurelia},
		{Kind: picture.Earphones, Colour: 0xe9e7e2, Trim: 0x30343a, Mark: aurelia},
		{Kind: picture.Sunglasses, Colour: 0x6b4a2b, Trim: 0x2a1b12, Mark: aurelia},
		{Kind: picture.Scent, Colour: 0xd9a66b, Trim: 0x7a4a1c, Mark: aurelia},
	} {
		b.Products[i].Pictures = []string{draw("genuine-"+string(look.Kind)+".jpg", look)}
	}
	near := func(s picture.Spec, m picture.Mark) picture.Spec {
		s.View, s.Mark = picture.CloseUp, m
		return s
	}
	show := func(name, what string, s picture.Spec) {
		b.Illustrations = append(b.Illustrations, evidence.Illustration{Picture: draw(name, s), Shows: what})
	}
	show("genuine-device.jpg", b.GenuineMarkers[0], near(bag, aurelia))
	show("counterfeit-device.jpg", b.CounterfeitFeatures[0], near(bag, fake))
	show("counterfeit-wordmark.jpg", b.CounterfeitFeatures[1], near(picture.Spec{Kind: picture.Watch, Colour: 0x7a1f2b, Trim: 0x2a1b12}, misspelt))
	stitches := bag
	stitches.Mark, stitches.Scene = fake, picture.Table
	show("counterfeit-stitches.jpg", b.CounterfeitFeatures[2], stitches)
	return f, specs
}
