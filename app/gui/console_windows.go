//go:build !headless

package gui

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// ownConsole reports whether Windows opened the console for this program alone,
// as it does for a double-click. A shell's console has the shell in it, too.
func ownConsole() bool {
	var processes [2]uint32
	list := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList")
	n, _, _ := list.Call(uintptr(unsafe.Pointer(&processes[0])), uintptr(len(processes)))
	return n == 1
}

// leaveConsole closes a console of our own: the window is enough.
func leaveConsole() {
	if ownConsole() {
		windows.NewLazySystemDLL("kernel32.dll").NewProc("FreeConsole").Call()
	}
}

// failed shows why there is no window where the console would vanish with the
// program before anybody has read it.
func failed(err error) {
	if err == nil || !ownConsole() {
		return
	}
	text, textErr := windows.UTF16PtrFromString(err.Error())
	caption, captionErr := windows.UTF16PtrFromString("Touchstone")
	if textErr == nil && captionErr == nil { // neither holds a NUL
		windows.MessageBox(0, text, caption, windows.MB_ICONERROR)
	}
}
