package browser

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// dieWithParent makes the kernel kill Chrome when we are killed. The parent is
// the thread that started Chrome, hence the locked goroutine in launch.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

// executable is the path of the program that process pid runs, through scripts
// and symbolic links.
func executable(pid int, _ string) string { return fmt.Sprintf("/proc/%d/exe", pid) }

// killUsers kills the processes that were started for the profile folder: Chrome
// names it in the arguments of its helpers, and its crash handler, which leaves
// the process group, inherits it in the environment. A helper may be forking
// when we look, so it looks until nothing was found twice in a row.
func killUsers(dir string) {
	deadline := time.Now().Add(2 * time.Second)
	for quiet := 0; quiet < 2 && time.Now().Before(deadline); {
		users := usersOf(dir)
		for _, pid := range users {
			// It may have ended since: there is nothing to do about the error.
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if len(users) > 0 {
			quiet = 0
			time.Sleep(10 * time.Millisecond)
			continue
		}
		quiet++
	}
}

// usersOf lists the living processes whose arguments or environment name dir.
func usersOf(dir string) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() || !names(e.Name(), dir) {
			continue
		}
		pids = append(pids, pid)
	}
	return pids
}

// names reports whether the process mentions dir. A zombie mentions nothing:
// the kernel has dropped its arguments.
func names(pid, dir string) bool {
	for _, file := range []string{"cmdline", "environ"} {
		b, err := os.ReadFile("/proc/" + pid + "/" + file)
		if err == nil && bytes.Contains(b, []byte(dir)) {
			return true
		}
	}
	return false
}

// memoryOf is the anonymous memory of the processes that were started for the
// profile folder, in bytes: what they share, as Chrome's program, is not in it.
func memoryOf(dir string) int64 {
	var sum int64
	for _, pid := range usersOf(dir) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			continue // it has ended
		}
		for line := range strings.Lines(string(status)) {
			if kilobytes, ok := strings.CutPrefix(line, "RssAnon:"); ok {
				n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kilobytes), "kB")), 10, 64)
				sum += n << 10
			}
		}
	}
	return sum
}
