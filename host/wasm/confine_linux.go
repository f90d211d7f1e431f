package wasm

import (
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

// confine leaves the process, for good, no more than the share, and makes it
// what the system ends first should memory run out, and runs last while others
// have work to do. spent is told when its time is over; a second later the system
// ends it.
func (s share) confine() (spent <-chan os.Signal, err error) {
	over := make(chan os.Signal, 1)
	signal.Notify(over, syscall.SIGXCPU)
	limits := map[int]syscall.Rlimit{
		syscall.RLIMIT_CPU:  {Cur: s.Seconds, Max: s.Seconds + 1},
		syscall.RLIMIT_CORE: {},
	}
	if dataLimited {
		limits[syscall.RLIMIT_DATA] = syscall.Rlimit{Cur: s.Bytes, Max: s.Bytes}
	}
	for what, limit := range limits {
		if err := syscall.Setrlimit(what, &limit); err != nil {
			return nil, err
		}
	}
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, 10); err != nil {
		return nil, err
	}
	return over, os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
}

// executable is this program, even if its file was replaced since it started.
func executable() (string, error) { return "/proc/self/exe", nil }

// keepFiles keeps this process's files from those that it starts. Go opens files so; what
// the process was started with may be otherwise.
func keepFiles() error {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, f := range open {
		if fd, err := strconv.Atoi(f.Name()); err == nil && fd > 2 { // a worker's first three are its pipes
			syscall.CloseOnExec(fd)
		}
	}
	return nil
}
