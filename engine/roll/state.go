package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// appendStates and restoreStates chain the parts of a larger calculation.
func appendStates(b []byte, parts ...ta.State) []byte {
	for _, p := range parts {
		b = p.AppendState(b)
	}
	return b
}

func restoreStates(state []byte, parts ...ta.State) (rest []byte, err error) {
	for _, p := range parts {
		if state, err = p.Restore(state); err != nil {
			return nil, err
		}
	}
	return state, nil
}
