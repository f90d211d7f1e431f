// Package tck holds a plugin to what its description promises and to the
// numbers that its author expects. It runs a plugin as the service does and
// knows neither the service nor WebAssembly: what it is given is a Runner.
//
// Laws tries the rules that every plugin obeys, on more kinds of series and more
// values of the parameters than an upload does. Cases are numbers from elsewhere,
// in a file beside the module; README.md has its format.
package tck
