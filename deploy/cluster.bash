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

say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }
# fail WHAT TODO: one line each
fail() { printf 'error: %s\n       %s\n' "$1" "$2" >&2; exit 1; }

scratch=$(mktemp -d)
forward=
finish() {
  [ -z "$forward" ] || kill "$forward" 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT

[ -f "$overlay/kustomization.yaml" ] || fail "there is no overlay $OVERLAY" "OVERLAY is one of: $(cd "$root/k8s/overlays" && echo *)"

kube() { kubectl -n "$namespace" "$@"; }
exists() { kube get "$@" -o name >/dev/null 2>&1; }

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

# of ConfigMap KEY: a setting that the overlay gives the service
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
