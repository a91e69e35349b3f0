package picture

import "math"

func (a *article) bag() {
	a.shadow(ellipse(500, 868, 360, 34), 24, 190)

	handle := from(330, 420).curve(330, 120, 670, 120, 670, 420)
	a.fill(handle.stroke(40), linear{point{330, 150}, point{670, 420}, solid(a.trim.lighter(0.25), a.trim, a.trim.darker(0.4))})
	a.fill(from(330, 420).curve(330, 128, 670, 128, 670, 420).stroke(8), glass{a.trim.lighter(0.5), 90})

	body := from(220, 400).line(780, 400).curve(800, 400, 812, 420, 816, 440).line(862, 800).
		curve(868, 850, 846, 868, 800, 868).line(200, 868).curve(154, 868, 132, 850, 138, 800).
		line(184, 440).curve(188, 420, 200, 400, 220, 400)
	a.fill(body, linear{point{140, 0}, point{860, 0}, []stop{
		{0, a.colour.darker(0.5), 255}, {0.14, a.colour.darker(0.1), 255}, {0.45, a.colour.lighter(0.16), 255},
		{0.8, a.colour.darker(0.08), 255}, {1, a.colour.darker(0.55), 255}}})
	a.fill(body, linear{point{0, 400}, point{0, 870}, []stop{{0, 0, 0}, {0.7, 0, 20}, {1, 0x000000, 120}}})
	a.grain(body, 4, 13)
	a.stitch(from(206, 440).line(164, 812).curve(160, 836, 172, 842, 196, 842).line(804, 842).curve(828, 842, 840, 836, 836, 812).line(794, 440))

	flap := from(196, 384).line(804, 384).curve(818, 384, 824, 396, 824, 410).curve(830, 540, 690, 620, 500, 628).
		curve(310, 620, 170, 540, 176, 410).curve(176, 396, 182, 384, 196, 384)
	a.shadow(from(186, 400).curve(180, 560, 320, 640, 500, 648).curve(680, 640, 820, 560, 814, 400), 12, 120)
	a.fill(flap, linear{point{200, 384}, point{800, 640}, solid(a.colour.darker(0.05), a.colour.lighter(0.2), a.colour, a.colour.darker(0.25))})
	a.grain(flap, 4, 13)
	a.stitch(from(196, 410).curve(194, 530, 330, 600, 500, 606).curve(670, 600, 806, 530, 804, 410))

	for _, x := range []float64{330, 670} { // handle mounts
		a.shadow(box(x-34, 400, 68, 74, 16), 6, 120)
		a.fill(box(x-34, 396, 68, 74, 16), rgb(a.trim.darker(0.1)))
		a.fill(ring(x, 424, 22, 13), a.polished(x-22, 400, x+22, 450))
		a.fill(circle(x, 456, 6), a.polished(x-6, 450, x+6, 462))
	}
	a.shadow(circle(500, 570, 66), 8, 150)
	a.fill(circle(500, 562, 66), a.polished(440, 500, 560, 630))
	a.fill(circle(500, 562, 58), linear{point{450, 510}, point{550, 620}, solid(a.colour.darker(0.6), a.colour.darker(0.4))})
	a.fill(emblem(a.Mark, 500, 562, 50), a.polished(450, 510, 550, 610))
	a.fill(lettering(regular(), a.Mark.Word, 500, 753, 38, 12), rgb(a.colour.darker(0.6)))
	a.fill(lettering(regular(), a.Mark.Word, 500, 751, 38, 12), a.engraved())
}

