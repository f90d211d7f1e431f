package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
)

// newPlugin groups what an author of plugins needs.
func newPlugin(io streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plugin",
		Short: "Begin, check, test and measure a plugin without the service, and upload it to one",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPluginNew(io), newPluginCheck(io), newPluginTest(io), newPluginBench(io), newPluginPush(io))
	return cmd
}

// newPluginCheck puts a module through the service's checks, offline.
func newPluginCheck(io streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check FILE.wasm",
		Short: "Put a module through all that the service does before it takes one",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			module, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			v, err := check(cmd.Context(), module)
			if err != nil {
				return refused(io.out, args[0], err, asJSON)
			}
			if asJSON {
				return failed(json.NewEncoder(io.out).Encode(v))
			}
			return failed(checkTable(io.out, v))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON: what POST /api/v1/plugins/check answers, or the refusal")
	return cmd
}

// check is the service's own: a library with an empty store that goes away.
func check(ctx context.Context, module []byte) (v plugin.Version, err error) {
	err = inWorkshop(func(dir string) error {
		o, err := openOffline(ctx, dir)
		if err != nil {
			return err
		}
		defer o.close()
		v, err = o.library.Check(ctx, module)
		return err
	})
	return v, err
}

// refused makes the failure of a command out of what the checks said of the
// module of a file. JSON has the refusal, too.
func refused(w io.Writer, file string, err error, asJSON bool) error {
	var no *wasm.Rejected
	if asJSON && errors.As(err, &no) {
		if err := json.NewEncoder(w).Encode(refusalOf(no)); err != nil {
			return failed(err)
		}
	}
	return failed(fmt.Errorf("%s: %w", file, err))
}

// refusal is what --json prints for a module that is refused.
type refusal struct {
	Gate   string `json:"gate"`
	Detail string `json:"detail"`
	Offset *int64 `json:"offset,omitempty"`
	Bar    *int   `json:"bar,omitempty"`
}

func refusalOf(r *wasm.Rejected) refusal { return refusal{r.Gate, r.Detail, r.Offset, r.Bar} }

func checkTable(w io.Writer, v plugin.Version) error {
	args, err := v.Spec.Args(nil)
	if err != nil {
		return fmt.Errorf("defaults of %s: %w", v.Name, err)
	}
	outputs := make([]string, len(v.Spec.Outputs))
	for i, o := range v.Spec.Outputs {
		outputs[i] = fmt.Sprintf("%s (%s)", o.Name, o.Unit)
	}
	return writeRows(w, append([][2]string{
		{"plugin", v.Name + " " + v.Version},
		{"title", v.Spec.Title},
		{"digest", v.Digest},
		{"inputs", names(v.Spec.Inputs)},
		{"parameters", describe(v.Spec.Params, args, " ")},
		{"outputs", strings.Join(outputs, ", ")},
	}, reportRows(v.Report)...))
}

// reportRows are what the checks found.
func reportRows(r *wasm.Report) [][2]string {
	bars, streams := fmt.Sprintf("at most %d in a call", r.MaxBars), "no"
	if r.Streams {
		bars = fmt.Sprintf("at most %d in a call; over %d they are given one by one", wasm.MaxSeries, r.MaxBars)
		streams = "yes: it takes bars one by one, too"
	}
	rows := [][2]string{
		{"warm-up", r.Warmup},
		{"tier", r.Tier},
		{"size", fmt.Sprintf("%d bytes, %d functions", r.Size, r.Functions)},
		{"memory", fmt.Sprintf("%d KiB", r.MemoryBytes>>10)},
		{"bars", bars},
		{"streams", streams},
		{"gas", fmt.Sprintf("%.1f for each bar", r.GasPerBar)},
		{"passed", strings.Join(r.Checks, ", ")},
	}
	if len(r.Untried) > 0 {
		rows = append(rows, [2]string{"untried", strings.Join(r.Untried, ", ")})
	}
	if r.Holes != "" {
		rows = append(rows, [2]string{"holes", "not skipped: " + r.Holes})
	}
	return rows
}

// writeRows prints what is called what.
func writeRows(w io.Writer, rows [][2]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(t, "%s\t%s\n", row[0], row[1])
	}
	return t.Flush()
}
