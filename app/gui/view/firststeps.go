//go:build !headless

package view

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
)

// welcome is what an empty workspace shows: three steps to the first capture.
type welcome struct {
	m       *model.Main
	form    *linkForm
	name    *widget.Entry // of the case
	who     *widget.Entry
	marks   []*stepMark
	pages   map[model.FirstStep]fyne.CanvasObject
	at      model.FirstStep // what is shown
	content fyne.CanvasObject
}

// stepMark is a step's name at the top, with a tick when it is done.
type stepMark struct {
	icon *widget.Icon
	name *widget.Label
	row  *own.Surface
}

// newWelcome makes the steps; rights is where brands are imported.
func newWelcome(m *model.Main, win fyne.Window, rights *rightsScreen) *welcome {
	w := &welcome{m: m, form: newLinkForm(m, win), name: widget.NewEntry(), who: widget.NewEntry()}
	w.pages = map[model.FirstStep]fyne.CanvasObject{
		model.StepName:    w.namePage(),
		model.StepBrand:   w.brandPage(rights),
		model.StepListing: w.listingPage(),
	}
	marks := container.NewGridWithColumns(len(model.FirstSteps))
	pages := container.NewVBox()
	for i, title := range []string{tr("1. Who you are"), tr("2. Your brand"), tr("3. First listing")} {
		step := model.FirstSteps[i]
		mark := &stepMark{icon: widget.NewIcon(nil), name: heading(theme.SizeNameText)}
		mark.name.SetText(title)
		mark.row = own.NewSurface(colourPanel, 4, own.NewTap(container.NewBorder(nil, nil, mark.icon, nil, mark.name), func() { m.FirstRun.Go(step) }))
		w.marks = append(w.marks, mark)
		marks.Add(mark.row)
		pages.Add(w.pages[step])
	}
	w.content = container.New(&column{width: 680}, container.NewVBox(marks, card(pages)))
	w.refresh()
	return w
}

// namePage asks who works here.
func (w *welcome) namePage() fyne.CanvasObject {
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Who are you?"))
	w.who.SetPlaceHolder(tr("Your name, as evidence shall tell it"))
	done := func() { w.m.FirstRun.Introduce(w.who.Text) }
	w.who.OnSubmitted = func(string) { done() }
	return container.NewVBox(title,
		paragraph(tr("Each capture, judgement and approval is recorded with the name of the person who made it. It stays on this computer until you export evidence.")),
		w.who, container.NewBorder(nil, nil, nil, primary(tr("Go on"), theme.NavigateNextIcon(), done)))
}

// brandPage asks for whom.
func (w *welcome) brandPage(rights *rightsScreen) fyne.CanvasObject {
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Which brand do you act for?"))
	tools := container.NewHBox(
		widget.NewButtonWithIcon(tr("Write the form…"), theme.DocumentIcon(), rights.writeForm),
		widget.NewButtonWithIcon(tr("Import a brand…"), theme.FolderOpenIcon(), rights.chooseFile))
	later := quiet(tr("Later"), nil, func() { w.m.FirstRun.Go(model.StepListing) })
	rows := container.NewVBox(title,
		paragraph(tr("A notice needs the brand it speaks for, its registered right, and the person who signs.")),
		paragraph(tr("Fill in the form, a workbook with a sheet for each kind of thing, and import it. You see what it changes before it is kept.")),
		container.NewBorder(nil, nil, tools, later))
	if w.m.HasPractice() {
		try := widget.NewButtonWithIcon(tr("Use the practice brand"), theme.HomeIcon(), w.practise)
		rows.Add(widget.NewSeparator())
		rows.Add(container.NewBorder(nil, nil, nil, container.NewCenter(try),
			paragraph(tr("Only looking? The practice brand comes with a marketplace on this computer that sells counterfeits of it."))))
	}
	return rows
}

// listingPage is where the first links are pasted.
func (w *welcome) listingPage() fyne.CanvasObject {
	w.name.SetText(tr("My first case"))
	w.form.newCase = func() string { return w.name.Text }
	title := heading(theme.SizeNameHeadingText)
	title.SetText(tr("Paste links of suspect listings here"))
	lead := paragraph(tr("Touchstone opens each one in Chrome, keeps the page, its pictures and what crossed the network, and seals them so that anyone can check that nothing was changed."))
	rows := container.NewVBox(title, lead, w.form.content,
		container.NewBorder(nil, nil, widget.NewLabel(tr("They go into the case")), nil, w.name))
	if w.m.HasPractice() {
		try := widget.NewButtonWithIcon(tr("Try the practice marketplace"), theme.HomeIcon(), w.practise)
		rows.Add(widget.NewSeparator())
		rows.Add(container.NewBorder(nil, nil, nil, container.NewCenter(try), paragraph(tr("No link at hand? A marketplace on this computer has counterfeits to practise on."))))
	}
	return rows
}

// practise fills in links of the practice marketplace, whose brand comes with it.
func (w *welcome) practise() {
	w.m.TryPractice(func(urls []string) {
		w.name.SetText(tr("Practice case"))
		w.form.add(strings.Join(urls, "\n"))
		w.m.Rights.Load()
		w.m.FirstRun.Go(model.StepListing)
	})
}

// refresh shows the model's state.
func (w *welcome) refresh() {
	w.at = w.m.FirstRun.Step()
	for i, step := range model.FirstSteps {
		mark := w.marks[i]
		mark.icon.SetResource(theme.NewColoredResource(theme.RadioButtonIcon(), theme.ColorNamePlaceHolder))
		mark.row.SetEdge("")
		switch {
		case step == w.at:
			mark.icon.SetResource(theme.NewColoredResource(theme.RadioButtonCheckedIcon(), theme.ColorNamePrimary))
			mark.row.SetEdge(colourGold)
		case w.m.FirstRun.Done(step):
			mark.icon.SetResource(theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess))
		}
		show(w.pages[step], step == w.at)
	}
	w.form.count()
	w.content.Refresh()
}

// focus is what the keyboard belongs to, nil where nothing is typed.
func (w *welcome) focus() fyne.Focusable {
	switch w.at {
	case model.StepName:
		return w.who
	case model.StepListing:
		return w.form.entry
	}
	return nil
}