func (a *article) watch() {
	a.shadow(ellipse(500, 560, 270, 330), 34, 110)
	for _, end := range []struct{ y, tip float64 }{{300, -20}, {700, 1020}} { // strap
		strap := from(404, end.y).line(430, end.tip).line(570, end.tip).line(596, end.y)
		a.fill(strap, linear{point{404, 0}, point{596, 0}, solid(a.trim.darker(0.5), a.trim.lighter(0.18), a.trim, a.trim.darker(0.55))})
		a.grain(strap, 4, 16)
		a.stitch(from(424, end.y).line(446, end.tip))
		a.stitch(from(576, end.y).line(554, end.tip))
	}
	for _, x := range []float64{-1, 1} { // lugs
		for _, y := range []float64{-1, 1} {
			a.fill(from(500+x*96, 500+y*180).line(500+x*100, 500+y*288).curve(500+x*102, 500+y*304, 500+x*128, 500+y*306, 500+x*132, 500+y*290).
				line(500+x*190, 500+y*150), a.polished(300, 200, 700, 800))
		}
	}
	a.fill(box(744, 476, 44, 48, 10), a.polished(744, 470, 760, 530)) // crown
	a.fill(box(738, 372, 26, 34, 8), a.polished(738, 370, 760, 410))
	a.fill(box(738, 594, 26, 34, 8), a.polished(738, 590, 760, 630))

	centre := point{500, 500}
	a.fill(circle(500, 500, 250), sweep{centre, a.metal})
	a.fill(circle(500, 500, 226), sweep{centre, append(a.metal[3:len(a.metal):len(a.metal)], a.metal[:4]...)})
	a.fill(circle(500, 500, 212), rgb(0x14161a))
	a.fill(circle(500, 500, 204), radial{point{470, 440}, 300, solid(a.colour.lighter(0.25), a.colour, a.colour.darker(0.45))})
	for i := range 60 {
		angle := float64(i) * math.Pi / 30
		long, width := 12.0, 3.0
		if i%5 == 0 {
			long, width = 34, 9
		}
		a.fill(a.spoke(angle, 190-long, 190, width), a.polished(300, 300, 700, 700))
	}
	for _, dial := range []point{{420, 520}, {580, 520}, {500, 600}} {
		a.fill(circle(dial.x, dial.y, 44), radial{dial, 46, solid(a.colour.darker(0.25), a.colour.darker(0.05))})
		a.fill(ring(dial.x, dial.y, 44, 41), a.polished(dial.x-40, dial.y-40, dial.x+40, dial.y+40))
		a.fill(segment(dial, point{dial.x + 20, dial.y - 24}, 4), rgb(0xf4f4f4))
	}
	a.fill(emblem(a.Mark, 500, 392, 30), a.polished(470, 360, 530, 420))
	a.fill(lettering(regular(), a.Mark.Word, 500, 458, 22, 5), rgb(0xf6f1e4))
	a.fill(a.spoke(-math.Pi/2+10.2*math.Pi/6, -20, 110, 13), rgb(0xf3efe4)) // ten past ten
	a.fill(a.spoke(-math.Pi/2+2*math.Pi/6, -24, 168, 9), rgb(0xf3efe4))
	a.fill(a.spoke(-math.Pi/2+7*math.Pi/6, -40, 182, 3), rgb(0xd8432f))
	a.fill(circle(500, 500, 11), a.polished(490, 490, 510, 510))
	a.fill(from(330, 420).curve(360, 330, 450, 296, 560, 300).curve(470, 340, 400, 420, 372, 560).curve(340, 520, 326, 470, 330, 420), glass{0xffffff, 30})
}

// spoke is a bar on the dial from one radius to another.
func (a *article) spoke(angle, inner, outer, width float64) *path {
	sin, cos := math.Sincos(angle)
	return segment(point{500 + inner*cos, 500 + inner*sin}, point{500 + outer*cos, 500 + outer*sin}, width)
}

func (a *article) earphones() {
	a.shadow(ellipse(500, 860, 300, 30), 24, 190)
	lid := box(250, 330, 500, 210, 90)
	a.fill(lid, linear{point{250, 330}, point{750, 540}, solid(a.colour.lighter(0.2), a.colour.darker(0.12), a.colour.darker(0.35))})
	a.fill(box(276, 356, 448, 190, 74), linear{point{0, 350}, point{0, 540}, solid(0x17191d, 0x33373e)})
	for _, x := range []float64{390, 610} {
		d := 1.0
		if x > 500 {
			d = -1
		}
		a.shadow(ellipse(x, 470, 74, 66), 12, 140)
		a.fill(box(x-26-d*8, 450, 52, 170, 26), linear{point{x - 30, 0}, point{x + 30, 0}, solid(a.colour.lighter(0.35), a.colour, a.colour.darker(0.4))})
		a.fill(ellipse(x, 452, 76, 68), radial{point{x - 24, 424}, 120, solid(a.colour.lighter(0.55), a.colour, a.colour.darker(0.4))})
		a.fill(ellipse(x+d*50, 476, 34, 40), radial{point{x + d*44, 466}, 50, solid(0x5b6068, 0x202328)})
		a.fill(circle(x-d*18, 440, 22), a.polished(x-40, 420, x+10, 470))
		a.fill(emblem(a.Mark, x-d*18, 440, 17), rgb(a.colour.darker(0.6)))
	}
	base := box(230, 540, 540, 316, 128)
	a.fill(base, linear{point{230, 540}, point{770, 860}, solid(a.colour.lighter(0.32), a.colour, a.colour.darker(0.14), a.colour.darker(0.42))})
	a.fill(box(330, 542, 340, 26, 13), linear{point{0, 540}, point{0, 570}, []stop{{0, 0xffffff, 90}, {1, 0xffffff, 0}}})
	a.fill(box(252, 560, 90, 250, 45), glass{0xffffff, 26})
	a.fill(emblem(a.Mark, 500, 650, 52), a.polished(440, 600, 560, 700))
	a.fill(lettering(regular(), a.Mark.Word, 500, 754, 34, 9), rgb(a.colour.darker(0.55)))
	a.fill(circle(500, 800, 7), rgb(0x58d68d))
}

