package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
)

// newVersion says what this binary is made of.
func newVersion(io streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version of the engine and of the build",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := buildVersion()
			if asJSON {
				return json.NewEncoder(io.out).Encode(v)
			}
			_, err := fmt.Fprintf(io.out, "techanalysis %s (engine %s, commit %s, %s)\n", v.Version, v.Engine, v.Commit, v.Go)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

type versions struct {
	Version string `json:"version"`
	Engine  string `json:"engine"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
}

// version and commit are set by the linker in an image, which says nothing that
// differs between clones of one commit. Elsewhere they are empty.
var version, commit string

func buildVersion() versions {
	v := versions{
		Version: cmp.Or(version, engine.Version),
		Engine:  engine.Version,
		Commit:  cmp.Or(commit, "unknown"),
		Go:      runtime.Version(),
	}
	if info, ok := debug.ReadBuildInfo(); ok && commit == "" {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Commit = s.Value
			}
		}
	}
	return v
}
