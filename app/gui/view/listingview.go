//go:build !headless

package view

import (
	"fmt"
	"image"
	"net/url"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// listingScreen is one listing: its screenshot, and beside it what is known.
type listingScreen struct {
	m *model.Main

	name     *widget.Label
	position *widget.Label
	previous *widget.Button
	next     *widget.Button
	byHand   *widget.Button
	viewer   *own.Viewer
	zoom     *widget.Label
	page     []evidence.Hash // what the viewer shows
	facts    *factsPanel
	files    *filesPanel
	history  *historyPanel
	pictures *picturesPanel
	ties     *tiesPanel
	assess   *assessPanel
	tabs     *container.AppTabs
	compare  *comparePanel
	markup   *markupBar
	single   fyne.CanvasObject // the screenshot of one capture
	content  fyne.CanvasObject
}

func newListingScreen(m *model.Main, win fyne.Window, post func(func())) *listingScreen {
	s := &listingScreen{m: m, name: heading(theme.SizeNameSubHeadingText), position: widget.NewLabel("")}
	s.facts, s.files, s.history, s.ties, s.assess = newFactsPanel(m), newFilesPanel(m), newHistoryPanel(m), newTiesPanel(m), newAssessPanel(m)
	s.viewer = own.NewViewer(post)
	s.pictures = newPicturesPanel(m, post)

	back := quiet(tr("Listings"), theme.NavigateBackIcon(), m.Listing.Close)
	s.previous = quiet("", theme.MoveUpIcon(), func() { m.Step(-1) })
	s.next = quiet("", theme.MoveDownIcon(), func() { m.Step(1) })
	again := widget.NewButtonWithIcon(tr("Capture again"), theme.MediaPhotoIcon(), m.Recapture)
	s.byHand = primary(tr("Capture attended"), theme.AccountIcon(), m.Attend)
	notice := widget.NewButtonWithIcon(tr("New notice"), theme.MailComposeIcon(), m.Notify)
	web := widget.NewButtonWithIcon(tr("Open page"), theme.ComputerIcon(), s.openPage)
	head := tight(container.NewBorder(nil, nil, container.NewHBox(back, s.previous, s.next, s.position), container.NewHBox(web, again, s.byHand, notice)), s.name)

	ties, pictures := container.NewTabItem(tr("Links"), s.ties.content), container.NewTabItem(tr("Pictures"), s.pictures.content)
	s.tabs = container.NewAppTabs(
		container.NewTabItem(tr("Facts"), s.facts.content),
		pictures,
		container.NewTabItem(tr("Evidence"), s.files.content),
		container.NewTabItem(tr("History"), s.history.content),
		ties,
	)
	s.tabs.OnSelected = func(t *container.TabItem) {
		s.ties.shown(t == ties)
		s.pictures.shown(t == pictures)
	}
	side := container.NewBorder(nil, s.assess.content, nil, nil,
		own.NewSurface(colourPanel, 4, s.tabs).Outlined(theme.ColorNameSeparator))
	s.compare, s.single = newComparePanel(m, post), s.picture(win)
	split := container.NewHSplit(container.NewStack(s.single, s.compare.content), side)
	split.SetOffset(0.6)
	s.content = inset(10, 14, container.NewBorder(head, nil, nil, nil, split))
	return s
}

// picture is the screenshot under its tools.
func (s *listingScreen) picture(win fyne.Window) fyne.CanvasObject {
	s.markup = newMarkupBar(s.m.Listing.Markup, s.viewer, win)
	s.zoom = muted("")
	s.zoom.Truncation = fyne.TextTruncateOff
	s.viewer.OnZoom = func() {
		text := ""
		if z := s.viewer.Zoom(); z > 0 {
			text = fmt.Sprintf("%.0f %%", z*100)
		}
		if s.viewer.Damaged() {
			text += "  ·  " + tr("the rest of the picture cannot be read; verify the workspace")
		}
		s.zoom.SetText(text)
		s.markup.refresh()
		s.point()
	}
	tools := container.NewHBox(
		quiet("", theme.ZoomOutIcon(), s.viewer.ZoomOut),
		quiet("", theme.ZoomInIcon(), s.viewer.ZoomIn),
		quiet(tr("Fit width"), theme.ZoomFitIcon(), s.viewer.FitWidth),
		quiet("100 %", theme.ViewFullScreenIcon(), s.viewer.FullSize),
		s.markup.begin,
		s.zoom,
	)
	return own.NewSurface(colourPanel, 4, container.NewBorder(container.NewVBox(tools, s.markup.content), nil, nil, nil, s.viewer)).Outlined(theme.ColorNameSeparator)
}

// refresh shows the model's state.
func (s *listingScreen) refresh() {
	l := s.m.Listing
	if !l.IsOpen() {
		return
	}
	line := model.LineOf(l.Row())
	s.name.SetText(line.Title)
	at, of := s.m.Position()
	s.position.SetText("")
	if at > 0 {
		s.position.SetText(tr("%d of %d", at, of))
	}
	enable(s.previous, at > 1)
	enable(s.next, at > 0 && at < of)
	c, ok := l.Capture()
	show(s.byHand, ok && model.NeedsAttendance(c.Outcome))
	enable(s.byHand, !s.m.Attended.Open())
	if l.Read() {
		s.showPage(l.Screenshot())
	} else if s.page != nil {
		s.page = nil
		s.viewer.Clear(tr("Loading…"))
	}
	s.refreshComparison()
	s.facts.refresh()
	s.files.refresh()
	s.history.refresh()
	s.assess.refresh()
	s.ties.refresh()
	s.pictures.refresh()
}

// refreshComparison shows one capture or two.
func (s *listingScreen) refreshComparison() {
	show(s.single, !s.m.Listing.Comparison.Open())
	s.compare.refresh()
	s.history.refreshChanges()
}

// close ends the work of the screen's widgets.
func (s *listingScreen) close() {
	s.viewer.Close()
	s.pictures.album.viewer.Close()
	s.compare.pictures.Close()
}

// refreshExamination shows what was found out about the capture.
func (s *listingScreen) refreshExamination() {
	s.files.refreshSeal()
	s.history.refreshChanges()
	s.ties.refresh()
	s.pictures.refresh()
}

// showPage shows the screenshot, unless it is the one that is shown.
func (s *listingScreen) showPage(hashes []evidence.Hash) {
	if slices.Equal(hashes, s.page) && len(hashes) > 0 {
		return
	}
	s.page = hashes
	if len(hashes) == 0 {
		s.viewer.Clear(s.why())
		return
	}
	s.viewer.Load(opener(s.m, hashes))
}

// refreshPoint shows another fact on the screenshot.
func (s *listingScreen) refreshPoint() {
	s.facts.refreshPoint()
	s.point()
}

// point frames the fact that is chosen on the screenshot, as soon as that is read.
func (s *listingScreen) point() {
	_, place, ok := s.m.Listing.Pointed()
	pieces := s.viewer.Pieces()
	if !ok || place.Tile+1 >= len(pieces) {
		s.viewer.Highlight(image.Rectangle{})
		return
	}
	y := pieces[place.Tile] + place.Y
	s.viewer.Highlight(image.Rect(place.X, y, place.X+place.Width, y+place.Height))
}

// why says why there is no screenshot.
func (s *listingScreen) why() string {
	c, ok := s.m.Listing.Capture()
	if !ok {
		return tr("This listing has not been captured yet.")
	}
	for _, missing := range c.Missing {
		if missing.Role == evidence.RoleScreenshot {
			return tr("There is no screenshot: %s", missing.Reason)
		}
	}
	if c.Reason != "" {
		return tr("There is no screenshot: %s", c.Reason)
	}
	return tr("This capture has no screenshot.")
}

func (s *listingScreen) openPage() {
	r := s.m.Listing.Row()
	address := r.Listing.URL
	if address == "" && r.Capture != nil {
		address = r.Capture.URL
	}
	u, err := url.Parse(address)
	if err == nil {
		err = fyne.CurrentApp().OpenURL(u)
	}
	if err != nil {
		s.m.Problems.Show(model.Problem{What: tr("Your browser did not open the page."), Kept: tr("Nothing was changed."),
			Advice: tr("Copy the address from the facts and paste it into a browser."), Detail: err.Error()})
	}
}

// enable makes a button usable or not.
func enable(b *widget.Button, can bool) {
	if can {
		b.Enable()
	} else {
		b.Disable()
	}
}
