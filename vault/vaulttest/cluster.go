package vaulttest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// A Cluster answers Vault's TokenReviews as an API server does, for the tokens
// that it made itself.
type Cluster struct {
	URL string
	CA  string // PEM
	key *ecdsa.PrivateKey
}

// NewCluster starts one.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /apis/authentication.k8s.io/v1/tokenreviews", c.review)
	s := httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	c.URL = s.URL
	c.CA = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	return c
}

// claims are those of a projected service-account token.
type claims struct {
	Issuer     string           `json:"iss"`
	Subject    string           `json:"sub"`
	Audience   []string         `json:"aud"` // a list, though there is one
	IssuedAt   *jwt.NumericDate `json:"iat"`
	NotBefore  *jwt.NumericDate `json:"nbf"`
	Expiry     *jwt.NumericDate `json:"exp"`
	Kubernetes struct {
		Namespace      string `json:"namespace"`
		ServiceAccount struct {
			Name string `json:"name"`
			UID  string `json:"uid"`
		} `json:"serviceaccount"`
	} `json:"kubernetes.io"`
}

// Token is a projected token of a service account, for an audience.
func (c *Cluster) Token(t testing.TB, namespace, account, audience string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: c.key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var k claims
	k.Issuer, k.Subject = InCluster, "system:serviceaccount:"+namespace+":"+account
	k.Audience = []string{audience}
	k.IssuedAt, k.NotBefore, k.Expiry = jwt.NewNumericDate(now), jwt.NewNumericDate(now), jwt.NewNumericDate(now.Add(10*time.Minute))
	k.Kubernetes.Namespace = namespace
	k.Kubernetes.ServiceAccount.Name, k.Kubernetes.ServiceAccount.UID = account, "uid-of-"+account
	token, err := jwt.Signed(signer).Claims(k).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// InCluster is the issuer of its tokens.
const InCluster = "https://kubernetes.default.svc.cluster.local"

// review is https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/
func (c *Cluster) review(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Spec struct {
			Token     string   `json:"token"`
			Audiences []string `json:"audiences"`
		} `json:"spec"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	status := map[string]any{"authenticated": false}
	token, err := jwt.ParseSigned(asked.Spec.Token, []jose.SignatureAlgorithm{jose.ES256})
	var k claims
	if err == nil {
		err = token.Claims(c.key.Public(), &k)
	}
	meant := slices.DeleteFunc(slices.Clone(asked.Spec.Audiences), func(a string) bool { return !slices.Contains(k.Audience, a) })
	switch {
	case err != nil:
		status["error"] = err.Error()
	case len(meant) == 0:
		status["error"] = "the token is for another audience"
	default:
		status = map[string]any{
			"authenticated": true, "audiences": meant,
			"user": map[string]any{"username": k.Subject, "uid": k.Kubernetes.ServiceAccount.UID, "groups": []string{"system:serviceaccounts"}},
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(map[string]any{
		"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": status,
	})
}
