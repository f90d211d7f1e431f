package admission

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// crowd is a Door and who has come to it. It is for the bubble of one test.
type crowd struct {
	*Door
	t      *testing.T
	inside map[string]Place // by the name of the work
	failed map[string]error
	order  []string // who was let in, in this order
	next   []Tenant // whose turn it was after the last step, the next one first
	said   chan said
}

type said struct {
	name  string
	place Place
	err   error
}

func newCrowd(t *testing.T, r Rules) *crowd {
	return &crowd{Door: New(r), t: t, inside: map[string]Place{}, failed: map[string]error{}, said: make(chan said, 10_000)}
}

// comes has work of a tenant come to the door, and returns when it is in, waits,
// or was refused.
func (c *crowd) comes(name string, bytes int64) (giveUp context.CancelFunc) {
	tenant, _, _ := strings.Cut(name, " ")
	ctx, cancel := context.WithCancel(With(context.Background(), Tenant(tenant)))
	go func() {
		p, err := c.Enter(ctx, bytes)
		c.said <- said{name, p, err}
	}()
	c.settle()
	return cancel
}

// givesUp has work not be wanted any more.
func (c *crowd) givesUp(giveUp context.CancelFunc) {
	c.t.Helper()
	giveUp()
	c.settle()
}

// goes has work that is inside leave.
func (c *crowd) goes(name string) {
	c.t.Helper()
	p, ok := c.inside[name]
	if !ok {
		c.t.Fatalf("%s is not inside: %v", name, c.failed[name])
	}
	delete(c.inside, name)
	p.Leave()
	c.settle()
}

// oneGoes has whoever is inside for longest leave.
func (c *crowd) oneGoes() {
	c.t.Helper()
	at := slices.IndexFunc(c.order, func(name string) bool { _, ok := c.inside[name]; return ok })
	c.goes(c.order[at])
}

// crowdedOut wants those who were refused, in the last step, as too much waits in all
// to have as much that waits as anybody, and no more to wait than may.
func (c *crowd) crowdedOut() {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting > Lines*c.rules.Line {
		c.t.Errorf("%d wait, of %d", c.waiting, Lines*c.rules.Line)
	}
	for name, err := range c.failed {
		delete(c.failed, name)
		if full := (*Busy)(nil); !errors.As(err, &full) || !full.All {
			continue
		}
		who, _, _ := strings.Cut(name, " ")
		own := 0
		if t := c.tenants[Tenant(who)]; t != nil {
			own = len(t.line)
		}
		for _, t := range c.turns {
			if len(t.line) > own+1 {
				c.t.Errorf("%s is refused with %d that wait, and %s has %d", who, own, t.name, len(t.line))
			}
		}
	}
}

// settle hears who is in, and holds the door to its invariants.
func (c *crowd) settle() {
	c.t.Helper()
	synctest.Wait()
	served := len(c.order)
	for {
		select {
		case s := <-c.said:
			if s.err != nil {
				c.failed[s.name] = s.err
				continue
			}
			c.inside[s.name] = s.place
			c.order = append(c.order, s.name)
			continue
		default:
		}
		break
	}
	if err := c.sound(); err != nil {
		c.t.Fatal(err)
	}
	c.inOrder(c.order[served:])
}

// inOrder wants those who waited before the last step, and were not served by it,
// to have their turns before all others, as before. So nobody is served twice
// while a tenant with room in its share waits.
func (c *crowd) inOrder(served []string) {
	c.t.Helper()
	var turns []Tenant
	for _, t := range c.turns {
		turns = append(turns, t.name)
	}
	stayed := slices.DeleteFunc(c.next, func(name Tenant) bool {
		return !slices.Contains(turns, name) || slices.ContainsFunc(served, func(s string) bool { return strings.HasPrefix(s, string(name)+" ") })
	})
	if len(turns) < len(stayed) || !slices.Equal(turns[:len(stayed)], stayed) {
		c.t.Fatalf("the turns are those of %v, and %v waited before", turns, stayed)
	}
	c.next = turns
}

