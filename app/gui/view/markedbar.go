//go:build !headless

package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	own "touchstone/app/gui/widget"
	"touchstone/store/evidence"
)

// prefColumns remembers which columns of the table are shown: a + or - for each.
const prefColumns = "columns"

// markedBar is what can be done with the listings that are marked.
type markedBar struct {
	m       *model.Main
	text    *widget.Label
	content fyne.CanvasObject
}

func newMarkedBar(m *model.Main, win fyne.Window) *markedBar {
	b := &markedBar{m: m, text: heading(theme.SizeNameText)}
	assess := widget.NewButtonWithIcon(tr("Assess…"), theme.ConfirmIcon(), func() { bulkAssessDialog(m, win) })
	var review *widget.Button
	review = widget.NewButtonWithIcon(tr("Review status"), theme.MenuDropDownIcon(), func() {
		items := make([]*fyne.MenuItem, len(evidence.Reviews))
		for i, r := range evidence.Reviews {
			items[i] = fyne.NewMenuItem(model.ReviewText(r), func() { m.Bulk.SetReview(r) })
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(review)
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), win.Canvas(), at.AddXY(0, review.Size().Height))
	})
	again := widget.NewButtonWithIcon(tr("Capture again"), theme.MediaPhotoIcon(), m.RecaptureMarked)
	notice := primary(tr("New notice"), theme.MailComposeIcon(), m.NotifyMarked)
	export := widget.NewButtonWithIcon(tr("Export…"), theme.DocumentSaveIcon(), func() { exportMarkedDialog(m, win) })
	clearing := quiet("", theme.CancelIcon(), func() { m.Table.MarkAll(false) })
	b.content = own.NewSurface(colourNote, 4, inset(0, 6, container.NewBorder(nil, nil, nil,
		container.NewHBox(assess, review, again, export, notice, clearing), b.text))).Outlined(theme.ColorNamePrimary)
	b.content.Hide()
	return b
}

// refresh reports whether the bar has come or gone.
func (b *markedBar) refresh() bool {
	n := b.m.Table.MarkedCount()
	was := b.content.Visible()
	if show(b.content, n > 0); n > 0 {
		b.text.SetText(model.N("%d listing marked", "%d listings marked", n))
	}
	return was != (n > 0)
}

// judgement is the fields of an assessment.
type judgement struct {
	verdict, basis *picker
	reason         *widget.Entry
}

func newJudgement(changed func()) *judgement {
	j := &judgement{reason: widget.NewEntry()}
	j.verdict = newPicker(func(string) { changed() })
	j.verdict.PlaceHolder = tr("Verdict")
	j.basis = newPicker(func(string) { changed() })
	j.basis.PlaceHolder = tr("Basis")
	j.reason.SetPlaceHolder(tr("Reason, in your words"))
	j.clear()
	return j
}

func (j *judgement) clear() {
	j.verdict.offer(choicesOf(evidence.Verdicts, func(v evidence.Verdict) choice { return choice{string(v), model.VerdictText(v)} }), "")
	j.basis.offer(choicesOf(evidence.Bases, func(b evidence.Basis) choice { return choice{string(b), model.BasisText(b)} }), "")
	j.reason.SetText("")
}

// made reports whether verdict and basis are chosen.
func (j *judgement) made() bool { return j.verdict.picked() != "" && j.basis.picked() != "" }

func (j *judgement) take() (evidence.Verdict, evidence.Basis, string) {
	return evidence.Verdict(j.verdict.picked()), evidence.Basis(j.basis.picked()), j.reason.Text
}

// bulkAssessDialog asks for the judgement of all marked listings.
func bulkAssessDialog(m *model.Main, win fyne.Window) {
	var record *widget.Button
	var j *judgement
	j = newJudgement(func() {
		if record != nil {
			enable(record, j.made())
		}
	})
	var d *dialog.CustomDialog
	record = primary(tr("Record assessment"), theme.ConfirmIcon(), func() {
		d.Hide()
		m.Bulk.Assess(j.take())
	})
	record.Disable()
	cancel := widget.NewButton(tr("Cancel"), func() { d.Hide() })
	d = dialog.NewCustomWithoutButtons(model.N("Assess %d listing", "Assess %d listings", m.Table.MarkedCount()),
		container.NewVBox(container.NewGridWithColumns(2, j.verdict, j.basis), j.reason), win)
	d.SetButtons([]fyne.CanvasObject{cancel, record})
	d.Resize(fyne.NewSize(480, 0))
	d.Show()
}

// columnsDialog lets the user choose the columns of the table.
func columnsDialog(t *own.Table, win fyne.Window, changed func()) {
	rows := container.NewVBox()
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Title == "" {
			continue
		}
		box := widget.NewCheck(c.Title, nil)
		box.Checked = !c.Hidden
		box.OnChanged = func(on bool) {
			c.Hidden = !on
			keepColumns(t)
			changed()
			t.Refresh()
		}
		rows.Add(box)
	}
	dialog.ShowCustom(tr("Columns"), tr("Close"), rows, win)
}

func keepColumns(t *own.Table) {
	fyne.CurrentApp().Preferences().SetString(prefColumns, columnStates(t))
}

// columnStates says which columns are shown: a + or - for each.
func columnStates(t *own.Table) string {
	states := make([]byte, len(t.Columns))
	for i, c := range t.Columns {
		states[i] = '+'
		if c.Hidden {
			states[i] = '-'
		}
	}
	return string(states)
}

// restoreColumns shows the columns that were shown last in any case.
func restoreColumns(t *own.Table) {
	showColumns(t, fyne.CurrentApp().Preferences().String(prefColumns))
}

func showColumns(t *own.Table, states string) {
	if len(states) != len(t.Columns) {
		return // of a version with other columns
	}
	for i := range t.Columns {
		t.Columns[i].Hidden = states[i] == '-'
	}
}
