# Each target makes .venv and installs what is missing first. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
# Compiled once at the installation, not in the first minute of every process that a lesson starts.
export UV_COMPILE_BYTECODE ?= 1

.PHONY: help setup setup-dev lab up down test browser course prove bench lock build slides

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# uv installs the same lock in a fifth of pip's time; where it cannot (an index that only pip.conf
# knows, say), pip does the same work.
define install
	@echo "Installing $(1) into .venv ..."
	@$(BIN)/python src/install.py $(1) $(UV_VERSION) "make $(MAKECMDGOALS)"
	@touch $@
endef

# pip comes last into a .venv: without it, one was broken off, and is made anew.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "This course needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version) ..."
	@# As `python -m venv`, but without a traceback on Ctrl-C.
	@$(PYTHON) -c 'import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); import venv; venv.main(["--clear", ".venv"])'

.venv/.runtime: requirements.txt pyproject.toml | $(BIN)/pip
	$(call install,requirements.txt)

.venv/.dev: requirements-dev.txt requirements.txt pyproject.toml | $(BIN)/pip
	$(call install,requirements-dev.txt)
	@touch .venv/.runtime

setup: .venv/.runtime  ## make .venv with all that a learner needs
setup-dev: .venv/.dev  ## the same, and what an author and the tests need

lock: | $(BIN)/pip  ## pin everything again after an edit of pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate pyproject.toml -o requirements.txt
	@echo "-e ." >> requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --group dev -c <(grep -v '^-e' requirements.txt) pyproject.toml -o requirements-dev.txt
	@comm -13 <(sort requirements.txt) <(sort requirements-dev.txt) > .venv/dev-only && { echo "-r requirements.txt"; cat .venv/dev-only; } > requirements-dev.txt

lab: .venv/.runtime  ## start everything and open JupyterLab on lesson 1 (Ctrl-C ends it)
	@exec $(BIN)/python -m workshop lab

up: .venv/.runtime  ## start the Temporal server and the gateway in the background
	@$(BIN)/python -m workshop up

down: | $(BIN)/pip  ## end what `make up` started
	@$(BIN)/python -m workshop down

course: .venv/.runtime  ## run every solution from top to bottom and print a table
	@$(BIN)/python -m workshop course

build: .venv/.dev  ## cut notebooks/ out of solutions/ again
	@$(BIN)/python -m workshop.authoring build

slides: .venv/.dev  ## make slides of the lessons in build/slides/
	@$(BIN)/python -m workshop.authoring slides

test: .venv/.dev  ## every check that CI runs, and where its time went
	@$(BIN)/python -m tests

browser: .venv/.dev  ## work through the lessons in a real browser (needs chromium); screenshots in build/
	$(BIN)/python -m tests.with_services $(BIN)/python -m pytest -q -ra tests/browser

prove: .venv/.dev  ## judge every answer, run the unsolved lessons whole, and kill workers at every event boundary
	@$(BIN)/python -m tests tests/exercises tests/test_notebooks.py --all-answers --whole-lessons
	@$(BIN)/python -m tests.with_services $(BIN)/python -m tests.prove
	@$(BIN)/python -m tests.takehome

bench: .venv/.dev  ## measure the gateway, the idle lab, the cost of durability, long runs and a fleet
	@$(BIN)/python -m benchmarks.gateway
	@$(BIN)/python -m benchmarks.idle_lab
	@$(BIN)/python -m benchmarks.durability
	@$(BIN)/python -m benchmarks.long_runs
	@$(BIN)/python -m benchmarks.fleet
