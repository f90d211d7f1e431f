package wasm

import (
	"errors"
	"fmt"
	"strings"
)

// What a running module can fail of. Every Fault is one of these.
var (
	ErrTrap          = errors.New("the plugin trapped")
	ErrOutOfGas      = errors.New("the plugin is out of gas")
	ErrTimeout       = errors.New("the plugin was not done in time")
	ErrDepthExceeded = errors.New("the plugin's calls nest too deep")
	ErrMemory        = errors.New("the plugin has not enough memory")
	ErrBadOutput     = errors.New("the plugin's answer is not one")
)

// ErrClosed is what a call gets that comes after its module was unloaded.
var ErrClosed = errors.New("the plugin has been unloaded")

// ErrHalted is what a call gets of a module that is not to run.
var ErrHalted = errors.New("the plugin has been stopped")

// Kind is a way in which a running module fails, as the API spells it.
type Kind string

// The kinds of fault, one for each sentinel.
const (
	Trap          Kind = "trap"           // it ended itself, or returned a code of its own
	OutOfGas      Kind = "out-of-gas"     // it did more than a call may
	Timeout       Kind = "timeout"        // its time was over, or the request's before it could start
	DepthExceeded Kind = "depth-exceeded" // its calls nested deeper than its stack
	Memory        Kind = "memory"         // it has no room for the bars, or grew to its limit and failed
	BadOutput     Kind = "bad-output"     // it gave an address, or a value, that cannot be
)

var sentinels = map[Kind]error{
	Trap: ErrTrap, OutOfGas: ErrOutOfGas, Timeout: ErrTimeout,
	DepthExceeded: ErrDepthExceeded, Memory: ErrMemory, BadOutput: ErrBadOutput,
}

// Fault is the error of a call that the module, not the host, is to blame for.
type Fault struct {
	Kind   Kind
	Detail string
	Code   int32 // what ta_run or ta_bar returned; 0 where it did not return

	bar *int // the bar of a bad value, or at which a stream ended
}

func (f *Fault) Error() string { return sentinels[f.Kind].Error() + ": " + f.Detail }

// Unwrap gives the sentinel of the kind.
func (f *Fault) Unwrap() error { return sentinels[f.Kind] }

func fault(kind Kind, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

// ErrRejected is what every Rejected is.
var ErrRejected = errors.New("the module is refused")

// Rejected is the error of Load for a module that may not run here.
type Rejected struct {
	// Gate is what the module did not pass: a rule of package gate, or
	// "compile", "validation", "abi", "description", "output", "warm-up", "determinism",
	// "causality", "recovery", "scale", "chunk-invariance", or the Kind of a fault during the checks.
	Gate   string
	Detail string
	Offset *int64 // in the module, in bytes, where that is known
	Bar    *int   // the first bar at fault, where there is one
}

func (r *Rejected) Error() string {
	s := fmt.Sprintf("%v by the check %q", ErrRejected, r.Gate)
	if r.Offset != nil {
		s += fmt.Sprintf(" at offset %d", *r.Offset)
	}
	if r.Bar != nil {
		s += fmt.Sprintf(" at bar %d", *r.Bar)
	}
	return s + ": " + r.Detail
}

func (r *Rejected) Unwrap() error { return ErrRejected }

func reject(gate, format string, args ...any) *Rejected {
	return &Rejected{Gate: gate, Detail: fmt.Sprintf(format, args...)}
}

func rejectAt(bar int, gate, format string, args ...any) *Rejected {
	r := reject(gate, format, args...)
	r.Bar = &bar
	return r
}

// rejectFault makes a fault during a check a rejection; other errors stay, and so
// does a Timeout, which says nothing of the module.
func rejectFault(doing string, err error) error {
	var f *Fault
	if !errors.As(err, &f) || f.Kind == Timeout {
		return err
	}
	return &Rejected{Gate: string(f.Kind), Detail: doing + ": " + f.Detail, Bar: f.bar}
}

// firstLine is what an error of the engine says, without its stack trace:
// names and numbers of functions that the meter has moved.
func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	s = strings.TrimPrefix(s, "wasm error: ")
	const most = 200
	if len(s) > most {
		s = s[:most] + "…"
	}
	return s
}
