package pages

import (
	"os"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// CONTRIBUTING.md quotes what is said of an indicator whose page would lack
// something.
func TestContributing(t *testing.T) {
	guide, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	sound := indicator(t, "stddev").Spec
	sound.Name = "cv"
	sound.Params = sound.Params[:1]
	for what, spoil := range map[string]func(*ta.Indicator){
		"no source": func(ind *ta.Indicator) { ind.Doc = ind.Doc[:strings.LastIndex(ind.Doc, "\n\n")] },
		"a parameter without a Doc": func(ind *ta.Indicator) {
			ind.Params = []ta.Param{ind.Params[0]}
			ind.Params[0].Doc = ""
		},
		"no reason for no unit": func(ind *ta.Indicator) { ind.Outputs = []ta.Output{{Name: "cv", Unit: ta.None}} },
	} {
		ind := &ta.Indicator{Spec: sound, Warmup: indicator(t, "stddev").Warmup, New: indicator(t, "stddev").New}
		spoil(ind)
		if _, err := newPage(ind); err == nil || !strings.Contains(string(guide), "cv: "+err.Error()+"\n") {
			t.Errorf("%s: CONTRIBUTING.md does not quote: cv: %v", what, err)
		}
	}
}
