//go:build unix

package browser

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// tree is a started Chrome with all its helpers.
type tree struct{ group int }

// prepare gives Chrome the pipes as descriptors 3 and 4, where it expects them,
// and a process group of its own, so that Ctrl-C in a terminal reaches only us.
func prepare(cmd *exec.Cmd, commands, answers *os.File) error {
	cmd.ExtraFiles = []*os.File{commands, answers}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr)
	return nil
}

func started(cmd *exec.Cmd) (tree, error) { return tree{group: cmd.Process.Pid}, nil }

// kill ends every process of the tree at once.
func (t tree) kill() error {
	if err := syscall.Kill(-t.group, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// hold locks an open file until it is closed, or fails when another program has
// locked it. Its lock is the kernel's and so ends with the program, however that dies.
func hold(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }
