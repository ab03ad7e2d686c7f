# The one front door. `make help` says what there is.
SHELL := /bin/sh
JOBS ?= $(shell nproc)
BUILD := build/release
BRAID := $(BUILD)/braid
DATA ?= var
.DEFAULT_GOAL := help

help:            ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build:           ## install what is missing and build the program
	@tools/setup.sh build
	@[ -f $(BUILD)/build.ninja ] || cmake --preset release $(CMAKE_FLAGS)
	@cmake --build $(BUILD) -j $(JOBS) --target braid

run: build       ## build, and serve the demo city on http://127.0.0.1:8080
	@tools/run.sh $(BRAID) $(DATA)

test:            ## every test; the last line counts them
	@tools/setup.sh build test
	@tests/run.sh

bench: build     ## speed against peers, in one table (build/bench.json)
	@tools/setup.sh test bench
	@bench/run.sh $(BENCH)

check:           ## format, naming, who includes whom
	@tools/setup.sh build check
	@tools/check.sh

format:          ## write the sources in the house format
	@git ls-files -co --exclude-standard '*.h' '*.cpp' | xargs clang-format-14 -i

clean:           ## remove what was built (not the data)
	rm -rf build web/node_modules tests/browser/node_modules

.PHONY: help build run test bench check format clean
