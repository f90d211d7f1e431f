package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gravitywavesml/gravity_techanalysis/host"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// drainTimeout is half of the 30 s that Kubernetes gives a pod to end.
const drainTimeout = 15 * time.Second

// maxValues is 80 MB of results, and some 180 of JSON, which is not held at once.
// 100 indicators of 3 outputs over 10,000 bars are 3 million.
const maxValues = 10_000_000

// newServe runs the service until it is told to stop.
func newServe(io streams) *cobra.Command {
	var (
		c     host.Config
		vault secrets
		level slog.Level
		demo  bool
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the service",
		Long: "Run the service. Each setting is a flag or the environment variable of the same name (--data-dir is DATA_DIR); a flag wins.\n" +
			"With nothing set it needs no other server and trusts whoever reaches loopback.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := telemetry.NewLog(io.err, level)
			err := vault.serve(cmd.Context(), c, log, func(ctx context.Context, c host.Config) error {
				h, err := host.New(ctx, c, log)
				if err != nil {
					return err
				}
				if demo {
					if err := seed(ctx, h, io); err != nil {
						return err
					}
				}
				return h.Run(ctx)
			})
			if errors.Is(err, host.ErrConfig) {
				return err
			}
			return failed(err)
		},
	}
	f := cmd.Flags()
	f.StringVar(&c.Addr, "addr", "127.0.0.1:8000", "`HOST:PORT` of the public port")
	f.StringVar(&c.AdminAddr, "admin-addr", "127.0.0.1:9090", "`HOST:PORT` of the admin port: metrics and profiles")
	f.StringVar(&c.DataDir, "data-dir", "data", "`DIRECTORY` of all that the service keeps")
	f.DurationVar(&c.DrainDelay, "drain-delay", 0, "how long to go on taking requests after SIGTERM, not ready any more")
	f.DurationVar(&c.DrainTimeout, "drain-timeout", drainTimeout, "how long requests may take to finish after that")
	f.Int64Var(&c.CacheBytes, "cache-bytes", 64<<20, "memory for results in `BYTES`; 0 keeps none")
	f.IntVar(&c.MaxCandles, "max-candles", 100_000, fmt.Sprintf("candles in a request, at most %d; MAX_BODY bounds them, too", wasm.MaxSeries))
	f.Int64Var(&c.MaxBody, "max-body", 32<<20, "`BYTES` of a request's body, after decompression")
	f.IntVar(&c.MaxIndicators, "max-indicators", 100, "indicators in a request")
	f.IntVar(&c.MaxValues, "max-values", maxValues, "values of all results of a request, outputs by bars that are answered: 8 bytes of memory each and some 18 of JSON")
	f.DurationVar(&c.PluginTimeout, "plugin-timeout", wasm.DefaultTimeout, "how long one call of a plugin may take; most are far from it")
	addPluginLimits(f, &c.Plugins)
	f.Int64Var(&c.PluginRoom.Active, "plugin-active", plugin.DefaultActive, "`BYTES` of the modules that answer and their candidates, each counting for 65536 at least: loaded they take up to 14 times as much")
	f.Int64Var(&c.PluginRoom.Stored, "plugin-stored", plugin.DefaultStored, "`BYTES` of all versions that are kept, each counting for 65536 at least")
	f.BoolVar(&c.Insecure, "insecure", false, "listen on other addresses than loopback although everyone who reaches them may call")
	f.TextVar(&level, "log-level", slog.LevelInfo, "least `LEVEL` that is logged: debug, info, warn or error")
	addVault(f, &vault)
	addRedis(f, &c)
	f.StringVar(&c.OTLPEndpoint, "otlp-endpoint", "", "`URL` of the collector that traces go to, in OTLP over HTTP; none: nothing is recorded")
	f.Float64Var(&c.TraceRatio, "trace-ratio", 0.05, "share of the requests that are recorded, of those whose caller has not decided it, 0 to 1")
	f.BoolVar(&demo, "demo", false, "install an example plugin and print what to try")
	identityFlags(f, &c)
	asSettings(f)
	return cmd
}

// addPluginLimits adds the settings of what plugins may have together. A caller is
// whom a token names; where nobody is asked for one, all are one, and have all.
func addPluginLimits(f *pflag.FlagSet, l *wasm.Limits) {
	f.IntVar(&l.Calls, "plugin-calls", wasm.DefaultCalls, "calls of plugins that run at a time, at least 2")
	f.Int64Var(&l.Memory, "plugin-memory", wasm.DefaultMemory, "`BYTES` that the calls that run may have in all, 64 MiB or 16 MiB each")
	f.Float64Var(&l.Share, "plugin-share", wasm.DefaultShare, "share of both that the calls of one caller may have, over 0 and up to 1")
	f.IntVar(&l.Line, "plugin-line", wasm.DefaultLine, "calls of one caller that may wait; the next one is told 429")
	f.IntVar(&l.Uploads, "plugin-uploads", wasm.DefaultUploads, "uploads and checks of one caller that may wait; the next one is told 429")
}

// seed installs the example plugin and says what to try.
func seed(ctx context.Context, h *host.Host, io streams) error {
	v, _, err := h.Plugins().Upload(ctx, plugins.KeltnerSqueeze, true)
	example := fmt.Sprintf("the example plugin %s %s", v.Name, v.Version)
	if errors.Is(err, plugin.ErrConflict) {
		example, err = "the example plugin as an earlier build of it left it", nil
	}
	if err != nil {
		return fmt.Errorf("install the example plugin: %w", err)
	}
	url := "http://" + h.Addr()
	_, err = fmt.Fprintf(io.out, `
Gravity Technical Analysis is at %[1]s, with %[2]s.

Try, in another terminal:
  1. an indicator   curl -s %[1]s/api/v1/indicators/rsi -H 'Content-Type: application/json' -d @sample/request.json
  2. an upload      curl -s %[1]s/api/v1/plugins -H 'Content-Type: application/wasm' --data-binary @%[3]s
  3. the docs       open %[1]s/api/docs

`, url, example, plugins.UploadExample)
	return err
}
