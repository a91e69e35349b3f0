package page

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/domsnapshot"
	"github.com/chromedp/cdproto/memory"
	"github.com/chromedp/cdproto/page"

	"touchstone/capture/eye"
)

// Bounds of what is asked of a page about its layout. A page beyond them is
// captured like any other; only where its facts are printed is not known.
const (
	mostNodes  = 40_000 // Chrome takes seconds to tell of more, and cannot be stopped
	mostPrints = 8_000  // texts
	mostCovers = 4_000
	longPrint  = 400 // bytes of the longest text that is of interest
	layoutTime = 5 * time.Second
)

// see asks Chrome what the page prints, and where. Chrome answers from its own
// layout: the page's scripts have no part in it.
func (v *visit) see(ctx context.Context) eye.Page {
	ctx, cancel := limited(ctx, min(v.Limits.Save, layoutTime), "reading the layout")
	defer cancel()
	// Those of frames and of closed shadow roots count, too: Chrome answers from all,
	// and what it has begun to answer holds up the rest of the capture.
	count, err := cdp.Call(ctx, v.tab, memory.GetDOMCounters, cdp.Empty{})
	if err != nil || count.Nodes > mostNodes {
		return eye.Page{}
	}
	var s snapshot
	params := domsnapshot.CaptureSnapshotParams{ComputedStyles: styles, IncludePaintOrder: new(true)}
	if err := v.tab.Call(ctx, domsnapshot.CaptureSnapshot.Method, params, &s); err != nil || len(s.Documents) == 0 {
		return eye.Page{}
	}
	m, err := cdp.Call(ctx, v.tab, page.GetLayoutMetrics, cdp.Empty{})
	if err != nil {
		return eye.Page{}
	}
	return s.page(m.CSSContentSize.Width)
}

// snapshot is as much of Chrome's answer as is of interest. Its tables are
// joined by index; those of Strings are -1 where there is none.
// https://chromedevtools.github.io/devtools-protocol/tot/DOMSnapshot
type snapshot struct {
	Documents []struct {
		ContentWidth float64 `json:"contentWidth"`
		Nodes        struct {
			ParentIndex []int `json:"parentIndex"`
			NodeName    []int `json:"nodeName"`
		} `json:"nodes"`
		Layout struct {
			NodeIndex   []int       `json:"nodeIndex"`
			Styles      [][]int     `json:"styles"`
			Bounds      [][]float64 `json:"bounds"`
			Text        []int       `json:"text"`
			PaintOrders []int       `json:"paintOrders"`
		} `json:"layout"`
		TextBoxes struct {
			LayoutIndex []int       `json:"layoutIndex"`
			Bounds      [][]float64 `json:"bounds"`
			Start       []int       `json:"start"`
			Length      []int       `json:"length"`
		} `json:"textBoxes"`
	} `json:"documents"`
	Strings []string `json:"strings"`
}

// styles are what is asked of each element's computed style, in this order.
var styles = []string{"display", "visibility", "opacity", "position", "overflow-x", "overflow-y", "clip", "clip-path",
	"filter", "mask-image", "mix-blend-mode", "-webkit-text-fill-color", "background-color", "background-image", "font-size"}

const (
	styleDisplay = iota
	styleVisibility
	styleOpacity
	stylePosition
	styleOverflowX
	styleOverflowY
	styleClip
	styleClipPath
	styleFilter
	styleMask
	styleBlend
	styleInk
	styleBackground
	styleBackgroundImage
	styleFontSize
)

func (s *snapshot) string(i int) string {
	if i < 0 || i >= len(s.Strings) {
		return ""
	}
	return s.Strings[i]
}
