// Package meshtest finds the servers of a mesh that tests of this room run
// beside them.
package meshtest

import (
	"os"
	"os/exec"
	"testing"
)

// Program is the path of a server in PATH. Where there is none the test is
// skipped, unless MESH_PROGRAMS=true promises that they are all there.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("MESH_PROGRAMS") == "true" {
		t.Fatalf("there is no %s in PATH, though MESH_PROGRAMS=true", name)
	}
	t.Skipf("there is no %s in PATH", name)
	return ""
}
