package wasm

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"golang.org/x/sync/semaphore"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/compiled"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// engine is a runtime for one module, and what it reads native code from and
// writes it to, if there is that.
type engine struct {
	wazero.Runtime
	files wazero.CompilationCache
}

// newEngine returns an engine for modules of a tier. folder is where it looks
// for native code and writes what it compiles, "" for nowhere.
func newEngine(t gate.Tier, folder string) (e engine, err error) {
	ctx := context.Background()
	config := wazero.NewRuntimeConfigCompiler().
		WithCoreFeatures(api.CoreFeaturesV2).
		WithMemoryLimitPages(t.MaxPages()).
		WithDebugInfoEnabled(false)
	if folder != "" {
		if e.files, err = wazero.NewCompilationCacheWithDir(folder); err != nil {
			return e, fmt.Errorf("%w: %w", errFolder, err)
		}
		config = config.WithCompilationCache(e.files)
	}
	e.Runtime = wazero.NewRuntimeWithConfig(ctx, config)
	return e, nil
}

// close frees all that the engine has. With a folder the runtime alone would
// leave the native code.
func (e *engine) close() {
	ctx := context.Background()
	if e.Runtime != nil {
		e.Runtime.Close(ctx)
	}
	if e.files != nil {
		e.files.Close(ctx)
	}
	*e = engine{}
}

// emptyModule is a WebAssembly module with nothing in it.
var emptyModule = []byte("\x00asm\x01\x00\x00\x00")

// openCode opens the directory of native code. Where that cannot be used the
// log says why, and every module is compiled.
func (s *Sandbox) openCode(dir string) {
	code, err := compiled.Open(dir)
	if err == nil {
		s.engine, err = nameOfEngine(code)
	}
	if err != nil {
		s.log.Warn("native code is not kept, so that every start compiles every plugin", "dir", dir, "error", err)
		return
	}
	s.code = code
}

// nameOfEngine is where the engine writes the native code of a module that is
// always the same. It names the engine's version, the system, the processor's
// architecture and, hashed, its features: all that native code depends on but
// the module.
func nameOfEngine(code *compiled.Cache) (name string, err error) {
	folder, err := code.Create()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, code.Discard(folder)) }()
	e, err := newEngine(gate.Small, folder)
	if err != nil {
		return "", err
	}
	defer e.close()
	if _, err := e.CompileModule(context.Background(), emptyModule); err != nil {
		return "", err
	}
	return compiled.Only(folder)
}

// compile makes native code of the metered module: that which was kept, or, when it
// has its turn, new.
func (p *program) compile(ctx context.Context, metered []byte, turns *semaphore.Weighted) error {
	s, begun := p.module.sandbox, time.Now()
	if s.code != nil {
		p.key = compiled.Key{
			Module: strings.TrimPrefix(p.module.digest, digestPrefix), Code: sha256.Sum256(metered), Engine: s.engine,
		}
		if p.restore(metered) {
			s.compiled(true, time.Since(begun))
			return nil
		}
	}
	if err := turns.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for other modules to be compiled: %w", err)
	}
	defer turns.Release(1)
	begun = time.Now()
	if err := p.compileKept(ctx, metered); err != nil {
		if errors.Is(err, ErrCompiler) {
			p.module.complain("compiler ended by the system", err)
			s.ended()
		}
		return err
	}
	s.compiled(false, time.Since(begun))
	return nil
}

// compileKept is compileNew into a folder that may be kept, or without one where
// the disk does not serve.
func (p *program) compileKept(ctx context.Context, metered []byte) (err error) {
	code := p.module.sandbox.code
	if code == nil {
		return p.compileGone(ctx, metered)
	}
	if p.fresh, err = code.Create(); err == nil {
		err = p.compileNew(ctx, metered, p.fresh)
		if !ofDisk(err) && !errors.Is(err, errWorker) {
			return err
		}
		p.discard()
		p.engine.close()
	}
	p.module.complain("native code is not kept", err)
	return p.compileNew(ctx, metered, "")
}

// compileGone is compileNew into a folder that is gone afterwards, or without one
// where none can be made.
func (p *program) compileGone(ctx context.Context, metered []byte) error {
	if !apart {
		return p.compileNew(ctx, metered, "")
	}
	folder, err := os.MkdirTemp("", workerName+"-")
	if err == nil {
		defer os.RemoveAll(folder)
		if err = p.compileNew(ctx, metered, folder); !ofDisk(err) && !errors.Is(err, errWorker) {
			return err
		}
		p.engine.close()
	}
	p.module.complain("native code is compiled twice", err)
	return p.compileNew(ctx, metered, "")
}

