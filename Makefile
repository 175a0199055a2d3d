# make run    builds and serves a demo workspace; prints the address and a sign-in link
# make test   installs what the tests need and runs all of them
# make build  leaves the binary at bin/parley
# make scale  the long measurements: a million conversations, the budgets of docs/performance.md

SHELL      := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOFILES  := $(shell git ls-files -co --exclude-standard '*.go' '*.sql' '*.csv' '*.tmpl' 'internal/*.html' 'internal/*.json' 2>/dev/null)
UIFILES  := $(shell git ls-files -co --exclude-standard ui/dashboard 2>/dev/null)
WIDGET   := $(shell git ls-files -co --exclude-standard ui/widget 2>/dev/null)
LINT     := .cache/golangci-lint
RACE     := ./internal/live/... ./internal/queue/... ./internal/engine/... ./internal/llm/... \
            ./internal/httptool/... ./internal/channel/... ./internal/store/... ./internal/speech/...

export CGO_ENABLED ?= 0

.PHONY: build run test scale lint ui clean test-go test-race test-ui test-e2e test-deps

build: bin/parley

bin/parley: go.mod go.sum $(GOFILES) ui/dist/index.html ui/dist/widget/loader.js
	go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $@ ./cmd/parley

run: build
	bin/parley serve --demo

# The dashboard's client is generated from the API that the server declares.
ui: ui/dist/index.html ui/dist/widget/loader.js

ui/dist/index.html: ui/dashboard/node_modules/.package-lock.json .cache/openapi.json $(UIFILES)
	cd ui/dashboard && npm run build

ui/dashboard/node_modules/.package-lock.json: ui/dashboard/package.json ui/dashboard/package-lock.json
	cd ui/dashboard && npm ci --no-audit --no-fund
	touch $@

# The chat of websites; the build fails over its size budget.
ui/dist/widget/loader.js: ui/widget/node_modules/.package-lock.json $(WIDGET)
	cd ui/widget && npm run build

ui/widget/node_modules/.package-lock.json: ui/widget/package.json ui/widget/package-lock.json
	cd ui/widget && npm ci --no-audit --no-fund
	touch $@

.cache/openapi.json: go.mod $(GOFILES)
	mkdir -p .cache
	go run ./cmd/parley openapi > $@.new
	cmp -s $@.new $@ && rm $@.new || mv $@.new $@

test: test-deps build lint test-ui test-go test-race test-e2e

test-deps:
	scripts/test-deps

test-go:
	go test -timeout 15m ./...

test-race:
	CGO_ENABLED=1 go test -race -short -timeout 15m $(RACE)

test-ui: ui/dashboard/node_modules/.package-lock.json ui/dist/index.html ui/widget/node_modules/.package-lock.json
	cd ui/dashboard && npx prettier --check src && npm test
	cd ui/widget && npx prettier --check src scripts parley.d.ts && npm test

test-e2e: build e2e/node_modules/.package-lock.json
	cd e2e && npx playwright test

e2e/node_modules/.package-lock.json: e2e/package.json e2e/package-lock.json
	cd e2e && npm ci --no-audit --no-fund
	touch $@

lint: $(LINT)
	go vet ./...
	$(LINT) run --allow-parallel-runners ./...

$(LINT): tools/go.mod tools/go.sum
	mkdir -p .cache
	cd tools && go build -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

scale: build
	scripts/scale

clean:
	rm -rf bin .cache ui/dist/assets ui/dist/widget ui/dist/index.html ui/dashboard/node_modules ui/widget/node_modules e2e/node_modules
