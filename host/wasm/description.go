package wasm

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"unicode/utf8"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

const (
	maxDescription = 64 << 10
	maxVersion     = 64
)

// description is the JSON that ta_describe gives, as sdk/ABI.md has it.
type description struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Title   string      `json:"title"`
	Doc     string      `json:"doc"`
	Group   ta.Group    `json:"group"`
	Inputs  []ta.Input  `json:"inputs"`
	Params  []ta.Param  `json:"params"`
	Outputs []ta.Output `json:"outputs"`
	Memory  ta.Memory   `json:"memory"`
	Warmup  *ta.Formula `json:"warmup"`
}

var semver = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`)

// describe asks the module what it is.
func (m *Module) describe() error {
	text, err := m.ask()
	if err != nil {
		return err
	}
	d, err := parseDescription(text)
	if err != nil {
		return err
	}
	m.version, m.warmup = d.Version, *d.Warmup
	m.spec = ta.Spec{
		Name: d.Name, Title: d.Title, Doc: d.Doc, Group: d.Group,
		Inputs: d.Inputs, Params: d.Params, Outputs: d.Outputs, Memory: d.Memory,
	}
	return nil
}

// ask calls ta_describe and copies what it points to.
func (m *Module) ask() ([]byte, error) {
	in, err := m.quick.instantiate()
	if err != nil {
		return nil, rejectFault("starting it", err)
	}
	defer in.close()
	stack := []uint64{0}
	if _, err := in.call(gate.ExportDescribe, in.startGas(), stack); err != nil {
		return nil, rejectFault("asking for its description", err)
	}
	at, length := stack[0]>>32, stack[0]&0xffff_ffff
	if length > maxDescription {
		return nil, reject("description", "it has %d bytes, at most %d allowed", length, maxDescription)
	}
	if size := uint64(in.memory.Size()); at+length > size {
		return nil, reject("description", "ta_describe gave address %d and length %d, and the memory has %d bytes", at, length, size)
	}
	text, _ := in.memory.Read(uint32(at), uint32(length))
	return bytes.Clone(text), nil
}

// parseDescription reads a description and completes it. The error is a
// *Rejected.
func parseDescription(text []byte) (*description, error) {
	if !utf8.Valid(text) {
		return nil, reject("description", "it is not UTF-8")
	}
	d := &description{Params: []ta.Param{}, Group: ta.GroupCustom, Memory: ta.Fading}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(d); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, reject("description", "it is JSON that ends too early")
		}
		return nil, reject("description", "%v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, reject("description", "something follows the JSON object")
	}
	if d.Title == "" {
		d.Title = d.Name
	}
	if d.Params == nil {
		d.Params = []ta.Param{}
	}
	if len(d.Version) > maxVersion || !semver.MatchString(d.Version) {
		return nil, reject("description", "version: %.80q is not MAJOR.MINOR.PATCH with an optional -pre.release, of at most %d bytes", d.Version, maxVersion)
	}
	if d.Warmup == nil {
		return nil, reject("description", "warmup is missing")
	}
	spec := ta.Spec{
		Name: d.Name, Title: d.Title, Group: d.Group,
		Inputs: d.Inputs, Params: d.Params, Outputs: d.Outputs, Memory: d.Memory,
	}
	if err := spec.Validate(); err != nil {
		return nil, reject("description", "%v", err)
	}
	if err := d.Warmup.Check(d.Params); err != nil {
		return nil, reject("description", "warmup: %v", err)
	}
	return d, nil
}
