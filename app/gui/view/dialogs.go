//go:build !headless

package view

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// prefFolder remembers where the last packet went.
const prefFolder = "packet.folder"

// openFile lets the user choose a file with one of the extensions, or any.
func openFile(win fyne.Window, extensions []string, chosen func(path string)) {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil || f == nil {
			return // closed without a choice, or a file that the dialog says it cannot open
		}
		f.Close()
		chosen(f.URI().Path())
	}, win)
	if len(extensions) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(extensions))
	}
	showLarge(d, win)
}

// showLarge shows a dialog of files with more room than Fyne gives it. The size is
// set when it is shown: one that is not yet, or is the desktop's own, has none, and
// Fyne 2.8.1 fails on it.
func showLarge(d *dialog.FileDialog, win fyne.Window) {
	below := win.Canvas().Overlays().Top()
	d.Show()
	if win.Canvas().Overlays().Top() != below {
		d.Resize(fyne.NewSize(760, 520))
	}
}

// newCaseDialog asks for a case's name and particulars.
func newCaseDialog(m *model.Main, win fyne.Window) {
	name, client, matter, territory := widget.NewEntry(), widget.NewEntry(), widget.NewEntry(), widget.NewEntry()
	name.PlaceHolder = tr("As in: Autumn sweep, handbags")
	territory.PlaceHolder = tr("Country code, as in DE")
	form := []*widget.FormItem{
		{Text: tr("Name"), Widget: name},
		{Text: tr("Client"), Widget: client},
		{Text: tr("Matter number"), Widget: matter},
		{Text: tr("Territory"), Widget: territory},
	}
	showForm(win, tr("New case"), tr("Make case"), 460, form, func() {
		m.NewCase(evidence.Case{Name: name.Text, Client: client.Text, Matter: matter.Text, Territory: strings.ToUpper(territory.Text)}, nil)
	})
}

// showForm asks for what the form has entries for. Enter in any of them is the
// button yes.
func showForm(win fyne.Window, title, yes string, width float32, form []*widget.FormItem, done func()) {
	d := dialog.NewForm(title, yes, tr("Cancel"), form, func(ok bool) {
		if ok {
			done()
		}
	}, win)
	for i, item := range form {
		if e, ok := item.Widget.(*widget.Entry); ok {
			e.OnSubmitted = func(string) { d.Submit() }
			if i == 0 {
				defer win.Canvas().Focus(e)
			}
		}
	}
	d.Resize(fyne.NewSize(width, 0))
	d.Show()
}

// saveFile asks where a new file goes.
func saveFile(win fyne.Window, name string, chosen func(path string)) {
	path := widget.NewEntry()
	path.SetText(filepath.Join(exportFolder(), name))
	showPath(win, tr("Where to?"), tr("Save"), path, chosen)
}

// showPath asks for a path, below what else there is to choose. Enter is the button
// yes; the folder is where the next file goes.
func showPath(win fyne.Window, title, yes string, path *widget.Entry, chosen func(path string), above ...fyne.CanvasObject) {
	content := container.NewVBox(append(above, container.NewBorder(nil, nil, nil, browseButton(win, path), path))...)
	d := dialog.NewCustomConfirm(title, yes, tr("Cancel"), content, func(ok bool) {
		if ok {
			fyne.CurrentApp().Preferences().SetString(prefFolder, filepath.Dir(path.Text))
			chosen(path.Text)
		}
	}, win)
	path.OnSubmitted = func(string) { d.Confirm() }
	d.Resize(fyne.NewSize(620, 0))
	d.Show()
	win.Canvas().Focus(path)
}

// browseButton lets the user choose the folder of a path.
func browseButton(win fyne.Window, path *widget.Entry) *widget.Button {
	return widget.NewButton(tr("Folder…"), func() {
		d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
			if err == nil && folder != nil {
				path.SetText(filepath.Join(folder.Path(), filepath.Base(path.Text)))
			}
		}, win)
		showLarge(d, win)
	})
}

// exportDialog asks in which form the open case leaves, and where to.
func exportDialog(m *model.Main, win fyne.Window) {
	if c, ok := m.Case(); ok {
		packetDialog(win, c.Name, m.ExportPacket)
	}
}

// fileForm is a form in which something is written, and how its files' names end.
type fileForm struct{ label, extension string }

// packetForms are the forms of a packet.
func packetForms() []fileForm {
	return []fileForm{{tr("PDF: the document"), ".pdf"}, {tr("ZIP: the document and its evidence"), ".zip"}}
}

// packetDialog asks where a packet goes and in which form.
func packetDialog(win fyne.Window, name string, export func(path string)) {
	exportAs(win, tr("Export packet"), tr("The packet holds the notice and one exhibit for each listing assessed as infringing."), name, packetForms(), export)
}

// exportMarkedDialog asks in which form the marked listings leave, and where to.
func exportMarkedDialog(m *model.Main, win fyne.Window) {
	c, ok := m.Case()
	if !ok || m.Table.MarkedCount() == 0 {
		return
	}
	forms := append([]fileForm{{tr("Spreadsheet (.xlsx)"), ".xlsx"}, {tr("Table of text (.csv)"), ".csv"}}, packetForms()...)
	exportAs(win, model.N("Export %d listing", "Export %d listings", m.Table.MarkedCount()),
		tr("A packet is made of a new draft notice about these listings."), c.Name, forms, m.ExportMarked)
}

