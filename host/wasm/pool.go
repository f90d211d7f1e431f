package wasm

import (
	"container/list"
	"slices"
	"sync"
)

// pool has the instances that wait for a call, of all programs together.
type pool struct {
	mu     sync.Mutex
	recent list.List // of *pooled, the one used last in front
	bytes  int64     // of their memories
	of     map[place][]*instance
}

// place is where instances may stand in for one another.
type place struct {
	program *program
	class   int
}

type pooled struct {
	place
	*instance
}

// get takes an instance out, or returns nil if there is none.
func (p *pool) get(at place) *instance {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.of[at]
	if len(all) == 0 {
		return nil
	}
	in := all[len(all)-1]
	p.of[at] = all[:len(all)-1]
	p.forget(in)
	return in
}

// put takes an instance back and closes those unused for longest until what
// is left fits idleMemory.
func (p *pool) put(at place, in *instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		p.of = make(map[place][]*instance)
	}
	p.of[at] = append(p.of[at], in)
	in.waiting = p.recent.PushFront(&pooled{at, in})
	p.bytes += int64(in.memory.Size())
	for p.bytes > idleMemory {
		oldest := p.recent.Back().Value.(*pooled)
		// The one longest in the pool is the first of its place.
		p.of[oldest.place] = slices.Delete(p.of[oldest.place], 0, 1)
		p.forget(oldest.instance)
		oldest.close()
	}
}

// drain closes all instances of a program, of which no call is running.
func (p *pool) drain(of *program) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for class := range classes {
		at := place{of, class}
		for _, in := range p.of[at] {
			p.forget(in)
			in.close()
		}
		delete(p.of, at)
	}
}

// forget takes an instance off the list of all.
func (p *pool) forget(in *instance) {
	p.recent.Remove(in.waiting)
	in.waiting = nil
	p.bytes -= int64(in.memory.Size())
}
