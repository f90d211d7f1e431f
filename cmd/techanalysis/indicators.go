package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// newIndicators lists what the engine computes.
func newIndicators(io streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "indicators",
		Short: "List the native indicators, what they read and take",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return failed(listJSON(io.out))
			}
			return failed(listTable(io.out))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, as GET /api/v1/indicators answers")
	return cmd
}

// listed is an indicator as the service's listing shows it.
type listed struct {
	ta.Spec
	Warmup int `json:"warmup"` // at default parameters
}

func listJSON(w io.Writer) error {
	list := struct {
		Indicators []listed `json:"indicators"`
		Engine     string   `json:"engine"`
	}{Engine: engine.Version}
	for _, ind := range engine.Indicators() {
		args, err := ind.Args(nil)
		if err != nil {
			return fmt.Errorf("defaults of %s: %w", ind.Name, err)
		}
		list.Indicators = append(list.Indicators, listed{ind.Spec, ind.Warmup(args)})
	}
	return json.NewEncoder(w).Encode(list)
}

func listTable(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tGROUP\tTITLE\tINPUTS\tPARAMETERS")
	for _, ind := range engine.Indicators() {
		args, err := ind.Args(nil)
		if err != nil {
			return fmt.Errorf("defaults of %s: %w", ind.Name, err)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", ind.Name, ind.Group, ind.Title, names(ind.Inputs), describe(ind.Params, args, " "))
	}
	return t.Flush()
}

// names joins words for a table.
func names[T ~string](words []T) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return strings.Join(all, " ")
}

// describe writes parameters as they are given to --indicators: period=14.
func describe(params []ta.Param, args ta.Args, between string) string {
	all := make([]string, len(params))
	for i, p := range params {
		all[i] = p.Name + "=" + valueOf(p, args)
	}
	return strings.Join(all, between)
}

// valueOf is the value of one parameter, a choice by name.
func valueOf(p ta.Param, args ta.Args) string {
	if p.Choices != nil {
		return args.Choice(p.Name)
	}
	return fmt.Sprint(args.Float(p.Name))
}
