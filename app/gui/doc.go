// Package gui is the window. It joins the models of gui/model, which know no
// Fyne, with the screens of gui/view, which know nothing else, and runs them
// until the window closes. Built with the tag headless it has no window, and
// the program neither Fyne nor OpenGL.
package gui
