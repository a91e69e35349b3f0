//go:build unix && !linux

package browser

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent does nothing here: Chrome ends by itself when its pipe closes.
func dieWithParent(*syscall.SysProcAttr) {}

// executable is the path Chrome was started by: these systems ship no script.
func executable(_ int, path string) string { return path }

// killUsers kills the processes whose arguments name the profile folder.
func killUsers(dir string) {
	out, err := exec.Command("ps", "-axo", "pid=,command=").Output()
	if err != nil {
		return
	}
	for line := range strings.Lines(string(out)) {
		id, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		pid, err := strconv.Atoi(id)
		if err != nil || pid == os.Getpid() || !strings.Contains(command, dir) {
			continue
		}
		// It may have ended since: there is nothing to do about the error.
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// memoryOf is not known here: Chrome is started anew by the number of captures.
func memoryOf(string) int64 { return 0 }
