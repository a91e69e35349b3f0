package model

import (
	"context"
	"strings"

	"touchstone/store/evidence"
)

// Keeper writes whole cases and workspaces to files.
type Keeper interface {
	// ExportCase writes a case's evidence in a form of ExportForms. The remarks say what
	// that lacks.
	ExportCase(ctx context.Context, caseID evidence.ID, form, path string, p evidence.Progress) (remarks []string, err error)
	// Backup copies the whole workspace to a new file.
	Backup(ctx context.Context, path string, p evidence.Progress) error
}

// ExportForm is a form in which a case's evidence leaves.
type ExportForm struct {
	Name      string
	Extension string
}

// ExportForms are the forms of evidence, and then those of tables.
var ExportForms = []ExportForm{{"bagit", ".zip"}, {"wacz", ".wacz"}, {"xlsx", ".xlsx"}, {"csv", ".csv"}, {"schedule", ".xlsx"}, {"xarf", ".zip"}}

// ExportCase writes the open case's evidence to path.
func (m *Main) ExportCase(form ExportForm, path string) {
	id, desk := m.current, m.services.Desk
	m.Problems.Dismiss()
	m.Task.start(T("Exporting the case"), func(ctx context.Context, p evidence.Progress) func() {
		remarks, err := desk.ExportCase(ctx, id, form.Name, path, p)
		return func() {
			switch {
			case err != nil:
				m.Problems.report(T("The case was not exported."), T("The evidence is untouched."), err)
			case len(remarks) > 0:
				m.Problems.Show(Problem{What: T("The case was exported, with something missing:") + " " + sentence(remarks[0]), Kept: T("It lies at %s.", path),
					Advice: T("Look at it before you send it."), Detail: strings.Join(remarks, "\n")})
			default:
				m.Problems.Tell(T("The case was exported to %s", path))
			}
		}
	})
}

// Backup copies the whole workspace to path.
func (m *Main) Backup(path string) {
	desk := m.services.Desk
	m.Problems.Dismiss()
	m.Task.start(T("Backing up the workspace"), func(ctx context.Context, p evidence.Progress) func() {
		err := desk.Backup(ctx, path, p)
		return func() {
			if err != nil {
				m.Problems.report(T("The backup was not made."), T("The workspace is untouched."), err)
				return
			}
			m.Problems.Tell(T("The workspace was backed up to %s. Restore it with touchstone restore.", path))
		}
	})
}
