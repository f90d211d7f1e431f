//go:build race

package plugin

// A race is in each of the processes or in none, and one takes twice as long under
// the detector.
func init() { kills /= 4 }
