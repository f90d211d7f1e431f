package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// offline is what the service has of plugins, without the service: a library
// over a store in a folder. Another one over the same folder is the service
// started again.
type offline struct {
	sandbox *wasm.Sandbox
	names   *registry.Registry
	library *plugin.Library
	took    time.Duration // by the compiler, or the native code on the disk, for the last module
	kept    bool          // which of the two it was
}

// inWorkshop calls do with a folder that goes away.
func inWorkshop(do func(dir string) error) (err error) {
	dir, err := os.MkdirTemp("", "techanalysis-plugin-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return do(dir)
}

func openOffline(ctx context.Context, dir string) (o *offline, err error) {
	o = &offline{names: registry.New(engine.Indicators())}
	store, err := plugin.OpenDirectory(filepath.Join(dir, "plugins"))
	if err != nil {
		return nil, err
	}
	o.sandbox, err = wasm.New(wasm.Config{
		Limits:   wasm.Limits{Share: 1}, // nobody else calls
		CodeDir:  filepath.Join(dir, "compiled"),
		Compiled: func(kept bool, took time.Duration) { o.kept, o.took = kept, took },
	})
	if err != nil {
		return nil, err
	}
	if o.library, err = plugin.Open(ctx, store, plugin.Room{}, o.sandbox, o.names); err != nil {
		o.sandbox.Close()
		return nil, err
	}
	return o, nil
}

func (o *offline) close() { o.sandbox.Close() }

// upload is the service's: it returns the version, and what answers under its
// name. The error is a *wasm.Rejected for a module that is refused.
func (o *offline) upload(ctx context.Context, module []byte) (v plugin.Version, m *wasm.Module, err error) {
	v, _, err = o.library.Upload(ctx, module, true)
	if errors.Is(err, plugin.ErrConflict) { // the store is empty: it can only be the name
		err = &wasm.Rejected{Gate: "name", Detail: strings.TrimPrefix(err.Error(), plugin.ErrConflict.Error()+": ")}
	}
	if err != nil {
		return v, nil, err
	}
	m, err = o.module(v.Name)
	return v, m, err
}

// module is the plugin of that name.
func (o *offline) module(name string) (*wasm.Module, error) {
	runner, _ := o.names.Get(name)
	m, ok := runner.(*wasm.Module)
	if !ok {
		return nil, fmt.Errorf("%s was taken and does not answer", name)
	}
	return m, nil
}
