// Package plugin is what a technical indicator in Go is written with, to be
// compiled to a WebAssembly module and uploaded. The author writes a Spec and
// a function over columns:
//
//	func init() {
//		plugin.Register(plugin.Indicator{
//			Spec: plugin.Spec{
//				Name: "middle", Version: "1.0.0",
//				Inputs:  []plugin.Input{plugin.High, plugin.Low},
//				Outputs: []plugin.Output{{Name: "middle", Unit: plugin.Price}},
//				Memory:  plugin.Window,
//			},
//			Run: func(c *plugin.Call) error {
//				high, low, middle := c.In("high"), c.In("low"), c.Out("middle")
//				for i := range middle {
//					middle[i] = (high[i] + low[i]) / 2
//				}
//				return nil
//			},
//		})
//	}
//
//	func main() {}
//
// Built for GOOS=wasip1 GOARCH=wasm with -buildmode=c-shared, the package
// exports the functions that ../ABI.md asks for. Built for the machine at
// hand, it exports nothing, and Indicator.Compute runs the same function in a
// plain Go test.
package plugin

import "strconv"

// Indicator is a Spec and the function that computes it.
type Indicator struct {
	Spec

	// Run fills the outputs of c from its inputs. Nothing is remembered from
	// one call to the next. The value of a bar must not depend on later bars.
	// An error fails the call; the caller is shown its Code.
	Run func(c *Call) error
}

// Code is an error that the caller of the indicator is shown as a number, 1 or
// more, of the author's own meaning. Any other error is shown as 1.
type Code int32

func (c Code) Error() string { return "code " + strconv.Itoa(int(c)) }

// registered is the one indicator of this module.
var registered *Indicator

// Register makes ind the indicator of the module. Call it once, from init. It
// panics for a second indicator, and for one without a function.
func Register(ind Indicator) {
	if registered != nil {
		panic("plugin: a module has one indicator; " + ind.Name + " is the second")
	}
	if ind.Run == nil {
		panic("plugin: indicator " + ind.Name + " has no Run")
	}
	registered = &ind
}
