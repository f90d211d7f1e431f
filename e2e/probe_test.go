//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// end is how a connection ended.
type end string

const (
	answered  end = "answered"
	forbidden end = "forbidden by the proxy of the destination"
	unknown   end = "refused or given up by a proxy on the way"
	cut       end = "cut by the proxy of the destination"
	reset     end = "opened, and closed without an answer"
	silence   end = "not opened"
)

// try makes the connection of a row. The error is that it could not be tried.
func (w *world) try(ctx context.Context, r row) (attempt, error) {
	address, err := w.address(r)
	if err != nil {
		return attempt{}, err
	}
	if r.Source == "gateway" && (r.Port == 8000 || r.Port == 9090) {
		// Its proxy alone has the certificate that the mesh knows.
		end, said, err := w.throughGateway(ctx, r)
		return attempt{row: r, end: end, said: said}, err
	}
	from, ok := w.sources[r.Source]
	if !ok {
		return attempt{}, fmt.Errorf("nobody is the source %q", r.Source)
	}
	said, err := from.run(ctx, w.words(r, address))
	if err != nil {
		return attempt{}, err
	}
	end, err := w.judge(r, said)
	return attempt{r, end, said, true}, err
}

// run runs a command in the place's shell and returns what it printed. The shell
// must say that it began and that it ended: silence of a shell that never ran is
// no refusal. The beginning is lost at times, as kubectl drops what comes before
// it listens; then it is run again.
func (p place) run(ctx context.Context, command string) (string, error) {
	var lost error
	for range 3 {
		stdout, stderr, err := output(ctx, "kubectl", "-n", p.namespace, "exec", p.pod, "-c", p.container, "--", "sh", "-c",
			"echo begun; "+command+"; echo; echo ended")
		if err != nil {
			return "", fmt.Errorf("the shell in %s: %w: %s", p.pod, err, tail(stderr))
		}
		said, begun := strings.CutPrefix(stdout, "begun\n")
		said, ended := strings.CutSuffix(strings.TrimRight(said, "\n"), "ended")
		if begun && ended {
			return strings.TrimSpace(said), nil
		}
		lost = fmt.Errorf("the shell in %s did not run: %q, %s", p.pod, stdout, tail(stderr))
	}
	return "", lost
}

// words is what a shell says to a port.
func (w *world) words(r row, address string) string {
	target := net.JoinHostPort(address, fmt.Sprint(r.Port))
	// The status and curl's own code, and of the body what tells who answered.
	const report = ` -w '\ncurl %{exitcode} %{http_code} %{time_appconnect}\n' `
	const telling = " | grep -e '^curl ' -e RBAC -e 'reset reason' -e '^secret_version{'"
	switch r.Speaks {
	case "http":
		return "curl -s -m 12 --connect-timeout 4" + report + "http://" + target + path(r) + telling
	case "grpc": // which is HTTP/2
		return "curl -s -m 12 --connect-timeout 4 --http2-prior-knowledge" + report + "http://" + target + "/" + telling
	case "tls":
		return "curl -sk -m 12 --connect-timeout 4" + report + "https://" + target + "/" + telling
	case "redis":
		return `printf 'PING\r\n' | nc -w 4 ` + address + " " + fmt.Sprint(r.Port) + " 2>&1"
	case "dns":
		if r.Protocol == "UDP" {
			return "nslookup -type=A " + known + " " + address + " 2>&1"
		}
		var octal strings.Builder
		for _, b := range question() {
			fmt.Fprintf(&octal, `\%03o`, b)
		}
		return "printf '" + octal.String() + "' | nc -w 4 " + address + " " + fmt.Sprint(r.Port) + " 2>&1 | base64"
	}
	return "false"
}

// path is what HTTP is asked for: where the service is meant, a path that the
// gateway may have, so that a policy which names no principals shows itself.
func path(r row) string {
	switch r.Port {
	case 8000:
		return "/health/ready"
	case 9090:
		return "/metrics"
	case 15020, 15090:
		return "/stats/prometheus"
	case 15021:
		return "/healthz/ready"
	}
	return "/"
}

