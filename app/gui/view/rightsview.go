//go:build !headless

package view

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// rightsScreen is the brands, with what they own, who signs for them, and how
// the genuine article is told.
type rightsScreen struct {
	m   *model.Main
	win fyne.Window

	about   *widget.Label
	brands  *widget.List
	photos  map[evidence.Hash]*canvas.Image
	detail  *fyne.Container
	empty   *fyne.Container
	split   fyne.CanvasObject
	content fyne.CanvasObject
}

func newRightsScreen(m *model.Main, win fyne.Window) *rightsScreen {
	s := &rightsScreen{m: m, win: win, about: muted(""), detail: container.NewVBox()}
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Rights"))
	form := widget.NewButtonWithIcon(tr("Write the form…"), theme.DocumentIcon(), s.writeForm)
	load := primary(tr("Import a brand…"), theme.FolderOpenIcon(), s.chooseFile)
	head := container.NewBorder(nil, nil, nil, container.NewCenter(container.NewHBox(form, load)), tight(title, s.about))

	s.brands = widget.NewList(func() int { return len(m.Rights.Brands()) },
		func() fyne.CanvasObject { return tight(heading(theme.SizeNameText), muted("")) },
		func(i int, o fyne.CanvasObject) {
			b := m.Rights.Brands()[i]
			row := o.(*fyne.Container).Objects
			row[0].(*widget.Label).SetText(b.Brand.Name)
			row[1].(*widget.Label).SetText(strings.Join(filled(b.Brand.Owner.Name, model.N("%d right", "%d rights", len(b.Rights))), "  ·  "))
		})
	s.brands.OnSelected = m.Rights.Choose
	list := own.NewSurface(colourPanel, 2, s.brands).Outlined(theme.ColorNameSeparator)
	split := container.NewHSplit(list, container.NewVScroll(inset(2, 4, s.detail)))
	split.SetOffset(0.24)
	s.split = split
	s.empty = container.New(&column{width: 620}, card(container.NewVBox(
		paragraph(tr("No brand yet. A notice needs the brand it speaks for, its registered right, and the person who signs.")),
		paragraph(tr("Fill in the form, a workbook with a sheet for each kind of thing, and import it. You see what it changes before it is kept.")))))
	s.content = inset(10, 14, container.NewBorder(head, nil, nil, nil, container.NewStack(split, s.empty)))
	return s
}

func (s *rightsScreen) refresh() {
	r := s.m.Rights
	none := r.Loaded() && len(r.Brands()) == 0
	show(s.empty, none)
	show(s.split, !none)
	s.about.SetText(model.N("%d brand", "%d brands", len(r.Brands())))
	if !r.Loaded() {
		s.about.SetText(tr("Loading…"))
	}
	s.brands.Refresh()
	s.detail.RemoveAll()
	b, ok := r.Brand()
	if !ok {
		return
	}
	s.brands.Select(r.Chosen())
	s.detail.Add(s.expiring(b.Brand.Name))
	s.detail.Add(group(tr("Owner"), ownerText(b.Brand.Owner), b.Brand.Site))
	s.detail.Add(group(tr("Rights"), each(b.Rights, rightText)...))
	s.detail.Add(group(tr("Signatories"), each(b.Signatories, signatoryText)...))
	s.detail.Add(group(tr("Authorisations"), each(b.Brand.Authorisations, authorisationText)...))
	s.detail.Add(group(tr("How the genuine article is told"), b.Brand.GenuineMarkers...))
	s.detail.Add(group(tr("How counterfeits are told"), b.Brand.CounterfeitFeatures...))
	if photos := s.m.Rights.Photos(); len(photos) > 0 {
		s.detail.Add(s.pictures(photos))
	}
	s.detail.Add(group(tr("Products"), each(b.Brand.Products, productText)...))
	s.detail.Add(group(tr("Authorised sellers"), b.Brand.AuthorisedSellers...))
}

// pictures are what the brand has photos of, each over what it shows.
func (s *rightsScreen) pictures(photos []model.Photo) fyne.CanvasObject {
	head := heading(theme.SizeNameText)
	head.SetText(tr("Pictures"))
	grid := container.NewGridWrap(fyne.NewSize(190, 150))
	s.photos = map[evidence.Hash]*canvas.Image{}
	for _, p := range photos {
		img := canvas.NewImageFromImage(s.m.Thumbs.Get(p.Picture))
		img.FillMode, img.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
		s.photos[p.Picture] = img
		what, edge := widget.NewLabel(p.Label), theme.ColorNameSeparator
		if p.Fake {
			what.SetText(tr("Counterfeit: %s", p.Label))
			edge = theme.ColorNameError
		}
		what.Wrapping, what.SizeName, what.Truncation = fyne.TextWrapWord, theme.SizeNameCaptionText, fyne.TextTruncateEllipsis
		grid.Add(own.NewSurface(colourPanel, 4, container.NewBorder(nil, what, nil, nil, img)).Outlined(edge))
	}
	return card(container.NewVBox(head, grid))
}

