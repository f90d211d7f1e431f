package wasm

import (
	"os"
	"syscall"
)

// confine leaves the process, for good, no more than the share, and makes it
// what the system ends first should memory run out, and runs last while others
// have work to do.
func (s share) confine() error {
	limits := map[int]uint64{syscall.RLIMIT_CPU: s.Seconds, syscall.RLIMIT_CORE: 0}
	if dataLimited {
		limits[syscall.RLIMIT_DATA] = s.Bytes
	}
	for what, most := range limits {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, 10); err != nil {
		return err
	}
	return os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
}

// executable is this program, even if its file was replaced since it started.
func executable() (string, error) { return "/proc/self/exe", nil }
