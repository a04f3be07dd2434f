# make try   the tour: a weak demo API is started, scanned and reported on, all on this computer
# make test  every check that a change must pass
PYTHON ?= python3
VENV := .venv
TOUR := .try
PIP := -m pip install --quiet --disable-pip-version-check

.PHONY: help try test services format check-format lint types imports unit long thorough bars fuzz lock clean python

help: ## Show what there is to make.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

try: $(TOUR)/ready ## Start the demo business, scan it, show what apiward finds.
	@$(TOUR)/bin/apiward try

test: check-format lint imports ## Format, lint, types, imports, tests and coverage.
	@$(MAKE) --no-print-directory --jobs=2 types unit

services: ## Install the Debian packages of the real servers and clients that tests start (needs root).
	apt-get update --quiet=2
	DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends $(shell cat tests/debian-packages.txt)

check-format: $(VENV)/ready
	$(VENV)/bin/ruff format --check .

lint: $(VENV)/ready
	$(VENV)/bin/ruff check .

types: $(VENV)/ready
	$(VENV)/bin/mypy

imports: $(VENV)/ready
	$(VENV)/bin/lint-imports --no-cache

# Collecting once first keeps what pytest makes of the test files, which each worker would make again. Three workers on
# two cores: where one test waits, another works.
unit: $(VENV)/ready
	@$(VENV)/bin/pytest --quiet --collect-only -m "not long" >/dev/null
	$(VENV)/bin/pytest -n 3 --dist worksteal -m "not long" --cov --cov-report=term

long: $(VENV)/ready ## Run the tests that take long: each weakness alone, whole scans through the guard, faults, simulated weeks (eight minutes).
	$(VENV)/bin/pytest -n 2 --dist worksteal -m long

format: $(VENV)/ready ## Put the code into its one format.
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

thorough: $(VENV)/ready ## Run the tests with fifty times as many examples for each property (an hour).
	APIWARD_EXAMPLES=thorough $(VENV)/bin/pytest -n 2 --dist worksteal

bars: $(VENV)/ready ## Run the longer measurements (see benchmarks/README.md).
	$(VENV)/bin/python benchmarks/demo_twins.py --runs 20
	$(VENV)/bin/python benchmarks/guard_demo.py
	$(VENV)/bin/python benchmarks/scan_scale.py
	APIWARD_ALL_HOSTILE=1 $(VENV)/bin/pytest -q tests/scan/test_hostile_targets.py
	$(VENV)/bin/python benchmarks/sender_throughput.py

FUZZ_S := 150
fuzz: $(VENV)/ready ## Feed what strangers send with bytes that nobody thought of (ten minutes; needs atheris).
	@$(VENV)/bin/python -c 'import atheris' || { echo "Install it first: $(VENV)/bin/python -m pip install 'atheris>=3'"; exit 1; }
	for target in engine json_reader inspection signatures; do $(VENV)/bin/python -m fuzz.$$target $(FUZZ_S) || exit 1; done

lock: $(VENV)/ready ## Renew the pinned, hashed requirements.
	$(VENV)/bin/python $(PIP) pip-tools
	$(VENV)/bin/pip-compile $(LOCKING) --strip-extras --output-file=requirements/run.txt pyproject.toml
	$(VENV)/bin/pip-compile $(LOCKING) --no-strip-extras --constraint=requirements/run.txt --output-file=requirements/dev.txt pyproject.toml requirements/dev.in

# Extras stay in dev.txt: pip before 23.3 looks past the pin of `coverage` when another package asks for `coverage[toml]`.
LOCKING := --quiet --upgrade --generate-hashes --allow-unsafe --no-header --annotation-style=line \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

clean: ## Remove the environments and what tools leave.
	rm -rf $(VENV) $(TOUR) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*

python:
	@command -v $(PYTHON) >/dev/null || { echo "apiward needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "apiward needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/ready: requirements/dev.txt pyproject.toml | python
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python $(PIP) --require-hashes -r requirements/dev.txt
	$(VENV)/bin/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(TOUR)/ready: requirements/run.txt pyproject.toml $(shell find src -name '*.py' -o -name '*.toml' -o -name '*.html' -o -name '*.txt' 2>/dev/null) | python
	@echo "Preparing the tour (once; a minute at most) ..."
	@$(PYTHON) -m venv $(TOUR)
	@$(TOUR)/bin/python $(PIP) --require-hashes -r requirements/run.txt
	@$(TOUR)/bin/python $(PIP) --no-deps --force-reinstall .
	@touch $@
