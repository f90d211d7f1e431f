// Command techanalysis is the whole product: the service, the tools for those
// who write plugins, and an indicator calculator for a file of candles.
//
// Each command is a file of this folder: it turns arguments and environment
// into parts of host and engine, and runs them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are what a command reads and writes.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1 // the answer is no, or the work failed
	exitUsage  = 2 // wrong use or settings, or an invalid input file
)

// failure is an error that ends with exit code 1: the command was used rightly,
// and the answer is no or the work failed. Every other error is wrong use.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

// failed marks err as a failure; it keeps nil nil.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return failure{err}
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, io streams) int {
	root := &cobra.Command{
		Use:           "techanalysis",
		Short:         "Technical-analysis indicators, native and as sandboxed plugins",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return fromEnvironment(cmd.Flags(), getenv)
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		newServe(io),
		newAnalyze(io),
		newIndicators(io),
		newCharts(io),
		newBacktest(io),
		newBench(io),
		newPlugin(io),
		newAudit(io),
		newCanary(io),
		newVault(io),
		newVersion(io),
	)
	root.SetArgs(args)
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(io.err, "techanalysis: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
	if errors.As(err, new(failure)) {
		return exitFailed
	}
	return exitUsage
}

// noCommand refuses what is no command, and says which is near.
func noCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	root.SuggestionsMinimumDistance = 2
	near := root.SuggestionsFor(args[0])
	if len(near) == 0 {
		return fmt.Errorf("there is no command %q; techanalysis --help lists them", args[0])
	}
	return fmt.Errorf("there is no command %q; did you mean %s?", args[0], strings.Join(near, " or "))
}

// fromEnvironment gives each setting that was not set by its flag the value of
// the environment variable of the same name: --data-dir is DATA_DIR.
func fromEnvironment(flags *pflag.FlagSet, getenv func(string) string) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		names, isSetting := f.Annotations[setting]
		if !isSetting || f.Changed || err != nil {
			return
		}
		name := names[0]
		if value := getenv(name); value != "" {
			if e := flags.Set(f.Name, value); e != nil {
				err = fmt.Errorf("setting %s=%q: %w", name, value, errors.Unwrap(e))
			}
		}
	})
	return err
}

// setting annotates a flag that is also read from the environment, with the
// name of the variable.
const setting = "setting"

// asSettings makes every flag of the set a setting.
func asSettings(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) { asSetting(f, variable(f.Name)) })
}

// asSetting has a flag read from a variable of the environment, too.
func asSetting(f *pflag.Flag, name string) {
	f.Annotations = map[string][]string{setting: {name}}
	f.Usage += " [" + name + "]"
}

// variable is the environment variable of a flag.
func variable(flag string) string {
	return strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
