package wasm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// share is what a module may make the compiler take.
type share struct {
	Seconds uint64 // of processor time
	Bytes   uint64 // of memory
}

// compilerShares are the shares of modules that have been through the gate, by
// tier. The worst that were found to get through take 1.6 s and 11 s, and a guest in Go
// of 3.3 MB 4.4 s, on the slower of two processors; another may be slower still, or have
// half of its time for others: what takes more is a bomb that the gate does not know yet.
var compilerShares = [...]share{
	gate.Small: {Seconds: 6, Bytes: 768 << 20},
	gate.Large: {Seconds: 30, Bytes: 768 << 20},
}

// mostCompilers is how many there are at a time at most, before anybody is served. They
// may have 3 GiB, of the 4 that the deployment gives a replica.
const mostCompilers = 4

// workerName is what the program is called when it is a compiler, and
// nothing else, in a process of its own.
const workerName = "techanalysis-compile"

// How a worker ends: 0 for compiled, what Go's runtime has for a panic or for
// no more memory, or one of these.
const (
	exitInvalid = 10 // the engine refuses the module; why is on standard output
	exitFailed  = 11 // it is not the module's fault; why is on standard output
	exitSpent   = 12 // it had no more time
)

// A program that this package is linked into is a worker when it is called by
// that name, and never gets to its main: whatever the program is, a test among
// them.
func init() {
	if len(os.Args) > 0 && os.Args[0] == workerName {
		os.Exit(work(os.Args[1:], os.Stdin, os.Stdout))
	}
}

// job is what a worker has to do: to compile a module, into a folder, or to see
// that it can be compiled if that is "".
type job struct {
	Tier   gate.Tier
	Folder string
	Share  share
}

// newJob is one for a module of a tier, with the tier's share.
func newJob(t gate.Tier, folder string) job { return job{t, folder, compilerShares[t]} }

// work compiles the module on in. The limits are in force before the first byte
// of it is read.
func work(args []string, in io.Reader, out io.Writer) int {
	fail := func(code int, err error) int {
		fmt.Fprintln(out, err)
		return code
	}
	var job job
	if len(args) != 1 {
		return fail(exitFailed, errors.New("a worker is given one job"))
	}
	if err := json.Unmarshal([]byte(args[0]), &job); err != nil {
		return fail(exitFailed, err)
	}
	spent, err := job.Share.confine()
	if err != nil {
		return fail(exitFailed, fmt.Errorf("confine the compiler: %w", err))
	}
	go func() {
		<-spent
		os.Exit(exitSpent)
	}()
	module, err := io.ReadAll(in)
	if err != nil {
		return fail(exitFailed, err)
	}
	e, err := newEngine(job.Tier, job.Folder)
	if err != nil {
		return fail(exitFailed, err)
	}
	switch _, err := e.CompileModule(context.Background(), module); {
	case ofDisk(err):
		return fail(exitFailed, err)
	case err != nil:
		return fail(exitInvalid, errors.New(firstLine(err)))
	}
	return 0
}

// command is the worker for a job, which takes the module on standard input. It
// has no environment and no file but its pipes, and ends with ctx.
func (j job) command(ctx context.Context) (*exec.Cmd, error) {
	self, err := executable()
	if err != nil {
		return nil, err
	}
	told, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	if err := keepFiles(); err != nil {
		return nil, err
	}
	worker := exec.CommandContext(ctx, self)
	worker.Args = []string{workerName, string(told)}
	worker.Env = []string{} // nil would be ours
	return worker, nil
}

// run has a worker do the job with a metered module. The error is a *Rejected if
// it was the module that ended it.
func (j job) run(ctx context.Context, metered []byte) error {
	worker, err := j.command(ctx)
	if err != nil {
		return fmt.Errorf("prepare the compiler: %w", err)
	}
	var out, crash firstBytes
	worker.Stdin, worker.Stdout, worker.Stderr = bytes.NewReader(metered), &out, &crash
	err = worker.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &exit):
		return fmt.Errorf("%w: it was not started: %w", ErrCompiler, err)
	}
	return j.verdict(exit, out, crash)
}

// verdict says what ended a worker: by how it ended, and what it said of it.
func (j job) verdict(exit *exec.ExitError, out, crash firstBytes) error {
	said := firstLine(errors.New(string(out)))
	switch exit.ExitCode() {
	case exitInvalid:
		return reject("validation", "%s", said)
	case exitFailed:
		return fmt.Errorf("%w: %s", errWorker, said)
	}
	spent, most := exit.UserTime()+exit.SystemTime(), time.Duration(j.Share.Seconds)*time.Second
	// With cgo a thread's stack is memory of the process, which pthread_create wants.
	if exit.ExitCode() == exitSpent || spent > most || crash.says("out of memory", "cannot allocate memory", "pthread_create failed", "panic: ") {
		return reject("compile", "the compiler did not get through it with %d s and %d MiB", j.Share.Seconds, j.Share.Bytes>>20)
	}
	// The system has ended it, for want of memory, or the service's own end has.
	return fmt.Errorf("%w after %v: %v", ErrCompiler, spent, exit)
}

// firstBytes keeps the beginning of what is written to it.
type firstBytes []byte

func (f *firstBytes) Write(b []byte) (int, error) {
	const most = 4 << 10
	*f = append(*f, b[:min(len(b), most-len(*f))]...)
	return len(b), nil
}

// says says whether one of the words is in it.
func (f firstBytes) says(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(f, []byte(w)) })
}

// errWorker is for a worker that failed through no fault of the module.
var errWorker = errors.New("the compiler's process failed")

// ErrCompiler is for a module that was not compiled as the system ended the
// compiler, most often for want of memory, or did not start it. It is not the
// module's fault, and may not happen again.
var ErrCompiler = errors.New("the compiler's process was ended")
