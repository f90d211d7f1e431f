package host

import "runtime"

// headroom is memory that is never touched, and so costs addresses and no pages.
// The collector runs when the heap has doubled, and the service itself lives in
// 4 MB: without headroom, and with little in the cache, a request of half a
// megabyte has it run for every sixth, which costs more than the rest of the
// request. With it, garbage of some 32 MB is let lie.
const headroom = 32 << 20

// withHeadroom calls run with that much on the heap.
func withHeadroom(run func() error) error {
	idle := make([]byte, headroom)
	defer runtime.KeepAlive(idle)
	return run()
}
