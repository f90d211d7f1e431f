package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sdk"
)

// newPluginNew makes the folder of a new plugin: an indicator that works, to be
// changed, with all that its SDK is.
func newPluginNew(io streams) *cobra.Command {
	var language string
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Make a folder with a plugin to begin with, which builds and passes",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			name := args[0]
			if err := newName(name); err != nil {
				return err
			}
			files, err := sdk.Template(language, name)
			if err != nil {
				return err
			}
			if err := os.Mkdir(name, 0o777); err != nil {
				return err
			}
			if err := writeAll(name, files); err != nil {
				return failed(errors.Join(err, os.RemoveAll(name)))
			}
			return failed(sayNew(io.out, name))
		},
	}
	cmd.Flags().StringVar(&language, "lang", sdk.Languages[0], "what to write it in: "+strings.Join(sdk.Languages, ", "))
	return cmd
}

// newName says why a plugin cannot be called so.
func newName(name string) error {
	spec := ta.Spec{
		Name: name, Title: "new", Group: ta.GroupCustom, Memory: ta.Window,
		Inputs: []ta.Input{ta.Close}, Outputs: []ta.Output{{Name: "value", Unit: ta.None}},
	}
	if err := spec.Validate(); err != nil {
		return err
	}
	for _, native := range engine.Indicators() {
		if native.Name == name {
			return fmt.Errorf("%s is the name of a native indicator", name)
		}
	}
	return nil
}

// writeAll writes files, by their paths, into a folder.
func writeAll(folder string, files map[string][]byte) error {
	for name, text := range files {
		target := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
			return err
		}
		mode := os.FileMode(0o666)
		if strings.HasSuffix(name, ".sh") {
			mode = 0o777
		}
		if err := os.WriteFile(target, text, mode); err != nil {
			return err
		}
	}
	return nil
}

func sayNew(w io.Writer, name string) error {
	_, err := fmt.Fprintf(w, `%[1]s is an indicator that works: change its function and its Spec, then

  %[1]s/build.sh
  techanalysis plugin check %[1]s/%[1]s.wasm
  techanalysis plugin push %[1]s/%[1]s.wasm
`, name)
	return err
}
