# Gravity Technical Analysis. `make run` starts it, `make test` tests it; both
# need Go, and the tests redis-server.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The engine's wide bodies need the SIMD package of the Go toolchain; without
# them (a plain `go build`, or another architecture) every result has the same
# bits and takes longer.
ARCH := $(or $(GOARCH),$(shell go env GOARCH))
ifeq ($(ARCH),amd64)
export GOEXPERIMENT := simd
endif

# What `make image` makes, and where: another build beside it is
# `make image IMAGE=… VERSION=… DIST=dist/canary`.
IMAGE   ?= ghcr.io/gravitywavesml/gravity_techanalysis:dev
VERSION ?=
DIST    ?= dist

GO      := go
BIN     := bin/techanalysis

.PHONY: help
help: ## list what there is to make
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/techanalysis
	$(GO) build -trimpath -o $(BIN) ./cmd/techanalysis

.PHONY: run
run: build ## build and start the service, with an example plugin and what to try
	$(BIN) serve --demo

# The program that makes the image runs here, whatever the image is for.
.PHONY: image
image: ## make dist/image.tar, an OCI archive named IMAGE, and its SBOM; no Docker
	env -u GOOS -u GOARCH -u GOEXPERIMENT $(GO) build -C image -o ../bin/image .
	bin/image -dist '$(DIST)' -name '$(IMAGE)' -version '$(VERSION)' -arch '$(ARCH)' -experiment '$(GOEXPERIMENT)'

# The tests of the shared plugin store want a real Redis. Where it cannot be
# installed they are skipped, one line each.
.PHONY: redis
redis:
	@command -v redis-server >/dev/null || test -n "$${REDIS_ADDR:-}" || \
		if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
			apt-get update -q >&2 && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
				apt-get install -qy --no-install-recommends redis-server >&2; \
		else \
			echo 'redis-server is not in PATH: the tests of the shared plugin store are skipped'; \
		fi

.PHONY: test
test: redis ## run every test, the engine's with and without SIMD
	$(GO) test ./...
	GOEXPERIMENT=nosimd $(GO) test ./engine/...
	printf '%s\n' bench image k8s sdk/go plugins/momentum-strategy-go plugins/trend-quality-go | \
		xargs -P 2 -I MODULE $(GO) test -C MODULE ./...

# What is deployed, and where: OVERLAY=dev or prod; IMAGE when it is given, else
# what runs already (deploy/cluster.bash lists the rest).
OVERLAY ?= dev
RELEASE  = OVERLAY='$(OVERLAY)' IMAGE='$(if $(filter environment command,$(firstword $(origin IMAGE))),$(IMAGE))'

.PHONY: preflight deploy smoke status undeploy
preflight: build ## say whether the cluster of kubectl can take the service
	@$(RELEASE) deploy/preflight

deploy: build ## deploy OVERLAY (dev) in order, with waits; the second time nothing changes
	@$(RELEASE) deploy/apply

smoke: build ## ask the service through the gateway, as the outside does
	@$(RELEASE) deploy/smoke

status: ## show what is deployed; fails unless all of it is ready
	@$(RELEASE) deploy/status

undeploy: ## take the service away; Vault and Redis keep their data
	@$(RELEASE) deploy/undeploy

.PHONY: bench
bench: ## ns per bar of each indicator beside its peers, as ratios of one run; what misses its aim
	bench/run
	@echo; echo 'The worst uploads: the gate aims at 50 ms, the compiler at 1 s and 100 MB'
	$(GO) test ./host/wasm/gate -run '^$$' -bench Gate -benchtime 20x
	$(GO) test ./host/wasm -run '^$$' -bench CompileWorst -benchtime 3x
	@echo; echo 'The longest calls aim at 50 ms'
	$(GO) test ./host/wasm -run '^$$' -bench 'LongestCall|DearestUnit' -benchtime 3x
	@echo; echo 'From an upload to another replica, where there is a Redis: aims at 1 s'
	$(GO) test ./host/plugin -run '^$$' -bench 'Visible$$' -benchtime 5x