func (a *article) sneaker() {
	a.shadow(ellipse(510, 742, 420, 26), 20, 200)
	sole := from(96, 640).curve(90, 700, 110, 736, 170, 738).line(850, 740).curve(920, 738, 944, 700, 930, 652).
		curve(800, 690, 640, 660, 520, 652).curve(380, 644, 220, 650, 96, 640)
	upper := from(110, 650).curve(84, 560, 96, 440, 120, 340).curve(128, 310, 170, 300, 196, 326).curve(250, 372, 330, 360, 388, 322).
		curve(408, 308, 430, 312, 446, 330).curve(520, 420, 620, 500, 720, 530).curve(830, 556, 930, 590, 934, 664).
		curve(800, 700, 640, 672, 520, 664).curve(380, 656, 230, 664, 110, 650)
	a.fill(upper, linear{point{300, 300}, point{560, 740}, solid(a.colour.lighter(0.28), a.colour, a.colour.darker(0.28))})
	a.grain(upper, 5, 9)
	toe := from(934, 664).curve(930, 590, 830, 556, 742, 536).curve(700, 580, 700, 640, 716, 690).curve(800, 694, 880, 682, 934, 664)
	a.fill(toe, linear{point{720, 540}, point{940, 700}, solid(a.trim.lighter(0.3), a.trim, a.trim.darker(0.2))})
	heel := from(110, 650).curve(84, 560, 96, 440, 120, 340).curve(150, 400, 210, 500, 226, 656)
	a.fill(heel, linear{point{90, 340}, point{240, 650}, solid(a.trim.lighter(0.2), a.trim.darker(0.2))})
	a.stitch(from(744, 540).curve(704, 584, 704, 640, 718, 684))
	a.stitch(from(128, 360).curve(160, 420, 216, 510, 234, 652))
	a.fill(from(330, 650).curve(380, 560, 450, 500, 540, 452).line(584, 488).curve(500, 536, 430, 596, 392, 654), rgb(a.trim))
	a.stitch(from(338, 644).curve(388, 560, 456, 502, 540, 458))

	tongue := from(360, 344).curve(372, 270, 420, 250, 470, 262).curve(480, 300, 470, 330, 452, 340)
	a.fill(tongue, linear{point{360, 260}, point{480, 350}, solid(a.colour.lighter(0.3), a.colour.darker(0.2))})
	facing := from(388, 330).curve(408, 312, 430, 314, 446, 332).curve(510, 412, 590, 480, 700, 522).
		line(640, 560).curve(540, 520, 440, 440, 372, 372).curve(372, 350, 378, 338, 388, 330)
	a.fill(facing, rgb(a.colour.darker(0.16)))
	a.stitch(from(380, 376).curve(446, 440, 544, 516, 640, 554))
	for i := range 5 { // laces
		x, y := 424+float64(i)*50, 352+float64(i)*42
		a.fill(from(x-22, y+34).curve(x-8, y+22, x+14, y+6, x+30, y-14).stroke(19), rgb(a.colour.darker(0.45)))
		a.fill(from(x-22, y+31).curve(x-8, y+19, x+14, y+3, x+30, y-17).stroke(16), rgb(0xfbfbf9))
		a.fill(circle(x-22, y+34, 6), rgb(0x30343a))
	}
	a.fill(sole, linear{point{0, 640}, point{0, 742}, solid(0xffffff, 0xeceae4, 0xbdb9af)})
	a.fill(from(96, 708).line(934, 708).line(930, 716).line(98, 716), rgb(a.trim))
	a.fill(emblem(a.Mark, 620, 586, 42), rgb(a.trim.darker(0.45)))
	a.fill(lettering(bold(), a.Mark.Word, 240, 628, 21, 2), rgb(a.trim.darker(0.55)))
}

