# `make run` and `make test` need python3 (3.11 or later), make and a package index; they set up what else they need.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup run test bench lint

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

test: setup lint
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.benchmarks
