# Three commands on a fresh machine with Python 3.11 to 3.13 and make:
#   make appraise    makes .venv and appraises the Sci-Tech City into out/yangtze/
#   make serve       makes .venv and opens the workbench
#   make test        makes .venv and runs the tests
# Another Python: make PYTHON=python3.12 appraise

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out/yangtze
PORT ?= 8347
# Arguments passed on to pytest, for instance: make test ARGS="tests/cli -x"
ARGS ?=
# Test processes: one a core.
WORKERS ?= auto
UV ?= uv

PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --require-hashes --only-binary :all:
# The build back end is locked too (it is in requirements/run.txt), so the package needs no build environment of its own.
INSTALL_PACKAGE := $(PIP) install --quiet --no-deps --no-build-isolation --editable .
# A file's tests stay in one process, for they share what is slow to make.
PYTEST := $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile
BENCHMARKS = $(sort $(wildcard benchmarks/*.py))

.DELETE_ON_ERROR:
.PHONY: help env env-test appraise ranges serve test test-all test-rest bench lint lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

env: $(VENV)/.run.stamp ## make .venv with what the command needs

env-test: $(VENV)/.test.stamp ## make .venv with what the tests need too

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
	  echo "Bridgehead needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | tail -n 1)."; \
	  echo "Name another one: make PYTHON=python3.12 $(or $(MAKECMDGOALS),appraise)"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu the module is a package of its own: apt-get install python3-venv"; exit 1; }

$(VENV)/.run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages (requirements/run.txt)"
	@$(INSTALL) --requirement requirements/run.txt
	@$(INSTALL_PACKAGE)
	@touch $@

# requirements/test.txt holds all of requirements/run.txt at the same versions, so the tests need one installation only.
$(VENV)/.test.stamp: requirements/test.txt requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages (requirements/test.txt)"
	@$(INSTALL) --requirement requirements/test.txt
	@$(INSTALL_PACKAGE)
	@touch $(VENV)/.run.stamp $@

appraise: env ## appraise the Sci-Tech City into out/yangtze/
	$(BIN)/bridgehead appraise --out $(OUT)

# The ranges in the case's report: to be made anew when its data, the model or the version change (a test says so).
KEPT_RANGES := src/bridgehead/cases/yangtze/ensemble
ranges: env ## make the ranges that come with the case anew (some eight minutes)
	rm -rf out/yangtze-ensemble
	$(BIN)/bridgehead ensemble yangtze --draws 1000 --seed 1 --out out/yangtze-ensemble
	@mkdir -p $(KEPT_RANGES)
	cp out/yangtze-ensemble/ranges.csv $(KEPT_RANGES)/ranges.csv
	cp out/yangtze-ensemble/manifest.json $(KEPT_RANGES)/ensemble.json

serve: env ## open the workbench in the browser (PORT=8347)
	$(BIN)/bridgehead serve --port $(PORT)

test: env-test ## the tests that take seconds
	$(PYTEST) -m "not slow and not browser" $(ARGS)

test-rest: env-test ## the tests that take minutes or a browser
	$(PYTEST) -m "slow or browser" $(ARGS)

test-all: env-test ## all tests
	$(PYTEST) $(ARGS)

bench: env ## print how long things take
	@set -e; for file in $(BENCHMARKS); do echo "== $$file"; $(BIN)/python "$$file"; done

lint: env-test ## style, unused names, import order
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# One lock for Python 3.11 to 3.13 and every platform, with hashes and no address of an index. test.txt comes first and run.txt
# takes its versions from it.
LOCK = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
  --only-binary :all: --no-emit-index-url --no-annotate --custom-compile-command "make lock"
EXTRAS = --extra web --extra cluster --extra estimation --extra uncertainty
lock: ## compute the locked versions anew (needs uv; UPGRADE=--upgrade for newer ones)
	$(LOCK) $(UPGRADE) $(EXTRAS) --group build --group test --output-file requirements/test.txt
	$(LOCK) $(UPGRADE) --extra web --group build --constraint requirements/test.txt --output-file requirements/run.txt

clean: ## remove .venv, results and caches
	rm -rf $(VENV) out dist build .pytest_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
