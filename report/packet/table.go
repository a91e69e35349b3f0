package packet

// column is one column of a table.
type column struct {
	head  string
	width float64 // millimetres, the gap to the next column included
	style style
}

// gap is what stays free at the right of a column.
const gap = 3.0

// cell is what stands in a table.
type cell struct {
	text string
	link string // web address, or empty
}

// table sets rows under a head that is repeated on each page. A row that is
// taller than a page goes on on the next one.
func (s *sheet) table(columns []column, rows [][]cell) {
	s.tableHead(columns)
	for _, row := range rows {
		s.row(columns, row)
	}
	s.space(1)
}

func (s *sheet) tableHead(columns []column) {
	headed := false
	for _, c := range columns {
		headed = headed || c.head != ""
	}
	s.need(16)
	if headed {
		x := left
		for _, c := range columns {
			s.draw(x, s.y+baseline(styleHead), styleHead, s.one(styleHead, c.head, c.width-gap))
			x += c.width
		}
		s.y += styleHead.lead + 0.8
	}
	s.stroke(grey, 0.3)
	s.pdf.Line(left, s.y, right, s.y)
	s.y += 0.2
}

// padding above and below the text of a row, millimetres
const rowPad = 1.0

func (s *sheet) row(columns []column, row []cell) {
	cells := make([][]line, len(row))
	height, lead := 0.0, 0.0
	for i, c := range row {
		cells[i] = s.wrap(columns[i].style, c.text, columns[i].width-gap)
		height = max(height, float64(len(cells[i]))*columns[i].style.lead)
		lead = max(lead, columns[i].style.lead)
	}
	const whole = 60.0 // a row up to this height is not broken
	if s.y+height+2*rowPad > bottom && (height < whole || s.y+4*lead > bottom) {
		s.page()
		s.tableHead(columns)
	}
	for {
		fits := max(1, int((bottom-s.y-2*rowPad)/lead))
		more := s.part(columns, row, cells, fits)
		s.hairline(left, s.y, textWidth)
		if !more {
			return
		}
		s.page()
		s.tableHead(columns)
	}
}

// part draws the first n lines of each cell, takes them off and says whether
// there are more.
func (s *sheet) part(columns []column, row []cell, cells [][]line, n int) (more bool) {
	x, end := left, s.y
	for i, c := range columns {
		k := min(n, len(cells[i]))
		y := s.lines(x, s.y+rowPad, c.style, cells[i][:k])
		if row[i].link != "" && k > 0 {
			s.link(x, s.y, c.width-gap, y-s.y, row[i].link)
		}
		cells[i] = cells[i][k:]
		more = more || len(cells[i]) > 0
		end = max(end, y)
		x += c.width
	}
	s.y = end + rowPad
	return more
}
