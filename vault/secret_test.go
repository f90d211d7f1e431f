package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const treasure = "x7-treasure-9q"

// TestSecretShowsNothing prints a Secret in every way that there is, alone and
// inside other things.
func TestSecretShowsNothing(t *testing.T) {
	s := NewSecret("technical-analysis/redis", 3, map[string]string{"password": treasure})
	type inside struct {
		Public  Secret
		private Secret
	}
	for _, value := range []any{s, &s, []Secret{s}, map[string]Secret{"a": s}, inside{s, s}, &inside{s, s}, []inside{{s, s}}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p"} {
			if shown := fmt.Sprintf(verb, value); reveals(shown) {
				t.Errorf("%s of %T shows the secret: %s", verb, value, shown)
			}
		}
		text, err := json.Marshal(value)
		if err != nil || reveals(string(text)) {
			t.Errorf("JSON of %T: %s, %v", value, text, err)
		}
		for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
			"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
			"JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		} {
			var b bytes.Buffer
			slog.New(handler(&b)).Info("read", "secret", value, slog.Group("in", "a", value))
			if reveals(b.String()) {
				t.Errorf("slog %s of %T shows the secret: %s", name, value, b.String())
			}
		}
	}
	if got := s.String(); got != "technical-analysis/redis@3[redacted]" {
		t.Errorf("a Secret prints as %q", got)
	}
	if _, err := s.Get("username"); err == nil || reveals(err.Error()) || !strings.Contains(err.Error(), "technical-analysis/redis version 3") {
		t.Errorf("the error of a missing field is %v", err)
	}
	if got, err := s.Get("password"); got != treasure || err != nil {
		t.Errorf("Get is %q, %v", got, err)
	}
}

// reveals says whether a text has the treasure, as it is or in hexadecimal.
func reveals(text string) bool {
	return strings.Contains(text, treasure) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", treasure))
}

// TestSecretIsACopy: neither what it was made of nor what it gave away changes
// it.
func TestSecretIsACopy(t *testing.T) {
	fields := map[string]string{"a": "1"}
	s := NewSecret("p", 1, fields)
	fields["a"] = "2"
	s.Fields()["a"] = "3"
	if got, _ := s.Get("a"); got != "1" {
		t.Errorf("the field is %q", got)
	}
	if got := (Secret{}).Fields(); len(got) != 0 {
		t.Errorf("a Secret never read has %v", got)
	}
}

// TestScrub: what a user of a secret says about it is logged without it.
func TestScrub(t *testing.T) {
	s := NewSecret("p", 1, map[string]string{"short": "x7", "long": treasure, "empty": ""})
	err := errors.New("cannot use " + treasure + ", nor x7")
	if got := s.scrub(err.Error()); got != "cannot use [redacted], nor [redacted]" {
		t.Errorf("scrubbed to %q", got)
	}
}
