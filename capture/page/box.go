package page

import (
	"context"
	"fmt"

	"touchstone/store/evidence"
)

// openBox lets the box that a page scrolls in, if it has one, grow to what it
// holds, so that the full-page picture shows it all. The picture of the first
// view, taken before, shows the page as it was. The returned func puts back how
// the box was; until then the page's layout is not its own, which is recorded.
func (v *visit) openBox(ctx context.Context) (closeBox func()) {
	var box *struct {
		Name string `json:"name"`
		View int    `json:"view"`
		// Height is of what the box holds, Page of the page after opening it.
		Height int `json:"height"`
		Page   int `json:"page"`
	}
	if err := v.ask(ctx, "touchstone.open()", 3*patience, &box); err != nil || box == nil {
		return func() {} // a page that does not answer is recorded elsewhere
	}
	v.record.alter("box_opened", fmt.Sprintf("%s showed %d of %d px; it was let grow for the screenshot and put back", box.Name, box.View, box.Height))
	if box.Page < box.Height {
		v.miss(evidence.RoleScreenshot, fmt.Sprintf("%s holds %d px, of which no more than %d could be shown", box.Name, box.Height, box.Page))
	}
	return func() {
		var done bool
		if err := v.ask(ctx, "touchstone.close()", 3*patience, &done); err != nil {
			v.record.alter("box_left_open", fmt.Sprintf("the document is kept as it was for the screenshot: %v", reason(ctx, err)))
		}
	}
}