// restore takes native code that was kept, and says whether there was any. What
// the engine does not take though it is as it was stored is thrown away, too.
func (p *program) restore(metered []byte) bool {
	code := p.module.sandbox.code
	entry, err := code.Find(p.key)
	if err != nil {
		p.module.complain("native code thrown away", err)
	}
	if entry == nil {
		return false
	}
	defer entry.Close()
	if err = p.compileIn(metered, entry.Folder); err == nil && !entry.Untouched() {
		err = errors.New("it is of another engine")
	}
	if err == nil {
		return true
	}
	p.module.complain("native code thrown away", errors.Join(err, code.Drop(p.key)))
	p.engine.close()
	return false
}

// compileNew has the metered module compiled by another process, which the
// module may bring down, and takes the native code from the folder. Without a
// folder there is nothing to take: what the other process got through is
// compiled once more here.
func (p *program) compileNew(ctx context.Context, metered []byte, folder string) error {
	if !apart {
		return p.compileIn(metered, folder)
	}
	if err := newJob(p.module.info.Tier, folder).run(ctx, metered); err != nil {
		return err
	}
	if folder == "" {
		return p.compileIn(metered, "")
	}
	made, err := compiled.Made(folder)
	if err != nil {
		return fmt.Errorf("%w: %w", errWorker, err)
	}
	defer made.Close()
	if err := p.compileIn(metered, folder); err != nil {
		return err
	}
	if !made.Untouched() {
		return fmt.Errorf("%w: what it made is of another engine", errWorker)
	}
	return nil
}

// compileIn has an engine with that folder make what it needs of the metered
// module.
func (p *program) compileIn(metered []byte, folder string) (err error) {
	ctx := context.Background()
	if p.engine, err = newEngine(p.module.info.Tier, folder); err != nil {
		return err
	}
	if p.module.info.Imports > 0 {
		if err := provideWASI(ctx, p.engine); err != nil {
			return fmt.Errorf("provide what plugins may import: %w", err)
		}
	}
	if p.refilled {
		if err := provideRefill(ctx, p.engine); err != nil {
			return fmt.Errorf("provide what gives plugins gas: %w", err)
		}
	}
	if p.code, err = p.engine.CompileModule(ctx, metered); err != nil && !ofDisk(err) {
		return reject("validation", "%s", firstLine(err))
	}
	return err
}

// errFolder is for a folder that the engine cannot use.
var errFolder = errors.New("open the folder of native code")

// ofDisk says whether it is the disk that is to blame for an error.
func ofDisk(err error) bool {
	var path *fs.PathError
	var link *os.LinkError
	return errors.Is(err, errFolder) || errors.As(err, &path) || errors.As(err, &link)
}

// keep has what was compiled kept on the disk.
func (p *program) keep() {
	folder := p.taken()
	if folder == "" {
		return
	}
	s := p.module.sandbox
	if err := s.code.Keep(folder, p.key, s.loaded()); err != nil {
		p.module.complain("native code is not kept", err)
	}
}

// discard removes what was compiled and not kept.
func (p *program) discard() {
	folder := p.taken()
	if folder == "" {
		return
	}
	if err := p.module.sandbox.code.Discard(folder); err != nil {
		p.module.complain("native code not removed", err)
	}
}

// taken is the folder of what was compiled and not kept yet, for who asks first.
func (p *program) taken() (folder string) {
	p.module.mu.Lock()
	defer p.module.mu.Unlock()
	folder, p.fresh = p.fresh, ""
	return folder
}

// Keep has the module's native code kept on the disk, where the sandbox has a
// directory for it, until Retain does not name the module any more. Without it
// what was compiled for the module goes with it.
func (m *Module) Keep() {
	m.mu.Lock()
	m.kept = true
	slow := m.slow
	m.mu.Unlock()
	m.quick.keep()
	if slow != nil {
		slow.keep()
	}
}

func (m *Module) complain(what string, err error) {
	m.sandbox.log.Warn(what, "digest", m.digest, "error", err)
}

// Retain removes the native code of modules that are neither among the digests
// nor loaded.
func (s *Sandbox) Retain(digests map[string]bool) {
	if s.code == nil {
		return
	}
	installed := make(map[string]bool, len(digests))
	for d := range digests {
		installed[strings.TrimPrefix(d, digestPrefix)] = true
	}
	if err := s.code.Retain(installed, s.loaded()); err != nil {
		s.log.Warn("native code not removed", "error", err)
	}
}

// loaded are the modules that are not closed, by digest in hexadecimal.
func (s *Sandbox) loaded() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	loaded := make(map[string]bool, len(s.modules))
	for m := range s.modules {
		loaded[strings.TrimPrefix(m.digest, digestPrefix)] = true
	}
	return loaded
}
