# Sourced by the scripts beside it: what they act on, and how they speak.
# OVERLAY  dev (default) or prod: a folder of k8s/overlays
# IMAGE    the image to run; empty: the one that runs, or the overlay's default
# CONTEXT  the kubectl context that is meant; needed for prod
# VAULT_ADDR, VAULT_TOKEN  Vault, and who may administer it
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
OVERLAY=${OVERLAY:-dev}
overlay=$root/k8s/overlays/$OVERLAY
namespace=tech-analysis-prod
mesh=istio-system # where istiod and the gateway are
certificate=technical-analysis-tls

# Who owns what of the live objects (docs/adr/0006).
deployer=techanalysis-deploy   # what the manifests say
releaser=techanalysis-release  # the image, the digest of the settings, the first subset
keykeeper=techanalysis-keys    # the keys of RequestAuthentication

# The kinds that the manifests may have (k8s/manifest has their types, and a test
# that this list is that one), and the one that a command makes.
kinds=(v1/Namespace v1/ResourceQuota v1/LimitRange v1/ServiceAccount v1/ConfigMap v1/Service
  apps/v1/Deployment autoscaling/v2/HorizontalPodAutoscaler policy/v1/PodDisruptionBudget
  scheduling.k8s.io/v1/PriorityClass networking.k8s.io/v1/NetworkPolicy
  networking.istio.io/v1/Gateway networking.istio.io/v1/VirtualService networking.istio.io/v1/DestinationRule networking.istio.io/v1/Sidecar
  security.istio.io/v1/PeerAuthentication security.istio.io/v1/AuthorizationPolicy telemetry.istio.io/v1/Telemetry)
made=security.istio.io/v1/RequestAuthentication

say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }
# fail WHAT TODO: one line each
fail() { printf 'error: %s\n       %s\n' "$1" "$2" >&2; exit 1; }

