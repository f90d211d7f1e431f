package identity

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
)

// HeaderClientCert is where Envoy says which certificates were shown to it.
const HeaderClientCert = "X-Forwarded-Client-Cert"

// Certificate is one element of X-Forwarded-Client-Cert: what a proxy says of
// the client that showed it a certificate. Absent parts are "".
type Certificate struct {
	By      string // the proxy's own name, a URI
	Hash    string // SHA-256 of the certificate, in hexadecimal
	Subject string // the certificate's subject (RFC 2253)
	URI     string // its first name that is a URI: in a mesh spiffe://...
	DNS     string // its first name that is a host's
}

// Name is the best name of the client: the URI, which the mesh's authority
// vouches for, or the subject.
func (c Certificate) Name() string {
	if c.URI != "" {
		return c.URI
	}
	return c.Subject
}

// Peer is who the sidecar says is at the other end of a request, or "". remote
// is the address that the connection comes from, HOST:PORT.
//
// Anyone can send the header. It is believed only of a connection from this
// pod, where the sidecar is: from loopback, or from 127.0.0.6 or ::6, which it
// takes for connections from outside. And only its last element is, the one
// that the sidecar itself wrote; those before it came with the request.
func Peer(h http.Header, remote string) string {
	values := h.Values(HeaderClientCert)
	if len(values) == 0 {
		return ""
	}
	addr, err := netip.ParseAddrPort(remote)
	if err != nil || !ownPod(addr.Addr().Unmap()) {
		return ""
	}
	last, err := LastCertificate(strings.Join(values, ","))
	if err != nil {
		return ""
	}
	return last.Name()
}

// sidecar6 is what a sidecar takes for an address of IPv6 connections from
// outside; 127.0.0.6, of IPv4, is a loopback address.
var sidecar6 = netip.MustParseAddr("::6")

func ownPod(a netip.Addr) bool { return a.IsLoopback() || a == sidecar6 }

// maxClientCert is in bytes. Envoy's headers together have 60 KiB at most.
const maxClientCert = 16 << 10

// ErrClientCert is for a header that is not as Envoy writes it.
var ErrClientCert = errors.New("malformed " + HeaderClientCert)

// LastCertificate reads the last element of X-Forwarded-Client-Cert. Elements
// are separated by commas, their pairs KEY=VALUE by semicolons; a value with
// one of these or an equals sign in it is between double quotes, in which \
// makes the next byte an ordinary one.
func LastCertificate(header string) (Certificate, error) {
	var c Certificate
	if len(header) > maxClientCert {
		return c, ErrClientCert
	}
	for rest := header; ; {
		key, value, end, after, ok := pair(rest)
		if !ok {
			return Certificate{}, ErrClientCert
		}
		var to *string
		switch strings.ToLower(key) {
		case "by":
			to = &c.By
		case "hash":
			to = &c.Hash
		case "subject":
			to = &c.Subject
		case "uri":
			to = &c.URI
		case "dns":
			to = &c.DNS
		}
		if to != nil && *to == "" {
			*to = value
		}
		switch end {
		case 0:
			return c, nil
		case ',':
			c = Certificate{}
		}
		rest = after
	}
}

// pair reads KEY=VALUE and what ends it: a semicolon, a comma, or 0 for the end
// of the header.
func pair(text string) (key, value string, end byte, after string, ok bool) {
	key, rest, found := strings.Cut(text, "=")
	key = strings.Trim(key, " \t")
	if !found || key == "" || strings.ContainsAny(key, `,;"`) {
		return "", "", 0, "", false
	}
	if quoted, is := strings.CutPrefix(rest, `"`); is {
		if value, rest, ok = unquote(quoted); !ok {
			return "", "", 0, "", false
		}
	} else {
		n := strings.IndexAny(rest, ",;")
		if n < 0 {
			n = len(rest)
		}
		value, rest = strings.Trim(rest[:n], " \t"), rest[n:]
		if strings.Contains(value, `"`) {
			return "", "", 0, "", false
		}
	}
	rest = strings.TrimLeft(rest, " \t")
	if rest == "" {
		return key, value, 0, "", true
	}
	return key, value, rest[0], rest[1:], rest[0] == ',' || rest[0] == ';'
}

// unquote reads up to the closing quote, and returns what is after it.
func unquote(text string) (value, after string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
		}
		b.WriteByte(text[i])
	}
	return "", "", false
}
