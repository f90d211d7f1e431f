package main

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// library is TA-Lib itself, the C library, loaded while the program runs so
// that neither a compiler nor a header is needed.
type library struct{ handle uintptr }

// openLibrary loads the shared library and readies it.
func openLibrary(path string) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load TA-Lib: %w", err)
	}
	l := &library{handle}
	address, err := purego.Dlsym(handle, "TA_Initialize")
	if err != nil {
		return nil, fmt.Errorf("load TA-Lib: %w", err)
	}
	var initialize func() int32
	purego.RegisterFunc(&initialize, address)
	if code := initialize(); code != 0 {
		return nil, fmt.Errorf("TA_Initialize returned %d", code)
	}
	return l, nil
}

// cFunction is one function of TA-Lib with everything but its data bound:
//
//	TA_RetCode TA_NAME(int begin, int end, const double *in..., options..., int *first, int *n, double *out...)
//
// Inputs, options and outputs are in the order of our Spec, which follows
// TA-Lib's.
type cFunction struct {
	name    string
	f       reflect.Value
	options []reflect.Value
	out     ta.Columns // buffers made before, as a caller in C would have them
	first   *int32
	n       *int32
}

// version is what the library says of itself.
func (l *library) version() string {
	address, err := purego.Dlsym(l.handle, "TA_GetVersionString")
	if err != nil {
		return "TA-Lib C"
	}
	var version func() string
	purego.RegisterFunc(&version, address)
	return "TA-Lib C " + version()
}

// has says whether TA-Lib has a function of our name.
func (l *library) has(name string) bool {
	_, err := purego.Dlsym(l.handle, "TA_"+strings.ToUpper(name))
	return err == nil
}

func (l *library) function(e *entrant, bars int) (*cFunction, error) {
	name := "TA_" + strings.ToUpper(e.name)
	address, err := purego.Dlsym(l.handle, name)
	if err != nil {
		return nil, err
	}
	spec := &e.indicator.Spec
	integer, double, pointer := reflect.TypeFor[int32](), reflect.TypeFor[float64](), reflect.TypeFor[unsafe.Pointer]()
	c := &cFunction{name: name, first: new(int32), n: new(int32)}
	takes := []reflect.Type{integer, integer}
	for range spec.Inputs {
		takes = append(takes, pointer)
	}
	for i, v := range e.args.Values() {
		if spec.Params[i].Integer {
			takes, c.options = append(takes, integer), append(c.options, reflect.ValueOf(int32(v)))
		} else {
			takes, c.options = append(takes, double), append(c.options, reflect.ValueOf(v))
		}
	}
	takes = append(takes, pointer, pointer)
	for range spec.Outputs {
		takes = append(takes, pointer)
		c.out = append(c.out, make([]float64, bars))
	}
	f := reflect.New(reflect.FuncOf(takes, []reflect.Type{integer}, false))
	purego.RegisterFunc(f.Interface(), address)
	c.f = f.Elem()
	return c, nil
}

// bind makes the call over in: everything that can be done once is done here.
func (c *cFunction) bind(in ta.Columns) func() {
	args := []reflect.Value{reflect.ValueOf(int32(0)), reflect.ValueOf(int32(len(in[0]) - 1))}
	for _, col := range in {
		args = append(args, address(col))
	}
	args = append(args, c.options...)
	args = append(args, reflect.ValueOf(unsafe.Pointer(c.first)), reflect.ValueOf(unsafe.Pointer(c.n)))
	for _, col := range c.out {
		args = append(args, address(col))
	}
	return func() {
		if code := c.f.Call(args)[0].Int(); code != 0 {
			panic(fmt.Sprintf("%s returned %d", c.name, code))
		}
	}
}

func address(col []float64) reflect.Value {
	return reflect.ValueOf(unsafe.Pointer(unsafe.SliceData(col)))
}

// columns are what the last call wrote, each value at its bar and NaN before the
// first one: TA-Lib writes from the beginning of its buffers on.
func (c *cFunction) columns() ta.Columns {
	first := int(*c.first)
	all := make(ta.Columns, len(c.out))
	for k, col := range c.out {
		all[k] = make([]float64, len(col))
		for i := range first {
			all[k][i] = math.NaN()
		}
		copy(all[k][first:], col[:len(col)-first])
	}
	return all
}