scratch=$(mktemp -d)
forward=
undo=: # what must not stay half done, however a script ends
finish() {
  "$undo" || true # it has said why not
  [ -z "$forward" ] || kill "$forward" 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT

[ -f "$overlay/kustomization.yaml" ] || fail "there is no overlay $OVERLAY" "OVERLAY is one of: $(cd "$root/k8s/overlays" && echo *)"

kube() { kubectl -n "$namespace" "$@"; }
# exists KIND NAME: an answer that does not come is not a no
exists() {
  local found
  found=$(kube get "$@" --ignore-not-found -o name 2>"$scratch/error") || fail "$* cannot be read: $(tail -1 "$scratch/error")" "check the network and your permissions: make preflight"
  [ -n "$found" ]
}

# resources KIND...: asks for the API server's names of kinds; $scratch/resources
# has NAME.GROUP and whether it is in namespaces, a line each, $scratch/unserved
# the kinds that it does not have
resources() {
  kubectl api-resources --no-headers > "$scratch/served" 2>"$scratch/error" || [ -s "$scratch/served" ] || # an API of others may be away
    fail "the API server does not say what it serves: $(tail -1 "$scratch/error")" "check KUBECONFIG and the network"
  printf '%s\n' "$@" | awk -v served="$scratch/served" -v unserved="$scratch/unserved" '
    BEGIN { printf "" > unserved; while ((getline line < served) > 0) { n = split(line, f, " "); kind = f[n-2] "/" f[n]; name[kind] = f[1]; scope[kind] = f[n-1] } }
    !($0 in name) { print > unserved; next }
    { group = ""; if (split($0, part, "/") == 3) group = "." part[1]; print name[$0] group, scope[$0] }' > "$scratch/resources"
}

# render: the overlay's objects, each in a file Kind.name.yaml under $objects
render() {
  objects=$scratch/objects
  mkdir -p "$objects"
  kubectl kustomize "$overlay" > "$scratch/rendered.yaml" || fail "overlay $OVERLAY does not render" "the line above says where; cd k8s && go test ./... says more"
  awk -v dir="$objects" '
    function put() { if (kind != "") { file = dir "/" kind "." name ".yaml"; printf "%s", text > file; close(file) } kind = name = text = ""; meta = 0 }
    /^---$/ { put(); next }
    /^kind: / { kind = $2 }
    /^metadata:/ { meta = 1 } /^[a-z]/ && !/^metadata:/ { meta = 0 }
    meta && /^  name: / { name = $2 }
    { text = text $0 "\n" }
    END { put() }' "$scratch/rendered.yaml"
}

# stale: finds what the deployer has applied and the overlay no longer has: the
# objects are in $scratch/stale.json, "Kind name" of each in $stale
stale() {
  resources "${kinds[@]:1}" # a namespace is not taken away so
  kube get "$(cut -d ' ' -f 1 "$scratch/resources" | paste -sd ,)" -o json --show-managed-fields > "$scratch/live.json" 2>"$scratch/error" ||
    fail "what is deployed cannot be read: $(tail -1 "$scratch/error")" "check the network and your permissions: make preflight"
  jq --arg deployer "$deployer" --arg rendered "$(cd "$objects" && printf '%s\n' *)" '($rendered | split("\n")) as $rendered
    | .items |= map(select(any(.metadata.managedFields[]?; .manager == $deployer) and ("\(.kind).\(.metadata.name).yaml" | IN($rendered[]) | not)))' \
    "$scratch/live.json" > "$scratch/stale.json"
  stale=$(jq -r '[.items[] | "\(.kind) \(.metadata.name)"] | join(", ")' "$scratch/stale.json")
}

# setting KEY: what the overlay gives the service
setting() { sed -n "s/^  $1: *//p" "$objects/ConfigMap.technical-analysis-config.yaml" | tr -d '"'; }

# host: the name that callers use
host() { local issuer; issuer=$(setting JWT_ISSUER); echo "${issuer#https://}"; }

# techanalysis ARGUMENT...: the program, built by make
techanalysis() {
  local program=${TECHANALYSIS:-$root/bin/techanalysis}
  [ -x "$program" ] || fail "$program is not there" "make build"
  "$program" "$@"
}

# gateway: sets $connect, the arguments that lead curl to the ingress gateway:
# GATEWAY=HOST if given, the name itself if it resolves, otherwise a forwarded port
gateway() {
  local name=$1
  if [ -n "${GATEWAY:-}" ]; then
    connect=(--connect-to "$name:443:$GATEWAY:443" --connect-to "$name:80:$GATEWAY:80")
  elif getent hosts "$name" >/dev/null; then
    connect=()
  else
    kubectl -n "$mesh" port-forward service/istio-ingressgateway :443 :80 > "$scratch/forward" 2>&1 &
    forward=$!
    local ports=()
    for _ in $(seq 100); do
      mapfile -t ports < <(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\) .*/\1/p' "$scratch/forward")
      [ "${#ports[@]}" -lt 2 ] || break
      sleep 0.1
    done
    [ "${#ports[@]}" -ge 2 ] || fail "the gateway's ports cannot be forwarded: $(tail -1 "$scratch/forward")" "say GATEWAY=ADDRESS of the ingress gateway"
    connect=(--connect-to "$name:443:127.0.0.1:${ports[0]}" --connect-to "$name:80:127.0.0.1:${ports[1]}")
  fi
}

# valid FILE HOST: the certificate is the host's, for another week at least
valid() {
  openssl x509 -in "$1" -noout -checkend $((7*24*60*60)) >/dev/null && # and says "does match" or "does NOT match", with the same exit code
    openssl x509 -in "$1" -noout -checkhost "$2" | grep -q 'does match'
}

# trust: sets $trusted, so that curl accepts a certificate that signed itself
trust() {
  kubectl -n "$mesh" get secret "$certificate" -o jsonpath='{.data.tls\.crt}' | base64 -d > "$scratch/ca.pem"
  trusted=()
  if openssl verify -CAfile "$scratch/ca.pem" "$scratch/ca.pem" >/dev/null 2>&1; then trusted=(--cacert "$scratch/ca.pem"); fi
}

# why: what keeps the pods from being ready, for an operator who waits
why() {
  kube get replicasets -l app=technical-analysis -o json |
    jq -r '.items[] | select(.spec.replicas > 0) as $r | .status.conditions[]? | select(.type == "ReplicaFailure") | "ReplicaSet \($r.metadata.name): \(.message)"'
  kube get pods -l app=technical-analysis -o json | jq -r '.items[] | .metadata.name as $p
    | (.status.conditions[]? | select(.type == "PodScheduled" and .status == "False") | "Pod \($p): \(.message)"),
      ((.status.initContainerStatuses // []) + (.status.containerStatuses // []) | .[]
        | (.state.waiting // empty | select(.reason != "PodInitializing") | "Pod \($p), container \(.name // ""): \(.reason) \(.message // "")"),
          (.lastState.terminated // empty | "Pod \($p): a container ended with \(.exitCode), \(.reason)")),
      (.status.containerStatuses[]? | select(.name == "technical-analysis" and .ready == false and .state.running) | "Pod \($p): runs, and is not ready")' | sort -u
  local pod
  pod=$(kube get pods -l app=technical-analysis -o json | jq -r '[.items[] | select(any(.status.containerStatuses[]?; .name == "technical-analysis" and .ready == false))][0].metadata.name // empty')
  [ -z "$pod" ] || { echo "The last that $pod logged:"; kube logs "$pod" -c technical-analysis --tail=5 2>/dev/null | cut -c1-300; }
}
