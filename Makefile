# Every command a contributor needs. `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps --require-hashes

.DEFAULT_GOAL := help
.PHONY: help setup demo writer test check bench evals soak lock docs clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(VENV)/.runtime  ## create .venv with what the product needs

demo: $(VENV)/.runtime  ## transcribe the shipped session and show its note
	@$(BIN)/trellis demo

writer: $(VENV)/.writer  ## add the local language model that can reword notes (1.2 GB)

test: $(VENV)/.dev  ## run the test suite
	@scripts/need-browser && scripts/need-postgres
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -q

check: $(VENV)/.dev  ## lint, types, floors, docs parity
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m trellis.lab.reference --check

docs: $(VENV)/.dev  ## write the generated reference pages
	@$(BIN)/python -m trellis.lab.reference

bench: $(VENV)/.lab  ## measure speed, memory and speech quality
	@$(BIN)/trellis bench all

evals: $(VENV)/.lab  ## measure quality (DATA=../shared/data)
	@$(BIN)/trellis eval all --data $(or $(DATA),../shared/data)

soak: $(VENV)/.lab  ## long fuzzing runs
	@$(BIN)/python -m pytest -q tests -m soak

lock:  ## pin every requirement with hashes, naming no index
	@for f in requirements requirements-dev requirements-lab requirements-writer; do \
	  uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    $$f.in -o $$f.txt || exit 1; done

clean:  ## remove the environment
	rm -rf $(VENV)

# Each stamp holds one installed set; a changed pin file installs again.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Trellis needs Python 3.11 or later; set PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Trellis needs into $(VENV) (about 1 GB, once) ..."
	@$(PIP) -r requirements.txt
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what tests and checks need ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/.writer: requirements-writer.txt $(VENV)/.runtime
	@echo "Installing the local writer ..."
	@$(PIP) -r requirements-writer.txt
	@touch $@

$(VENV)/.lab: requirements-lab.txt $(VENV)/.dev
	@echo "Installing test voices and learners ..."
	@$(PIP) -r requirements-lab.txt
	@touch $@
