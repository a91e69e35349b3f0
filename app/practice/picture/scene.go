package picture

// backdrop paints what the thing stands before.
func (c *canvas) backdrop(s Spec) {
	all := box(0, 0, units, units, 0)
	switch s.Scene {
	case Linen:
		c.fill(all, linear{point{0, 0}, point{units, units}, solid(0xefe6da, 0xdccfbd)})
		c.grain(all, 3, 10)
	case Table:
		c.fill(all, linear{point{0, 0}, point{0, units}, solid(0xa9825a, 0x8d6742)})
		for y := 0.0; y < units; y += 143 {
			c.fill(box(0, y, units, 143, 0), linear{point{0, y}, point{units, y + 143},
				[]stop{{0, 0x5d3f22, 50}, {0.5, 0xc79c6d, 60}, {1, 0x4f351c, 60}}})
			c.fill(box(0, y, units, 3, 0), glass{0x3b2613, 170})
		}
		for y := 0.0; y < units; y += 6 { // the wood's fibres
			strength := 0.5 + 0.5*noise(y/19, 3)
			c.fill(from(0, y).curve(300, y+9*noise(y, 1), 700, y+9*noise(y, 2), units, y).line(units, y+3).line(0, y+3), glass{0x3b2613, uint8(46 * strength)})
		}
	case Night:
		c.fill(all, radial{point{500, 420}, 760, solid(0x4a5568, 0x1a202c)})
	default:
		c.fill(all, radial{point{500, 420}, 800, solid(0xffffff, 0xf4f4f5, 0xdcdde0)})
	}
	if s.View == Front || s.View == Pair {
		c.fill(box(0, 800, units, 200, 0), linear{point{0, 800}, point{0, units}, []stop{{0, 0, 0}, {1, 0x000000, 26}}})
	}
}

// carton is the box it is sold in, standing behind it.
func (c *canvas) carton(s Spec) {
	side := rgb(0x2b2a33)
	if s.Mark.Device != 0 {
		side = rgb(s.Trim).darker(0.35)
	}
	front := box(110, 190, 520, 560, 8)
	c.shadow(box(100, 700, 640, 70, 30), 26, 150)
	c.fill(from(630, 190).line(740, 240).line(740, 720).line(630, 750), linear{point{630, 0}, point{740, 0}, solid(side.darker(0.25), side.darker(0.5))})
	c.fill(from(110, 192).line(225, 150).line(722, 205).line(740, 240).line(630, 192), rgb(side.lighter(0.14)))
	c.fill(front, linear{point{110, 190}, point{630, 750}, solid(side.lighter(0.1), side.darker(0.12))})
	c.grain(front, 2.4, 7)
	metal := linear{point{200, 300}, point{560, 560}, gold}
	c.fill(emblem(s.Mark, 370, 400, 92), metal)
	c.fill(lettering(regular(), s.Mark.Word, 370, 590, 54, 14), metal)
	c.fill(box(150, 640, 440, 2, 0), metal)
}