// sound says what is wrong with the state of the door.
func (c *crowd) sound() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	within := func(s, most Size) bool {
		return 0 <= s.Count && s.Count <= most.Count && 0 <= s.Bytes && s.Bytes <= most.Bytes
	}
	if !within(c.Door.inside, c.rules.Total) {
		return fmt.Errorf("%+v inside, of %+v", c.Door.inside, c.rules.Total)
	}
	var all Size
	waiting := 0
	for name, t := range c.tenants {
		all.Count += t.inside.Count
		all.Bytes += t.inside.Bytes
		waiting += len(t.line)
		turns := 0
		for _, other := range c.turns {
			if other == t {
				turns++
			}
		}
		switch {
		case t.name != name:
			return fmt.Errorf("%q is counted as %q", t.name, name)
		case !within(t.inside, c.rules.Share):
			return fmt.Errorf("%s has %+v inside, of %+v", name, t.inside, c.rules.Share)
		case len(t.line) > c.rules.Line:
			return fmt.Errorf("%d of %s wait, of %d", len(t.line), name, c.rules.Line)
		case turns != min(1, len(t.line)):
			return fmt.Errorf("%s has %d turns, and %d that wait", name, turns, len(t.line))
		case t.inside.Count == 0 && len(t.line) == 0:
			return fmt.Errorf("%s has gone and is remembered", name)
		}
	}
	if all != c.Door.inside || all.Count != len(c.inside) || waiting != c.waiting || len(c.turns) > waiting {
		return fmt.Errorf("%+v inside of all tenants, %+v and %d counted; %d wait, %d counted", all, c.Door.inside, len(c.inside), waiting, c.waiting)
	}
	for _, t := range c.turns {
		if !t.inside.fits(t.line[0].bytes, c.rules.Share) {
			continue
		}
		if c.Door.inside.fits(t.line[0].bytes, c.rules.Total) {
			return fmt.Errorf("%s waits, whose turn it is and who has room", t.name)
		}
		break // nobody overtakes it
	}
	return nil
}

// empty has all work leave that is inside, as it comes, and wants nothing to be
// left.
func (c *crowd) empty() {
	c.t.Helper()
	for len(c.inside) > 0 {
		c.oneGoes()
	}
	if n := c.Count(); n.Inside != (Size{}) || n.Waiting != 0 || len(c.tenants) != 0 || len(c.turns) != 0 {
		c.t.Errorf("all have gone, and there is %+v, %d tenants", n, len(c.tenants))
	}
}

func few(total, share, line int) Rules {
	return Rules{Total: Size{Count: total}, Share: Size{Count: share}, Line: line, What: "calls", Setting: "LINE"}
}

// TestFlood: who has one call is served after one of the flood, however long that
// waits, and in whatever number it comes.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, few(4, 4, 1_000))
		for i := range 1_000 {
			c.comes(fmt.Sprint("a ", i), 0)
		}
		for i := range 3 {
			c.comes(fmt.Sprint("b ", i), 0)
			c.comes(fmt.Sprint("c ", i), 0)
		}
		served := len(c.order)
		for range 9 {
			c.oneGoes()
		}
		want := []string{"a 4", "b 0", "c 0", "a 5", "b 1", "c 1", "a 6", "b 2", "c 2"}
		if got := c.order[served:]; !slices.Equal(got, want) {
			t.Errorf("served %v, want %v", got, want)
		}
		c.empty()
		if len(c.order) != 1_006 {
			t.Errorf("%d were served, want all", len(c.order))
		}
	})
}

// TestShare: a flood has its share and no more; the rest is there for others at
// once, and for those of them who come while it waits.
func TestShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, few(4, 3, 10))
		for i := range 8 {
			c.comes(fmt.Sprint("a ", i), 0)
		}
		c.comes("b 0", 0)
		if want := []string{"a 0", "a 1", "a 2", "b 0"}; !slices.Equal(c.order, want) {
			t.Errorf("inside are %v, want %v", c.order, want)
		}
		c.comes("b 1", 0)
		c.goes("b 0") // the flood was first in line, and has its share
		if c.order[4] != "b 1" {
			t.Errorf("then %s", c.order[4])
		}
		c.empty()
	})
}

