# Gravity Technical Analysis. `make run` starts it, `make test` tests it; both
# need Go and nothing else.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The engine's wide bodies need the SIMD package of the Go toolchain; without
# them (a plain `go build`, or another architecture) every result has the same
# bits and takes longer.
ifeq ($(shell go env GOARCH),amd64)
export GOEXPERIMENT := simd
endif

GO      := go
BIN     := bin/techanalysis
SOURCES := $(shell find . -name '*.go' -not -path './bench/*' -not -path './sdk/*') go.mod go.sum

.PHONY: help
help: ## list what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/techanalysis
	$(GO) build -trimpath -o $(BIN) ./cmd/techanalysis

.PHONY: run
run: build ## build and start the service, with an example plugin and what to try
	$(BIN) serve --demo

.PHONY: test
test: ## run every test, the engine's with and without SIMD
	$(GO) test ./...
	GOEXPERIMENT=nosimd $(GO) test ./engine/...
	for module in sdk/go plugins/trend-quality-go bench; do (cd $$module && $(GO) test ./...); done

.PHONY: bench
bench: ## ns per bar of each indicator beside its peers, as ratios of one run
	bench/run

.PHONY: lint
lint: ## formatting, vet, staticcheck, tidy modules
	test -z "$$(gofmt -l . | tee /dev/stderr)"
	$(GO) vet ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	$(GO) mod tidy -diff
	cd sdk/go && $(GO) vet ./... && $(GO) mod tidy -diff
	cd bench && $(GO) vet ./... && $(GO) mod tidy -diff

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME (30s)
	@grep -rl --include='*_test.go' '^func Fuzz' engine host cmd | sort | while read -r file; do \
		sed -n 's/^func \(Fuzz[A-Za-z0-9]*\)(.*/\1/p' "$$file" | while read -r target; do \
			echo "== $$target in $$(dirname "$$file")"; \
			$(GO) test "./$$(dirname "$$file")" -run '^$$' -fuzz "^$$target$$" -fuzztime "$${FUZZTIME:-30s}"; \
		done; \
	done

.PHONY: guests
guests: ## install the guests' compilers, rebuild every guest, and want the same answers
	sdk/rebuild.sh

.PHONY: race
race: ## the host's tests under the race detector (needs a C compiler)
	$(GO) test -race ./host/... ./cmd/...

.PHONY: clean
clean: ## remove what was built and what the service kept
	rm -rf bin dist data
