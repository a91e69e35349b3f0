//go:build !headless

package view

import (
	"fyne.io/fyne/v2"

	"touchstone/app/gui/model"
)

// exportCaseDialog asks in which form the open case's evidence leaves, and where to.
func exportCaseDialog(m *model.Main, win fyne.Window) {
	c, ok := m.Case()
	if !ok {
		return
	}
	labels := map[string]string{"bagit": tr("BagIt bag (.zip): all evidence and its proofs"), "wacz": tr("Web archive (.wacz), for ReplayWeb.page"), "xlsx": tr("Spreadsheet (.xlsx)"),
		"csv": tr("Table of text (.csv)"), "schedule": tr("Schedule for damages, by seller (.xlsx)"), "xarf": tr("Abuse reports of its notices, XARF (.zip)")}
	forms := make([]fileForm, len(model.ExportForms))
	for i, f := range model.ExportForms {
		forms[i] = fileForm{labels[f.Name], f.Extension}
	}
	exportForm(win, tr("Export the case"), tr("Cookies, secrets and the operator's name stay here; the command line writes an edition for a court."), c.Name, forms,
		func(form int, path string) { m.ExportCase(model.ExportForms[form], path) })
}

// backupDialog asks where a copy of the whole workspace goes.
func backupDialog(m *model.Main, win fyne.Window) {
	exportAs(win, tr("Back up the workspace"), tr("The copy holds all evidence and records. Keep it on another disk; the signing key stays in this computer's keyring."),
		"Touchstone", []fileForm{{tr("Backup (.tar)"), ".tar"}}, m.Backup)
}