// TestMemory: work is let in as its memory has room, of its tenant and in all;
// large work is not overtaken for ever by small.
func TestMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, Rules{Total: Size{100, 100}, Share: Size{100, 70}, Line: 10})
		c.comes("a 0", 40)
		c.comes("a 1", 40) // more than the share
		c.comes("b 0", 40)
		c.comes("c 0", 60) // more than the rest: all wait for it
		c.comes("d 0", 10)
		if want := []string{"a 0", "b 0"}; !slices.Equal(c.order, want) {
			t.Errorf("inside are %v, want %v", c.order, want)
		}
		c.goes("b 0") // now a 1 is still beyond its share, and c 0 is next
		if want := []string{"a 0", "b 0", "c 0"}; !slices.Equal(c.order, want) {
			t.Errorf("then %v, want %v", c.order, want)
		}
		c.goes("a 0")
		if want := []string{"a 0", "b 0", "c 0", "a 1"}; !slices.Equal(c.order, want) {
			t.Errorf("then %v, want %v", c.order, want)
		}
		if _, err := c.Enter(t.Context(), 71); err == nil || errors.Is(err, ErrBusy) {
			t.Errorf("work that never has room: %v", err)
		}
		c.empty()
	})
}

// TestFullLine: a line that is full refuses at once, says for how long, and
// leaves others alone.
func TestFullLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, few(2, 2, 5))
		for i := range 7 {
			c.comes(fmt.Sprint("a ", i), 0)
		}
		time.Sleep(3 * time.Second) // nothing has left yet: five at a pace of 2 in 3 s or more
		c.comes("a 7", 0)
		var full *Busy
		if err := c.failed["a 7"]; !errors.As(err, &full) || !errors.Is(err, ErrBusy) || full.Seconds() != 8 {
			t.Errorf("it was told %v", err)
		}
		for _, part := range []string{"5 calls", "LINE", "in 8 s"} {
			if !strings.Contains(full.Error(), part) {
				t.Errorf("%q does not say %q", full, part)
			}
		}
		time.Sleep(time.Second)
		c.goes("a 0") // after 4 s
		c.comes("a 8", 0)
		if _, refused := c.failed["a 8"]; refused {
			t.Error("a line with room refuses")
		}
		c.comes("a 9", 0)
		if !errors.As(c.failed["a 9"], &full) || full.Wait != 10*time.Second { // 5 x 4 s / 2
			t.Errorf("it was told %v", c.failed["a 9"])
		}
		c.comes("b 0", 0)
		if _, refused := c.failed["b 0"]; refused {
			t.Error("another tenant is refused")
		}
		if n := c.Count(); n.Refused != 2 || n.Waiting != 6 || n.GaveUp != 0 {
			t.Errorf("counted %+v", n)
		}
		c.empty()
	})
	if got := (&Busy{}).Seconds(); got != 1 {
		t.Errorf("nothing is known, and it is to wait %d s", got)
	}
}

// TestNoLine: without a line there is room or there is not.
func TestNoLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, few(2, 1, 0))
		c.comes("a 0", 0)
		c.comes("a 1", 0)
		c.comes("b 0", 0)
		c.comes("c 0", 0)
		if want := []string{"a 0", "b 0"}; !slices.Equal(c.order, want) || len(c.failed) != 2 {
			t.Errorf("inside are %v, refused %v", c.order, c.failed)
		}
		c.empty()
	})
}

