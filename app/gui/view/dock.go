//go:build !headless

package view

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// stepHeight is that of a row in the list of URLs, its gap included.
const stepHeight = 35

// dock is the work under way, at the foot of every screen.
type dock struct {
	m *model.Main

	headline *widget.Label
	bar      *own.Bar
	cancel   *widget.Button
	clear    *widget.Button
	fold     *widget.Button
	steps    *widget.List
	tall     *fyne.Container
	height   *fixedHeight
	batch    fyne.CanvasObject

	taskLine *widget.Label
	taskBar  *own.Bar
	task     fyne.CanvasObject

	attended *attendedBar

	running bool // a batch was, when last shown
	content fyne.CanvasObject
}

func newDock(m *model.Main) *dock {
	d := &dock{m: m}
	batch, task := d.makeBatch(), d.makeTask()
	d.batch, d.task, d.attended = batch, task, newAttendedBar(m.Attended)
	d.content = own.NewSurface(colourPanel, 1, container.NewVBox(widget.NewSeparator(), d.attended.content, batch, task))
	d.refresh()
	return d
}

func (d *dock) makeBatch() fyne.CanvasObject {
	m := d.m
	d.headline = widget.NewLabel("")
	d.headline.TextStyle.Bold = true
	d.bar = own.NewBar()
	d.cancel = widget.NewButtonWithIcon(tr("Stop"), theme.MediaStopIcon(), m.Batch.Cancel)
	d.clear = quiet("", theme.CancelIcon(), m.Batch.Clear)
	d.steps = widget.NewList(func() int { return len(m.Batch.Steps()) }, newStepRow, d.fillStep)
	d.steps.HideSeparators = true
	d.steps.OnSelected = func(i int) {
		d.steps.UnselectAll()
		if steps := m.Batch.Steps(); i < len(steps) {
			m.OpenURL(steps[i].URL)
		}
	}
	d.height = &fixedHeight{}
	d.tall = container.New(d.height, d.steps)
	d.fold = quiet("", theme.MenuDropDownIcon(), func() {
		if d.tall.Visible() {
			d.tall.Hide()
		} else {
			d.tall.Show()
		}
		d.refresh()
		d.content.Refresh()
	})
	line := container.NewBorder(nil, nil, container.NewHBox(d.fold, d.headline), container.NewHBox(d.cancel, d.clear), inset(0, 10, d.bar))
	return inset(0, 8, container.NewVBox(line, d.tall))
}

func (d *dock) makeTask() fyne.CanvasObject {
	d.taskLine = heading(theme.SizeNameText)
	d.taskBar = own.NewBar()
	stop := widget.NewButtonWithIcon(tr("Stop"), theme.MediaStopIcon(), d.m.Task.Cancel)
	bars := fixedWidth(260, inset(0, 10, d.taskBar))
	return inset(0, 8, container.NewBorder(nil, nil, nil, container.NewHBox(bars, stop), d.taskLine))
}

// newStepRow is a URL and how far it has got, and the way to capture it by hand
// where a program cannot.
func newStepRow() fyne.CanvasObject {
	state := widget.NewLabel("")
	state.Truncation = fyne.TextTruncateEllipsis
	byHand := quiet(tr("Capture attended"), theme.AccountIcon(), nil)
	return container.NewBorder(nil, nil, widget.NewIcon(nil), container.NewHBox(byHand, fixedWidth(190, state)), muted(""))
}

func (d *dock) fillStep(i int, o fyne.CanvasObject) {
	steps := d.m.Batch.Steps()
	if i >= len(steps) {
		return
	}
	row := o.(*fyne.Container).Objects
	row[0].(*widget.Label).SetText(steps[i].URL)
	row[1].(*widget.Icon).SetResource(symbol(steps[i].Mark))
	end := row[2].(*fyne.Container).Objects
	byHand := end[0].(*widget.Button)
	byHand.OnTapped = func() { d.m.AttendStep(i) }
	show(byHand, model.NeedsAttendance(evidence.Outcome(steps[i].Mark.Symbol)))
	enable(byHand, !d.m.Attended.Open())
	end[1].(*fyne.Container).Objects[0].(*widget.Label).SetText(steps[i].Mark.Text)
}

// refresh shows the model's state.
func (d *dock) refresh() {
	b, t := d.m.Batch, d.m.Task
	show(d.batch, len(b.Steps()) > 0)
	working := t.Shown(time.Now())
	show(d.task, working)
	d.attended.refresh()
	show(d.content, len(b.Steps()) > 0 || working || d.m.Attended.Open())
	d.headline.SetText(b.Headline(time.Now()))
	d.bar.SetValue(b.Fraction())
	show(d.cancel, b.Running())
	show(d.clear, !b.Running())
	show(d.bar, b.Running())
	if b.Running() != d.running {
		d.running = b.Running()
		show(d.tall, d.running || !b.Reached()) // what went well needs no room
	}
	if d.tall.Visible() {
		d.fold.SetIcon(theme.MenuDropDownIcon())
	} else {
		d.fold.SetIcon(theme.MenuDropUpIcon())
	}
	d.height.height = stepHeight * float32(min(4, len(b.Steps())))
	d.steps.Refresh()
	d.taskLine.SetText(t.Headline(time.Now()))
	fraction := t.Fraction()
	show(d.taskBar, fraction >= 0)
	d.taskBar.SetValue(fraction)
}

func show(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

type fixedHeight struct{ height float32 }

// Layout implements fyne.Layout.
func (f *fixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

// MinSize implements fyne.Layout.
func (f *fixedHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, f.height) }
