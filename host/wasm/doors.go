package wasm

import (
	"cmp"
	"fmt"

	"github.com/gravitywavesml/gravity_techanalysis/host/admission"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// Limits are how much may run at a time, and how much of it for one tenant, which
// is whom the context of a call names, with admission.With. A field that is 0 has
// its default.
type Limits struct {
	// Calls is how many calls may run at a time, and Memory how many bytes their
	// instances may have in all: two calls and one Large instance at least.
	Calls  int
	Memory int64
	// Share is the part of both that one tenant may have, up to 1.
	Share float64
	// Line is how many calls of one tenant may wait, and Uploads how many of its
	// modules wait to be loaded.
	Line, Uploads int
}

// The defaults of Limits. They let one tenant have 8 Small instances, or 2 Large
// ones, and 4 tenants as much at the same time.
const (
	DefaultMemory  = 512 << 20                  // 32 Small instances of 16 MiB, or 8 Large ones of 64 MiB
	DefaultCalls   = DefaultMemory / (16 << 20) // as many as there is memory for
	DefaultShare   = 0.25
	DefaultLine    = 64
	DefaultUploads = 16
)

// doors are what calls and modules wait at.
type doors struct {
	calls *admission.Door // each that has an instance
	// long has those that may take long, and the streams, before they wait for
	// their instance. They have half of the room, and half of a tenant's share, and
	// so leave the other half to calls that are soon over.
	long *admission.Door
	// loads lets one module in at a time: its trials take memory that is not
	// counted, and the compiler a processor.
	loads *admission.Door
}

// The settings that a tenant's line is, as who is refused is told.
const (
	settingLine    = "PLUGIN_LINE"
	settingUploads = "PLUGIN_UPLOADS"
)

// doors checks the limits and makes doors of them.
func (l Limits) doors() (doors, error) {
	l.Calls = cmp.Or(l.Calls, DefaultCalls)
	l.Memory = cmp.Or(l.Memory, DefaultMemory)
	l.Share = cmp.Or(l.Share, DefaultShare)
	l.Line = cmp.Or(l.Line, DefaultLine)
	l.Uploads = cmp.Or(l.Uploads, DefaultUploads)
	large := memoryLimit(gate.Large)
	switch {
	case l.Memory < large:
		return doors{}, fmt.Errorf("a sandbox of %d bytes has no room for one plugin of %d", l.Memory, large)
	case l.Calls < 2, l.Line < 1, l.Uploads < 1, !(0 < l.Share && l.Share <= 1):
		return doors{}, fmt.Errorf("a sandbox of these limits lets nobody in: %+v", l)
	}
	part := func(of admission.Size, share float64) admission.Size {
		if share == 1 {
			return of // the largest numbers have no float64 of their own
		}
		return admission.Size{Count: max(1, int(share*float64(of.Count))), Bytes: max(large, int64(share*float64(of.Bytes)))}
	}
	total := admission.Size{Count: l.Calls, Bytes: l.Memory}
	share := part(total, l.Share)
	return doors{
		calls: admission.New(admission.Rules{Total: total, Share: share, Line: l.Line, What: "calls of plugins", Setting: settingLine}),
		long: admission.New(admission.Rules{
			Total: part(total, 0.5), Share: part(share, 0.5), Line: l.Line,
			What: "calls of plugins that take long", Setting: settingLine,
		}),
		loads: admission.New(admission.Rules{
			Total: admission.Size{Count: 1}, Share: admission.Size{Count: 1}, Line: l.Uploads,
			What: "modules", Setting: settingUploads,
		}),
	}, nil
}

// Waits are what is counted where calls and modules wait, by what waits.
func (s *Sandbox) Waits() map[string]admission.Count {
	return map[string]admission.Count{"call": s.doors.calls.Count(), "long-call": s.doors.long.Count(), "module": s.doors.loads.Count()}
}
