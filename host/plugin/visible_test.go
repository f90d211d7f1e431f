package plugin

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// visible is what docs/plugins.md promises: from the answer to an upload until
// every replica runs it. It is 4 ms as a rule, see BenchmarkVisible.
const visible = time.Second

// live wants a version of mean to answer within the time that is promised after
// an upload was acknowledged.
func (r *replica) live(t *testing.T, version string, acknowledged time.Time) {
	t.Helper()
	late := time.After(time.Until(acknowledged.Add(visible)))
	for r.runs(t, "mean") != version {
		select {
		case <-r.synced:
		case <-late:
			t.Fatalf("mean %s does not answer %v after its upload was acknowledged; %q does", version, visible, r.runs(t, "mean"))
		}
	}
}

// load has replicas called, and another plugin uploaded to each in turn, until the
// test ends.
func load(t *testing.T, replicas []*replica) {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	var work sync.WaitGroup
	t.Cleanup(func() { end(); work.Wait() })
	for _, r := range replicas {
		work.Go(func() {
			closes := make([]float64, 1_000)
			for ctx.Err() == nil {
				run, ok := r.names.Get("mean")
				if !ok {
					continue // until the first upload
				}
				args, err := run.Spec().Args(nil)
				if err == nil {
					_, err = run.Run(ctx, args, ta.Columns{closes})
				}
				if err != nil && ctx.Err() == nil {
					t.Errorf("a call meanwhile: %v", err)
					return
				}
			}
		})
	}
	work.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			_, _, err := replicas[n%len(replicas)].Upload(ctx, module("other", fmt.Sprintf("1.0.%d", n)), true)
			if err != nil && ctx.Err() == nil {
				t.Errorf("another upload meanwhile: %v", err)
				return
			}
		}
	})
}

// TestVisible: what one replica has acknowledged answers at all others within a
// second, while they are called and others upload; also when that replica is lost
// at the moment when it had said so. The replicas hear of it by its notification
// alone, which a poll of a second would hide the loss of.
func TestVisible(t *testing.T) {
	f := newFleet(t).notified()
	replicas := []*replica{f.start(t, t.TempDir()), f.start(t, t.TempDir()), f.start(t, t.TempDir())}
	for i, r := range replicas { // who has heard of this has subscribed
		replicas[(i+1)%3].upload(t, module("mean", fmt.Sprintf("0.0.%d", i)), true, true)
		r.answers(t, "mean", fmt.Sprintf("0.0.%d", i))
	}
	load(t, replicas)
	for i := range 9 {
		version := fmt.Sprintf("1.0.%d", i)
		replicas[i%3].upload(t, module("mean", version), true, true)
		acknowledged := time.Now()
		for _, r := range replicas {
			r.live(t, version, acknowledged)
		}
	}
	for i := range 3 {
		version := fmt.Sprintf("2.0.%d", i)
		acknowledged := f.uploadAndDie(t, version)
		for _, r := range replicas {
			r.live(t, version, acknowledged)
		}
	}
}

// uploadAndDie has another process upload a version of mean, and kills it when it
// has said that it did.
func (f fleet) uploadAndDie(t *testing.T, version string) (acknowledged time.Time) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimDir+"="+t.TempDir(), victimRound+"=0",
		victimRedis+"="+f.Addr, victimKeys+"="+f.Prefix, victimOnce+"="+version)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, err = bufio.NewReader(out).ReadString('\n')
	acknowledged = time.Now()
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed, and says so
	if err != nil {
		t.Fatalf("another process has not uploaded mean %s: %v", version, err)
	}
	return acknowledged
}
