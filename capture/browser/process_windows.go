package browser

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// tree is a started Chrome with all its helpers: a job object, which ends them
// all when it is closed, also by our own death.
type tree struct{ job windows.Handle }

// prepare hands Chrome its pipes: on Windows a switch names their handles.
func prepare(cmd *exec.Cmd, commands, answers *os.File) error {
	r, w := syscall.Handle(commands.Fd()), syscall.Handle(answers.Fd())
	for _, h := range []syscall.Handle{r, w} {
		if err := syscall.SetHandleInformation(h, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT); err != nil {
			return fmt.Errorf("hand a pipe to Chrome: %w", err)
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		AdditionalInheritedHandles: []syscall.Handle{r, w},
		CreationFlags:              syscall.CREATE_NEW_PROCESS_GROUP,
	}
	cmd.Args = slices.Insert(cmd.Args, 1, fmt.Sprintf("--remote-debugging-io-pipes=%d,%d", r, w))
	return nil
}

func started(cmd *exec.Cmd) (tree, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return tree{}, fmt.Errorf("make a job object: %w", err)
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{
			LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
		},
	}
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))); err != nil {
		windows.CloseHandle(job)
		return tree{}, fmt.Errorf("limit a job object: %w", err)
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(cmd.Process.Pid))
	if err != nil {
		windows.CloseHandle(job)
		return tree{}, fmt.Errorf("open Chrome's process: %w", err)
	}
	defer windows.CloseHandle(process)
	if err := windows.AssignProcessToJobObject(job, process); err != nil {
		windows.CloseHandle(job)
		return tree{}, fmt.Errorf("put Chrome into a job object: %w", err)
	}
	return tree{job: job}, nil
}

// kill ends every process of the tree at once.
func (t tree) kill() error { return windows.CloseHandle(t.job) }

// executable is the path Chrome was started by.
func executable(_ int, path string) string { return path }

// killUsers has nothing to do: no process escapes the job object.
func killUsers(string) {}

// hold locks an open file until it is closed, or fails when another program has
// locked it.
func hold(f *os.File) error {
	return windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
}

// memoryOf is not known here: Chrome is started anew by the number of captures.
func memoryOf(string) int64 { return 0 }
