package capture_test

import (
	"bytes"
	"fmt"
	"image/color"
	"net/http"
	"testing"

	"touchstone/store/evidence"
)

func TestAPageThatScrollsInABoxIsShownWhole(t *testing.T) {
	s := newSite(t, false)
	const rows = 400
	s.handle("/box.html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><title>Box</title><style>html,body{margin:0;height:100%%;overflow:hidden}main{height:100vh;overflow-y:auto}.row{height:%dpx}</style><main>`, patternRow)
		for row := range rows {
			c := patternColour(row)
			fmt.Fprintf(w, `<div class="row" style="background:#%02x%02x%02x"></div>`, c.R, c.G, c.B)
		}
	})
	got := take(t, s, "/box.html")
	pixels(t, got.picture(t), rows*patternRow, func(y int) color.RGBA { return patternColour(y / patternRow) })
	if got.altered("box_opened") != 1 || !got.Complete() {
		t.Errorf("alterations %v, missing %v", got.Alterations, got.Missing)
	}
	if html := got.bytesOf(t, evidence.RoleHTML); !bytes.Contains(html, []byte("<main>")) {
		t.Errorf("the document is not as it was: %.300s", html)
	}
}

func TestABoxWithinALongPageIsLeftAlone(t *testing.T) {
	s := newSite(t, false)
	s.handle("/small.html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><title>Small</title><style>body{margin:0}div{height:200px;overflow:auto}p{height:1000px;margin:0}</style><h1>Reviews</h1><div><p>in the box</p></div>`)
	})
	if got := take(t, s, "/small.html"); got.altered("box_opened") != 0 {
		t.Errorf("alterations %v", got.Alterations)
	}
}
