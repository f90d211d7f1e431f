package vault

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Secret is the fields of one path of the KV engine, as they were in one
// version. However it is printed, logged or encoded, it shows its path and its
// version alone.
type Secret struct {
	path    string
	version int
	created time.Time
	// fmt prints a Secret in an unexported field without asking it, and follows
	// maps and pointers there. It cannot follow a function.
	fields func() map[string]string
}

// NewSecret returns a Secret, for those who test what they do with one.
func NewSecret(path string, version int, fields map[string]string) Secret {
	copied := maps.Clone(fields)
	return Secret{path: path, version: version, fields: func() map[string]string { return copied }}
}

// Path is where it was read, under the mount: technical-analysis/jwt.
func (s Secret) Path() string { return s.path }

// Version is the version of the path, from 1 upwards; 0 is a Secret that was
// never read.
func (s Secret) Version() int { return s.version }

// Created is when this version was written, by Vault's clock.
func (s Secret) Created() time.Time { return s.created }

// Get returns a field, or an error that names the path and the field.
func (s Secret) Get(field string) (string, error) {
	if s.fields != nil {
		if value := s.fields()[field]; value != "" {
			return value, nil
		}
	}
	return "", fmt.Errorf("%s version %d has no field %q", s.path, s.version, field)
}

// Fields returns a copy of all fields, to write them back changed.
func (s Secret) Fields() map[string]string {
	if s.fields == nil {
		return map[string]string{}
	}
	return maps.Clone(s.fields())
}

// same says whether two Secrets are one version of one path. A path that was
// deleted with its history begins again at version 1, at another time.
func (s Secret) same(other Secret) bool {
	return s.path == other.path && s.version == other.version && s.created.Equal(other.created)
}

const redacted = "[redacted]"

// scrub takes the values of the Secret out of a text that others wrote.
func (s Secret) scrub(text string) string {
	if s.fields == nil {
		return text
	}
	// The longest first, lest a value inside another leave the rest behind.
	values := slices.SortedFunc(maps.Values(s.fields()), func(a, b string) int { return len(b) - len(a) })
	for _, value := range values {
		if value != "" {
			text = strings.ReplaceAll(text, value, redacted)
		}
	}
	return text
}

// String shows no value.
func (s Secret) String() string { return fmt.Sprintf("%s@%d%s", s.path, s.version, redacted) }

// Format is String for every verb, %#v and %d too.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// LogValue is String, for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON is String; there is no way back.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalText is String, for encoders that ask for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