// showThumb shows a picture that has been made small by now.
func (s *rightsScreen) showThumb(h evidence.Hash) {
	if img := s.photos[h]; img != nil {
		img.Image = s.m.Thumbs.Get(h)
		img.Refresh()
	}
}

// expiring warns of what ends soon.
func (s *rightsScreen) expiring(brand string) fyne.CanvasObject {
	rows := container.NewVBox()
	for _, e := range s.m.Rights.Expiring() {
		if e.Brand != brand {
			continue
		}
		text := tr("%s ends on %s", e.Subject(), model.DateText(e.Last))
		if e.Days < 0 {
			text = tr("%s ended on %s", e.Subject(), model.DateText(e.Last))
		}
		rows.Add(container.NewBorder(nil, nil, widget.NewIcon(theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning)), nil, paragraph(text)))
	}
	if len(rows.Objects) == 0 {
		return rows
	}
	return own.NewSurface(colourAlarm, 8, rows).Outlined(theme.ColorNameWarning)
}

// group is lines under a title; of none it says so.
func group(title string, lines ...string) fyne.CanvasObject {
	head := heading(theme.SizeNameText)
	head.SetText(title)
	rows := tight(head)
	for _, line := range lines {
		if line != "" {
			p := paragraph(line)
			p.Selectable = true
			rows.Add(p)
		}
	}
	if len(rows.Objects) == 1 {
		rows.Add(muted(tr("None")))
	}
	return card(rows)
}

func each[T any](list []T, text func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = text(v)
	}
	return out
}

func ownerText(o evidence.Organisation) string {
	return strings.Join(filled(o.Name, strings.ReplaceAll(o.Address, "\n", ", "), o.City, o.Country, o.Email), "  ·  ")
}

func rightText(r evidence.Right) string {
	classes := ""
	if len(r.Classes) > 0 {
		classes = tr("classes %s", strings.Trim(fmt.Sprint(r.Classes), "[]"))
	}
	until := ""
	if r.Expires != "" {
		until = tr("until %s", model.DateText(r.Expires))
	}
	return strings.Join(filled(r.Name, model.RightTypeText(r.Type), r.Register(), r.Jurisdiction, classes, until), "  ·  ")
}

func signatoryText(s evidence.Signatory) string {
	return strings.Join(filled(s.Name, s.Title, s.Email, s.Agent), "  ·  ")
}

func authorisationText(a evidence.Authorisation) string {
	until := ""
	if a.To != "" {
		until = tr("until %s", model.DateText(a.To))
	}
	return strings.Join(filled(a.Agent, strings.Join(a.Rights, ", "), strings.Join(a.Territories, ", "), until), "  ·  ")
}

func productText(p evidence.Product) string {
	return strings.Join(filled(p.Model, p.Name, model.PriceText(&evidence.Price{Min: p.Price, Currency: p.Currency})), "  ·  ")
}

// chooseFile reads a brand file and shows what it would change.
func (s *rightsScreen) chooseFile() {
	openFile(s.win, []string{".xlsx", ".json"}, func(path string) { s.m.Rights.Preview(path, s.preview) })
}

// preview asks whether what a brand file changes is wanted.
func (s *rightsScreen) preview(p model.BrandPreview) {
	title := tr("Change the brand %s?", p.Brand)
	if p.New {
		title = tr("Add the brand %s?", p.Brand)
	}
	if len(p.Lines) == 0 {
		s.m.Problems.Tell(tr("The file changes nothing."))
		return
	}
	rows := container.NewVBox()
	for _, line := range p.Lines {
		rows.Add(paragraph(line))
	}
	scroll := container.NewVScroll(rows)
	scroll.SetMinSize(fyne.NewSize(520, 260))
	d := dialog.NewCustomConfirm(title, tr("Import"), tr("Cancel"), scroll, func(ok bool) {
		if ok {
			s.m.Rights.Import(p.Path)
		}
	}, s.win)
	d.Show()
}

func (s *rightsScreen) writeForm() {
	saveFile(s.win, tr("brand.xlsx"), s.m.Rights.WriteForm)
}
