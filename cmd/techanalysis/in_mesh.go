package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/sidecar"
)

// proxyWait is how long the sidecar of a Job may take to be ready.
const proxyWait = time.Minute

// inMesh gives the commands under cmd, which make a few calls and end, the
// setting to do so in a pod of the mesh.
func inMesh(cmd *cobra.Command) *cobra.Command {
	var on bool
	f := cmd.PersistentFlags()
	f.BoolVar(&on, "in-mesh", false, "wait for the pod's Envoy sidecar, and end it afterwards: for a Job in the mesh")
	asSetting(f.Lookup("in-mesh"), "IN_MESH")
	besideSidecar(cmd, &on)
	return cmd
}

// besideSidecar has every command under cmd ask on before it runs.
func besideSidecar(cmd *cobra.Command, on *bool) {
	for _, c := range cmd.Commands() {
		run := c.RunE
		c.RunE = func(c *cobra.Command, args []string) error {
			work := func() error { return run(c, args) }
			if !*on {
				return work()
			}
			return beside(c.Context(), sidecar.Local, work)
		}
		besideSidecar(c, on)
	}
}

// beside does the work while the sidecar is there, and ends the sidecar however
// the work ended.
func beside(ctx context.Context, proxy sidecar.Proxy, work func() error) error {
	waiting, cancel := context.WithTimeout(ctx, proxyWait)
	defer cancel()
	if err := proxy.Wait(waiting); err != nil {
		return failed(errors.Join(err, proxy.Quit(context.WithoutCancel(ctx))))
	}
	err := work()
	if quit := proxy.Quit(context.WithoutCancel(ctx)); quit != nil {
		return failed(errors.Join(err, quit))
	}
	return err
}
