// Package view is the window's screens, one a file: they show what the models
// in gui/model hold and call them when the user acts. A screen decides nothing,
// reads nothing and starts no goroutine; what takes time is the models'.
package view