// exportAs asks where something goes and in which form. Without a text about it the
// forms say enough.
func exportAs(win fyne.Window, title, about, name string, forms []fileForm, export func(path string)) {
	exportForm(win, title, about, name, forms, func(_ int, path string) { export(path) })
}

// exportForm is exportAs where the file's name does not say which of the forms it has.
func exportForm(win fyne.Window, title, about, name string, forms []fileForm, export func(form int, path string)) {
	path := widget.NewEntry()
	path.SetText(filepath.Join(exportFolder(), fileName(name, time.Now())+forms[0].extension))
	form := widget.NewRadioGroup(nil, nil)
	for _, f := range forms {
		form.Append(f.label)
	}
	form.OnChanged = func(choice string) {
		if i := slices.Index(form.Options, choice); i >= 0 {
			path.SetText(strings.TrimSuffix(path.Text, filepath.Ext(path.Text)) + forms[i].extension)
		}
	}
	form.Required = true
	form.SetSelected(form.Options[0])
	above := []fyne.CanvasObject{form}
	if about != "" {
		above = []fyne.CanvasObject{paragraph(about), form}
	}
	showPath(win, title, tr("Export"), path, func(path string) { export(slices.Index(form.Options, form.Selected), path) }, above...)
}

// exportFolder is where the last packet went, at first the user's own folder.
func exportFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return fyne.CurrentApp().Preferences().StringWithFallback(prefFolder, home)
}

// fileName makes a case's name one that every file system takes.
func fileName(name string, at time.Time) string {
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, strings.TrimSpace(name))
	return fmt.Sprintf("%s %s", safe, at.Format("2006-01-02 1504"))
}

// keyOf is the keys that choose an entry of a menu, as they are written.
func keyOf(item *fyne.MenuItem) string {
	s, ok := item.Shortcut.(*desktop.CustomShortcut)
	if !ok {
		return ""
	}
	var parts []string
	for _, m := range []struct {
		modifier fyne.KeyModifier
		name     string
	}{{fyne.KeyModifierControl, tr("Ctrl")}, {fyne.KeyModifierShift, tr("Shift")}, {fyne.KeyModifierAlt, "Alt"}} {
		if s.Modifier&m.modifier != 0 {
			parts = append(parts, m.name)
		}
	}
	name := string(s.KeyName)
	if arrow, ok := map[fyne.KeyName]string{fyne.KeyLeft: "←", fyne.KeyUp: "↑", fyne.KeyDown: "↓", fyne.KeyReturn: tr("Enter")}[s.KeyName]; ok {
		name = arrow
	}
	return strings.Join(append(parts, name), " ")
}

// keysOf lists the keys: those of the menus, and those that no menu has.
func keysOf(bar *fyne.MainMenu) [][2]string {
	var keys [][2]string
	for _, menu := range bar.Items {
		for _, item := range menu.Items {
			if key := keyOf(item); key != "" {
				keys = append(keys, [2]string{key, item.Label})
			}
		}
	}
	return append(keys, [][2]string{
		{"Tab, " + tr("Shift") + " Tab", tr("Next, previous field or button; Space presses it")},
		{"Esc", tr("Back, where no field or button has the keyboard")}, {"Alt", tr("The menus; arrows, Enter")},
		{tr("Ctrl") + " " + tr("Enter"), tr("Capture what was pasted")}, {tr("Arrows, Enter"), tr("Move in the table, open a listing")},
		{tr("Space"), tr("Mark the row; Shift and a click mark up to it")},
		{"1 … 6", tr("Judge the open question; with Alt also while you type")},
		{tr("In the screenshot"), tr("Arrows, Page Up and Down, Home, End")},
		{"+  -  1  W", tr("Zoom, full size, fit width; also Ctrl and wheel")},
		{tr("In the packet"), tr("Page Up and Down, Home, End, + − 1 W P, Ctrl 0")},
		{tr("While marking up"), tr("Arrows move the cross, Enter begins and ends")},
	}...)
}

// helpDialog lists the keys.
func helpDialog(win fyne.Window) {
	grid := container.NewGridWithColumns(2)
	for _, k := range keysOf(win.MainMenu()) {
		key, what := widget.NewLabel(k[0]), widget.NewLabel(k[1])
		key.TextStyle.Bold = true
		what.Truncation = fyne.TextTruncateEllipsis
		grid.Add(container.NewBorder(nil, nil, fixedWidth(150, key), nil, what))
	}
	scroll := container.NewVScroll(grid)
	scroll.SetMinSize(fyne.NewSize(880, 480))
	dialog.ShowCustom(tr("Keyboard"), tr("Close"), scroll, win)
}

// aboutDialog says what this is.
func aboutDialog(m *model.Main, win fyne.Window) {
	text := paragraph("Touchstone " + m.Version() + "\n\n" + tr("Keeps suspect listings as evidence that a stranger can check.") + "\n\n" + tr("Workspace") + ": " + m.Workspace())
	d := dialog.NewCustom(tr("About Touchstone"), tr("Close"), text, win)
	d.Resize(fyne.NewSize(440, 220))
	d.Show()
}
