package packet

import (
	"bytes"
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strconv"
)

// source is what gofpdf wrote: pages without fonts and pictures.
type source struct {
	text    []byte
	objects []sourceObject // in the order in which they stand
	last    int            // the catalogue's number, the highest; the properties have the one before
	outline int            // the bookmarks' number; 0 for none
}

type sourceObject struct {
	number   int
	from, to int
}

// numbers that gofpdf always gives
const (
	resourcesNumber = 2
	firstPageNumber = 3
)

var errSource = errors.New("gofpdf wrote a document of another shape than expected")

var (
	xrefEntry = regexp.MustCompile(`(?m)^(\d{10}) 00000 n`)
	startXref = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\s*$`)
	outlines  = regexp.MustCompile(`/Outlines (\d+) 0 R`)
)

func parseSource(text []byte) (*source, error) {
	end := startXref.FindSubmatch(text)
	if end == nil {
		return nil, errSource
	}
	xref, err := strconv.Atoi(string(end[1]))
	if err != nil || xref > len(text) {
		return nil, errSource
	}
	s := &source{text: text}
	for i, m := range xrefEntry.FindAllSubmatch(text[xref:], -1) {
		at, err := strconv.Atoi(string(m[1]))
		if err != nil || at >= xref {
			return nil, errSource
		}
		s.objects = append(s.objects, sourceObject{number: i + 1, from: at})
	}
	s.last = len(s.objects)
	slices.SortFunc(s.objects, func(a, b sourceObject) int { return cmp.Compare(a.from, b.from) })
	for i := range s.objects {
		s.objects[i].to = xref
		if i+1 < len(s.objects) {
			s.objects[i].to = s.objects[i+1].from
		}
	}
	if s.last < 4 || s.objects[s.last-1].number != s.last {
		return nil, errSource
	}
	catalogue := s.body(s.objects[s.last-1])
	if !bytes.Contains(catalogue, []byte("/Type /Catalog")) {
		return nil, errSource
	}
	if m := outlines.FindSubmatch(catalogue); m != nil {
		s.outline, _ = strconv.Atoi(string(m[1]))
	}
	return s, nil
}

// body is an object's text, from its number to the next object.
func (s *source) body(o sourceObject) []byte { return s.text[o.from:o.to] }
