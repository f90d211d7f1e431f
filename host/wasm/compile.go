package wasm

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

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

// compile makes native code of the metered module: that which was kept, or new.
func (m *Module) compile(ctx context.Context, metered []byte) error {
	if m.sandbox.code != nil {
		m.key = compiled.Key{
			Module: strings.TrimPrefix(m.digest, digestPrefix), Code: sha256.Sum256(metered), Engine: m.sandbox.engine,
		}
		if m.restore(metered) {
			m.sandbox.compiled(true)
			return nil
		}
	}
	if err := m.compileKept(ctx, metered); err != nil {
		return err
	}
	m.sandbox.compiled(false)
	return nil
}

// compileKept is compileNew into a folder that may be kept, or without one where
// the disk does not serve.
func (m *Module) compileKept(ctx context.Context, metered []byte) (err error) {
	if m.sandbox.code == nil {
		return m.compileNew(ctx, metered, "")
	}
	if m.fresh, err = m.sandbox.code.Create(); err == nil {
		err = m.compileNew(ctx, metered, m.fresh)
		if !ofDisk(err) && !errors.Is(err, errWorker) {
			return err
		}
		m.discard()
		m.engine.close()
	}
	m.complain("native code is not kept", err)
	return m.compileNew(ctx, metered, "")
}

// restore takes native code that was kept, and says whether there was any. What
// the engine does not take though it is as it was stored is thrown away, too.
func (m *Module) restore(metered []byte) bool {
	code := m.sandbox.code
	entry, err := code.Find(m.key)
	if err != nil {
		m.complain("native code thrown away", err)
	}
	if entry == nil {
		return false
	}
	defer entry.Close()
	if err = m.compileIn(metered, entry.Folder); err == nil && !entry.Untouched() {
		err = errors.New("it is of another engine")
	}
	if err == nil {
		return true
	}
	m.complain("native code thrown away", errors.Join(err, code.Drop(m.key)))
	m.engine.close()
	return false
}

// compileNew has the metered module compiled by another process, which the
// module may bring down, and takes the native code from the folder. Without a
// folder there is nothing to take: what the other process got through is
// compiled once more here.
func (m *Module) compileNew(ctx context.Context, metered []byte, folder string) error {
	job := job{Tier: m.info.Tier, Folder: folder, Share: compilerShare}
	if err := job.run(ctx, metered); err != nil {
		return err
	}
	if folder == "" {
		return m.compileIn(metered, "")
	}
	made, err := compiled.Made(folder)
	if err != nil {
		return fmt.Errorf("%w: %w", errWorker, err)
	}
	defer made.Close()
	if err := m.compileIn(metered, folder); err != nil {
		return err
	}
	if !made.Untouched() {
		return fmt.Errorf("%w: what it made is of another engine", errWorker)
	}
	return nil
}

// compileIn has an engine with that folder make what it needs of the metered
// module.
func (m *Module) compileIn(metered []byte, folder string) (err error) {
	ctx := context.Background()
	if m.engine, err = newEngine(m.info.Tier, folder); err != nil {
		return err
	}
	if m.info.Imports > 0 {
		if err := provideWASI(ctx, m.engine); err != nil {
			return fmt.Errorf("provide what plugins may import: %w", err)
		}
	}
	if m.code, err = m.engine.CompileModule(ctx, metered); err != nil && !ofDisk(err) {
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

// Keep has the module's native code kept on the disk, where the sandbox has a
// directory for it, until Retain does not name the module any more. Without it
// what was compiled for the module goes with it.
func (m *Module) Keep() {
	m.mu.Lock()
	folder := m.fresh
	m.fresh = ""
	m.mu.Unlock()
	if folder == "" {
		return
	}
	if err := m.sandbox.code.Keep(folder, m.key, m.sandbox.loaded()); err != nil {
		m.complain("native code is not kept", err)
	}
}

// discard removes what was compiled and not kept.
func (m *Module) discard() {
	m.mu.Lock()
	folder := m.fresh
	m.fresh = ""
	m.mu.Unlock()
	if folder == "" {
		return
	}
	if err := m.sandbox.code.Discard(folder); err != nil {
		m.complain("native code not removed", err)
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