// TestGiveUp: who is not there any more leaves the line at once, wherever in it
// he is, and takes nobody's turn; also at the moment at which he is let in.
func TestGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, few(1, 1, 10))
		c.comes("a 0", 0)
		first := c.comes("a 1", 0)
		c.comes("a 2", 0)
		only := c.comes("b 0", 0)
		c.comes("c 0", 0)
		last := c.comes("a 3", 0)
		for _, giveUp := range []context.CancelFunc{first, only, last} {
			c.givesUp(giveUp)
		}
		for _, name := range []string{"a 1", "b 0", "a 3"} {
			if !errors.Is(c.failed[name], context.Canceled) {
				t.Errorf("%s was told %v", name, c.failed[name])
			}
		}
		c.goes("a 0")
		c.goes("a 2")
		if want := []string{"a 0", "a 2", "c 0"}; !slices.Equal(c.order, want) {
			t.Errorf("served %v, want %v", c.order, want)
		}
		if n := c.Count(); n.GaveUp != 3 || n.Waiting != 0 {
			t.Errorf("counted %+v", n)
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if _, err := c.Enter(gone, 0); !errors.Is(err, context.Canceled) {
			t.Errorf("who had gone before was told %v", err)
		}
		c.empty()
	})
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, few(1, 1, 10))
		c.comes("a 0", 0)
		giveUp := c.comes("a 1", 0)
		c.comes("b 0", 0)
		p := c.inside["a 0"]
		delete(c.inside, "a 0")
		c.mu.Lock()
		giveUp() // it has heard that, and is let in before it can say so
		c.vacate(p.tenant, 0)
		c.dispatch()
		c.mu.Unlock()
		c.settle()
		if _, ok := c.inside["b 0"]; !ok || !errors.Is(c.failed["a 1"], context.Canceled) {
			t.Errorf("inside are %v, refused %v", c.inside, c.failed)
		}
		c.empty()
	})
}

// FuzzDoor has tenants come, go and give up in any order: the door is sound after
// each step, and empty when all have gone.
func FuzzDoor(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 64, 128, 130, 1, 1, 1, 192, 200, 70, 71})
	f.Add([]byte("the quick brown fox jumps over the lazy dog, and again and again and again"))
	for seed := range byte(8) {
		steps := make([]byte, 600)
		x := uint32(seed) + 1
		for i := range steps {
			x = x*1664525 + 1013904223
			steps[i] = byte(x >> 24)
		}
		f.Add(steps)
	}
	f.Fuzz(func(t *testing.T, steps []byte) {
		if len(steps) > 800 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			tenants, line := 5, 3
			if len(steps) > 0 && steps[0]&1 > 0 { // so many that all lines are full
				tenants, line = 40, 2
			}
			c := newCrowd(t, Rules{Total: Size{6, 100}, Share: Size{4, 60}, Line: line, What: "calls", Setting: "LINE"})
			var giveUps []context.CancelFunc
			for i, step := range steps {
				what, which := step>>6, int(step&63)
				switch {
				case what == 2 && len(c.inside) > 0:
					names := make([]string, 0, len(c.inside))
					for name := range c.inside {
						names = append(names, name)
					}
					slices.Sort(names)
					c.goes(names[which%len(names)])
				case what == 3 && len(giveUps) > 0:
					c.givesUp(giveUps[which%len(giveUps)])
				default:
					name := fmt.Sprint(which%tenants, " ", i)
					giveUps = append(giveUps, c.comes(name, int64(which)))
					c.crowdedOut()
				}
			}
			for _, giveUp := range giveUps {
				c.givesUp(giveUp) // those inside have no use for it any more
			}
			c.empty()
		})
	})
}

// TestTenant: work is a tenant's as its context says.
func TestTenant(t *testing.T) {
	if got := Of(t.Context()); got != "" {
		t.Errorf("nobody's work is of %q", got)
	}
	if got := Of(With(With(t.Context(), "a"), "b")); got != "b" {
		t.Errorf("work of b is of %q", got)
	}
}

// TestNew: rules that let nobody in are a mistake of whoever made them.
func TestNew(t *testing.T) {
	for _, r := range []Rules{
		few(1, 0, 0), few(1, 2, 0), few(1, 1, -1),
		{Total: Size{1, 1}, Share: Size{1, 2}}, {Total: Size{1, 1}, Share: Size{1, -1}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v is taken", r)
				}
			}()
			New(r)
		}()
	}
}

