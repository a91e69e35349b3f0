//go:build !headless

package view

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"touchstone/app/gui/model"
	"touchstone/store/evidence"
)

// prefFolder remembers where the last packet went.
const prefFolder = "packet.folder"

// openFile lets the user choose a file with one of the extensions.
func openFile(win fyne.Window, extensions []string, chosen func(path string)) {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil || f == nil {
			return // closed without a choice, or a file that the dialog says it cannot open
		}
		f.Close()
		chosen(f.URI().Path())
	}, win)
	d.SetFilter(storage.NewExtensionFileFilter(extensions))
	d.Resize(fyne.NewSize(760, 520))
	d.Show()
}

// newCaseDialog asks for a case's name and particulars.
func newCaseDialog(m *model.Main, win fyne.Window) {
	name, client, matter, territory := widget.NewEntry(), widget.NewEntry(), widget.NewEntry(), widget.NewEntry()
	name.PlaceHolder = "As in: Autumn sweep, handbags"
	territory.PlaceHolder = "Country code, as in DE"
	form := []*widget.FormItem{
		{Text: "Name", Widget: name},
		{Text: "Client", Widget: client},
		{Text: "Matter number", Widget: matter},
		{Text: "Territory", Widget: territory},
	}
	d := dialog.NewForm("New case", "Make case", "Cancel", form, func(ok bool) {
		if ok {
			m.NewCase(evidence.Case{Name: name.Text, Client: client.Text, Matter: matter.Text, Territory: strings.ToUpper(territory.Text)}, nil)
		}
	}, win)
	d.Resize(fyne.NewSize(460, 0))
	d.Show()
	win.Canvas().Focus(name)
}

// exportDialog asks where the packet goes and in which form.
func exportDialog(m *model.Main, win fyne.Window) {
	c, ok := m.Case()
	if !ok {
		return
	}
	app := fyne.CurrentApp()
	path := widget.NewEntry()
	path.SetText(filepath.Join(exportFolder(app), fileName(c.Name, time.Now())+".pdf"))
	form := widget.NewRadioGroup([]string{"PDF: the document", "ZIP: the document and its evidence"}, func(choice string) {
		extension := ".pdf"
		if strings.HasPrefix(choice, "ZIP") {
			extension = ".zip"
		}
		path.SetText(strings.TrimSuffix(path.Text, filepath.Ext(path.Text)) + extension)
	})
	form.SetSelected(form.Options[0])
	browse := widget.NewButton("Folder…", func() {
		d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
			if err == nil && folder != nil {
				path.SetText(filepath.Join(folder.Path(), filepath.Base(path.Text)))
			}
		}, win)
		d.Resize(fyne.NewSize(760, 520))
		d.Show()
	})
	content := container.NewVBox(
		paragraph("The packet holds the notice and one exhibit for each listing assessed as infringing."),
		form, container.NewBorder(nil, nil, nil, browse, path))
	d := dialog.NewCustomConfirm("Export packet", "Export", "Cancel", content, func(ok bool) {
		if ok {
			app.Preferences().SetString(prefFolder, filepath.Dir(path.Text))
			m.ExportPacket(path.Text)
		}
	}, win)
	d.Resize(fyne.NewSize(620, 0))
	d.Show()
}

// exportFolder is where the last packet went, at first the user's own folder.
func exportFolder(app fyne.App) string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return app.Preferences().StringWithFallback(prefFolder, home)
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

// helpDialog lists the keys.
func helpDialog(win fyne.Window) {
	grid := container.NewGridWithColumns(2)
	for _, k := range [][2]string{
		{"Ctrl N", "New case"}, {"Ctrl L", "Add listings"}, {"Ctrl Enter", "Capture what was pasted"},
		{"Ctrl F", "Filter the table"}, {"Arrows, Enter", "Move in the table, open a listing"},
		{"Esc", "Back to the table"}, {"Alt Up, Alt Down", "Previous, next listing"},
		{"Ctrl R", "Capture the open listing again"}, {"Ctrl Shift R", "Capture it by hand"},
		{"Ctrl E", "Export the packet"}, {"Ctrl Shift V", "Verify the workspace"},
		{"In the screenshot", "Arrows, Page Up and Down, Home, End"},
		{"+  -  1  W", "Zoom, full size, fit width; also Ctrl and wheel"},
	} {
		key := widget.NewLabel(k[0])
		key.TextStyle.Bold = true
		grid.Add(key)
		grid.Add(widget.NewLabel(k[1]))
	}
	dialog.ShowCustom("Keyboard", "Close", grid, win)
}

// aboutDialog says what this is.
func aboutDialog(m *model.Main, win fyne.Window) {
	text := paragraph("Touchstone " + m.Version() + "\n\nKeeps suspect listings as evidence that a stranger can check.\n\nWorkspace: " + m.Workspace())
	d := dialog.NewCustom("About Touchstone", "Close", text, win)
	d.Resize(fyne.NewSize(440, 220))
	d.Show()
}
