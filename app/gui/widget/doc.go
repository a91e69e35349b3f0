// Package widget holds the parts of the window that Fyne lacks: a viewer for
// very tall pictures, a table with sortable columns, a coloured surface. They
// show and report; what it means is for the caller. None knows a word of the
// domain.
package widget
