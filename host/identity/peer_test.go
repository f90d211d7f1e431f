package identity

import (
	"net/http"
	"strings"
	"testing"
)

const (
	by       = "spiffe://cluster.local/ns/tech-analysis-prod/sa/technical-analysis-sa"
	gateway  = "spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway"
	istioOne = "By=" + by + ";Hash=468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688;Subject=\"\";URI=" + gateway
)

func TestLastCertificate(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		want   Certificate
	}{
		"istio":                   {istioOne, Certificate{By: by, Hash: "468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688", URI: gateway}},
		"a subject with commas":   {`Hash=1;Subject="CN=client,OU=Lyft,L=San Francisco;x,C=US"`, Certificate{Hash: "1", Subject: "CN=client,OU=Lyft,L=San Francisco;x,C=US"}},
		"a quote within quotes":   {`Subject="/CN=a \"quoted\", b\\"`, Certificate{Subject: `/CN=a "quoted", b\`}},
		"the last of two":         {`URI=spiffe://a,URI=spiffe://b`, Certificate{URI: "spiffe://b"}},
		"nothing of the first":    {`By=x;URI=spiffe://a,Hash=2`, Certificate{Hash: "2"}},
		"a comma in the first":    {`Subject="a,URI=spiffe://forged",URI=spiffe://b`, Certificate{URI: "spiffe://b"}},
		"a comma in the last":     {`URI=spiffe://a,Subject="x,URI=spiffe://forged"`, Certificate{Subject: "x,URI=spiffe://forged"}},
		"keys in other case":      {`uri=spiffe://a;dns=a.example`, Certificate{URI: "spiffe://a", DNS: "a.example"}},
		"several names":           {`URI=spiffe://a;URI=spiffe://b;DNS=a;DNS=b`, Certificate{URI: "spiffe://a", DNS: "a"}},
		"a certificate":           {`Cert="-----BEGIN%20CERTIFICATE-----%0A";URI=spiffe://a`, Certificate{URI: "spiffe://a"}},
		"spaces":                  {`Hash=1 ; URI=spiffe://a , URI=spiffe://b`, Certificate{URI: "spiffe://b"}},
		"an empty value":          {`By=;URI=spiffe://a`, Certificate{URI: "spiffe://a"}},
		"an equals sign in a URI": {`URI=spiffe://a?b=c`, Certificate{URI: "spiffe://a?b=c"}},
	} {
		if got, err := LastCertificate(c.header); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
	for name, header := range map[string]string{
		"nothing":             "",
		"no pair":             "spiffe://a",
		"no key":              "=spiffe://a",
		"an open quote":       `Subject="CN=a`,
		"an escape at an end": `Subject="CN=a\`,
		"more after a quote":  `Subject="a"b;URI=spiffe://a`,
		"a quote in a value":  `URI=a"b`,
		"a quote in a key":    `U"RI=a`,
		"a comma at the end":  istioOne + ",",
		"an empty element":    istioOne + ",," + istioOne,
		"a bad first":         `x,` + istioOne,
		"too long":            `Cert="` + strings.Repeat("x", maxClientCert) + `"`,
	} {
		if got, err := LastCertificate(header); err == nil {
			t.Errorf("%s: it is %+v", name, got)
		}
	}
}

// TestPeer: the header is believed of the sidecar alone, and its last element.
func TestPeer(t *testing.T) {
	const forged = "URI=spiffe://cluster.local/ns/x/sa/admin"
	for name, c := range map[string]struct {
		remote  string
		headers []string
		want    string
	}{
		"by the sidecar":              {"127.0.0.6:41234", []string{istioOne}, gateway},
		"by the sidecar, IPv6":        {"[::6]:41234", []string{istioOne}, gateway},
		"by loopback":                 {"127.0.0.1:41234", []string{istioOne}, gateway},
		"by loopback, IPv6":           {"[::1]:41234", []string{istioOne}, gateway},
		"IPv4 within IPv6":            {"[::ffff:127.0.0.6]:41234", []string{istioOne}, gateway},
		"from elsewhere":              {"10.0.0.6:41234", []string{istioOne}, ""},
		"from elsewhere, IPv6":        {"[fd00::6]:41234", []string{istioOne}, ""},
		"no address":                  {"@", []string{istioOne}, ""},
		"no header":                   {"127.0.0.6:41234", nil, ""},
		"forged before it":            {"127.0.0.6:41234", []string{forged + "," + istioOne}, gateway},
		"forged in a header of its":   {"127.0.0.6:41234", []string{forged, istioOne}, gateway},
		"forged, and nothing trusted": {"10.0.0.6:41234", []string{forged}, ""},
		"malformed":                   {"127.0.0.6:41234", []string{istioOne + `;Subject="`}, ""},
		"a subject alone":             {"127.0.0.6:41234", []string{`Subject="CN=a"`}, "CN=a"},
	} {
		if got := Peer(http.Header{HeaderClientCert: c.headers}, c.remote); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// FuzzXFCC: a header is read without harm, and putting a whole element before
// one that is read never changes what is read.
func FuzzXFCC(f *testing.F) {
	for _, seed := range []string{"", istioOne, istioOne + "," + istioOne, `Subject="a\",b";URI=x`, `a=b,c`, `,;="\`, `By=;=`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		c, err := LastCertificate(header)
		if err != nil {
			if c != (Certificate{}) {
				t.Errorf("%q: %+v beside %v", header, c, err)
			}
			return
		}
		if longer := istioOne + "," + header; len(longer) <= maxClientCert {
			if again, err := LastCertificate(longer); err != nil || again != c {
				t.Errorf("%q: %+v, after another element %+v, %v", header, c, again, err)
			}
		}
	})
}
