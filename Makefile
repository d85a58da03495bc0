# `make` lists the targets. Each one that builds does the set-up first: scripts/setup takes milliseconds when all is
# there.
SWIFT ?= swift
# Programs carry the Swift runtime, so they run on machines without a toolchain; README.md says what they need there.
# All targets share these flags, and so what was built: with others, as those of a plain `swift run -c release`, SwiftPM
# compiles everything anew, and once more on the way back.
RELEASE := -c release --static-swift-stdlib
SWIFT_PATHS := Sources Tests Examples Package.swift

.DEFAULT_GOAL := help
.PHONY: help setup build demo quickstart test fuzz bench bench-peers counts format check docs clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what a build needs, or say how
	@scripts/setup

build: setup ## release binaries in .build/release/: headrace, headrace-bench, TrainDigits
	$(SWIFT) build $(RELEASE)

demo: setup ## train on the digits in Examples/Data, fed by a loader in another process
	$(SWIFT) build $(RELEASE) --product TrainDigits
	.build/release/TrainDigits --data Examples/Data

quickstart: setup ## run the program that README.md shows
	$(SWIFT) build $(RELEASE) --product QuickStart
	.build/release/QuickStart

test: setup ## all tests
	$(SWIFT) test $(TEST_FLAGS)

fuzz: setup ## look for files that crash or confuse the readers, FUZZ_SECONDS (600) for each of 4 formats
	@scripts/fuzz

bench: build ## transport, engine, start, timing and png, each beside its limit
	.build/release/headrace-bench transport
	.build/release/headrace-bench engine
	.build/release/headrace-bench start
	.build/release/headrace-bench timing
	.build/release/headrace-bench png

bench-peers: build ## Headrace beside other loaders: docs/benchmarks.md; half an hour, and 8 GB of packages
	benchmarks/run --data .build/benchmarks/data --out docs/benchmarks.json --headrace .build/release/headrace

counts: setup ## what engine and decoding may cost, in counts that no machine changes
	$(SWIFT) build $(RELEASE) --product headrace-bench
	@scripts/check-counts

format: setup ## rewrite Swift files in the project's format
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_PATHS)

check: setup ## format, layers, imports, sizes, warnings as errors
	@scripts/check

docs: setup ## reference of the public API in docs/html
	@scripts/make-docs

clean: ## remove what was built
	rm -rf .build docs/html