func (a *article) sunglasses() {
	a.shadow(ellipse(500, 676, 380, 22), 22, 150)
	for _, x := range []float64{318, 682} {
		d := 1.0
		if x > 500 {
			d = -1
		}
		a.fill(segment(point{x - d*176, 430}, point{x - d*236, 640}, 26), rgb(a.trim.darker(0.3)))
		rim := from(x-168, 424).curve(x-90, 388, x+90, 388, x+168, 424).curve(x+180, 560, x+100, 640, x, 640).curve(x-100, 640, x-180, 560, x-168, 424)
		a.shadow(rim, 10, 110)
		a.fill(rim, linear{point{x - 170, 400}, point{x + 170, 640}, solid(a.trim.lighter(0.35), a.trim, a.trim.darker(0.4))})
		lens := from(x-144, 440).curve(x-80, 412, x+80, 412, x+144, 440).curve(x+150, 550, x+84, 616, x, 616).curve(x-84, 616, x-150, 550, x-144, 440)
		a.fill(lens, linear{point{0, 420}, point{0, 620}, solid(a.colour.darker(0.75), a.colour.darker(0.3), a.colour.lighter(0.3))})
		a.fill(from(x-120, 450).line(x-40, 432).line(x-96, 560).curve(x-120, 530, x-128, 490, x-120, 450), glass{0xffffff, 40})
		a.fill(emblem(a.Mark, x-d*146, 424, 15), a.polished(x-160, 410, x+160, 440))
	}
	a.fill(from(470, 440).curve(484, 408, 516, 408, 530, 440).curve(516, 428, 484, 428, 470, 440), rgb(a.trim))
	a.fill(segment(point{470, 446}, point{530, 446}, 18), rgb(a.trim))
	a.fill(lettering(regular(), a.Mark.Word, 318, 486, 22, 5), glass{0xffffff, 170})
}

func (a *article) scent() {
	a.shadow(ellipse(500, 866, 250, 28), 22, 190)
	a.fill(box(420, 170, 160, 170, 14), a.polished(420, 170, 580, 200))
	a.fill(box(412, 320, 176, 26, 6), rgb(0x26262a))
	a.fill(box(446, 344, 108, 40, 6), a.polished(446, 340, 554, 384))
	bottle := box(270, 380, 460, 486, 46)
	a.fill(bottle, linear{point{270, 0}, point{730, 0}, solid(a.colour.darker(0.35), a.colour.lighter(0.5), a.colour.lighter(0.2), a.colour.lighter(0.6), a.colour.darker(0.3))})
	a.fill(box(304, 440, 392, 392, 26), linear{point{0, 440}, point{0, 840}, solid(a.colour.lighter(0.35), a.colour, a.colour.darker(0.3))})
	a.fill(box(304, 430, 392, 26, 12), glass{0xffffff, 90})
	a.fill(box(320, 460, 46, 350, 22), glass{0xffffff, 70})
	label := box(372, 540, 256, 190, 4)
	a.fill(label, rgb(0xfbf8f1))
	a.fill(emblem(a.Mark, 500, 606, 38), a.polished(460, 570, 540, 640))
	a.fill(lettering(regular(), a.Mark.Word, 500, 690, 30, 8), rgb(0x3a342a))
	a.fill(lettering(regular(), "EAU DE PARFUM", 500, 716, 13, 3), rgb(0x6a6252))
}

// stitch sews along the path in a thread lighter than the leather.
func (a *article) stitch(p *path) {
	thread := a.colour.lighter(0.45)
	if a.Mark.Plain { // the fakes are sewn in white, with long stitches
		a.fill(p.dashes(5, 22, 13), rgb(0xf2efe8))
		return
	}
	a.fill(p.dashes(4, 12, 6), rgb(thread))
}

// polished is the article's metal with light across it.
func (a *article) polished(x0, y0, x1, y1 float64) paint {
	return linear{point{x0, y0}, point{x1, y1}, a.metal}
}

// engraved is the article's metal at its lightest, for letters.
func (a *article) engraved() paint {
	return linear{point{0, 720}, point{0, 756}, solid(a.metal[2].colour, a.metal[1].colour)}
}