// BenchmarkEnter is what a call pays that need not wait.
func BenchmarkEnter(b *testing.B) {
	d := New(Rules{Total: Size{32, 512 << 20}, Share: Size{8, 128 << 20}, Line: 64})
	ctx := With(b.Context(), "trader")
	b.ReportAllocs()
	for b.Loop() {
		p, err := d.Enter(ctx, 16<<20)
		if err != nil {
			b.Fatal(err)
		}
		p.Leave()
	}
}

// TestEnterAllocatesNothing where there is room.
func TestEnterAllocatesNothing(t *testing.T) {
	d := New(few(2, 2, 2))
	ctx := With(t.Context(), "trader")
	if n := testing.AllocsPerRun(100, func() {
		p, err := d.Enter(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		p.Leave()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestLongestLine: tenants with full lines, as many as may wait in all, keep nobody
// out: who has less waiting than one of them takes the place of its last, has its turn
// as ever, and pays himself once his line is as long.
func TestLongestLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, few(1, 1, 4))
		c.comes("first 0", 0)
		for i := range 4 * Lines {
			c.comes(fmt.Sprint("flood", i/4, " ", i%4), 0)
		}
		if n := c.Count(); n.Waiting != 4*Lines || n.Crowded != 0 || n.Refused != 0 {
			t.Fatalf("with all lines full there are %+v", n)
		}
		for i := range 3 { // of three floods the last
			c.comes(fmt.Sprint("b ", i), 0)
			last := fmt.Sprintf("flood%d 3", i)
			if err := c.failed[fmt.Sprint("b ", i)]; err != nil {
				t.Errorf("b, with %d that wait, is told %v", i, err)
			}
			var full *Busy
			if err := c.failed[last]; !errors.As(err, &full) || !full.All {
				t.Errorf("%s is told %v", last, err)
			}
		}
		c.comes("b 3", 0)
		if !errors.Is(c.failed["b 3"], ErrBusy) {
			t.Errorf("b, whose line would be as long as the longest, is told %v", c.failed["b 3"])
		}
		served := len(c.order)
		for range Lines + 1 {
			c.oneGoes()
		}
		if at := slices.Index(c.order[served:], "b 0"); at != Lines {
			t.Errorf("b is served after %d others, want %d: %v", at, Lines, c.order[served:])
		}
		c.empty()
	})
}

// TestAllFull: however many tenants come, no more than so many lines wait; what the
// host does itself waits all the same, and when one has gone there is a place again.
func TestAllFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, Rules{Total: Size{Count: 1}, Share: Size{Count: 1}, Line: 2, What: "calls", Setting: "LINE"})
		c.comes("first 0", 0)
		var giveUps []context.CancelFunc
		for i := range 100 {
			giveUps = append(giveUps, c.comes(fmt.Sprint("t", i, " 0"), 0))
		}
		if n := c.Count(); n.Waiting != 2*Lines || n.Crowded != 100-2*Lines || n.Refused != 0 {
			t.Errorf("of 100 tenants there are %+v", n)
		}
		var full *Busy
		if err := c.failed["t99 0"]; !errors.As(err, &full) || !full.All || full.Seconds() < 1 || !strings.Contains(err.Error(), "32 calls of all callers wait already, as many as may, 16 times the setting LINE, and of nobody more than of you") {
			t.Errorf("one that came later is told %v", err)
		}
		own := make(chan error, 1)
		ctx, cancel := context.WithCancel(WithOwn(t.Context(), "the host"))
		go func() { _, err := c.Enter(ctx, 0); own <- err }()
		c.settle()
		if n := c.Count(); n.Waiting != 2*Lines+1 {
			t.Errorf("with the host's own there wait %d", n.Waiting)
		}
		cancel()
		if err := <-own; !errors.Is(err, context.Canceled) {
			t.Errorf("the host's own is told %v", err)
		}
		c.givesUp(giveUps[5])
		giveUps = append(giveUps, c.comes("late 0", 0))
		if c.failed["late 0"] != nil {
			t.Errorf("when one has gone, %v", c.failed["late 0"])
		}
		for _, giveUp := range giveUps {
			c.givesUp(giveUp)
		}
	})
}
