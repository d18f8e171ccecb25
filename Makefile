# `make run` and `make test` need python3 (3.11 or later), make and a package index; they set up what else they need.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# where `make install` puts the command
BINDIR ?= $(if $(filter 0,$(shell id -u)),/usr/local/bin,$(HOME)/.local/bin)
COMMAND := $(BINDIR)/topictrends

.PHONY: setup run install uninstall check test test-wheel test-oldest coverage bench lint

setup: $(READY)

# --inexact: what a user adds to the environment, such as sentence-transformers, stays. Compiled here, packages are imported
# in half of the time by every process, also where Python is told to write no bytecode
$(READY): pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet "uv>=0.9.8"
	$(BIN)/uv sync --frozen --inexact --compile-bytecode
	$(BIN)/python -m compileall -q analysis
	$(BIN)/python -m analysis.study.ready
	$(BIN)/python -m analysis.figures.browser
	touch $(READY)

run: setup
	$(BIN)/topictrends run

# a link to this folder's environment: `topictrends` works in every folder, as long as this one stays where it is
install: setup
	@if [ -e "$(COMMAND)" ] && [ ! -L "$(COMMAND)" ]; then echo "$(COMMAND) is there already and is no link; set BINDIR=..." >&2; exit 1; fi
	@mkdir -p "$(BINDIR)"
	@ln -sfn "$(abspath $(BIN)/topictrends)" "$(COMMAND)"
	@echo "linked $(COMMAND) to this folder's environment"
	@case ":$$PATH:" in *":$(BINDIR):"*) ;; *) echo "$(BINDIR) is not on your PATH: add it, or set BINDIR=... to a folder that is";; esac

uninstall:
	@if [ -L "$(COMMAND)" ]; then rm "$(COMMAND)"; echo "removed $(COMMAND)"; fi

# the fast loop: lint, types, and the tests that take seconds
check: setup lint
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal -m "not slow"

test: setup lint
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations 30

# builds the wheel, installs it into an empty environment and runs a small study there: minutes, and about a gigabyte
test-wheel: setup
	$(BIN)/python -m tests.wheel

# the fast tests with the oldest versions of dependencies that pyproject.toml allows: minutes, and about a gigabyte
test-oldest: setup
	$(BIN)/python -m tests.oldest

# how much of the package the fast tests reach (tracing all of them takes half an hour); fails below the floor in pyproject.toml
coverage: setup
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal -m "not slow" --cov --cov-report term

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.benchmarks
