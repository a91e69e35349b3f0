package desk

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// What captures need of memory, in bytes: Chrome and ourselves, and each page.
const (
	memoryOfChrome = 700 << 20
	memoryOfPage   = 400 << 20
)

// diskOfCapture is what a capture takes of the disk, in bytes: 79 real pages took
// 8.1 MB in the mean and 23 MB at most.
const diskOfCapture = 8 << 20

// room refuses captures that the disk has no room for. Errors: store.ErrNoSpace.
func (d *Desk) room(captures int) error {
	if err := d.ws.Blobs().Room(int64(captures) * diskOfCapture); err != nil {
		return fmt.Errorf("no room for %d more captures: %w", captures, err)
	}
	return nil
}

// mostJobs bounds how many captures one Chrome makes at once unless told otherwise.
const mostJobs = 8

// machineJobs is how many captures this machine makes at once.
func machineJobs() int { return jobsFor(runtime.GOMAXPROCS(0), freeMemory()) }

// jobsFor is one capture a core, as far as there is memory for them; free is 0
// where that is not known.
func jobsFor(cores int, free int64) int {
	jobs := min(cores, mostJobs)
	if free > 0 {
		jobs = min(jobs, int((free-memoryOfChrome)/memoryOfPage))
	}
	return max(1, jobs)
}

// freeMemory is the memory that Linux says a program may still have, in bytes, or
// 0 where the system does not say. A container's limit counts too.
func freeMemory() int64 {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	free := availableIn(info)
	limit, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	if err != nil {
		return free
	}
	used, err := os.ReadFile("/sys/fs/cgroup/memory.current")
	if err != nil {
		return free
	}
	if most, err := number(limit); err == nil { // not the word max
		if now, err := number(used); err == nil {
			free = min(free, max(1, most-now))
		}
	}
	return free
}

func number(b []byte) (int64, error) { return strconv.ParseInt(string(bytes.TrimSpace(b)), 10, 64) }

// availableIn reads MemAvailable from /proc/meminfo, in bytes.
func availableIn(info []byte) int64 {
	for line := range strings.Lines(string(info)) {
		if rest, ok := strings.CutPrefix(line, "MemAvailable:"); ok {
			kilobytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
