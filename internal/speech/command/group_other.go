//go:build !unix

package command

import "os/exec"

// inOwnGroup does nothing: only the program itself is ended here.
func inOwnGroup(*exec.Cmd) {}

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