// judge says from what a shell printed how the connection ended.
func (w *world) judge(r row, said string) (end, error) {
	switch r.Speaks {
	case "http", "grpc", "tls":
		var code, status int
		var handshake float64
		lines := strings.Split(said, "\n")
		if n, _ := fmt.Sscanf(lines[len(lines)-1], "curl %d %d %f", &code, &status, &handshake); n != 3 {
			return "", fmt.Errorf("curl says %q", said)
		}
		switch {
		case status == http.StatusForbidden && strings.Contains(said, "RBAC: access denied"):
			return forbidden, nil
		case status == http.StatusServiceUnavailable && strings.Contains(said, terminated):
			return cut, nil
		case status == http.StatusBadGateway || status == http.StatusServiceUnavailable:
			return unknown, nil
		case r.Speaks == "tls" && handshake > 0:
			return answered, nil
		case status != 0:
			// The pod's own agent answers everywhere on this port: that of the
			// destination knows the service's figures.
			if r.Port == 15020 && !strings.Contains(said, "secret_version{") {
				return "", fmt.Errorf("somebody else answers on 15020: %q", said)
			}
			return answered, nil
		case code == 7 || code == 28: // refused or not let in; out of time
			return silence, nil
		case code == 35 || code == 52 || code == 56: // in the handshake; no answer; reset
			return reset, nil
		}
		return "", fmt.Errorf("curl says %q", said)
	case "redis":
		switch {
		case strings.Contains(said, "PONG") || strings.Contains(said, "NOAUTH"):
			return answered, nil
		case strings.Contains(said, "timed out") || strings.Contains(said, "refused"):
			return silence, nil
		case said == "" || strings.Contains(said, "reset"):
			return reset, nil
		}
	case "dns":
		if r.Protocol == "UDP" {
			_, reply, _ := strings.Cut(said, "Name:\t"+known)
			if strings.TrimSpace(reply) == "Address: "+w.known {
				return answered, nil
			}
			if strings.Contains(said, "no servers could be reached") || strings.Contains(said, "timed out") {
				return silence, nil
			}
			break
		}
		raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(said, "\n", ""))
		switch {
		case err != nil:
		case len(raw) == 0:
			return reset, nil
		case strings.Contains(string(raw), "timed out") || strings.Contains(string(raw), "refused"):
			return silence, nil
		case resolves(raw, w.known):
			return answered, nil
		}
	}
	return "", fmt.Errorf("%s says %q", r.Speaks, said)
}

// terminated is what a proxy says of a connection that was made, and that the
// other side ended.
const terminated = "reset reason: connection termination"

// known is a name that every cluster has.
const known = "kubernetes.default.svc.cluster.local"

// question asks for the address of known, as DNS goes over TCP: RFC 1035, 4.1
// and 4.2.2.
func question() []byte {
	q := []byte{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0} // an id, recursion desired, one question
	for label := range strings.SplitSeq(known, ".") {
		q = append(append(q, byte(len(label))), label...)
	}
	q = append(q, 0, 0, 1, 0, 1) // A, IN
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(q))), q...)
}

// resolves says whether an answer to question is one, and ends with the address.
func resolves(answer []byte, address string) bool {
	q := question()
	if len(answer) < len(q) || int(binary.BigEndian.Uint16(answer)) != len(answer)-2 || !bytes.Equal(answer[2:4], q[2:4]) {
		return false
	}
	isReply, code, answers := answer[4]&0x80 != 0, answer[5]&0x0f, binary.BigEndian.Uint16(answer[8:])
	return isReply && code == 0 && answers > 0 && bytes.HasSuffix(answer, net.ParseIP(address).To4())
}

// throughGateway asks by way of the gateway's own proxy: the service on the path
// that everyone takes, with the gateway's count as the witness, and any other
// port on a route that a stranger made for it.
func (w *world) throughGateway(ctx context.Context, r row) (end, string, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	url := "http://" + w.gateway + path(r)
	if r.Port == 8000 {
		url = "https://" + host + path(r)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", "", err
	}
	if r.Port != 8000 {
		req.Host = w.route
	}
	if r.Destination == "canary" {
		req.Header.Set("x-canary", "always")
	}
	before, err := gatewayCounts(ctx)
	if err != nil {
		return "", "", err
	}
	res, err := w.client.Do(req)
	if err != nil {
		return "", "", err
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		return "", "", err
	}
	after, err := gatewayCounts(ctx)
	if err != nil {
		return "", "", err
	}
	sent := after.since(before)
	reached := sent.stable
	if r.Destination == "canary" {
		reached = sent.canary
	}
	said := fmt.Sprintf("%s, %.200s, %+v", res.Status, body.String(), sent)
	switch {
	case res.StatusCode == http.StatusForbidden && strings.Contains(body.String(), "RBAC: access denied"):
		return forbidden, said, nil
	case res.StatusCode == http.StatusServiceUnavailable && strings.Contains(said, terminated):
		return cut, said, nil
	case res.StatusCode == http.StatusServiceUnavailable || res.StatusCode == http.StatusGatewayTimeout:
		return unknown, said, nil
	case res.StatusCode == http.StatusOK && (r.Port != 8000 || reached > 0):
		return answered, said, nil
	}
	return "", said, fmt.Errorf("the gateway says %s", said)
}
