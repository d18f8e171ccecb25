# `make run` and `make test` need python3 (3.11 or later), make and a package index; they set up what else they need.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup run check test coverage bench lint

setup: $(READY)

# --inexact: what a user adds to the environment, such as sentence-transformers, stays
$(READY): pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet "uv>=0.9.8"
	$(BIN)/uv sync --frozen --inexact
	$(BIN)/python -m analysis.figures.browser
	touch $(READY)

run: setup
	$(BIN)/topictrends run

# the fast loop: lint, types, and the tests that take seconds
check: setup lint
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal -m "not slow"

test: setup lint
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations 30

# how much of the package the fast tests reach (tracing all of them takes half an hour); fails below the floor in pyproject.toml
coverage: setup
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal -m "not slow" --cov --cov-report term

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.benchmarks