.PHONY: bench-hostile
bench-hostile: ## what a good request takes beside each hostile module of docs/hostile.md; over 1.5 times it fails
	$(GO) test ./host/rest -run '^$$' -bench GoodRequestBeside -benchtime 3x -timeout 30m

.PHONY: bench-longest
bench-longest: ## the longest that a plugin's call holds a processor at a time, its own time, and what its units take; over 50 ms, or what is reckoned, it fails
	$(GO) test ./host/wasm -run '^$$' -bench 'LongestCall|DearestUnit' -benchtime 10x

.PHONY: truth
truth: ## how far every figure is from the truth, ours and TA-Lib's, over a million bars
	bench/run truth

.PHONY: lint
lint: ## formatting, vet, staticcheck, tidy modules
	test -z "$$(gofmt -l . | tee -a /dev/stderr)"
	$(GO) vet ./...
	$(GO) vet -tags e2e ./e2e/...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tags e2e ./e2e/...
	$(GO) mod tidy -diff
	cd sdk/go && $(GO) vet ./... && $(GO) mod tidy -diff
	cd bench && $(GO) vet ./... && $(GO) mod tidy -diff
	cd image && $(GO) vet ./... && $(GO) mod tidy -diff
	cd k8s && $(GO) vet ./... && $(GO) mod tidy -diff
	for script in deploy/*; do bash -n "$$script"; done

# What is new to an input is looked for in a second: a minute, as Go has it, would be
# all the time of a target that starts processes.
.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME (30s)
	@grep -rl --include='*_test.go' '^func Fuzz' engine host cmd | sort | while read -r file; do \
		sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' "$$file" | while read -r target; do \
			echo "== $$target in $$(dirname "$$file")"; \
			$(GO) test "./$$(dirname "$$file")" -run '^$$' -fuzz "^$$target$$" -fuzztime "$${FUZZTIME:-30s}" -fuzzminimizetime 1s; \
		done; \
	done

.PHONY: guests
guests: ## install the guests' compilers, rebuild every guest, and want the same answers
	sdk/rebuild.sh

# The detector does not watch the inside of wazero's compiler: a compilation shares
# nothing of it with another, and takes ten times as long under it.
COMPILER  := github.com/tetratelabs/wazero/internal/engine/wazevo
UNWATCHED := $(foreach of,ssa backend/... frontend,-gcflags=$(COMPILER)/$(of)=-race=0)

.PHONY: race
race: redis ## the tests of what runs at once under the race detector (needs a C compiler)
	$(GO) test -race $(UNWATCHED) ./host/... ./vault/... ./cmd/...

.PHONY: token
token: ## print a token for the service of OVERLAY, signed with the key in Vault; SCOPES="analyze ops"
	@$(MAKE) -s build
	@$(RELEASE) deploy/token $(if $(SCOPES),--scopes "$(SCOPES)")

# The tests on a cluster are built before they are run, as there may be no way
# out of its network: dist/e2e.test is all that they need, beside the checkout.
.PHONY: e2e e2e-load
e2e: build dist/e2e.test ## every event under load, on the cluster of KUBECONFIG; IMAGE and CANARY_IMAGE are on it
	dist/e2e.test -test.v -test.failfast -test.timeout 60m -test.skip '^TestCost$$'

e2e-load: build dist/e2e.test ## what the mesh adds to a request, on the cluster of KUBECONFIG
	dist/e2e.test -test.v -test.timeout 20m -test.run '^TestCost$$'

.PHONY: bench-proxies
bench-proxies: build ## what a request takes of two Envoys that do nothing but TLS: the least that a mesh of them can add here; wants envoy in PATH
	MESH_PROGRAMS=true PROGRAM=$(CURDIR)/bin/techanalysis $(GO) test ./e2e/load -run '^$$' -bench Proxies -benchtime 1x

.PHONY: dist/e2e.test
dist/e2e.test:
	$(GO) test -tags e2e -c -o $@ ./e2e

.PHONY: clean
clean: ## remove what was built and what the service kept
	rm -rf bin dist data
