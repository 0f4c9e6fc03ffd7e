# Everything that `make` needs it sets up itself: npm packages, and Verilator, a C++ compiler and the tools of the tests
# from the distribution where they are missing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help node build demo test lint bench bench-cost clean tools-demo tools-cost tools-test

help:
	@echo 'make demo   handwritten digits through emitted RTL in Verilator, checked against the golden model'
	@echo 'make test   all tests'
	@echo 'make lint   types and lint rules'
	@echo 'make bench  speed and cost, beside what must be reached'
	@echo 'make bench-cost  what the units cost on FPGAs, beside naive Verilog and what must be reached'
	@echo 'make clean  removes what was built'

demo: node tools-demo build
	@node dist/examples/digits/demo.js

test: node tools-test build
	@npx --no-install vitest run $(VITEST_ARGUMENTS)

lint: node node_modules/.package-lock.json
	@npx --no-install tsc --noEmit -p tsconfig.json
	@npx --no-install eslint --max-warnings 0 .

bench: node tools-demo build
	@node dist/bench/main.js $(BENCH_ARGUMENTS)

bench-cost: node tools-cost build
	@node dist/bench/cost.js $(BENCH_ARGUMENTS)

clean:
	rm -rf dist build coverage

build: node_modules/.package-lock.json
	@npm run --silent build

# npm leaves this file behind a complete install; it is older than the lock file when that changed since.
node_modules/.package-lock.json: package.json package-lock.json
	@scripts/install-packages
	@touch $@

node:
	@scripts/check-node

tools-demo:
	@scripts/install-tools verilator g++

tools-cost:
	@scripts/install-tools yosys nextpnr-ice40 iverilog

tools-test:
	@scripts/install-tools verilator g++ iverilog yosys z3
