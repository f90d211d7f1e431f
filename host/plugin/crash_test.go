package plugin

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin/redistest"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// A victim is this test's program as another process, which changes what is
// installed until it is killed. What it is told by its environment:
const (
	victimDir   = "PLUGIN_TEST_DIR"
	victimRound = "PLUGIN_TEST_ROUND"
	victimRedis = "PLUGIN_TEST_REDIS"  // "" for a Directory alone
	victimKeys  = "PLUGIN_TEST_PREFIX" // of its keys
	victimOnce  = "PLUGIN_TEST_ONCE"   // the version of mean that it uploads, and then nothing; "" for what follows
)

func TestMain(m *testing.M) {
	if os.Getenv(victimDir) != "" {
		fmt.Fprintln(os.Stderr, victim(context.Background()))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// change is one thing that a victim does. It prints it before it begins, and
// once more when it has been told that it is done.
type change struct {
	Kind    string // of the names in (installed).after
	Name    string
	Version string
	Digest  string
	Percent float64
	Done    bool
}

// kinds are all there are.
var kinds = []string{"upload", "store", "activate", "delete", "kill", "revive", "try", "untry"}

// installed is what there is, by name.
type installed map[string]fate

type fate struct {
	Versions string // their digests, the oldest first
	Active   string
	Killed   bool
	Tried    string  // the digest of the candidate
	Percent  float64 // its share
}

// activate is the fate of a plugin of which another version, or none, is active
// from now on.
func (f fate) activate(digest string) fate {
	if f.Active != digest {
		f.Tried, f.Percent = "", 0
	}
	f.Active = digest
	return f
}

// after is what there is once c is done.
func (all installed) after(c change) installed {
	next := make(installed)
	for name, f := range all {
		next[name] = f
	}
	f := next[c.Name]
	switch c.Kind {
	case "upload":
		f = f.activate(c.Digest)
		f.Versions += c.Digest
	case "store":
		f.Versions += c.Digest
	case "activate":
		f = f.activate(c.Digest)
	case "delete":
		f = f.activate("")
	case "kill":
		f.Killed, f.Tried, f.Percent = true, "", 0
	case "revive":
		f.Killed = false
	case "try":
		f.Tried, f.Percent = c.Digest, c.Percent
	case "untry":
		f.Tried, f.Percent = "", 0
	}
	next[c.Name] = f
	return next
}

func (l *Library) installed() installed {
	all := make(installed)
	for _, p := range l.List() {
		f := fate{Active: p.Active, Killed: p.State == Killed}
		for _, v := range p.Versions {
			f.Versions += v.Digest
		}
		if p.Candidate != nil {
			f.Tried, f.Percent = p.Candidate.Digest, p.Candidate.Percent
		}
		all[p.Name] = f
	}
	return all
}

// openIn is the library of a process that may be killed: its native code is
// kept in dir as well.
func openIn(ctx context.Context, dir string, redis *RedisConfig) (*Library, *registry.Registry, []Skipped, func(), error) {
	sandbox, err := wasm.New(wasm.Config{CodeDir: filepath.Join(dir, "compiled")})
	if err != nil {
		return nil, nil, nil, nil, err
	}
	disk, err := OpenDirectory(dir)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	var store Store = disk
	end := sandbox.Close
	if redis != nil {
		shared, err := OpenRedis(ctx, *redis, disk)
		if err != nil {
			return nil, nil, nil, nil, err
		}
		store, end = shared, func() { sandbox.Close(); shared.Close() }
	}
	names := registry.New([]*ta.Indicator{native})
	l, err := Open(ctx, store, Room{}, sandbox, names)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	skipped, err := l.Sync(ctx)
	return l, names, skipped, end, err
}

// victim changes what is installed, for ever.
func victim(ctx context.Context) error {
	round, err := strconv.ParseUint(os.Getenv(victimRound), 10, 64)
	if err != nil {
		return err
	}
	var shared *RedisConfig
	if addr := os.Getenv(victimRedis); addr != "" {
		shared = &RedisConfig{Addr: addr, Prefix: os.Getenv(victimKeys)}
	}
	l, _, skipped, _, err := openIn(ctx, os.Getenv(victimDir), shared)
	if err != nil || len(skipped) > 0 {
		return fmt.Errorf("start: %v, %w", skipped, err)
	}
	say := json.NewEncoder(os.Stdout)
	if version := os.Getenv(victimOnce); version != "" {
		if _, _, err := l.Upload(ctx, module("mean", version), true); err != nil {
			return err
		}
		if err := say.Encode(change{Done: true}); err != nil {
			return err
		}
		<-make(chan struct{}) // it is killed
	}
	random := rand.New(rand.NewPCG(round, 1))
	for n := 0; ; n++ {
		c, code := l.next(random, fmt.Sprintf("1.%d.%d", round, n))
		if err := say.Encode(c); err != nil {
			return err
		}
		if err := l.do(ctx, c, code); err != nil {
			return fmt.Errorf("%+v: %w", c, err)
		}
		c.Done = true
		if err := say.Encode(c); err != nil {
			return err
		}
	}
}

// next is a change that can be done, and the module where it is an upload, which
// is then of that version.
func (l *Library) next(random *rand.Rand, version string) (c change, code []byte) {
	c = change{Kind: "upload", Name: []string{"fast", "slow"}[random.IntN(2)]}
	p, err := l.Get(c.Name)
	if err == nil {
		c.Kind = kinds[random.IntN(len(kinds))]
	}
	if c.Kind == "try" { // where it cannot be done, what it needs
		switch {
		case p.State == Killed:
			c.Kind = "revive"
		case p.State == Inactive:
			c.Kind = "activate"
		case len(p.Versions) == 1:
			c.Kind = "store"
		}
	}
	switch c.Kind {
	case "upload", "store":
		c.Version = version
		code = module(c.Name, c.Version)
		c.Digest = digestOf(code)
	case "activate", "try":
		v := p.Versions[random.IntN(len(p.Versions))]
		for c.Kind == "try" && v.State == Active {
			v = p.Versions[random.IntN(len(p.Versions))]
		}
		c.Version, c.Digest = v.Version, v.Digest
	}
	if c.Kind == "try" {
		c.Percent = 100 - 100*random.Float64()
	}
	return c, code
}

// do does it.
func (l *Library) do(ctx context.Context, c change, code []byte) (err error) {
	switch c.Kind {
	case "upload", "store":
		_, _, err = l.Upload(ctx, code, c.Kind == "upload")
	case "activate":
		_, err = l.Activate(ctx, c.Name, c.Digest, nil)
	case "delete":
		err = l.Delete(ctx, c.Name, nil)
	case "kill":
		_, err = l.Kill(ctx, c.Name, nil)
	case "revive":
		_, err = l.Revive(ctx, c.Name, nil)
	case "try":
		_, err = l.Try(ctx, c.Name, c.Digest, c.Percent, nil)
	case "untry":
		_, err = l.Untry(ctx, c.Name, nil)
	}
	return err
}

// endured starts a victim, kills it at a moment that nobody chose, and returns
// what it said until then.
func endured(t *testing.T, round int, dir string, shared *RedisConfig) []change {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimDir+"="+dir, victimRound+"="+strconv.Itoa(round))
	if shared != nil {
		cmd.Env = append(cmd.Env, victimRedis+"="+shared.Addr, victimKeys+"="+shared.Prefix)
	}
	var failed bytes.Buffer
	cmd.Stderr = &failed
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(uint64(round), 2))
	left := 1 + random.IntN(6) // of what it begins, until the one that it is killed in
	var said []change
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var c change
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatalf("%v: %s", err, lines.Bytes())
		}
		said = append(said, c)
		if !c.Done {
			left--
		}
		if left == 0 && !c.Done {
			within := 3 * time.Millisecond
			if c.Digest != "" {
				within = 30 * time.Millisecond // it is compiled first
			}
			time.AfterFunc(rand.N(within), func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait()
	if failed.Len() > 0 {
		t.Fatalf("round %d: it ended by itself: %s", round, failed.String())
	}
	return said
}

// kills are how many processes TestKilledAtAnyPoint kills that keep a directory.
var kills = 240

// TestKilledAtAnyPoint: a process that is killed loses nothing that it had
// acknowledged, and does all or nothing of what it was at. The next one starts
// as if nothing had been, some hundreds of times (fewer under the race detector).
func TestKilledAtAnyPoint(t *testing.T) {
	for _, c := range []struct {
		name   string
		rounds int
		redis  bool
	}{
		{"directory", kills, false},
		{"redis", 60, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var shared *RedisConfig
			if c.redis {
				config := fleetOf(redistest.Addr(t)).RedisConfig
				shared = &config
			}
			want := make(installed)
			inside, onTrial, done := 0, 0, make(map[string]int)
			for round := range c.rounds {
				var open *change
				for _, said := range endured(t, round, dir, shared) {
					if open = &said; said.Done {
						want, open = want.after(said), nil
						done[said.Kind]++
					}
				}
				from := dir
				if shared != nil {
					from = t.TempDir() // another replica, which has only what is in Redis
				}
				l, names, skipped, end, err := openIn(t.Context(), from, shared)
				if err != nil || len(skipped) > 0 {
					t.Fatalf("round %d: it does not start again: %v, %v", round, skipped, err)
				}
				if left, _ := filepath.Glob(filepath.Join(from, "*", "*"+temporary)); len(left) > 0 {
					t.Fatalf("round %d: it left %v", round, left)
				}
				got := l.installed()
				switch {
				case reflect.DeepEqual(got, want):
				case open != nil && reflect.DeepEqual(got, want.after(*open)):
					want = got // it was done, and could not say so any more
				default:
					t.Fatalf("round %d: there is %v, acknowledged was %v, and it was at %+v", round, got, want, open)
				}
				if open != nil {
					inside++
				}
				p := &process{Library: l, names: names}
				for _, each := range l.List() {
					for _, v := range each.Versions {
						if _, err := l.Module(t.Context(), each.Name, v.Digest); err != nil {
							t.Fatalf("round %d: %v", round, err)
						}
						if v.State == Active && p.runs(t, each.Name) != v.Version {
							t.Fatalf("round %d: %s %s does not answer", round, each.Name, v.Version)
						}
						if v.State == OnTrial {
							onTrial++
							if !strings.HasSuffix(p.tries(t, each.Name), " "+v.Version) {
								t.Fatalf("round %d: %s %s has no share of the calls", round, each.Name, v.Version)
							}
						}
					}
				}
				end()
			}
			if inside < c.rounds/4 {
				t.Errorf("%d of %d were killed while they were at something; that tries too little", inside, c.rounds)
			}
			for _, kind := range kinds {
				if done[kind] == 0 {
					t.Errorf("of all that was done nothing was %s", kind)
				}
			}
			if onTrial == 0 {
				t.Error("no candidate was found after a kill")
			}
			t.Logf("%d rounds, %d of them killed in the midst of a change, %d candidates found; acknowledged were %v", c.rounds, inside, onTrial, done)
		})
	}
}
